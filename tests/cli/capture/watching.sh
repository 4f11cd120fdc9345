# Helpers of the tests of watch, read after lib.sh.

# new_home: a vault, and a home of its own in which an agent wrote.
new_home() {
	new_vault && mkdir -p home/.claude/projects/-srv-heron && export HOME="$PWD/home" &&
	export XDG_CONFIG_HOME="$HOME/.config" XDG_DATA_HOME="$HOME/.local/share" &&
	unset CLAUDE_CONFIG_DIR CODEX_HOME GEMINI_CLI_HOME COPILOT_HOME XDG_STATE_HOME VSCODE_PORTABLE &&
	claude=$HOME/.claude/projects/-srv-heron
}

# says <session> <number> <parent or null> <text>: a line of Claude Code, into
# the session's file.
says() {
	to=$claude/5e551000-0000-4000-8000-00000000000$1.jsonl
	test "$3" = null && parent=null || parent=\"u$1-$3\"
	printf '{"type":"user","uuid":"u%s-%s","parentUuid":%s,"sessionId":"5e551000-0000-4000-8000-00000000000%s","timestamp":"2026-11-01T10:%02d:%02dZ","cwd":"/srv/heron","message":{"role":"user","content":"%s"}}\n' \
		"$1" "$2" "$parent" "$1" "$(($2 / 60))" "$(($2 % 60))" "$4" >>"$to"
}

# soon <command>...: it holds before long. A machine with much to do is slow.
soon() {
	for soon_n in $(seq 600); do
		"$@" >soon.out 2>&1 && return
		sleep 0.1
	done
	cat soon.out events said >&2
	echo "not soon: $*" >&2
	return 1
}

# beside <file> <command>...: it runs, and what it prints goes there.
beside() {
	beside_out=$1 && shift
	"$@" >"$beside_out" 2>said & watch=$!
	at_end "kill -9 $watch 2>/dev/null || :"
}

# start_watch [<word>...]: lines of JSON in events; it watches when this ends.
start_watch() {
	beside events vvault watch --json "$@" && soon told watching
}

# told <event> [<jq condition>]: of such an event.
told() {
	jq -e -s --arg e "$1" "map(select(.event == \$e and (${2:-true}))) | length > 0" events
}

# count_of <event>: how often it was told.
count_of() {
	jq -s --arg e "$1" 'map(select(.event == $e)) | length' events
}

# holds <text>: the vault has a message that says so.
holds() {
	vvault grep -l "$1" claude-code
}

# end_watch [<signal>]: it ends at once, and well.
end_watch() {
	kill -"${1:-TERM}" "$watch" && began=$(date +%s) && wait "$watch" &&
	test $(($(date +%s) - began)) -lt 10 && told ended
}

# lock <file>: take it, until unlock.
lock() {
	perl -MFcntl=:flock -e 'open F, ">>", $ARGV[0] or die; flock(F, LOCK_EX) or die;
		open G, ">", "locked"; close G; sleep 300' "$1" & locker=$!
	at_end "kill -9 $locker 2>/dev/null || :"
	soon test -e locked
}
unlock() {
	kill -9 "$locker" && rm locked
}
