#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

data=$VV_TOP/tests/data/codex
parent=01900000-0000-7000-8000-00000000000a
fork=01900000-0000-7000-8000-00000000000b
shared=${VV_SHARED:+$VV_SHARED/data}
export data parent fork shared

# talk [<vault>]: sessions and messages, without the sources.
talk() {
	for kind in session message; do
		vvault ${1:+-C "$1"} ls --json codex $kind
	done | jq -cS '[.entity, .state]' | sort
}

# state_of <end of an entity> [<filter>]: or whether that is true.
state_of() {
	vvault ls --json codex | jq -nc${2:+e} --arg e "$1" \
		"inputs | select(.kind != \"source\" and (.entity | endswith(\$e))) | .state${2:+ | $2}"
}

# said_in <session>: what a person sees of the shown branch.
said_in() {
	vvault ls --json codex >all.path
	jq -rs --arg s "session:codex:$1" '(map({key: .entity, value: .state}) |
		from_entries) as $all | [$all[$s].active |
		recurse($all[.].parent; . != null) | $all[.] |
		select(.visibility == "visible") | .content] | reverse | .[]' all.path
}

# Items, made by other means: [role, text] in the order of the file.
cat >"$tap_root/expected.jq" <<'END'
[inputs | if .payload then . else {type: "response_item", payload: .} end |
	select(.type == "compacted" or (.type == "response_item" and
	(.payload.type // "" | IN("message", "reasoning", "function_call",
	"function_call_output", "custom_tool_call", "custom_tool_call_output"))) or
	(.type == "event_msg" and
	 .payload.type == "agent_reasoning_raw_content")) | .payload |
	if .type == "message" then [.role, [.content[].text // empty]]
	elif .type == "reasoning" then ["assistant", [.summary[].text]]
	elif (.type // "" | endswith("_output")) then ["tool", [.output]]
	elif (.type // "" | endswith("_call")) then ["assistant", []]
	elif .type then ["assistant", [.text]]
	else ["system", [.message]] end | [.[0], (.[1] | join("\n\n"))]]
END
export expect="$tap_root/expected.jq"

# whole_lines <file>: without a torn last one.
whole_lines() {
	jq -Rc 'fromjson? // empty' "$1"
}

test_case 'one of the two streams is taken' '
	new_vault && vvault import --json "$data/rollout.jsonl" >out && cat out &&
	jq -e ".construct == \"codex\" and .sources[0].imported == 21 and
		.sources[0].malformed == []" out &&
	whole_lines "$data/rollout.jsonl" | jq -nc -f "$expect" | jq -c .[] >want &&
	vvault ls --json codex message | jq -sc "map(.state) | sort_by(.index) |
		map(select(.native.payload.payload.type != \"something_new\"))[] |
		[.role, .content]" >got && cmp want got &&
	state_of .0 >/dev/null &&
	vvault ls --json codex message | jq -s -e "[.[].state |
		select(.role == \"user\")] | map(.visibility) | sort ==
		[\"meta\", \"visible\", \"visible\", \"visible\", \"visible\"]"
'

test_case 'calls and results, thinking, usage, models' '
	new_vault && vvault import "$data/rollout.jsonl" >/dev/null &&
	state_of 0001.2 ".visibility == \"tool\" and .role == \"assistant\" and
		.model == \"gpt-test\" and .parts[0].type == \"tool_use\" and
		.parts[0].id == \"call_1\" and .parts[0].name == \"shell\" and
		(.parts[0].arguments | fromjson | .cmd) == [\"cat\", \"plan.txt\"]" &&
	state_of 0001.3 ".role == \"tool\" and .content == \"depth: 80 cm\n\" and
		.parts[0].tool_use_id == \"call_1\"" &&
	state_of 0001.1 ".visibility == \"thinking\" and .content == \"Hm.\" and
		.native.payload.encrypted_content == \"c2VjcmV0LXRob3VnaHRz\"" &&
	state_of 0001.4 ".native.usage.output_tokens == 9 and
		.native.usage.cached_input_tokens == 50" &&
	state_of 0001.0 ".native.turn.approval_policy == \"never\" and
		(.native.turn | has(\"user_instructions\") | not)" &&
	state_of "$parent" ".title == \"The pond\" and .model == \"gpt-test\" and
		.native.base_instructions.text == \"Be kind.\""
'

test_case 'a rollback takes turns out of the branch and keeps them' '
	new_vault && vvault import "$data/rollout.jsonl" >/dev/null &&
	said_in $parent >got && printf "%s\n" "How deep is the pond?" \
		"Eighty centimetres." "And the frogs?" "Seven." | cmp - got &&
	state_of 0003.0 ".content == \"And the salt?\""
'

test_case 'a fork leaves to its parent what it copied, in any order and on any day' '
	new_vault && vvault import "$data/fork.jsonl" "$data/rollout.jsonl" >/dev/null &&
	talk >one && state_of 0099.0 | jq -e --arg p "$parent" \
		".content == \"And the newts?\" and (.parent | contains(\$p))" &&
	said_in $fork >got && printf "%s\n" "How deep is the pond?" \
		"Eighty centimetres." "And the newts?" | cmp - got &&
	state_of "$fork" | jq -e --arg p "$parent" ".parent == \"session:codex:\" + \$p" &&
	rm -rf v && new_vault && vvault import "$data/rollout.jsonl" >/dev/null &&
	vvault import --json "$data/fork.jsonl" >out && talk >two && cmp one two &&
	jq -e "[.sources[0].skipped[] | select(.reason | startswith(\"copy of\"))][0].count == 7" out &&
	rm -rf v && new_vault && vvault import "$data/fork.jsonl" >/dev/null &&
	vvault ls codex message | wc -l >count && test "$(cat count)" -eq 8
'

test_case 'first releases, screens alone, titles, prompts' '
	new_vault && expect_exit 3 vvault import --json "$data/legacy.jsonl" >out &&
	jq -e ".sources[0] | .imported == 4 and .malformed[0].offset == 360 and
		.unknown_times == 3" out &&
	vvault import "$data/events.jsonl" >/dev/null &&
	said_in 01900000-0000-7000-8000-00000000000c >got &&
	printf "%s\n" "only for the screen" heard | cmp - got &&
	vvault import "$data/rollout.jsonl" "$data/session_index.jsonl" >/dev/null &&
	state_of "$parent" ".title == \"The pond\"" &&
	state_of 00000000000c ".title == \"Only a screen\" and (.active | length > 0)" &&
	vvault import --json "$data/history.jsonl" >out &&
	jq -e ".sources[0].imported == 0 and .sources[0].skipped[0].count == 1" out
'

test_case 'compressed files are the same; torn and too large ones are told' '
	new_vault && vvault import "$data/rollout.jsonl" >/dev/null && talk >plain &&
	vvault init w >/dev/null && zstd -q -o r.zst "$data/rollout.jsonl" &&
	vvault -C w import --json r.zst >out && talk w >packed && cmp plain packed &&
	jq -e ".sources[0].format == \"codex\"" out &&
	vvault init x >/dev/null && vvault -C x import - <r.zst >/dev/null &&
	talk x >piped && cmp plain piped &&
	vvault init y >/dev/null && { cat "$data/rollout.jsonl" && for i in $(seq 3000); do
		cat "$data/rollout.jsonl"; done; } >long.jsonl && zstd -q long.jsonl &&
	head -c $(($(stat -c %s long.jsonl.zst) - 20)) long.jsonl.zst >torn.zst &&
	expect_exit 3 vvault -C y import --json torn.zst >out &&
	jq -e ".sources[0] | (.malformed | length) == 1 and .imported > 20 and
		(.malformed[0].reason | contains(\"cut short\"))" out &&
	{ cat "$data/rollout.jsonl" && head -c 200000000 /dev/zero | tr "\0" " "; } |
		zstd -q >bomb.zst && expect_exit 3 vvault -C y import --json bomb.zst >out &&
	jq -e ".sources[0].malformed[0].reason | contains(\"256 times\")" out
'

test_case 'a rollout that grows line by line ends as the whole' '
	new_vault && for n in 3 7 10 13 14 15 22 30 41; do
		head -n $n "$data/rollout.jsonl" >part.jsonl &&
		vvault import part.jsonl >/dev/null || exit 1
	done && vvault import "$data/rollout.jsonl" >/dev/null && talk >grown &&
	vvault init w >/dev/null && vvault -C w import "$data/rollout.jsonl" >/dev/null &&
	talk w >whole && cmp grown whole &&
	vvault import --json "$data/rollout.jsonl" >out && jq -e ".version == null" out
'

test_case 'shared rollouts have just the items that another reader finds' '
	need_shared
	for file in "$shared"/codex/*.jsonl "$shared"/agentsview-fixtures/traex/*.jsonl \
		"$shared"/polylogue-fixtures/origin-capability/codex-session.jsonl; do
		rm -rf v && new_vault && { vvault import --json "$file" >out || test $? -eq 3; } &&
		whole_lines "$file" | jq -nc -f "$expect" | jq -c .[] >want &&
		vvault ls --json codex message | jq -sc "map(.state) | sort_by(.index)[] |
			[.role, .content]" >got && test -s want && cmp want got || {
			echo "$file"
			diff want got | head
			exit 1
		}
	done
	rm -rf v && new_vault && expect_exit 3 vvault import --json "$shared"/codex >out &&
	jq -e "[.sources[] | [.imported, (.malformed | length)]] ==
		[[3, 1], [98, 0], [2, 0]]" out
'

done_testing
