#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

data=$VV_TOP/tests/data/cline
classic=$data/saoudrizwan.claude-dev
task=$classic/tasks/1795000000001
api=$task/api_conversation_history.json
team=$data/sessions/1795000000100_heron
lead=session:cline:1795000000100_heron
export data classic task api team lead

# said <key> <filter>: of a message of the classic task.
said() {
	state_of cline "message:cline:1795000000001/$1" "$2"
}

# shown <session>: what people read of it, a line for each message.
shown() {
	vvault ls --json "${2:-cline}" message | jq -r --arg s "$1" 'select(.state.session == $s) | .state |
		[.index, .role, .visibility, (.content | gsub("\n"; "|"))] | @tsv' | sort -n
}

test_case 'a classic task: who said what, and when' '
	new_vault && expect_exit 0 vvault import --json "$classic" >out && cat out &&
	jq -s -e "[.[].sources[].skipped[]? | select(.reason == \"what the panel shows of what a message has\") | .count] | add > 0" out && shown session:cline:1795000000001 >got && cat got &&
	cat >want <<-\END
	0	user	visible	How deep is the pond in @/pond.txt ?
	1	assistant	visible	I look at the pond.
	2	system	meta	
	3	tool	tool	[execute_command for '\''depth pond'\''] Result:|Command executed.|Output:|nine metres|The user provided the following feedback:|<feedback>|And the lake?|</feedback>
	4	user	visible	And the lake?
	5	user	meta	
	6	system	meta	the model is asleep
	7	assistant	visible	I ask.||Which lake?
	8	system	meta	lake.txt cannot be read
	9	tool	tool	<answer>|the northern one|</answer>
	10	user	visible	the northern one
	11	tool	tool	no such file
	12	user	meta	
	13	assistant	visible	It has no depth.||The pond is nine metres deep.
	14	user	visible	Thank you.
	15	assistant	visible	I was cut off while I said th
	16	user	visible	Never sent to anybody.
	END
	diff want got && path_of cline session:cline:1795000000001 | jq -e "length == 17"
'

