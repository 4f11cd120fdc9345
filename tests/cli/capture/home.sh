# A home of its own, in which agents write; read after lib.sh.

# new_home: nobody has written in it yet.
new_home() {
	mkdir -p home && export HOME="$PWD/home" &&
	unset CLAUDE_CONFIG_DIR CODEX_HOME GEMINI_CLI_HOME COPILOT_HOME \
		XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME VSCODE_PORTABLE \
		GOOSE_PATH_ROOT CRUSH_GLOBAL_DATA HERMES_HOME QWEN_HOME \
		CURSOR_CONFIG_DIR KIMI_SHARE_DIR KIMI_CODE_HOME CLINE_HOOKS_DIR \
		CLINE_MCP_SETTINGS_PATH VIBE_HOME GROK_HOME \
		AIDER_CHAT_HISTORY_FILE OPENCODE_DB
}

# A session of each agent, by its place below the home.
claude=.claude/projects/-srv-heron/5e551000-0000-4000-8000-000000000001.jsonl
codex=.codex/sessions/2026/11/01/rollout-2026-11-01T10-00-00-01900000-0000-7000-8000-00000000000a.jsonl
gemini=.gemini/tmp/heron/chats/session-2026-11-01T10-00-9e300000.jsonl
copilot=.copilot/session-state/5f35fa01-6a97-41fb-b219-0a5b24cf27a5/events.jsonl
vscode=.config/Code/User/workspaceStorage/ab12/chatSessions/7c000000-0000-4000-8000-000000000001.json

# claude_says <number> <parent or null> <text>: a line of a session.
claude_says() {
	test "$2" = null && set -- "$1" null "$3" || set -- "$1" "\"u$2\"" "$3"
	printf '{"type":"user","uuid":"u%s","parentUuid":%s,"sessionId":"5e551000-0000-4000-8000-000000000001","timestamp":"2026-11-01T10:00:0%sZ","cwd":"/srv/heron","message":{"role":"user","content":"%s"}}\n' \
		"$1" "$2" "$1" "$3"
}
codex_says() {
	printf '{"timestamp":"2026-11-01T10:00:0%sZ","type":"response_item","payload":{"type":"message","role":"user","content":[{"type":"input_text","text":"%s"}]}}\n' "$1" "$2"
}
gemini_says() {
	printf '{"id":"g%s","timestamp":"2026-11-01T10:00:0%s.000Z","type":"user","content":[{"text":"%s"}]}\n' "$1" "$1" "$2"
}
copilot_says() {
	printf '{"type":"user.message","data":{"content":"%s"},"id":"e%s","timestamp":"2026-11-01T10:00:0%s.000Z","parentId":null}\n' "$2" "$1" "$1"
}

# fill <place below the home>: what comes on standard input, at its end.
fill() {
	mkdir -p "$HOME/${1%/*}" && cat >>"$HOME/$1"
}

# one_of_each: a session of one message for each agent.
one_of_each() {
	claude_says 1 null "of claude" | fill "$claude" &&
	{
		echo '{"timestamp":"2026-11-01T10:00:00Z","type":"session_meta","payload":{"id":"01900000-0000-7000-8000-00000000000a","timestamp":"2026-11-01T10:00:00Z","cwd":"/srv/heron","originator":"codex","cli_version":"0.1"}}'
		codex_says 1 "of codex"
	} | fill "$codex" &&
	{
		echo '{"sessionId":"9e300000-0000-4000-8000-000000000001","projectHash":"ab","startTime":"2026-11-01T10:00:00.000Z","lastUpdated":"2026-11-01T10:00:00.000Z","kind":"main"}'
		gemini_says 1 "of gemini"
	} | fill "$gemini" &&
	{
		echo '{"type":"session.start","data":{"sessionId":"5f35fa01-6a97-41fb-b219-0a5b24cf27a5","version":1,"producer":"copilot-agent","copilotVersion":"1","startTime":"2026-11-01T10:00:00.000Z"},"id":"e0","timestamp":"2026-11-01T10:00:00.000Z","parentId":null}'
		copilot_says 1 "of copilot"
	} | fill "$copilot" &&
	echo '{"version":3,"requesterUsername":"me","responderUsername":"GitHub Copilot","sessionId":"7c000000-0000-4000-8000-000000000001","creationDate":1793527200000,"lastMessageDate":1793527201000,"requests":[{"requestId":"r1","timestamp":1793527200000,"message":{"text":"of vscode","parts":[]},"response":[{"value":"fine"}]}]}' | fill "$vscode"
}

# of <agent> <filter>: is that true of its object in out?
of() {
	jq -c --arg a "$1" 'select(.agent == $a)' out | tee /dev/stderr | jq -e "$2"
}

# until_there <file>
until_there() {
	n=0
	until test -e "$1"; do
		n=$((n + 1)) && test $n -lt 600 || return 1
		sleep 0.05
	done
}

# settled [<vault>]: nothing works behind any more, and nothing is left to do.
settled() {
	n=0
	until flock -n "${1:-v}/vvault/capture/behind-lock" true &&
		! ls "${1:-v}"/vvault/capture/hint-* 2>/dev/null; do
		n=$((n + 1)) && test $n -lt 600 || return 1
		sleep 0.05
	done
}
