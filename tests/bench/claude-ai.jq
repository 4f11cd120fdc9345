# A conversation of Claude's export as record lines; -S sorts the members.
def text: gsub("\u007f"; "");
def at: if . then .[0:26] + "Z-0000-00000000"
	else "0000-00-00T00:00:00.000000Z-0000-00000000" end;
.[] | .uuid as $id | "session:claude:\($id)" as $session
| {at: (.updated_at | at), entity: $session, prev: [],
	type: "session:create",
	data: {provider: "claude", title: (.name // "" | text),
		created: .created_at}},
(.chat_messages | to_entries[] | .key as $index | .value
| {at: (.updated_at | at), entity: "message:claude:\($id)/\(.uuid)",
	prev: [], type: "message:create",
	data: {session: $session, index: $index, created: .created_at,
		parent: (if $index == 0 then null
			else "message:claude:\($id)/\(.parent_message_uuid)" end),
		role: (if .sender == "human" then "user" else .sender end),
		content: (.text // "" | text), visibility: "visible"}})