test_case 'times, models, costs, pictures and errors of a classic task' '
	new_vault && vvault import "$classic" >/dev/null &&
	vvault ls --json cline message | jq -s "map(.state) | sort_by(.index)" >all &&
	jq -e "map(.created) | index(null) == null and . == sort and .[0] == \"2026-11-18T11:06:40.001000Z\"" all &&
	jq -e ".[0].parts | map(.type) == [\"text\", \"injected\", \"image\", \"injected\"] and (.[2].data[\"\$blob\"] != null) and
		(.[1].text | test(\"file_content\")) and (.[3].text | test(\"environment_details\"))" all &&
	jq -e ".[1].model == \"reed-1\" and .[1].native.request.cost == 0.25 and .[1].native.request.tokensIn == 100 and
		(.[1].native.request | has(\"request\") | not) and .[1].native.request.conversationHistoryDeletedRange == [2, 3]" all &&
	jq -e ".[7].native.request.cost == 0.5 and (.[7].parts | map(.type)) == [\"thinking\", \"text\", \"tool_use\", \"text\", \"tool_use\"] and
		.[7].native.metrics.tokens.prompt == 20" all &&
	jq -e ".[1].parts | map(.type) == [\"thinking\", \"text\", \"tool_use\"] and (.[0].text == \"I measure first.\") and
		(.[2] | .name == \"execute_command\" and .input == {command: \"depth pond\", requires_approval: \"false\"})" all &&
	jq -e ".[3].parts[0] | .type == \"tool_result\" and .name == \"execute_command\"" all &&
	jq -e ".[11].parts[0] | .is_error and .tool_use_id == \"call-2\"" all &&
	jq -e ".[2].native.text | test(\"streaming_failed\")" all &&
	jq -e ".[6].native.ask == \"api_req_failed\" and (.[6].native.text | test(\"503\"))" all &&
	jq -e ".[13].model == \"reed-2\"" all
'

test_case 'calls that are written into an answer, and what only looks like one' '
	new_vault && mkdir -p tasks/1795000000009 && jq -n "[{role: \"user\", content: \"<task>\ngo\n</task>\"}, {role: \"assistant\", content:
		\"<thinking>first</thinking>\n\nOne.\n<write_to_file>\n<path>a.xml</path>\n<content>\n<content>in it</content>\n</content>\n</write_to_file>\nTwo, with <read_file> in a line.\n<read_file>\nno member\n</read_file>\n<list_files>\n<path>cut off\"},
		{role: \"assistant\", content: \"plain\n\n\"}]" >tasks/1795000000009/api_conversation_history.json && vvault import tasks >/dev/null &&
	talk cline 1795000000009 >got && cat got &&
	jq -e ".[1] | .content == \"One.\n\nTwo, with <read_file> in a line.\n<read_file>\nno member\n</read_file>\n<list_files>\n<path>cut off\" and
		(.parts | map(.type)) == [\"thinking\", \"text\", \"tool_use\", \"text\"] and
		.parts[2].input == {path: \"a.xml\", content: \"\n<content>in it</content>\n\"}" got && jq -e ".[2].content == \"plain\n\n\"" got
'

test_case 'a task is one session, though it is several files' '
	new_vault && vvault import --json "$classic" >out && cat out &&
	jq -s -e "[.[].sources[] | select(.format == \"cline\")] | length == 2" out &&
	state_of cline session:cline:1795000000001 ".title == \"How deep is the pond in @/pond.txt ?\" and .model == \"reed-2\" and
		.cwd == \"/srv/heron\" and .native.cwd == \"/srv/heron\" and (.native.todo | test(\"the lake\")) and
		.native.task_metadata.files_in_context[0].path == \"pond.txt\" and .listed.ulid == \"01JD0000000000000000000000\" and
		.listed.conversationHistoryDeletedRange == [2, 3] and .updated == \"2026-11-18T11:06:44.301000Z\" and
		.created == \"2026-11-18T11:06:40.001000Z\"" &&
	state_of cline session:cline:1794000000001 ".title == \"A task whose folder is gone\" and .listed.tokensIn == 1" &&
	vvault ls --json cline session | jq -s -e "length == 2" &&
	vvault import --json "$classic" >out && jq -s -e "all(.version == null)" out
'

test_case 'the same out of a zip archive, and of a folder with another name' '
	new_vault && vvault import "$classic" >/dev/null && vvault ls --json cline | jq -c "[.entity, .state]" | grep -v "\"source:" >before &&
	(cd "$data" && make_zip "$OLDPWD/t.zip" $(find saoudrizwan.claude-dev -type f | sort | sed "s/.*/& &/")) &&
	vvault import --json t.zip >out && cat out &&
	vvault ls --json cline | jq -c "[.entity, .state]" | grep -v "\"source:" >after && diff before after &&
	cp -R "$task" copy && vvault import copy >out 2>&1 && cat out && vvault ls --json cline session | jq -s -e "length == 3"
'

test_case 'a task that grows adds what is new, and what the panel learns is seen' '
	new_vault && mkdir -p tasks/1795000000001 && for n in 1 2 4 5 7; do
		jq -c ".[:$n]" "$api" >tasks/1795000000001/api_conversation_history.json &&
		jq -c "map(select(.conversationHistoryIndex < $n - 1))" "$task/ui_messages.json" >tasks/1795000000001/ui_messages.json &&
		vvault import tasks >/dev/null || return
	done &&
	cp "$task"/* tasks/1795000000001/ && vvault import --json tasks >out && cat out &&
	path_of cline session:cline:1795000000001 | jq -e "length == 17" &&
	vvault ls --json cline message | jq -s -e "length == 17" &&
	jq -c ". + [{ts: 1795000009001, type: \"say\", say: \"error\", text: \"late\", conversationHistoryIndex: 6}]" \
		"$task/ui_messages.json" >tasks/1795000000001/ui_messages.json &&
	vvault import --json tasks >out && cat out && jq -s -e ".[0].sources[0] | .imported - .known == 2" out &&
	said ui-1795000009001 ".content == \"late\""
'

test_case 'a task of which only the panel is left' '
	new_vault && mkdir -p tasks/1795000000001 && cp "$task/ui_messages.json" tasks/1795000000001/ && vvault import tasks >out && cat out &&
	shown session:cline:1795000000001 >got && cat got && head -n 1 got | grep "user	visible	How deep is the pond" &&
	grep "assistant	thinking" got && grep "tool	tool	nine metres" got && grep "user	visible	And the lake" got &&
	grep "assistant	visible	Which lake?" got && grep "assistant	visible	The pond is nine" got &&
	vvault ls --json cline message | jq -s -e "map(select(.state.parts[0].type == \"tool_use\")) | length == 1 and
		.[0].state.parts[0].name == \"command\" and .[0].state.parts[0].input == \"depth pond\"" &&
	state_of cline session:cline:1795000000001 ".title | test(\"How deep\")"
'

test_case 'a session of the new store, and an agent of its team' '
	new_vault && vvault import --json "$data/sessions" >out && cat out && shown $lead >got && cat got &&
	cat >want <<-\END
	0	system	hidden	You help with herons.
	1	user	visible	How deep?|Both of them.
	2	assistant	visible	I look.
	3	tool	tool	depth pond||nine|
	4	tool	tool	no such lake
	5	assistant	visible	Nine; there is no lake.
	END
	diff want got &&
	state_of cline $lead ".title == \"Depths\" and .model == \"reed-3\" and .native.cwd == \"/srv/heron\" and
		.created == \"2026-11-18T11:06:39.000000Z\" and .updated == \"2026-11-18T11:06:45.100000Z\" and
		.native.metadata.totalCost == 0.5 and .native.messages.origin.version == \"3.0.65\"" &&
	state_of cline ${lead}__teamtask__scout__t1 ".parent == \"$lead\" and .title == \"Look for a lake.\" and .native.messages.agent == \"scout\"" &&
	state_of cline message:cline:1795000000100_heron/u2_tool_c2 ".parts[0] | .is_error and .tool_use_id == \"c2\"" &&
	state_of cline message:cline:1795000000100_heron/u2_tool_c1 ".parts[0].content[0].success" &&
	vvault read $lead >out && cat out && grep "no such lake" out
'

test_case 'results that a resumed session tells one by one come once' '
	new_vault && cp -R "$team" s && vvault import s >/dev/null && vvault ls --json cline message | jq -r .entity | sort >before &&
	jq ".messages |= (.[0:2] + [.[2] as \$m | \$m.content[] as \$r | \$m + {id: (\$m.id + \"_tool_\" + \$r.tool_use_id), content: [\$r]}] + [.[2]] + .[3:])" \
		"$team/1795000000100_heron.messages.json" >s/1795000000100_heron.messages.json &&
	vvault import --json s >out && cat out && vvault ls --json cline message | jq -r .entity | sort >after && diff before after &&
	test "$(told "stands twice")" -eq 2
'

test_case 'a manifest without its messages' '
	new_vault && mkdir s && cp "$team/1795000000100_heron.json" s/ && vvault import s >/dev/null &&
	state_of cline $lead ".title == \"Depths\" and .active == null"
'

test_case 'Roo Code and Kilo Code go to constructs of their own, wherever they lie' '
	new_vault && id=0190a000-0000-7000-8000-000000000077 && for place in kilocode.kilo-code zoocodeorganization.zoo-code; do
		mkdir -p $place/tasks/$id || return
		cat >$place/tasks/$id/api_conversation_history.json <<-\END
		[{"role":"user","content":[{"type":"text","text":"<user_message>\nHow deep?\n</user_message>"}],"ts":1795000000001},
		{"role":"assistant","type":"reasoning","encrypted_content":"x","summary":[{"type":"summary_text","text":"I think."}],"id":"rs_1","ts":1795000001001},
		{"role":"assistant","content":"Nine.","ts":1795000002001,"truncationParent":"t1"},
		{"role":"user","content":[{"type":"text","text":"Some messages were hidden."}],"ts":1795000003001,"isTruncationMarker":true,"truncationId":"t1"},
		{"role":"assistant","content":[{"type":"text","text":"Ten."}],"ts":1795000002001}]
		END
		echo "{\"id\":\"$id\",\"parentTaskId\":\"0190a000-0000-7000-8000-000000000001\",\"number\":1,\"ts\":1795000002001,\"task\":\"How deep?\",\"workspace\":\"/srv/fern\",\"mode\":\"ask\"}" \
			>$place/tasks/$id/history_item.json
	done && vvault import --json kilocode.kilo-code zoocodeorganization.zoo-code >out && cat out &&
	shown session:kilo:$id kilo >got && cat got && shown session:roo:$id roo | diff got - &&
	cut -f 2- got >got.1 && cat >want <<-\END &&
	user	visible	How deep?
	assistant	thinking	
	assistant	visible	Nine.
	user	hidden	Some messages were hidden.
	assistant	visible	Ten.
	END
	diff want got.1 &&
	state_of kilo message:kilo:$id/rs_1 ".parts[0].text == \"I think.\" and .native.encrypted_content == \"x\"" &&
	state_of kilo session:kilo:$id ".parent == \"session:kilo:0190a000-0000-7000-8000-000000000001\" and .native.cwd == \"/srv/fern\" and
		.native.history_item.mode == \"ask\"" &&
	cp -R kilocode.kilo-code/tasks t && vvault import --json t >out && jq -e ".sources[0].construct == \"roo\" or .construct == \"roo\"" out
'

test_case 'damage costs no more than what is damaged' '
	new_vault && mkdir -p tasks/1795000000001 && cd tasks/1795000000001 &&
	head -c 2000 "$api" >api_conversation_history.json && echo "{oops" >ui_messages.json && echo "[1, 2" >task_metadata.json &&
	expect_exit 3 vvault import --json .. >../../out; cat ../../out; jq -s -e "map(select(.construct == \"cline\")) | .[0].sources[0] | .imported > 2 and (.malformed | length) == 3" ../../out &&
	cat >api_conversation_history.json <<-\END &&
	[null, 7, "x", {"role": 7, "content": 8}, {"role": "user"}, {"content": [null, {"type": "tool_result"}, {"type": "made_up", "text": "shown"}]},
	{"role": "user", "content": [{"type": "text"}, {"type": "text", "text": null}, {"type": "text", "text": "<task>no end"}], "ts": "soon"},
	{"role": "user", "content": "twice"}, {"role": "user", "content": "twice"}, {"role": "user", "content": [], "ts": 1e300}]
	END
	echo "[null, {}, {\"ts\": -5, \"type\": \"say\", \"say\": 7, \"conversationHistoryIndex\": 9e99}, {\"ts\": 1795000000001, \"type\": \"say\", \"say\": \"error\", \"text\": \"alone\", \"conversationHistoryIndex\": 99}]" >ui_messages.json &&
	echo "{}" >task_metadata.json && { expect_exit 3 vvault import --json .. >../../out; cat ../../out; } &&
	jq -e ".sources[0] | (.malformed | length) == 3 and .imported >= 8" ../../out &&
	vvault ls --json cline message | jq -s -e "map(.state.content) | index(\"shown\") != null and index(\"alone\") != null and (map(select(. == \"twice\")) | length) == 2" &&
	echo "[]" >api_conversation_history.json && vvault import --json .. >../../out && cat ../../out && vvault verify >/dev/null
'

test_case 'a session cut in the middle' '
	new_vault && mkdir -p s && head -c 1500 "$team/1795000000100_heron.messages.json" >s/1795000000100_heron.messages.json &&
	cp "$team/1795000000100_heron.json" s/ && expect_exit 3 vvault import --json s >out && cat out &&
	state_of cline $lead ".title == \"Depths\"" && state_of cline message:cline:1795000000100_heron/u1 ".content == \"How deep?\nBoth of them.\"" &&
	vvault import "$team" >/dev/null && state_of cline message:cline:1795000000100_heron/a2 ".content | test(\"Nine\")"
'

test_case 'a wordy panel beside a task is read, however long it is' '
	new_vault && mkdir -p tasks/1795000000001 && cp "$api" tasks/1795000000001/ &&
	jq -c ". as \$all | (\"x\" * 6000000) as \$x | \$all + [{ts: 1795000008001, type: \"say\", say: \"error\", text: (\"long \" + \$x)}]" \
		"$task/ui_messages.json" >tasks/1795000000001/ui_messages.json &&
	vvault import --json tasks >out && jq -e ".sources[0].notes == null or (.sources[0].notes | length) == 0" out &&
	vvault ls --json cline message | jq -s -e "map(select(.entity | test(\"ui-1795000008001\"))) | length == 1"
'

test_case 'capture and agents know where they lie' '
	new_vault && mkdir -p home/.cline/data "home/.config/Code/User/globalStorage/kilocode.kilo-code" && export HOME="$PWD/home" &&
	unset XDG_CONFIG_HOME CLINE_DIR CLINE_DATA_DIR && cp -R "$data/sessions" home/.cline/data/ &&
	mkdir -p home/.config/Code/User/globalStorage/saoudrizwan.claude-dev && cp -R "$classic/." home/.config/Code/User/globalStorage/saoudrizwan.claude-dev/ &&
	cp -R "$classic/tasks" home/.config/Code/User/globalStorage/kilocode.kilo-code/ &&
	vvault agents --json >out && cat out && vvault capture --json >out && cat out &&
	vvault ls --json cline session | jq -s -e "length == 4" && vvault ls --json kilo session | jq -s -e "length == 1" &&
	vvault agents >out && cat out && grep "^Cline " out && grep "^Kilo Code" out && vvault capture >out && cat out
'

# changed <from> <to>: messages of the classic task whose panel shows that.
changed() {
	cp -r "$classic" . && mine=saoudrizwan.claude-dev/tasks/1795000000001/ui_messages.json &&
	sed "s/$1/$2/" "$task/ui_messages.json" >"$mine" && ! cmp -s "$mine" "$task/ui_messages.json" &&
	new_vault >/dev/null && vvault import saoudrizwan.claude-dev >/dev/null && shown session:cline:1795000000001
}

test_case 'a call that the panel shows stands once, and one of which no message tells stays' '
	changed "\"depth pond\"" "\"depth pondREQ_APP\"" >got && cat got && test "$(wc -l <got)" -eq 17 &&
	rm -rf "$VVAULT_DIR" saoudrizwan.claude-dev &&
	changed "\"depth pond\"" "\"drain the pond\"" >got && cat got && test "$(wc -l <got)" -eq 18 &&
	vvault ls --json cline message | jq -s -e "map(.state.parts[]?) | any(.input == \"drain the pond\")"
'

test_case 'what the panel shows in a form that nobody knows is kept' '
	changed "\"resume_task\", \"text\": \"\"" "\"resume_task\", \"text\": {\"odd\": 7}" >got &&
	test "$(wc -l <got)" -eq 18 &&
	vvault ls --json cline message | jq -s -e "map(.state.native.text?) | any(. == {odd: 7})"
'

done_testing
