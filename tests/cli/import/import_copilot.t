#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

data=$VV_TOP/tests/data/copilot
shared=${VV_SHARED:+$VV_SHARED/data}
export data shared

# messages: the states of all messages, by place, in one array.
messages() {
	vvault ls --json copilot message | jq -s 'map(.state) | sort_by(.index)'
}

test_case 'a chat of VS Code' '
	new_vault && vvault import --json "$data/chat.json" >out && cat out &&
	jq -e ".construct == \"copilot\" and (.sources[0] | .format == \"vscode-chat\" and .imported == 6 and
		.unknown_times == 0)" out &&
	test "$(path_of copilot session:vscode:chat-1)" = "[\"q1\",\"a1\",\"q2\",\"a2\",\"q3\"]" && messages >got && cat got &&
	jq -e ".[0].role == \"user\" and .[0].content == \"What is in fern.c?\" and
		.[0].native.variableData.variables[0].name == \"file\" and
		.[0].created == \"2025-01-01T00:00:00.500000Z\"" got &&
	jq -e ".[1].content == \"In fern.c stands \`grow\`.\" and .[1].model == \"copilot/test\" and
		(.[1].parts | map(.type)) == [\"thinking\", \"tool_use\", \"text\", \"reference\", \"text\", \"reference\", \"text\"] and
		(.[1].parts[1] | .id == \"t1\" and .name == \"readFile\" and .native.isComplete) and
		(.[1].parts[3] | [.start, .end]) == [3, 9] and .[1].native.result.timings.totalElapsed == 40" got &&
	jq -e ".[2].content == \"\" and (.[2].parts | map(.kind)) == [\"textEditGroup\", \"madeUpKind\"] or
		(.[3].content == \"\" and (.[3].parts | map(.kind)) == [\"textEditGroup\", \"madeUpKind\"])" got &&
	state_of copilot session:vscode:chat-1 ".title == \"Ferns\" and .updated == \"2025-01-01T00:02:00.250000Z\" and
		.participants == [\"GitHub Copilot\", \"rosa\"] and .native.version == 3"
'

test_case 'a log of changes is replayed' '
	new_vault && expect_exit 3 vvault import --json "$data/chat.jsonl" >out && cat out &&
	jq -e ".sources[0] | .imported == 5 and (.malformed | length == 1 and (.[0].reason | test(\"nowhere\")))" out &&
	test "$(told "kind that is not known")" -eq 1 && test "$(told "takes back")" -eq 1 &&
	jq -e ".sources[0].notes == [\"what the log says anew counts as it was said last: 4\"]" out &&
	test "$(path_of copilot session:vscode:chat-2)" = "[\"q1\",\"a1\",\"q3\",\"a3\"]" &&
	state_of copilot message:vscode:chat-2/a1 ".content == \"First and last\" and
		.native.result.timings.totalElapsed == 7" &&
	state_of copilot message:vscode:chat-2/a3 ".created == null" &&
	state_of copilot session:vscode:chat-2 ".title == \"Named\""
'

test_case 'a growing log adds what is new, and ends where the whole ends' '
	new_vault && for n in 2 3 5 8 12; do
		head -n $n "$data/chat.jsonl" >g.jsonl && { vvault import g.jsonl >/dev/null || test $? -eq 3; }
	done &&
	state_of copilot message:vscode:chat-2/a1 ".content == \"First and last\"" &&
	state_of copilot message:vscode:chat-2/a2 ".content == \"Second\"" &&
	test "$(path_of copilot session:vscode:chat-2)" = "[\"q1\",\"a1\",\"q3\",\"a3\"]" &&
	expect_exit 3 vvault import --json "$data/chat.jsonl" >out && jq -e ".version == null" out &&
	jq ".requests |= .[:1]" "$data/chat.json" >young.json && vvault import young.json >/dev/null &&
	vvault import --json "$data/chat.json" >out && jq -e ".sources[0] | .imported - .known == 4" out
'

test_case 'changes that do not fit cost themselves alone' '
	new_vault && { head -n 2 "$data/chat.jsonl" && cat <<-\END
	{"kind":2,"k":["requests"],"v":7}
	{"kind":2,"k":["requests"],"v":[],"i":5}
	{"kind":2,"k":["customTitle"],"v":[1]}
	{"kind":1,"k":["requests",4,"x"],"v":1}
	{"kind":1,"k":[{}],"v":1}
	{"kind":3,"k":[]}
	{"kind":1,"k":["requests",0,"responseId",0],"v":1}
	{"kind":1,"k":"requests"}
	no json
	{"kind":1,"k":["customTitle"],"v":"still here"}
	END
	printf "{\"kind\":1,\"k\":[\"cust"; } >bad.jsonl &&
	expect_exit 3 vvault import --json bad.jsonl >out && cat out &&
	jq -e ".sources[0] | .imported == 3 and (.malformed | length) == 9" out &&
	state_of copilot session:vscode:chat-2 ".title == \"still here\""
'

test_case 'a chat of VS Code: results of tools, edits, what was attached, errors' '
	new_vault && cat >chat.json <<-"END" && vvault import chat.json >/dev/null && messages >got &&
	{"version":3,"requesterUsername":"r","responderUsername":"c","sessionId":"c5","requests":[
	{"requestId":"q1","timestamp":1777622400000,"responseId":"a1","message":{"text":"How deep?"},
	 "variableData":{"variables":[{"kind":"file","name":"a.c","value":{"fsPath":"/a.c"}},{"kind":"paste","name":"pasted","code":"int depth;"},{"kind":"tool","name":"t"}]},
	 "response":[{"kind":"toolInvocationSerialized","toolId":"read","toolCallId":"t1","invocationMessage":"Reading","isComplete":true},
	  {"kind":"toolInvocationSerialized","toolId":"run","toolCallId":"t2","pastTenseMessage":{"value":"Ran make"},"toolSpecificData":{"kind":"terminal","terminalCommandOutput":{"text":"make: no pond"},"terminalCommandState":{"exitCode":2}}},
	  {"kind":"progressMessage","content":{"value":"nobody says so"}},{"kind":"textEditGroup","uri":{"fsPath":"/b.c"},"edits":[[{"text":"x = 1"}]]},
	  {"value":"Eighty."}],
	 "followups":[{"kind":"reply","message":"And the frogs?"}],
	 "result":{"metadata":{"toolCallRounds":[{"toolCalls":[{"id":"t1","name":"read_file","arguments":"{\"path\":\"plan.txt\"}"},{"id":"t9","name":"other","arguments":"no json"}]}],
	  "toolCallResults":{"t1":{"content":[{"value":"depth:80"}]},"t9":{"content":[{"value":{"node":{"children":[{"text":"late"}]}}}]}}}}},
	{"requestId":"q2","timestamp":1777622500000,"message":{"text":"And now?"},"result":{"errorDetails":{"message":"The quota is used up."}}}]}
	END
	jq -e ".[0].parts == [{type: \"attachment\", kind: \"file\", name: \"a.c\", path: \"/a.c\"},
		{type: \"attachment\", kind: \"paste\", name: \"pasted\", text: \"int depth;\"}] and
		.[1].content == \"Eighty.\" and (.[1].parts | map(.type) == [\"tool_use\", \"tool_result\", \"tool_use\",
		\"tool_result\", \"item\", \"tool_use\", \"text\", \"tool_use\", \"tool_result\", \"followup\"]) and
		(.[1].parts | .[0].input.path == \"plan.txt\" and .[1].content == \"depth:80\" and
		.[2].input.description == \"Ran make\" and .[3].content == \"make: no pond\" and .[3].is_error and
		.[5].input.path == \"/b.c\" and .[8].content == \"late\" and .[9].text == \"And the frogs?\") and
		.[3].role == \"assistant\" and .[3].content == \"The quota is used up.\" and .[3].parts[0].type == \"error\"" got
'

test_case 'the log of changes of ../shared/field' '
	need_shared && new_vault && vvault import "$VV_SHARED/field/15-vscode-oplog-kind1" >/dev/null 2>&1 || test $? -eq 3 || exit 1
	messages >got && jq -e "map([.role, .content]) == [[\"user\", \"OPL-U1\"],
		[\"assistant\", \"OPL-A1 longer a.c OPL-END\"], [\"user\", \"OPL-U2\"], [\"assistant\", \"\"]] and
		(.[1].parts | map(select(.type == \"tool_result\"))[0].content == \"OPL-TOOLRESULT\") and
		(.[1].parts | map(select(.type == \"thinking\"))[0].text == \"OPL-THINK\") and
		.[3].native.isCanceled" got
'

test_case 'an exported chat without an id goes by its first request' '
	new_vault && jq "del(.sessionId, .creationDate, .lastMessageDate)" "$data/chat.json" >x.json &&
	vvault import x.json >/dev/null && test "$(path_of copilot session:vscode:q1)" = "[\"q1\",\"a1\",\"q2\",\"a2\",\"q3\"]" &&
	printf "{\"requesterUsername\":\"a\",\"requests\":[]}" >none.json &&
	vvault import --json none.json >out && test "$(told "without a request")" -eq 1
'

test_case 'a session of Copilot CLI' '
	new_vault && vvault import --json "$data/events.jsonl" >out && cat out &&
	jq -e ".construct == \"copilot\" and (.sources[0] | .format == \"copilot-cli\" and .imported == 11)" out &&
	test "$(path_of copilot session:copilot-cli:cop-1)" = "[\"e1\",\"e2\",\"e3\",\"e4\",\"e5\",\"e6\",\"e7\",\"e8\",\"e9\",\"e10\"]" && messages >got &&
	jq -e "map([.role, .visibility]) == [[\"system\", \"meta\"], [\"user\", \"visible\"], [\"system\", \"meta\"],
		[\"assistant\", \"tool\"], [\"assistant\", \"meta\"], [\"tool\", \"tool\"], [\"system\", \"meta\"],
		[\"assistant\", \"thinking\"], [\"assistant\", \"visible\"], [\"system\", \"meta\"]]" got &&
	jq -e ".[3].parts == [{type: \"thinking\", text: \"I look.\"}, {type: \"tool_use\", id: \"t1\", name: \"list\",
		input: {path: \".\"}, native: {type: \"function\"}}] and .[5].content == \"fern.c\" and
		.[5].parts[0].tool_use_id == \"t1\" and .[8].content == \"One: fern.c\" and
		.[1].native.data.transformedContent == \"List the ferns\n<now>\"" got &&
	state_of copilot session:copilot-cli:cop-1 ".model == \"model-b\" and .created == \"2026-05-01T10:00:00.000000Z\"" &&
	vvault import --json "$data/events.jsonl" >out && jq -e ".version == null" out
'

# cli: events of Copilot CLI, one a line: their type, data, agent and what they
# follow, if that is not the line before.
cli() {
	jq -c '(input_line_number | tostring) as $n | {type: .t, data: (.d // {}), id: "e\($n)",
		timestamp: "2026-05-01T10:00:\($n | if length < 2 then "0" + . else . end).000Z",
		parentId: (if has("p") then .p elif $n == "1" then null else "e\(input_line_number - 1)" end)} +
		(if .a then {agentId: .a} else {} end)' >events.jsonl
}

# spoken <session>: role, visibility and text of its shown branch.
spoken() {
	vvault ls --json copilot >ls.json && jq -rs --arg s "session:copilot-cli:$1" \
		'(map({key: .entity, value: .state}) | from_entries) as $all |
		[$all[$s].active | recurse($all[.].parent; . != null)] | reverse | .[] | $all[.] |
		select(.visibility != "meta") | "\(.role) \(.visibility): \(.content)"' ls.json
}

test_case 'Copilot CLI: who speaks, what failed, what was asked and attached' '
	new_vault && cli <<-"END" && vvault import events.jsonl >/dev/null && spoken c9 >got &&
	{"t":"session.start","d":{"sessionId":"c9","context":{"cwd":"/pond"}}}
	{"t":"session.binary_asset","d":{"assetId":"sha256:1","type":"image","mimeType":"image/png","data":"aGVyb24="}}
	{"t":"user.message","d":{"content":"Look at this","attachments":[{"type":"blob","assetId":"sha256:1","mimeType":"image/png","displayName":"pond.png"},{"type":"selection","displayName":"a.c","filePath":"/a.c","text":"int depth;"}]}}
	{"t":"user.message","d":{"content":"<skill> reeds","source":"skill-reeds"}}
	{"t":"assistant.reasoning","d":{"content":"I look."}}
	{"t":"assistant.message","d":{"content":"","reasoningText":"I look.","toolRequests":[{"toolCallId":"t1","name":"bash","arguments":{"command":"make"}}]}}
	{"t":"tool.execution_complete","d":{"toolCallId":"t1","success":false,"error":{"message":"make: no such pond","code":"failure"}}}
	{"t":"user_input.requested","d":{"requestId":"r1","question":"Which pond?","choices":["north","south"]}}
	{"t":"user_input.completed","d":{"requestId":"r1","answer":"the northern one"}}
	{"t":"exit_plan_mode.requested","d":{"requestId":"r2","summary":"short","planContent":"Measure it."}}
	{"t":"exit_plan_mode.completed","d":{"requestId":"r2","approved":false,"feedback":"twice, please"}}
	{"t":"tool.user_requested","d":{"toolCallId":"t2","toolName":"bash","arguments":{"command":"ls reeds"}}}
	{"t":"hook.start","d":{"hookType":"preToolUse","input":{"prompt":"nobody says so"}}}
	{"t":"assistant.message_delta","d":{"deltaContent":"nobody says so"}}
	{"t":"session.error","d":{"errorType":"quota","message":"The pond is closed."}}
	{"t":"session.task_complete","d":{"summary":"All is measured."}}
	END
	cat >want <<-"END" && diff want got && ! grep -q "content\":\"nobody says" ls.json &&
	user visible: Look at this
	assistant thinking: 
	assistant tool: 
	tool tool: make: no such pond
	assistant visible: Which pond?
	user visible: the northern one
	assistant visible: Measure it.
	user visible: twice, please
	user visible: ls reeds
	system visible: The pond is closed.
	assistant visible: All is measured.
	END
	jq -se "map({key: .entity, value: .state}) | from_entries | .[\"message:copilot-cli:c9/e7\"].parts[0].is_error and
		.[\"message:copilot-cli:c9/e3\"].parts[0].data == .[\"message:copilot-cli:c9/e2\"].parts[0].data and
		.[\"message:copilot-cli:c9/e3\"].parts[1].text == \"int depth;\" and
		(.[\"message:copilot-cli:c9/e6\"].parts | map(.type) == [\"tool_use\"])" ls.json
'

test_case 'Copilot CLI: what an agent says is in its own session' '
	new_vault && cli <<-"END" && vvault import events.jsonl >/dev/null &&
	{"t":"session.start","d":{"sessionId":"c8","context":{"cwd":"/pond"}}}
	{"t":"user.message","d":{"content":"Count the newts"}}
	{"t":"assistant.message","d":{"content":"I let one count.","toolRequests":[{"toolCallId":"t1","name":"task","arguments":{}}]}}
	{"t":"subagent.started","d":{"toolCallId":"t1","agentName":"counter","agentDisplayName":"Counter of newts"},"a":"a1"}
	{"t":"user.message","d":{"content":"Count all of them"},"a":"a1"}
	{"t":"assistant.message","d":{"content":"Six and one."},"a":"a1"}
	{"t":"tool.execution_complete","d":{"toolCallId":"t1","success":true,"result":{"content":"Seven."}}}
	{"t":"assistant.message","d":{"content":"An old one speaks.","parentToolCallId":"t0"}}
	{"t":"assistant.message","d":{"content":"Seven newts."},"p":"lost"}
	END
	spoken c8 >got && printf "%s\n" "user visible: Count the newts" "assistant visible: I let one count." \
		"tool tool: Seven." "assistant visible: Seven newts." | diff - got &&
	spoken c8:a1 >got && printf "%s\n" "user visible: Count all of them" "assistant visible: Six and one." | diff - got &&
	spoken c8:t0 >got && printf "%s\n" "assistant visible: An old one speaks." | diff - got &&
	state_of copilot session:copilot-cli:c8:a1 ".parent == \"session:copilot-cli:c8\" and .title == \"Counter of newts\""
'

test_case 'Copilot CLI: the name of a session lies beside it' '
	mkdir -p home/c7 && new_vault && cli <<-"END" && mv events.jsonl home/c7 &&
	{"t":"session.start","d":{"sessionId":"c7"}}
	{"t":"user.message","d":{"content":"hi"}}
	END
	printf "id: c7\nname: \"Ponds: a survey\"\nuser_named: true\n" >home/c7/workspace.yaml &&
	vvault import home >/dev/null && state_of copilot session:copilot-cli:c7 ".title == \"Ponds: a survey\"" &&
	printf "name: \"Ponds: \\\\\"a\\\\\" survey\"\n" >home/c7/workspace.yaml && vvault import home >/dev/null &&
	state_of copilot session:copilot-cli:c7 ".title == \"Ponds: \\\"a\\\" survey\"" &&
	printf "name: \047Newts\047\047 pond: one\047\n" >home/c7/workspace.yaml && vvault import home >/dev/null &&
	state_of copilot session:copilot-cli:c7 ".title == \"Newts\u0027 pond: one\""
'

test_case 'a growing session of Copilot CLI, torn at its end' '
	new_vault && { head -n 4 "$data/events.jsonl" && printf "{\"type\":\"assis"; } >torn.jsonl &&
	expect_exit 3 vvault import --json torn.jsonl >out && jq -e ".sources[0] | .imported == 5 and (.malformed | length) == 1" out &&
	vvault import --json "$data/events.jsonl" >out && jq -e ".sources[0] | .known == 4 and .imported == 11" out
'

test_case 'the history is reversed, never sorted' '
	new_vault && vvault import --json "$data/history.csv" >out && cat out &&
	jq -e ".construct == \"copilot\" and (.sources[0] | .format == \"copilot-csv\" and .imported == 11 and
		(.notes | length) == 1)" out &&
	vvault ls --json copilot message | jq -s "map(select(.entity | test(\"Moss\"))) | map(.state) | sort_by(.index) |
		map([.role, .content])" >got && cat got &&
	jq -e ". == [[\"user\", \"Moss?\"], [\"assistant\", \"Yes\"], [\"user\", \"How?\"],
		[\"assistant\", \"It \\\"grows\\\",\n\nslowly\"]]" got &&
	vvault ls --json copilot message | jq -s "map(select(.entity | test(\"Ferns\"))) | map(.state) | sort_by(.index) |
		map([.role, .created])" >got && cat got &&
	jq -e "map(.[0]) == [\"user\", \"user\", \"assistant\", \"user\", \"assistant\"] and
		.[0][1] == \"2026-06-01T07:00:00.000000Z\"" got &&
	vvault ls --json copilot session | jq -se "map(.state.title) | sort == [\"Ferns\", \"Moss, and more\"]"
'

test_case 'a history that grew adds its new rows' '
	new_vault && { head -n 1 "$data/history.csv" && tail -n 7 "$data/history.csv"; } >young.csv &&
	vvault import --json young.csv >out && jq -e ".sources[0].imported == 9" out &&
	vvault import --json "$data/history.csv" >out && cat out &&
	jq -e ".sources[0] | .imported == 11 and .known == 8" out &&
	vvault import --json --since 2026-06-01T08:45:00Z --dry-run "$data/history.csv" >out &&
	test "$(told "older than --since")" -eq 1
'

test_case 'bad rows cost themselves alone' '
	new_vault && { cat "$data/history.csv" && printf "Ferns,2026-06-01T06:00:00\r\nFerns,when,Machine,odd\r\n\"x\"y,1,2,3\r\nFerns,\"2026"; } >bad.csv &&
	expect_exit 3 vvault import --json bad.csv >out && cat out &&
	jq -e ".sources[0] | .imported == 12 and (.malformed | length) == 3 and .unknown_times == 1" out &&
	messages | jq -e "map(select(.content == \"odd\")) == [.[] | select(.native == {author: \"Machine\", time: \"when\"})]"
'

test_case 'shared: both forms of the chat say what jq finds' '
	need_shared && new_vault && file="$shared/copilot/vscode_chat_session" &&
	vvault import --json "$file.json" >out && cat out &&
	n=$(jq ".requests | length" "$file.json") && vvault show --json copilot |
		jq -e ".counts | .session == 1 and .message == 2 * $n" &&
	jq -r ".requests[] | .message.text, ([.response[] | if .kind == \"inlineReference\"
		then .inlineReference.fsPath | sub(\".*/\"; \"\") elif .kind then empty else .value end] | join(\"\")) | @json" "$file.json" >want &&
	vvault ls --json copilot message | jq -rs "map(.state) | sort_by(.index)[].content | @json" | cmp - want &&
	vvault ls --json copilot message | jq -c "[.entity, .state]" | sort >json && rm -rf v && new_vault &&
	vvault import --json "${file}_oplog.jsonl" >out && test "$(told "takes back")" -eq 1 &&
	vvault ls --json copilot message | jq -c "[.entity, .state]" | sort >log &&
	test "$(wc -l <log)" -eq $((2 * n - 2)) && test "$(comm -12 json log | wc -l)" -ge $((2 * n - 3))
'

test_case 'shared: the history is what perl finds in it' '
	need_shared && new_vault && file=$shared/copilot/copilot-activity-history.csv &&
	vvault import --json "$file" >out && cat out &&
	perl -0777 -MJSON::PP -ne "s/^\xef\xbb\xbf//; my (@rows, @row);
		while (/\G(?:\"((?:[^\"]|\"\")*)\"|([^,\"\r\n]*))(,|\r\n|\z)/gc) {
			my (\$q, \$p, \$e) = (\$1, \$2, \$3); \$q =~ s/\"\"/\"/g if defined \$q;
			push @row, defined \$q ? \$q : \$p;
			if (\$e ne q(,)) { push @rows, [@row] if @row == 4; @row = (); last if \$e eq q() } }
		shift @rows; my %n; for (reverse @rows) { utf8::decode(\$_) for @\$_;
			print JSON::PP->new->utf8->encode([\$_->[0], \$n{\$_->[0]}++, \$_->[2], \$_->[3]]), qq(\n) }" "$file" |
		jq -c . | sort >want && test "$(wc -l <want)" -gt 90 &&
	vvault ls --json copilot >all && jq -cs "(map({key: .entity, value: .state}) | from_entries) as \$all |
		.[] | select(.kind == \"message\").state | [\$all[.session].title, .index,
		{user: \"Human\", assistant: \"AI\"}[.role], .content]" all | sort | cmp - want
'

test_case 'shared: traces of Visual Studio hold no conversation' '
	need_shared && new_vault && for f in "$shared"/agentsview-fixtures/visualstudio-copilot/redacted/*; do
		expect_exit 3 vvault import --json "$f" >out
		jq -e ".sources[0].skipped[0].reason | test(\"resourceSpans\")" out
	done
'

done_testing
