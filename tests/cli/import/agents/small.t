#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

data=$VV_TOP/tests/data/agents
amp=T-0a000000-0000-4000-8000-000000000001
con=0c000000-0000-4000-8000-000000000001
droid=0d000000-0000-4000-8000-000000000001
export data amp con droid

# shown: of a talk on standard input who said what, in one array.
shown() {
	jq -c "map([.role, .visibility, .content])"
}

test_case 'a thread of Amp' '
	new_vault && vvault import --json "$data/amp" >out && cat out && talk amp $amp >got && cat got &&
	shown <got >short && cat short && jq -e ". == [[\"user\", \"visible\", \"How deep?\"], [\"assistant\", \"tool\", \"\"],
		[\"tool\", \"tool\", \"nine metres\n\nno such file\"], [\"system\", \"meta\", \"The pond was measured.\"],
		[\"assistant\", \"visible\", \"Nine metres.\n\nA later kind.\"]]" short &&
	jq -e ".[0].parts[1].type == \"image\" and .[0].native.userState.currentlyVisibleFiles == [\"pond.txt\"] and all(.created == null)" got &&
	jq -e ".[1] | .model == \"reed-1\" and (.parts | map(.type)) == [\"thinking\", \"tool_use\", \"tool_use\"] and .native.state.stopReason == \"tool_use\"" got &&
	jq -e ".[2].parts | (.[0] | .tool_use_id == \"c1\" and .content.exitCode == 0 and .native.run.trackFiles == [\"pond.txt\"]) and
		(.[1] | .is_error and .tool_use_id == \"c2\")" got &&
	session amp $amp ".title == \"Depths\" and .created == \"2026-11-18T11:06:40.000000Z\" and .native.cwd == \"/srv/my heron\" and
		.native.nextMessageId == 5 and .parent == \"session:amp:T-0a000000-0000-4000-8000-000000000000\"" &&
	twice amp "$data/amp/$amp.json"
'

test_case 'a thread of Amp grows by being rewritten' '
	new_vault && jq ".messages |= .[:2]" "$data/amp/$amp.json" >$amp.json && vvault import $amp.json >/dev/null &&
	vvault import --json "$data/amp/$amp.json" >out && cat out && jq -e ".sources[0] | .imported == 6 and .known == 2" out &&
	talk amp $amp "length == 5"
'

test_case 'damage in a thread of Amp' '
	new_vault && cat >t.json <<-\END && vvault import --json t.json >out; cat out; vvault ls --json amp message | jq -s -e "map(.state.content) | index(\"b\") != null and index(\"c\") != null"
	{"v": 1, "id": "T-1", "created": "soon", "messages": [null, {"role": 7, "content": 8}, {"role": "user"}, {"role": "user", "content": "b"},
	{"role": "user", "messageId": 3, "content": [null, {"type": "tool_result", "run": 7}, {"type": "tool_result", "toolUseID": 5, "run": {"status": null}}]},
	{"role": "user", "messageId": 3, "content": [{"type": "text", "text": "c"}]}], "env": {"initial": {"trees": [7]}}}
	END
	new_vault w && head -c 1500 "$data/amp/$amp.json" >cut.json && expect_exit 3 vvault import --json cut.json >out &&
	jq -e ".sources[0] | .imported > 1 and (.malformed | length == 1) and (.malformed[0].reason | test(\"byte 1500\"))" out &&
	talk amp $amp ".[0].content == \"How deep?\"" && vvault import --json "$data/amp/$amp.json" >out && talk amp $amp "length == 5" &&
	head -c 1500 "$data/continue/$con.json" >cut.json && expect_exit 3 vvault import --json cut.json >out &&
	talk continue $con ".[0].content == \"How deep?\"" && head -c 300 "$data/amp/$amp.json" >cut.json && expect_exit 3 vvault import cut.json
'

test_case 'a session of Continue, and the list of them' '
	new_vault && vvault import --json "$data/continue" >out && cat out && talk continue $con >got && cat got &&
	shown <got >short && cat short && jq -e ". == [[\"user\", \"visible\", \"How deep?\"], [\"assistant\", \"thinking\", \"\"], [\"assistant\", \"tool\", \"\"],
		[\"tool\", \"tool\", \"no such lake\"], [\"tool\", \"tool\", \"nine\"], [\"assistant\", \"visible\", \"Nine.\"],
		[\"system\", \"hidden\", \"Be brief.\"], [\"user\", \"meta\", \"\"]]" short &&
	jq -e ".[0].parts | map(.type) == [\"text\", \"image\", \"attachment\"] and (.[1].data[\"\$blob\"] != null) and (.[2] | .name == \"pond.txt\" and .text == \"deep\")" got &&
	jq -e ".[2].parts | map([.type, .id, .input.of]) == [[\"tool_use\", \"c1\", \"pond\"], [\"tool_use\", \"c2\", \"lake\"], [\"tool_use\", \"c3\", \"sea\"]]" got &&
	jq -e ".[3] | .parts[0].is_error and .native.state.status == \"errored\" and (.native.state | has(\"toolCall\") | not)" got &&
	jq -e ".[4] | .parts[0].tool_use_id == \"c1\" and .native.state == {parsedArgs: {of: \"pond\"}, status: \"done\"} and .native.output == {name: \"Depth\", description: \"d\"} and .native.message.id == \"t1\"" got &&
	jq -e ".[5] | (.parts[0] | .type == \"thinking\" and .text == \"Done.\" and .native.startAt == 1) and .native.message.usage.promptTokens == 7" got &&
	session continue $con ".title == \"Depths\" and .created == \"2026-11-18T11:06:40.000000Z\" and .native.cwd == \"/srv/heron\" and
		.native.usage.totalCost == 0.5 and .listed.messageCount == 7 and .model == \"reed-1\"" &&
	session continue 0c000000-0000-4000-8000-000000000002 ".title == \"Gone\" and .cwd == \"/srv/fern\"" &&
	vvault import --json "$data/continue" >out && jq -e ".version == null" out
'

test_case 'a session of Continue that grows, in any order with its list' '
	new_vault && mkdir -p .continue/sessions && jq ".history |= .[:3]" "$data/continue/$con.json" >.continue/sessions/$con.json &&
	echo "[{\"sessionId\": \"$con\", \"title\": \"Depths\", \"dateCreated\": \"1795000000000\", \"workspaceDirectory\": \"/srv/heron\"}]" >.continue/sessions/sessions.json &&
	echo "apiKey: sk-none" >.continue/config.yaml && vvault import --json .continue >out && cat out &&
	talk continue $con "map(.entity | sub(\".*/\"; \"\")) == [\"q1\", \"1\", \"a1\", \"c1\", \"c2\"]" && cp "$data/continue/$con.json" .continue/sessions/ &&
	vvault import --json .continue >out && cat out && talk continue $con "length == 8" && talk continue $con >got && cat got &&
	session continue $con ".created == \"2026-11-18T11:06:40.000000Z\"" && vvault ls --json continue message | jq -s -e "length == 8"
'

test_case 'damage in a session of Continue' '
	new_vault && cat >c.json <<-\END && expect_exit 3 vvault import --json c.json >out && cat out && talk continue s1 >got && cat got &&
	{"sessionId": "s1", "title": null, "history": [null, {}, {"message": 7}, {"message": {"role": "tool"}}, {"message": {"role": "tool", "content": 7, "toolCallId": "x"}},
	{"message": {"role": "made_up", "content": [{"type": "text", "text": "said"}]}, "toolCallStates": [null, {"toolCallId": "y", "output": "words"}, {"output": [7]}], "contextItems": [7], "reasoning": 8},
	{"message": {"role": "user", "content": "x", "id": "same"}}, {"message": {"role": "user", "content": "y", "id": "same"}}], "workspaceDirectory": 7}
	END
	jq -e "map(.content) | index(\"said\") != null and index(\"words\") != null and index(\"x\") != null and index(\"y\") != null" got
'

test_case 'a session of Droid, with its settings' '
	new_vault && vvault import --json "$data/droid" >out && cat out && talk droid $droid >got && cat got &&
	shown <got >short && cat short && jq -e ". == [[\"user\", \"visible\", \"How deep?\"], [\"assistant\", \"visible\", \"I look.\"], [\"tool\", \"tool\", \"no such pond\"],
		[\"system\", \"meta\", \"\"], [\"assistant\", \"visible\", \"It is gone.\"], [\"system\", \"meta\", \"The pond was looked for.\"],
		[\"assistant\", \"visible\", \"Another answer.\"], [\"user\", \"visible\", \"Thank you.\"]]" short &&
	jq -e "(.[0].parts | map(.type)) == [\"injected\", \"text\"] and .[1].created == \"2026-11-18T11:06:41.250000Z\" and .[2].parts[0].is_error and
		(.[3].native.todos.todos | test(\"pond\"))" got &&
	path_of droid session:droid:$droid | jq -e ". == [\"m1\", \"m5\", \"m6\"]" &&
	session droid $droid ".title == \"Depths\" and .model == \"reed-1\" and .native.cwd == \"/srv/heron\" and .native.settings.tokenUsage.inputTokens == 10 and
		.parent == \"session:droid:0d000000-0000-4000-8000-000000000000\" and .updated == \"2026-11-18T11:06:46.000000Z\"" &&
	vvault import --json "$data/droid" >out && jq -e ".version == null" out
'

test_case 'a log of Droid that grows, is torn, and whose settings come late' '
	new_vault && mkdir s && head -n 4 "$data/droid/$droid.jsonl" >s/$droid.jsonl && vvault import s >/dev/null &&
	session droid $droid ".model == null" && cp "$data/droid/$droid.settings.json" s/ && vvault import s >/dev/null && session droid $droid ".model == \"reed-1\"" &&
	{ cat "$data/droid/$droid.jsonl" && printf "{\"type\":\"mess"; } >s/$droid.jsonl && echo "{oops" >s/$droid.settings.json &&
	expect_exit 3 vvault import --json s >out && cat out && talk droid $droid "length == 8" && session droid $droid ".native.settings == \"{oops\n\""
'

test_case 'capture and agents know these agents' '
	new_vault && mkdir -p home/.local/share/amp home/.factory/sessions/-srv-heron home/.continue && export HOME="$PWD/home" &&
	unset XDG_DATA_HOME XDG_CONFIG_HOME CONTINUE_GLOBAL_DIR && cp -R "$data/amp" home/.local/share/amp/threads && cp -R "$data/continue" home/.continue/sessions &&
	cp "$data/droid"/* home/.factory/sessions/-srv-heron/ && vvault agents >out && cat out && grep "^Amp " out && grep "^Continue " out && grep "^Droid " out &&
	vvault capture >out && cat out && session droid $droid ".model == \"reed-1\"" && session continue $con ".title == \"Depths\"" && session amp $amp ".title == \"Depths\"" &&
	vvault read session:droid:$droid >out && cat out && grep "Thank you" out
'

done_testing
