#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# new_home: a home of its own, in which nobody has written yet.
new_home() {
	mkdir -p home/.claude/projects/-srv-heron && export HOME="$PWD/home" &&
	unset CLAUDE_CONFIG_DIR CODEX_HOME GEMINI_CLI_HOME COPILOT_HOME \
		XDG_CONFIG_HOME XDG_STATE_HOME VSCODE_PORTABLE &&
	session=$HOME/.claude/projects/-srv-heron/5e551000-0000-4000-8000-000000000001.jsonl
}

# says <number> <parent or null> <text>: a line of Claude Code.
says() {
	test "$2" = null && set -- "$1" null "$3" || set -- "$1" "\"u$2\"" "$3"
	printf "{\"type\":\"user\",\"uuid\":\"u%s\",\"parentUuid\":%s,\"sessionId\":\"%s\",\"timestamp\":\"2026-11-01T10:00:0%sZ\",\"cwd\":\"/srv/heron\",\"message\":{\"role\":\"user\",\"content\":\"%s\"}}\n" \
		"$1" "$2" 5e551000-0000-4000-8000-000000000001 "$1" "$3"
}

# of <agent>: its object.
of() {
	jq -c --arg a "$1" "select(.agent == \$a)" out
}

test_case 'a session comes in, grows, and is left alone' '
	new_vault && new_home && says 1 null "the first words" >"$session" &&
	vvault capture --json >out && cat out &&
	of claude-code | jq -e ".sessions == {new: 1, grown: 0, unchanged: 0} and
		.messages == 1 and .unread == []" &&
	vvault capture --json >out && of claude-code |
		jq -e ".sessions == {new: 0, grown: 0, unchanged: 1} and .messages == 0" &&
	says 2 1 "the second words" >>"$session" &&
	vvault capture --json >out && cat out && of claude-code |
		jq -e ".sessions == {new: 0, grown: 1, unchanged: 0} and .messages == 1" &&
	test "$(vvault log --oneline claude-code | wc -l)" = 2 &&
	vvault grep words | grep "the second"
'

test_case 'where no agent is, that is said' '
	new_vault && new_home && rm -r home/.claude && vvault capture 2>err &&
	grep "no agent keeps sessions here" err &&
	expect_exit 129 vvault capture --agent claude-cod 2>err &&
	grep "is .claude-code. meant" err
'

done_testing
