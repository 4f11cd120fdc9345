#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/home.sh"

# hook <agent> [<word>]: as an agent calls it; prints how long it took, in ms.
hook() {
	start=$(date +%s%N) && vvault -C "$PWD/v" capture --hook "$@" >said 2>&1 || return
	took=$((($(date +%s%N) - start) / 1000000))
	echo "the hook took $took ms" && test ! -s said && test "$took" -lt 1000
}

test_case 'a hook returns at once, says nothing, and the work goes on' '
	new_vault && new_home && one_of_each && unset VVAULT_DIR && cd "$PWD" &&
	echo "{\"session_id\":\"x\",\"transcript_path\":\"$HOME/$claude\"}" | hook claude-code &&
	settled && vvault -C v grep "of claude" | grep claude &&
	test -z "$(vvault -C v grep "of codex")" &&
	hook codex "{\"type\":\"agent-turn-complete\",\"input-messages\":[\"of codex\"]}" </dev/null &&
	settled && vvault -C v grep "of codex" | grep codex &&
	vvault -C v agents --json >out && jq -e "select(.capture) | .capture | .by == \"hook\" and .messages == 1" out
'

test_case 'standard input that never ends holds nothing up' '
	new_vault && new_home && one_of_each && mkfifo never && exec 8<>never &&
	hook gemini-cli <&8 && exec 8>&- && yes "{}" | hook copilot-cli && hook claude-code <&- &&
	settled && for word in gemini copilot claude; do
		vvault grep "of $word" | grep "$word" || exit 1
	done
'

test_case 'whatever is wrong: silence, and 0' '
	new_home && one_of_each && hook claude-code && vvault capture --hook >said 2>&1 && test ! -s said &&
	vvault -C nowhere capture --hook claude-code >said 2>&1 && test ! -s said &&
	vvault capture --hook claude-code --none-such >said 2>&1 && test ! -s said &&
	vvault capture --json --hook=claude-code a b c >said 2>&1 && test ! -s said && test ! -e v &&
	new_vault && hook none-such && settled && vvault grep "of codex" | grep codex
'

test_case 'many at once: one works, and one more comes after it' '
	new_vault && new_home && one_of_each && vvault capture >/dev/null &&
	exec 9>v/vvault/capture/lock && flock 9 &&
	for i in 1 2 3 4 5 6 7 8 9; do
		claude_says $i null "number $i" | sed "s/u$i/n$i/" | fill "$claude"
		vvault capture --hook claude-code </dev/null 9>&- &
	done && wait && exec 9>&- && settled && vvault grep "number 9" | grep "number 9" &&
	vvault log --oneline claude-code >log && cat log && test "$(wc -l <log)" -le 3
'

test_case 'where a watch runs, a hint is all' '
	new_vault && new_home && one_of_each && mkdir -p v/vvault/capture && : >v/vvault/capture/watch-lock &&
	exec 9>v/vvault/capture/watch-lock && flock 9 && hook claude-code 9>&- &&
	ls v/vvault/capture >names && grep hint-claude-code names && test -z "$(vvault grep "of claude")" &&
	CLAUDE_CONFIG_DIR=$HOME/.claude hook claude-code 9>&- && settled &&
	exec 9>&- && vvault grep "of claude" | grep claude
'

test_case 'what fails behind is told afterwards' '
	new_vault && new_home && one_of_each && mv "$VVAULT_KEYS" "$VVAULT_KEYS.away" && mkdir "$VVAULT_KEYS" &&
	chmod 700 "$VVAULT_KEYS" &&
	hook claude-code && until_there v/vvault/capture/failed &&
	flock v/vvault/capture/behind-lock true &&
	rm -r "$VVAULT_KEYS" && mv "$VVAULT_KEYS.away" "$VVAULT_KEYS" && ls v/vvault/capture/hint-claude-code &&
	vvault agents >out && cat out && grep "^capture .* by a hook failed: " out && vvault status | grep "failed: " &&
	hook codex && settled && vvault status >out && cat out && ! grep "failed: " out &&
	grep "^capture .* by a hook: 2 new messages" out
'

test_case 'nothing is left behind: no process, no open file' '
	new_vault && new_home && one_of_each && mkfifo held && { cat held >/dev/null & } && reader=$! &&
	exec 7>held && hook claude-code 6>&7 7>&- && exec 7>&- && settled && wait "$reader"
'

done_testing
