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

# said_in <session> [<vault>]: what a person sees of the shown branch.
said_in() {
	vvault ${2:+-C "$2"} ls --json codex >all.path
	jq -rs --arg s "session:codex:$1" '(map({key: .entity, value: .state}) |
		from_entries) as $all | [$all[$s].active |
		recurse($all[.].parent; . != null) | $all[.] |
		select(.visibility == "visible") | .content] | reverse | .[]' all.path
}

# Items, made by other means: [role, text] in the order of the file; events and
# what a compaction hands on where no item has their text.
cat >"$tap_root/expected.jq" <<'END'
def texts: if type == "array" then [.[] | .text // empty] else [] end;
def items: if .payload then . else {type: "response_item", payload: .} end;
[inputs] | (map(items | select(.type == "response_item") | .payload.content |
	texts | ., [join("\n\n")]) | add) as $said | map(items |
	select(.type == "compacted" or (.type == "response_item" and
	(.payload.type // "" | IN("message", "reasoning", "function_call",
	"function_call_output", "custom_tool_call", "custom_tool_call_output"))) or
	(.type == "event_msg" and
	 (.payload.type == "agent_reasoning_raw_content" or
	  (.payload.type == "agent_message" and ([.payload.message] - $said != []))))) |
	.payload |
	if .type == "message" then [.role, [.content[].text // empty]]
	elif .type == "reasoning" then ["assistant", [.summary[].text]]
	elif (.type // "" | endswith("_output")) then ["tool", [.output]]
	elif (.type // "" | endswith("_call")) then ["assistant", []]
	elif .type then ["assistant", [.text // .message]]
	else ["system", [.message // "" | select(. != "")] +
		[.replacement_history[]?.content | texts | select(. - $said != [])[]]]
	end | [.[0], (.[1] | join("\n\n"))])
END
export expect="$tap_root/expected.jq"

# told_in [<vault>]: "role visibility: text" of all messages, in order.
told_in() {
	vvault ${1:+-C "$1"} ls --json codex message | jq -rs "map(.state) |
		sort_by(.index)[] | \"\(.role) \(.visibility): \(.content)\""
}

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

test_case 'prompts of sessions that were not kept come home from history.jsonl' '
	mkdir home && cp "$data/rollout.jsonl" home && cp "$data/history.jsonl" home &&
	cat >>home/history.jsonl <<-END &&
	{"session_id":"01900000-0000-7000-8000-0000000000ff","ts":1775030401,"text":"first lost"}
	{"session_id":"$parent","ts":1775030402,"text":"And the plants?"}
	{"session_id":"01900000-0000-7000-8000-0000000000ff","ts":1775030403,"text":"second lost","x":1}
	END
	new_vault && vvault import home >/dev/null && said_in 01900000-0000-7000-8000-0000000000ff >got &&
	printf "%s\n" "first lost" "second lost" | cmp - got &&
	vvault ls --json codex message | jq -se "map(select(.state.content == \"And the plants?\")) |
		length == 1" && echo "{\"session_id\":\"01900000-0000-7000-8000-0000000000ff\",\"ts\":1775030404,\"text\":\"third lost\"}" \
		>>home/history.jsonl && vvault import home/history.jsonl >/dev/null &&
	said_in 01900000-0000-7000-8000-0000000000ff >got && test "$(wc -l <got)" -eq 3 &&
	vvault import home >said && grep "0 new" said
'

test_case 'a session that goes on in another file is one, in any order and on any day' '
	jq -c "{timestamp: \"2026-10-02T08:00:0\(.n).000Z\", ordinal: .n, type: .t, payload: .p}" >all.jsonl <<-"END" &&
	{"n":0,"t":"session_meta","p":{"id":"01900000-0000-7000-8000-0000000000e1","segment_id":"a"}}
	{"n":1,"t":"event_msg","p":{"type":"task_started","turn_id":"turn-000000000001"}}
	{"n":2,"t":"response_item","p":{"type":"message","role":"user","content":"one"}}
	{"n":3,"t":"response_item","p":{"type":"message","role":"assistant","content":"two"}}
	{"n":4,"t":"session_meta","p":{"id":"01900000-0000-7000-8000-0000000000e1","segment_id":"b"}}
	{"n":5,"t":"rollout_reference","p":{"rollout_path":"/x/a","thread_id":"01900000-0000-7000-8000-0000000000e1"}}
	{"n":5,"t":"event_msg","p":{"type":"task_started","turn_id":"turn-000000000001"}}
	{"n":6,"t":"response_item","p":{"type":"message","role":"assistant","content":"three"}}
	{"n":7,"t":"response_item","p":{"type":"message","role":"user","content":"four"}}
	END
	head -n 4 all.jsonl >a.jsonl && tail -n 5 all.jsonl >b.jsonl && printf "%s\n" one two three four >want &&
	for way in "a.jsonl b.jsonl" "b.jsonl a.jsonl"; do
		rm -rf v && new_vault && vvault import $way >/dev/null && talk >together &&
		said_in 01900000-0000-7000-8000-0000000000e1 >got && cmp want got || exit 1
	done && rm -rf v && new_vault && vvault import a.jsonl >/dev/null && head -n 4 b.jsonl >part.jsonl &&
	vvault import part.jsonl >/dev/null && vvault import b.jsonl >/dev/null && talk >apart &&
	diff together apart && vvault init w >/dev/null && vvault -C w import --json b.jsonl >out &&
	jq -e "[.sources[0].skipped[].reason] | any(endswith(\"which is not here\"))" out &&
	vvault -C w import a.jsonl >/dev/null && vvault -C w import --json b.jsonl >out && jq -e ".records.new > 0" out &&
	said_in 01900000-0000-7000-8000-0000000000e1 w >got && cmp want got && vvault -C w import --json b.jsonl >out &&
	jq -e ".records.new == 0 and .sources[0].unchanged" out
'

test_case 'an archived copy of a rollout adds nothing' '
	mkdir -p home/sessions home/archived_sessions && cp "$data/paginated.jsonl" home/sessions/r.jsonl &&
	zstd -q -o home/archived_sessions/r.jsonl.zst "$data/paginated.jsonl" &&
	new_vault && vvault import home >/dev/null && talk >both && rm -rf v && new_vault &&
	vvault import home/sessions >/dev/null && talk >one && diff one both &&
	vvault import home/archived_sessions >said && grep " 0 new\| 1 new (1 of the file itself)" said
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

test_case 'an item of a turn and its twin for the model are one message' '
	new_vault && vvault import --json "$data/paginated.jsonl" >out && told_in >got &&
	cat >want <<-"END" && diff want got &&
	developer meta: Mind the newts.
	user meta: The pond was measured in March.
	user visible: How deep is this pond?
	assistant thinking: Look at the plan.

	Or measure it again.
	assistant visible: I look at the plan.
	assistant tool: 
	tool tool: Chunk ID: aa
	Process exited with code 1
	Output:
	cat: plan.txt: no such plan

	assistant tool: 
	tool tool: eighty


	a warning of reeds

	tool tool: one file written
	tool tool: A pond has no tides.
	tool tool: Script completed
	Output:


	eighty
	assistant visible: Eighty centimetres.
	<proposed_plan>
	Measure it every month.
	</proposed_plan>
	user visible: ls reeds
	user visible: And who lives there?
	user meta: Count them twice.
	system meta: Seven newts at dusk
	system meta: The frogs are asleep.
	system visible: The heron cut the line.
	system meta: Reeds to the north.
	system meta: The ice came late.
	assistant visible: Seven newts.
	END
	jq -e "[.sources[0].skipped[] | select(.reason | startswith(\"event: item\"))] == []" out
'

test_case 'commands, changes, calls and pictures of items' '
	new_vault && vvault import "$data/paginated.jsonl" >/dev/null &&
	state_of 1.call_1 ".parts | (.[0] | .is_error and .type == \"tool_result\" and
		.tool_use_id == \"call_1\") and (.[1] | .input.command[2] == \"cat plan.txt\" and
		.exit_code == 1 and .native.duration.nanos == 900 and (has(\"start\") | not))" &&
	state_of exec-9 ".parts[0] | .name == \"shell\" and .input == {command: [\"sound\", \"pond\"],
		cwd: \"/boat\"}" &&
	state_of fc-9 ".parts[0].input.changes[\"/boat/mira/depth.txt\"].content == \"Depth: eighty.\n\"" &&
	state_of mcp-9 ".parts | .[0].name == \"tides\" and .[0].input.of == \"the pond\" and
		.[1].is_error and .[1].native.server == \"almanac\"" &&
	state_of msg_u1 ".parts | map(select(.type == \"image\"))[0].path == \"/boat/mira/pond.png\"" &&
	state_of sh-1 ".parts[1].content == \"sedge\n\"" &&
	state_of 1.fc_1 ".native.usage.output_tokens == 9" &&
	vvault ls --json codex message | jq -se "map(select(.state.native.usage)) | length == 1"
'

test_case 'read tells what tools were given in words' '
	new_vault && vvault import "$data/paginated.jsonl" >/dev/null &&
	vvault read session:codex:01900000-0000-7000-8000-00000000000d >out && grep "^▸" out >got &&
	cat >want <<-"END" && diff want got && grep "an error: A pond has no tides." out
	▸ exec_command cat plan.txt
	▸ exec await tools.sound()
	▸ shell sound pond
	▸ apply_patch /boat/mira/depth.txt
	▸ tides of: the pond
	▸ shell ls reeds
	END
'

test_case 'items of turns alone are the whole talk' '
	new_vault && vvault import "$data/paginated.jsonl" >/dev/null && said_in 01900000-0000-7000-8000-00000000000d |
		grep -v "proposed_plan\|^Measure" >want &&
	jq -c "select(.type != \"response_item\")" "$data/paginated.jsonl" >items.jsonl &&
	vvault init w >/dev/null && vvault -C w import items.jsonl >/dev/null &&
	vvault -C w ls --json codex >all.path && said_in 01900000-0000-7000-8000-00000000000d w >got &&
	grep -v "^Measure" got | diff want - && grep -c "^Measure it every month.$" got >n &&
	test "$(cat n)" -eq 1 && told_in w >all && grep "^tool tool: cat: plan.txt: no such plan" all &&
	grep "^assistant thinking: Look at the plan." all
'

test_case 'what is told twice and thrice is said once, what is said twice is' '
	jq -nc "[range(2) | tostring | (
			{type: \"message\", id: \"u\(.)\", role: \"user\", content: [{type: \"input_text\", text: \"ok\"}]},
			{item: {type: \"UserMessage\", id: \"um\(.)\", content: [{type: \"text\", text: \"ok\", text_elements: []}]}},
			{type: \"user_message\", message: \"ok\"},
			{item: {type: \"Reasoning\", id: \"r\(.)\", summary_text: [\"hm\"], raw_content: []}},
			{type: \"agent_reasoning\", text: \"hm\"},
			{type: \"reasoning\", id: \"r\(.)\", summary: [{type: \"summary_text\", text: \"hm\"}]},
			{item: {type: \"AgentMessage\", id: \"a\(.)\", content: [{type: \"Text\", text: \"fine\"}]}},
			{type: \"agent_message\", message: \"fine\"},
			{type: \"message\", id: \"a\(.)\", role: \"assistant\", content: [{type: \"output_text\", text: \"fine\"}]})] |
		.[] | {timestamp: \"2026-10-03T08:00:00.000Z\", type: (if .role or .summary then \"response_item\"
			else \"event_msg\" end), payload: (if .item then {type: \"item_completed\", item} else . end)}" >all.jsonl &&
	printf "%s\n" "user visible: ok" "assistant thinking: hm" "assistant visible: fine" >one && cat one one >want &&
	for part in true ".type != \"response_item\"" ".payload.type == \"item_completed\"" ".type == \"response_item\"" \
		".payload.type != \"item_completed\" and .type != \"response_item\"" ".payload.type != \"item_completed\""; do
		rm -rf v && new_vault && jq -c "select($part)" all.jsonl >part.jsonl && vvault import part.jsonl >/dev/null &&
		told_in >got && diff want got || { echo "$part"; exit 1; }
	done
'

test_case 'a rollout in pages that grows line by line ends as the whole' '
	new_vault && for n in $(seq 2 40); do
		head -n $n "$data/paginated.jsonl" >part.jsonl &&
		vvault import part.jsonl >/dev/null || exit 1
	done && talk >grown && vvault init w >/dev/null &&
	vvault -C w import "$data/paginated.jsonl" >/dev/null && talk w >whole && diff grown whole
'

test_case 'older events: pictures, tools, what an editor and a shell put there' '
	new_vault && jq -c "{timestamp: \"2026-04-01T08:00:00.000Z\", type: (if .call or .said then
			\"event_msg\" else \"response_item\" end), payload: (if .typed then {type: \"message\",
			role: \"user\", content: [{type: \"input_text\", text: .typed}]}
		elif .said then {type: \"user_message\", message: .said, images:
			[\"data:image/png;base64,aGVyb24=\"], local_images: [\"/x/y.png\"]}
		elif .call then {type: .call} + .of else .item end)}" >old.jsonl <<-"END" &&
	{"typed":"<user_shell_command>\n<command>\nls reeds\n</command>\n<result>\nExit code: 2\nOutput:\nsedge\n</result>\n</user_shell_command>"}
	{"typed":"# Context from my IDE setup:\n\n## Open tabs:\n- a.c\n\n## My request for Codex:\nfix a.c\n"}
	{"said":"# Context from my IDE setup:\n\n## Open tabs:\n- a.c\n\n## My request for Codex:\nfix a.c\n"}
	{"call":"exec_command_end","of":{"call_id":"c1","command":["make"],"cwd":"/x","stderr":"boom\n","aggregated_output":"boom\n","exit_code":1}}
	{"item":{"type":"function_call_output","call_id":"c1","output":"short"}}
	{"call":"mcp_tool_call_end","of":{"call_id":"c2","invocation":{"server":"s","tool":"t","arguments":{"a":1}},"result":{"Err":"no such tool"}}}
	{"item":{"type":"image_generation_call","id":"ig_1","result":"aGVyb24="}}
	{"item":{"role":"assistant","content":[{"type":"output_text","text":"done"}]}}
	END
	vvault import old.jsonl >/dev/null && told_in >got && cat >want <<-"END" && diff want got &&
	user visible: ls reeds
	user visible: fix a.c
	tool tool: short

	boom

	tool tool: no such tool
	assistant tool: 
	assistant visible: done
	END
	vvault ls --json codex message >all && jq -se "map(.state) | sort_by(.index) |
		(.[0].parts[0] | .is_error and (.content | endswith(\"sedge\"))) and
		(.[1].parts | map(.type) == [\"injected\", \"input_text\", \"image\", \"image\"]) and
		(.[2].parts | .[0].is_error and .[1].exit_code == 1) and .[3].parts[1].is_error and
		.[4].parts[0].data[\"\$blob\"] == .[1].parts[2].data[\"\$blob\"]" all
'

# Releases that named no turns told the model alone of it, without an event.
test_case 'what a person typed while the model worked is theirs' '
	new_vault && vvault import "$data/steered.jsonl" >/dev/null && told_in >got &&
	printf "%s\n" "user visible: count the herons" "user visible: not those in flight" \
		"assistant visible: Four stand in the reeds." >want &&
	grep visible: got | cmp want - && test "$(grep -c "^user meta: <environment_context>" got)" -eq 1
'

test_case 'a model that gave no answer before another took its place is kept' '
	new_vault && sed "5s/gpt-5-codex/gpt-5-first/" "$data/steered.jsonl" >f.jsonl && vvault import f.jsonl >/dev/null &&
	talk | jq -se "map(.[1]) | [.[] | select(.native.items) | [.content, .native.items]] ==
			[[\"not those in flight\", [{type: \"turn_context\", model: \"gpt-5-first\"}]]] and
		[.[] | select(.role == \"assistant\") | .model] == [\"gpt-5-codex\"]" && twice codex f.jsonl
'

test_case 'the rollouts in pages of ../shared/field' '
	need_shared && new_vault &&
	vvault import "$VV_SHARED/field/01-codex-paginated" >/dev/null 2>said || test $? -eq 3 || exit 1
	told_in >got && test "$(wc -l <got)" -gt 30 &&
	for word in PROMPT-ONE PROMPT-TWO THOUGHT-ONE COMMENT-ONE "^assistant.*ANSWER-ONE seven" \
		ANSWER-TWO.none FULL-STDOUT PROMPT-B THOUGHT-B RAW-B PLAN-B CMDOUT-B MCPRES-B ANSWER-B; do
		test "$(grep -c "$word" got)" -eq 1 || { echo "$word"; exit 1; }
	done && ! grep "visible: INJECTED" got &&
	test "$(grep -c "^user visible: .*HUMAN-ONE why" got)" -eq 2 &&
	test "$(grep -c "^user visible: # AGENTS.md HUMAN-TWO" got)" -eq 2 &&
	for word in local_image pond.png FILECHANGE-ADDED MCPARG-B; do
		vvault ls --json codex message | jq -c .state.parts | grep -q "$word" || exit 1
	done
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
