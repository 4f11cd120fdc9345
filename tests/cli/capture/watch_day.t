#!/bin/sh
# A day of four agents, with somebody who watches: sessions that begin, grow,
# are cut, renamed, packed and deleted, beside a database that is written to;
# the watch is killed, and begun twice. In the end the vault holds what one that
# was given everything at once does. VV_NIGHTLY=1 makes it a long day.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../robust.sh"
. "$(dirname "$0")/watching.sh"

turns=$(size 60 600)

# What is written goes into two homes: in `all` nothing is lost.
both() {
	mkdir -p "$HOME/$(dirname "$1")" "all/$(dirname "$1")" && cat >line &&
	cat line >>"$HOME/$1" && cat line >>"all/$1"
}

# when: the time of this turn.
when() {
	date -u -d "@$((1793520000 + turn))" +%Y-%m-%dT%H:%M:%SZ
}

# claude|codex|gemini|copilot <session> <text>: one more line, or the first.
claude() {
	id=5e551000-0000-4000-8000-$(printf %012d "$1") file=.claude/projects/-srv-heron/$id.jsonl
	parent=$(tail -n 1 "$HOME/$file" 2>/dev/null | jq -c .uuid)
	printf '{"type":"user","uuid":"%s","parentUuid":%s,"sessionId":"%s","timestamp":"%s","cwd":"/srv/heron","message":{"role":"user","content":"%s"}}\n' \
		"$2" "${parent:-null}" "$id" "$(when)" "$2" | both "$file"
}
codex() {
	id=01900000-0000-7000-8000-$(printf %012d "$1") file=.codex/sessions/2026/11/01/rollout-2026-11-01T00-00-00-$id.jsonl
	test -e "all/$file" || printf '{"timestamp":"%s","type":"session_meta","payload":{"id":"%s","timestamp":"%s","cwd":"/srv/heron"}}\n' \
		"$(when)" "$id" "$(when)" | both "$file"
	printf '{"timestamp":"%s","type":"response_item","payload":{"type":"message","role":"assistant","content":[{"type":"output_text","text":"%s"}]}}\n' \
		"$(when)" "$2" | both "$file"
}
gemini() {
	file=.gemini/tmp/heron/chats/session-2026-11-01T00-00-$1.jsonl
	test -e "all/$file" || printf '{"sessionId":"gem-%s","projectHash":"0123abcd","startTime":"%s","lastUpdated":"%s","kind":"main","messages":[]}\n' \
		"$1" "$(when)" "$(when)" | both "$file"
	printf '{"id":"%s","timestamp":"%s","type":"user","content":"%s"}\n{"$set":{"lastUpdated":"%s"}}\n' \
		"$2" "$(when)" "$2" "$(when)" | both "$file"
}
copilot() {
	file=.copilot/session-state/cop-$1/events.jsonl
	test -e "all/$file" || printf '{"type":"session.start","data":{"sessionId":"cop-%s","version":1,"producer":"copilot-agent","startTime":"%s","context":{"cwd":"/srv"}},"id":"cop-%s-0","timestamp":"%s","parentId":null}\n' \
		"$1" "$(when)" "$1" "$(when)" | both "$file"
	parent=$(tail -n 1 "$HOME/$file" | jq -r .id)
	printf '{"type":"user.message","data":{"content":"%s"},"id":"%s","timestamp":"%s","parentId":"%s"}\n' \
		"$2" "$2" "$(when)" "$parent" | both "$file"
}

# A database of an agent, in which somebody writes all day, where one can.
keep_writing() {
	sqlite3 "$database" "PRAGMA journal_mode = wal; CREATE TABLE t (n)" >/dev/null
	while test ! -e evening; do
		sqlite3 "$database" "INSERT INTO t VALUES (1)" && echo written
		sleep 0.05
	done
}
start_writer() {
	database=$HOME/.codex/state_5.sqlite && : >inserted && : >refused && mkdir -p "$HOME/.codex"
	command -v sqlite3 >/dev/null || return 0
	keep_writing >inserted 2>refused & writer=$!
	at_end "touch $PWD/evening"
}
end_writer() {
	touch evening && test -z "${writer:-}" || { wait $writer && test ! -s refused &&
		test "$(sqlite3 "$database" "SELECT count(*) FROM t")" = "$(wc -l <inserted)"; }
}

somewhere() {
	vvault grep -l "$1"
}

# ends <agent> <text>: its session is no more, once its last words are known.
ends() {
	eval "n_$1=\$((n_$1 + 1))"
	case $1 in
	claude) soon somewhere "$2" && rm "$HOME/$file" ;;
	gemini) soon somewhere "$2" && rm -r "$HOME/.gemini/tmp/heron" ;;
	copilot) soon somewhere "$2" && rm -r "$(dirname "$HOME/$file")" ;;
	codex) mkdir -p "$HOME/.codex/archived_sessions" && mv "$HOME/$file" "$HOME/.codex/archived_sessions" &&
		if command -v zstd >/dev/null; then
			zstd -q --rm "$HOME/.codex/archived_sessions/$(basename "$file")"
		fi ;;
	esac
}

# Half of a session of Claude Code is gone, and it goes on from there.
cut_off() {
	claude "$n_claude" "$1" && soon somewhere "$1" &&
	head -n $(($(wc -l <"$HOME/$file") / 2 + 1)) "$HOME/$file" >half && cat half >"$HOME/$file"
}

