#!/bin/sh
# Who said it: what a person typed is theirs and shown, what their program
# wrote under their name is not.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# claude_code: records of a session of Claude Code, one a line, as few members
# as make them, with what all of them have: "u" and "p" are the uuid and the
# parentUuid, "say" is a user's content, "answer" a model's.
claude_code() {
	jq -c '(input_line_number | tostring) as $n |
		(if .u then {uuid: "00000000-0000-4000-8000-0000000000\(.u)",
			parentUuid: (.p | if . then
				"00000000-0000-4000-8000-0000000000\(.)"
				else null end)} else {} end) +
		{sessionId: "5e551000-0000-4000-8000-000000000001",
		 timestamp: "2026-08-20T09:00:\($n[-2:] | "00"[:2 - length] + .).000Z"} +
		(if has("say") then {type: "user",
			message: {role: "user", content: .say}}
		elif .answer then {type: "assistant", message: {
			id: "msg_\(.u)", role: "assistant", model: "m",
			content: [{type: "text", text: .answer}]}}
		else {} end) + del(.u, .p, .say, .answer)' >session.jsonl
}

# shown: role, visibility and content of what is on the shown branch, in order.
shown() {
	vvault ls --json claude-code >ls.json &&
	jq -rs '(map({key: .entity, value: .state}) | from_entries) as $all |
		first(.[] | select(.kind == "session" and (.state.parent | not))).state.active |
		[recurse($all[.].parent; . != null)] | reverse | .[] | $all[.] |
		"\(.role) \(.visibility): \(.content)"' ls.json
}

