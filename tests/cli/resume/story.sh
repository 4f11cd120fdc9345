# A session of Claude Code that goes on in another agent, read after written.sh:
# tests/resume/sessions/claude-code.jsonl has pictures in a prompt and in a result,
# calls at once, one that failed, words behind a call, a thought.
. "$VV_TOP/tests/cli/capture/home.sh"

story=session:claude-code:5eed0000-0000-4000-8000-00000000000a
export story

# shown: who says what in it.
shown() {
	vvault read --json "$story" | jq -c "select(.role and (.visibility | . == \"visible\" or . == \"tool\")) | [.role, .text]"
}

# goes_on <tool>...: it is written for the agent, whose own checker finds
# nothing and is told all of it, with calls of these tools. Nothing of it comes
# in twice. The first file is $file, the session there $id. What an agent
# cannot hold is named in words; $elsewhere: its files are not captured.
goes_on() {
	new_vault && new_home && mkdir -p here && vvault import "$VV_TOP/tests/resume/sessions/claude-code.jsonl" >/dev/null && shown >before &&
	vvault resume "$story" --as "$agent" --in "$PWD/here" --json >out && jq -e ".state == \"written\" and .attached + .in_words == 2" out &&
	id=$(jq -r .id out) && file=$(jq -r ".files | map(.path) | map(select(endswith(\".jsonl\")))[0]" out) &&
	perl "$VV_TOP/tests/resume/$checker" "$HOME/$place" "$(pwd -P)/here" told &&
	test "$(jq -r "select(.[1] == \"call\") | .[2] | split(\" \")[0]" told | xargs)" = "$*" &&
	jq -c "if .[1] == \"call\" then .[2] = \"\" else . end" told | sed "s/\\\\n\\\\n\[attached: image\]//" | diff "$VV_TOP/tests/resume/sessions/claude-code.told" - &&
	vvault import "$HOME/${place%%/*}" >said && grep " 0 new" said && vvault capture >said && { test -n "${elsewhere:-}" || grep unchanged said; } &&
	shown | diff before - && vvault resume "$story" --as "$agent" --in "$PWD/here" --json >out && jq -e ".state == \"here\"" out
}

# comes_back: behind what the session was come this prompt and this answer, and
# nothing else; no other session is there.
comes_back() {
	vvault capture >said && cat said && { cat before && printf "%s\n" "[\"user\",\"go on\"]" "[\"assistant\",\"As before.\"]"; } >want &&
	shown | diff want - && vvault session list --json >list && cat list && test "$(wc -l <list)" = 1 &&
	vvault resume "$story" --as "$agent" --in "$PWD/here" --dry-run --json >out &&
	jq -e --arg elsewhere "${elsewhere:-}" ".state == (if \$elsewhere == \"\" then \"here\" else \"would write\" end)" out
}