# What a vault says of sessions and messages in the end; how often it was told
# is another matter.
said_in() {
	for construct in claude-code codex gemini copilot; do
		vvault -C "$1" export --format jsonl "$construct" | jq -cS "select(.type // \"\" | test(\"^(session|message):\"))"
	done | jq -cS -s "group_by(.entity)[] | sort_by(.at) | {entity: .[0].entity, data: (map(.data) | add)}"
}

turn_of() {
	agent=$1 && eval "session=\$n_$1" && text=$1-$session-turn-$turn-ends && $1 "$session" "$text"
}

day() {
	n_claude=10 n_codex=10 n_gemini=10 n_copilot=10
	for turn in $(seq "$turns"); do
		turn_of "$(echo claude codex gemini copilot | cut -d " " -f $((turn % 4 + 1)))" || return
		case $((turn % 20)) in
		5) kill -9 $watch && start_watch || return ;;
		9) expect_exit 1 vvault watch 2>/dev/null || return ;;
		10 | 12 | 15 | 17) ends "$agent" "$text" || return ;;
		19) cut_off "claude-cut-$turn-ends" || return ;;
		esac
		test $((turn % 3)) -ne 0 || sleep 0.3
	done
	for agent in claude codex gemini copilot; do
		turn=$((turn + 1)) && turn_of $agent || return
	done
}

same_as_all() {
	said_in v >got && diff got want
}

# Of so many lines with that word, one after the other, how many seconds each took to come.
seconds_to_come() {
	for n in $(seq "$1"); do
		turn=$((turn + 1)) && written=$(date +%s.%N) && claude 99 "$2-$n-ends" &&
		soon somewhere "$2-$n-ends" && came=$(date +%s.%N) &&
		perl -e "printf qq{%.1f\n}, $came - $written" || return
	done
}

# Hundredths of a second of the processor's, also for children, and how often it
# woke up.
spent() {
	awk '{ print $14 + $15 + $16 + $17 }' "/proc/$watch/stat" &&
	awk '/ctxt_switches/ { n += $2 } END { print n }' "/proc/$watch/status"
}

test_case 'a day of agents: in the end all of it is there' '
	new_home && start_writer && start_watch && day && end_writer && all=$PWD/all && vvault init w >/dev/null &&
	HOME=$all vvault -C w capture >/dev/null && said_in w >want && test "$(wc -l <want)" -gt $((turns + 10)) &&
	soon same_as_all && end_watch && vvault verify >/dev/null
'

test_case 'of what agents have nothing is touched' '
	new_home && turn=0 && for agent in claude codex gemini copilot; do turn=$((turn + 1)) && $agent 1 $agent-here || exit 1; done &&
	find home -type f -exec sha256sum {} + | sort >files && touch -d "1 hour ago" stamp && find home -exec touch -r stamp {} + &&
	start_watch && soon somewhere copilot-here && soon somewhere claude-here && end_watch &&
	find home -type f -exec sha256sum {} + | sort | cmp - files && test -z "$(find home -newer stamp)"
'

# tell <what>: it was measured.
tell() {
	echo "$*" | tee -a "$tap_root/measured"
}

# An agent that writes without a pause, until the evening.
chatter() {
	for n in $(seq 1000); do
		test ! -e evening || return 0
		printf "{\"type\":\"user\",\"uuid\":\"n%s\",\"parentUuid\":null,\"sessionId\":\"5e551000-0000-4000-8000-000000000098\",\"timestamp\":\"2026-11-01T10:00:00Z\",\"message\":{\"role\":\"user\",\"content\":\"noise\"}}\n" \
			"$n" >>"$claude/5e551000-0000-4000-8000-000000000098.jsonl"
		sleep 0.1
	done
}

test_case 'how long it takes from a written line to the vault' '
	new_home && turn=0 && start_watch && seconds_to_come $(size 3 20) quiet >quiet &&
	{ chatter & at_end "touch $PWD/evening" && seconds_to_come $(size 3 20) busy >busy; } && touch evening && end_watch &&
	tell "seconds from a line to the vault, with pauses: $(sort -n quiet | tr "\n" " ")" &&
	tell "and while the agent writes without one: $(sort -n busy | tr "\n" " ")" &&
	test "$(sort -n quiet busy | tail -n 1 | cut -d . -f 1)" -lt 30
'

test_case 'what it takes to wait, while agents write what is no session' '
	new_home && turn=0 && codex 1 there && start_watch && claude 1 here && soon somewhere here && sleep 3 && spent >before &&
	for n in $(seq $(size 10 120)); do
		echo "$n" >"$HOME/new" && mv "$HOME/new" "$HOME/.claude.json" && echo "$n" >>"$HOME/.codex/state_5.sqlite-wal" && sleep 0.5
	done && spent >after && rss=$(awk "/VmHWM/ { print \$2 }" /proc/$watch/status) && end_watch &&
	paste before after | awk "{ print \$2 - \$1 }" >cost && { read -r ticks && read -r wakes; } <cost &&
	tell "waiting $(size 5 60) s: $ticks hundredths of a second, woken $wakes times; $rss kB of memory at most" &&
	test "$rss" -lt 51200 && test "$ticks" -le $(size 2 6) && test "$wakes" -lt $(size 60 400)
'
diag "$(cat "$tap_root/measured")"

done_testing
