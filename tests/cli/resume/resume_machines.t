#!/bin/sh
# Two machines: a session that is begun on one goes on on the other, in another
# agent or in its own, and comes back.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/going_on.sh"

# on <machine> <word>...: with its own home, keys and vault.
on() {
	machine=$1
	shift
	(
		export HOME="$PWD/$machine/home" VVAULT_KEYS="$PWD/$machine/keys" VVAULT_DEVICE_NAME=$machine VVAULT_DIR="$PWD/$machine/v" &&
		"$@"
	)
}

# machines: two, with one vault between them.
machines() {
	mkdir -p one/home two/home one/src two/src && git init -q --bare between.git &&
	on one vvault init one/v >/dev/null && on one old_session && cp -R one/home/.codex before &&
	on one vvault remote add origin "$PWD/between.git" 2>/dev/null && on one vvault push >/dev/null &&
	on two vvault clone "$PWD/between.git" two/v >/dev/null 2>&1 &&
	on one vvault member add "$(on two vvault key show | head -n 1)" >/dev/null && on one vvault push >/dev/null &&
	on two vvault pull >/dev/null
}

# claude_on <machine> <prompt> <answer> <id>: what Claude Code appends there.
claude_on() {
	file=$(find "$1/home/.claude" -name "$4.jsonl") && claude_goes_on "$2" "$3"
}

# told <machine>: what is said in the session, as it is shown.
told() {
	on "$1" vvault read --json "$session" | jq -r 'select(.role == "user" or .role == "assistant") | select(.text != "") | .text' | xargs
}

test_case 'begun on one, gone on with on the other in another agent, and back' '
	unset CLAUDE_CONFIG_DIR CODEX_HOME XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME && machines &&
	on two vvault resume "$session" --as claude-code --in two/src --json >out && id=$(jq -r .id out) &&
	claude_on two "from two" "said on two" "$id" && on two vvault capture >/dev/null && on two vvault push >/dev/null &&
	on one vvault pull >/dev/null && test "$(told one)" = "look around Two files. thanks from two said on two" &&
	on one vvault resume "$session" --as claude-code --in one/src --json >out && jq -e ".turns == 6" out && again=$(jq -r .id out) &&
	nth=3 && claude_on one "from one" "said on one" "$again" && on one vvault capture >/dev/null &&
	test "$(told one)" = "look around Two files. thanks from two said on two from one said on one" &&
	on one vvault push >/dev/null && on two vvault pull >/dev/null && test "$(told two)" = "$(told one)" &&
	on one vvault verify >/dev/null && on two vvault verify >/dev/null
'

test_case 'both go on at once: one session, both continuations' '
	unset CLAUDE_CONFIG_DIR CODEX_HOME XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME && machines &&
	on two vvault resume "$session" --as claude-code --in two/src --json >out && claude_on two "left" "left too" "$(jq -r .id out)" &&
	on one vvault resume "$session" --as claude-code --in one/src --json >out &&
	nth=3 && claude_on one "right" "right too" "$(jq -r .id out)" &&
	on one vvault capture >/dev/null && on two vvault capture >/dev/null && on one vvault push >/dev/null &&
	on two vvault pull >/dev/null && on two vvault push >/dev/null && on one vvault pull >/dev/null &&
	test "$(on one vvault session list --json | wc -l)" = 1 &&
	on one vvault session list --json | jq -e ".branches == 2" && on one vvault grep --json "left too" | grep -c left &&
	on one vvault grep --json "right too" | grep -c right && test "$(told two)" = "$(told one)" &&
	on one vvault conflicts
'

done_testing