test_case 'Claude Code: what was typed, and what was put beside it' '
	new_vault && claude_code <<-"END" &&
	{"u":"01","say":"<command-message>count is running</command-message>\n<command-name>/count</command-name>\n<command-args>all herons</command-args>"}
	{"u":"02","p":"01","isMeta":true,"say":[{"type":"text","text":"Base directory for this skill: /x"}]}
	{"u":"03","p":"02","answer":"Seven."}
	{"u":"04","p":"03","say":"<bash-input>ls nests</bash-input>"}
	{"u":"05","p":"04","say":"<bash-stdout>three</bash-stdout><bash-stderr>one is gone</bash-stderr>"}
	{"u":"06","p":"05","say":[{"type":"text","text":"<ide_opened_file>nest.c</ide_opened_file>"},{"type":"text","text":"fix it"}]}
	{"u":"07","p":"06","answer":"Done."}
	{"u":"08","p":"07","say":"go on\n<system-reminder>be brief</system-reminder>"}
	{"u":"09","p":"08","say":[{"type":"text","text":"[Request interrupted by user]"}]}
	{"u":"10","p":"09","say":"why is <system-reminder>x</system-reminder> there?"}
	{"u":"11","p":"10","say":"<task-notification>\n<status>done</status>\n</task-notification>\nFull transcript available at: /t"}
	{"u":"12","p":"11","say":"from a peer","origin":{"kind":"peer"}}
	{"u":"13","p":"12","say":"goes on by itself","turnOrigin":"task_notification"}
	{"u":"14","p":"13","type":"system","subtype":"local_command","content":"<command-name>/cost</command-name>\n<command-args></command-args>"}
	{"u":"15","p":"14","type":"system","subtype":"local_command","content":"<local-command-stdout>$1</local-command-stdout>"}
	{"u":"16","p":"15","say":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGVyb24="}}]}
	{"u":"17","p":"16","say":[{"type":"image","source":{"type":"url","url":"https://example.com/h.png"}}]}
	{"u":"18","p":"17","answer":"A heron."}
	{"u":"22","p":"18","type":"assistant","isApiErrorMessage":true,"message":{"id":"e","role":"assistant","model":"<synthetic>","content":[{"type":"text","text":"API Error: overloaded"}]}}
	{"u":"19","p":"22","say":"<bash-input>pwd</bash-input><bash-stdout>/nest</bash-stdout>"}
	{"u":"20","p":"19","say":[{"type":"tool_result","tool_use_id":"t","is_error":true,"content":"refused"},{"type":"text","text":"take the other one"},{"type":"text","text":"[Request interrupted by user for tool use]"}]}
	{"u":"21","p":"20","say":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"drawn"}]},{"type":"text","text":"<system-reminder>be brief</system-reminder>"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGVyb24="}}]}
	END
	vvault import session.jsonl >/dev/null && shown >got && cat >want <<-"END" &&
	user visible: /count all herons
	user meta: Base directory for this skill: /x
	assistant visible: Seven.
	user visible: ls nests
	tool tool: three
	
	one is gone
	user visible: fix it
	assistant visible: Done.
	user visible: go on
	user meta: [Request interrupted by user]
	user visible: why is <system-reminder>x</system-reminder> there?
	user meta: <task-notification>
	<status>done</status>
	</task-notification>
	Full transcript available at: /t
	user meta: from a peer
	user meta: goes on by itself
	user visible: /cost
	tool tool: $1
	user visible: 
	user visible: 
	assistant visible: A heron.
	system meta: API Error: overloaded
	user visible: pwd
	user visible: take the other one
	tool tool: drawn
	END
	diff want got &&
	says -s "map(select(.state.content == \"take the other one\"))[0].state.parts ==
		[{content: \"refused\", is_error: true, tool_use_id: \"t\", type: \"tool_result\"},
		 {start: 0, end: 18, type: \"text\"},
		 {text: \"[Request interrupted by user for tool use]\", type: \"injected\"}]" \
		vvault ls --json claude-code message
'

test_case 'Claude Code: words and what stands around them are the whole line' '
	new_vault && claude_code <<-"END" &&
	{"u":"01","say":"<system-reminder>a</system-reminder>\n\n one\n\n<ide_selection>b</ide_selection>\ntwo <tick>c</tick>"}
	{"u":"02","p":"01","say":[{"type":"text","text":"<command-name>/x</command-name>\n<command-args>y\n</command-args>","cache_control":{"type":"ephemeral"}}]}
	END
	vvault import session.jsonl >/dev/null &&
	vvault ls --json claude-code message | jq -r ".state |
		(.content | explode) as \$said | [.parts[] | .text // (\$said[.start:.end] |
		implode)] | join(\"\")" >got &&
	jq -r ".message.content | if type == \"array\" then .[0].text else . end" \
		session.jsonl >want && diff want got &&
	says -s "map(.state.content) == [\"one\n\ntwo\", \"/x y\n\"] and
		.[1].state.parts[0].native.cache_control.type == \"ephemeral\"" \
		vvault ls --json claude-code message
'

test_case 'Claude Code: prompts that were queued while it worked' '
	new_vault && claude_code <<-"END" &&
	{"u":"01","say":"run the long test"}
	{"u":"02","p":"01","answer":"It runs."}
	{"u":"03","p":"02","type":"attachment","attachment":{"type":"queued_command","commandMode":"prompt","prompt":[{"type":"text","text":"look at this"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGVyb24="}}],"imagePasteIds":[1]}}
	{"u":"04","p":"03","type":"attachment","attachment":{"type":"queued_command","commandMode":"task-notification","prompt":"a task is done"}}
	{"u":"05","p":"04","type":"attachment","attachment":{"type":"queued_command","prompt":"from a peer","origin":{"kind":"peer"}}}
	{"u":"06","p":"05","answer":"I look."}
	END
	vvault import session.jsonl >/dev/null && shown >got && cat >want <<-"END" &&
	user visible: run the long test
	assistant visible: It runs.
	user visible: look at this
	system meta: a task is done
	system meta: from a peer
	assistant visible: I look.
	END
	diff want got &&
	vvault ls --json claude-code message | jq -c "select(.state.content ==
		\"look at this\") | .state" >state &&
	vvault cat "$(jq -r ".parts[1].data[\"\$blob\"]" state)" >image &&
	test "$(cat image)" = heron &&
	jq -e ".native.attachment.imagePasteIds == [1] and .native.record.type == \"attachment\"" state
'

test_case 'Claude Code: what stands only in the queue was said there, once' '
	new_vault && claude_code <<-"END" &&
	{"type":"queue-operation","operation":"enqueue","content":"begin"}
	{"type":"queue-operation","operation":"dequeue"}
	{"u":"01","say":"begin"}
	{"u":"02","p":"01","answer":"I have begun."}
	{"type":"queue-operation","operation":"enqueue","content":"use the small one"}
	{"u":"03","p":"02","answer":"I go on."}
	{"type":"queue-operation","operation":"remove"}
	{"type":"queue-operation","operation":"enqueue","content":"again"}
	{"type":"queue-operation","operation":"enqueue","content":"again"}
	{"type":"queue-operation","operation":"enqueue","content":"with this [Pasted text #1 +2 lines] please"}
	{"type":"queue-operation","operation":"remove","content":"again","reason":"absorbed_mid_turn"}
	{"u":"04","p":"03","type":"attachment","attachment":{"type":"queued_command","commandMode":"prompt","prompt":"again"}}
	{"u":"05","p":"04","answer":"Again."}
	{"type":"queue-operation","operation":"dequeue"}
	{"u":"06","p":"05","say":"again"}
	{"type":"queue-operation","operation":"dequeue"}
	{"u":"07","p":"06","say":"with this one\ntwo please"}
	{"type":"queue-operation","operation":"enqueue","content":"not this"}
	{"type":"queue-operation","operation":"popAll","content":"not this"}
	{"type":"queue-operation","operation":"enqueue","content":"nor this"}
	{"type":"queue-operation","operation":"remove","content":"nor this","reason":"cancelled"}
	{"type":"queue-operation","operation":"enqueue","content":"first"}
	{"type":"queue-operation","operation":"enqueue","content":"second"}
	{"type":"queue-operation","operation":"enqueue","content":"<task-notification>\ndone\n</task-notification>"}
	{"u":"08","p":"07","answer":"Two."}
	{"u":"09","p":"08","say":"first\nsecond"}
	{"u":"10","p":"09","answer":"Both."}
	{"type":"queue-operation","operation":"enqueue","content":"the last"}
	END
	cp session.jsonl whole.jsonl && cat >want <<-"END" &&
	user visible: begin
	assistant visible: I have begun.
	user visible: use the small one
	assistant visible: I go on.
	user visible: again
	assistant visible: Again.
	user visible: again
	user visible: with this one
	two please
	assistant visible: Two.
	user visible: first
	second
	assistant visible: Both.
	user visible: the last
	END
	for n in 5 6 10 12 15 22 27; do
		head -n $n whole.jsonl >session.jsonl &&
		vvault import session.jsonl >/dev/null || exit 1
	done && shown >part && grep "not this\|again" part &&
	vvault import whole.jsonl >/dev/null && shown >got && diff want got &&
	says -s "map(.state | select(.visibility == \"hidden\") | [.role, .content]) | sort ==
		[[\"user\", \"nor this\"], [\"user\", \"not this\"]]" vvault ls --json claude-code message &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" &&
	vvault import whole.jsonl >/dev/null && shown >got && diff want got
'

test_case 'Claude Code: what an agent says in the file of its caller is in a session of its own' '
	new_vault && claude_code <<-"END" &&
	{"u":"01","say":"look around"}
	{"u":"02","p":"01","answer":"I have it looked."}
	{"u":"03","isSidechain":true,"say":"find herons"}
	{"u":"04","p":"02","isSidechain":true,"say":"find storks"}
	{"u":"05","p":"03","isSidechain":true,"answer":"Seven herons."}
	{"u":"06","p":"04","isSidechain":true,"answer":"No storks."}
	{"u":"07","p":"02","answer":"Seven."}
	{"u":"08","p":"07","isSidechain":true,"say":"once more"}
	END
	vvault import session.jsonl >/dev/null && shown >got && cat >want <<-"END" && diff want got &&
	user visible: look around
	assistant visible: I have it looked.
	assistant visible: Seven.
	END
	jq -rs "(map({key: .entity, value: .state}) | from_entries) as \$all |
		map(select(.kind == \"session\" and .state.parent)) | sort_by(.entity)[] |
		[(.entity[-9:]), (.state.parent | .[-4:]), ([\$all[.state.active] |
		recurse(\$all[.parent // \"\"]; . != null) | .content] | reverse)[]] | join(\", \")" \
		ls.json >got && cat >want <<-"END" && diff want got &&
	000000003, 0001, find herons, Seven herons.
	000000004, 0001, find storks, No storks.
	000000008, 0001, once more
	END
	cp session.jsonl again.jsonl && echo >>again.jsonl && vvault import --json again.jsonl >out &&
	jq -e ".records.new <= 1 and .sources[0].skipped == []" out
'

test_case 'Letta: events that the server tells its agent are no words of a person' '
	new_vault && jq "(.agents[0].messages[] | select(.role == \"user\") | .content[0].text) |=
		if contains(\"user_message\") then .
		else {type: \"heartbeat\", reason: \"a call has ended\", time: \"now\"} | tojson end" \
		"$VV_TOP/tests/data/af/juniper.af" >agent.af && vvault import agent.af >/dev/null &&
	says -s "map(.state | select(.role == \"user\" and .visibility != \"tool\") |
		[.visibility, .content]) | unique == [[\"meta\", \"{\\\"type\\\":\\\"heartbeat\\\",\\\"reason\\\":\\\"a call has ended\\\",\\\"time\\\":\\\"now\\\"}\"],
		 [\"visible\", \"Water the fern?\"]]" vvault ls --json juniper message
'

test_case 'Letta: a tool that failed is an error' '
	new_vault && jq "(.agents[0].messages |= map(select(.role == \"user\")) + [{role: \"tool\", id: \"message-9\",
		content: [{type: \"text\", text: \"no such fern\"}], tool_call_id: \"c\",
		tool_returns: [{tool_call_id: \"c\", status: \"error\", func_response: \"no such fern\"}]}])" \
		"$VV_TOP/tests/data/af/juniper.af" >agent.af && vvault import agent.af >/dev/null &&
	says -s "map(.state | select(.content == \"no such fern\") | .parts[0].is_error) == [true]" \
		vvault ls --json juniper message
'

test_case 'SillyTavern: what its tools gave is not what the character said' '
	new_vault && cat >"Heron - 2026-03-01.jsonl" <<-"END" &&
	{"user_name":"Mira","character_name":"Heron","create_date":"2026-03-01@10h00m00s"}
	{"name":"Mira","is_user":true,"send_date":"March 1, 2026 10:00am","mes":"look it up"}
	{"name":"Heron","is_user":false,"is_system":true,"send_date":"March 1, 2026 10:01am","mes":"Tool calls: Search","extra":{"isSmallSys":true,"tool_invocations":[{"id":"t","name":"Search","parameters":"{}","result":"reeds"}]}}
	{"name":"Heron","is_user":false,"send_date":"March 1, 2026 10:02am","mes":"Reeds."}
	END
	vvault import --construct heron "Heron - 2026-03-01.jsonl" >/dev/null &&
	says -s "map(.state) | sort_by(.index) | map([.role, .visibility]) == [[\"user\", \"visible\"],
		[\"tool\", \"tool\"], [\"assistant\", \"visible\"]]" vvault ls --json heron message
'

test_case 'VS Code: what the editor sends by itself is not asked by a person' '
	new_vault && cat >chat.json <<-"END" &&
	{"version":3,"requesterUsername":"mira","responderUsername":"GitHub Copilot","sessionId":"s1","requests":[
	{"requestId":"r1","message":{"text":"run it"},"response":[{"value":"It runs."}],"timestamp":1772359380000},
	{"requestId":"r2","isSystemInitiated":true,"message":{"text":"the command has ended"},"response":[{"value":"It has ended."}],"timestamp":1772359390000}]}
	END
	vvault import chat.json >/dev/null &&
	says -s "map(.state) | sort_by(.index) | map([.role, .visibility, .content]) == [
		[\"user\", \"visible\", \"run it\"], [\"assistant\", \"visible\", \"It runs.\"],
		[\"user\", \"meta\", \"the command has ended\"],
		[\"assistant\", \"visible\", \"It has ended.\"]]" vvault ls --json copilot message
'

test_case 'datasets: a speaker of unknown kind is no person' '
	new_vault && cat >talks.json <<-"END" && cat >grok.json <<-"END2" &&
	[{"id":"a","conversations":[{"from":"human","value":"hi"},{"from":"critic","value":"too short"}]}]
	END
	{"conversations":[{"conversation":{"id":"g","create_time":"2026-01-01T00:00:00Z"},"responses":[
	{"response":{"_id":"1","sender":"human","message":"hi","create_time":"2026-01-01T00:00:01Z"}},
	{"response":{"_id":"2","sender":"ASSISTANT","message":"ho","create_time":"2026-01-01T00:00:02Z"}},
	{"response":{"_id":"3","sender":"planner","message":"hm","create_time":"2026-01-01T00:00:03Z"}}]}]}
	END2
	vvault import --json talks.json grok.json >out && jq -se "[.. | .reason? // empty] ==
		[\"a speaker of unknown kind: taken as no person\"]" out &&
	says -s "map(.state) | sort_by(.index) | map(.role) == [\"user\", \"assistant\"]" \
		vvault ls --json sharegpt message &&
	says -s "map(.state) | sort_by(.index) | map(.role) == [\"user\", \"assistant\", \"assistant\"]" \
		vvault ls --json grok message
'

# only_shown: what is visible on the shown branch, a line each.
only_shown() {
	shown | sed -n "s/^\([a-z]*\) visible: /\1: /p"
}

test_case 'what people found under the wrong speaker in the field' '
	need_shared && field=$VV_SHARED/field && new_vault &&
	vvault import "$field"/02-*/*.jsonl >/dev/null && only_shown >got && cat >want <<-"END" &&
	user: PROMPT-A run the long test
	user: QUEUED-ONE use the small fixture instead
	assistant: ANSWER-A switching to the small fixture.
	user: QUEUED-TWO and look at this
	user: QUEUED-THREE no uuid here
	assistant: ANSWER-B I see the picture.
	END
	diff want got && says -s "map(.state | select(.content | startswith(\"QUEUED\")) |
		select(.visibility == \"visible\")) | length == 3 and
		([.[].parts[]? | .data[\"\$blob\"] // empty] | length) == 1" vvault ls --json claude-code message &&
	rm -rf v && new_vault && vvault import "$field"/25-*/*.jsonl >/dev/null &&
	only_shown >got && cat >want <<-"END" && diff want got &&
	user: /skill-creator SLASH-ARGS build me a skill for counting herons
	assistant: ANSWER building the skill.
	user: ls BANG-INPUT
	user: <div> HUMAN-HTML why is this broken?
	assistant: ANSWER two.
	user: HUMAN-IDE fix it
	assistant: ANSWER three.
	user: HUMAN-REM please go on
	END
	says -s "map(select(.kind == \"session\"))[0].state.title == \"auth-refactor\"" \
		vvault ls --json claude-code &&
	rm -rf v && new_vault && vvault import "$field/37-claude-injected-block/conversations.json" >/dev/null &&
	says -s "map(.state | select(.role == \"user\") | [.visibility, .content]) ==
		[[\"visible\", \"HUMAN-WORDS\"]]" vvault ls --json claude message
'

done_testing
