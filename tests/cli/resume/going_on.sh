# Sessions that go on; read after lib.sh.
. "$VV_TOP/tests/cli/capture/home.sh"

session=session:codex:01900000-0000-7000-8000-00000000000a

# codex_item <second> <payload>: a line of a session of Codex.
codex_item() {
	printf '{"timestamp":"2026-11-01T10:00:0%sZ","type":"response_item","payload":%s}\n' "$1" "$2"
}

# old_session: one of Codex, with a call and its result, in the vault.
old_session() {
	{
		printf '{"timestamp":"2026-11-01T10:00:00Z","type":"session_meta","payload":{"id":"01900000-0000-7000-8000-00000000000a","timestamp":"2026-11-01T10:00:00Z","cwd":"/srv/heron","originator":"codex","cli_version":"0.1","model_provider":"openai"}}\n' &&
		codex_says 1 "look around" &&
		codex_item 2 '{"type":"function_call","name":"exec_command","arguments":"{\"cmd\":\"ls\"}","call_id":"call_1"}' &&
		codex_item 3 '{"type":"function_call_output","call_id":"call_1","output":"one.c two.c"}' &&
		codex_item 4 '{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Two files."}]}' &&
		codex_says 5 "thanks"
	} | fill "$codex" && vvault import "$HOME/$codex" >/dev/null
}

# here: a folder to go on in.
here() {
	mkdir -p here
}

# messages: how many the session has.
messages() {
	vvault read --json "$session" | jq -c 'select(.role)' | wc -l
}

# claude_goes_on <prompt> <answer>: what Claude Code appends to $file, under ids
# with a digit of their own.
nth=1
claude_goes_on() {
	id=$(basename "$file" .jsonl)
	last=$(jq -r 'select(.uuid) | .uuid' "$file" | tail -n 1)
	mine="${nth}1111111-1111-4111-8111-111111111111"
	jq -nc --arg u "$mine" --arg p "$last" --arg s "$id" --arg t "$1" '{type: "user", uuid: $u, parentUuid: $p, sessionId: $s, timestamp: "2026-11-02T10:00:00.000Z", message: {role: "user", content: $t}}' >>"$file"
	jq -nc --arg u "${nth}2222222-2222-4222-8222-222222222222" --arg p "$mine" --arg s "$id" --arg t "$2" '{type: "assistant", uuid: $u, parentUuid: $p, sessionId: $s, timestamp: "2026-11-02T10:00:01.000Z", message: {id: "msg_9", role: "assistant", model: "claude-opus-5-5", content: [{type: "text", text: $t}]}}' >>"$file"
}
