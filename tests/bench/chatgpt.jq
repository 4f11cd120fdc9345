# A conversation of ChatGPT's export as record lines; -S sorts the members.
def text: gsub("\u007f"; "");
def at: if . then (floor | strftime("%Y-%m-%dT%H:%M:%S")) +
		".000000Z-0000-00000000"
	else "0000-00-00T00:00:00.000000Z-0000-00000000" end;
.[] | (.conversation_id // .id) as $id | "session:chatgpt:\($id)" as $session
| {at: (.update_time | at), entity: $session, prev: [],
	type: "session:create",
	data: {provider: "chatgpt", title: (.title // "" | text)}},
(.mapping | to_entries | map(select(.value.message)) | to_entries[]
| .key as $index | .value.value
| {at: (.message.create_time | at),
	entity: "message:chatgpt:\($id)/\(.id)", prev: [],
	type: "message:create",
	data: {session: $session, index: $index,
		parent: (if .parent then "message:chatgpt:\($id)/\(.parent)"
			else null end),
		role: .message.author.role, visibility: "visible",
		content: ([.message.content.parts[]? | strings] | join("\n")
			| text)}})
