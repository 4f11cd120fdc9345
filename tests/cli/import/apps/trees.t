#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

data=$VV_TOP/tests/data/apps
export data

test_case 'DeepSeek: roles by fragments, or by turns; what is lost is mended' '
	new_vault && f=$data/deepseek/conversations.json && expect_exit 3 vvault import --json "$f" >out &&
	jq -e ".construct == \"deepseek\" and (.sources[0] | .format == \"deepseek\" and .imported == 11 and .guessed == 1 and
		(.skipped | map([.reason, .count])) == [[\"a node without a message\", 2]] and
		(.malformed | map(.reason)) == [\"a conversation without messages\", \"a value that is no object\"])" out &&
	talk deepseek ds-1 "map([.role, .content, (.parent // \"\" | sub(\".*/\"; \"\"))]) == [
		[\"user\", \"How tall are reeds?\", \"\"], [\"assistant\", \"Small.\", \"1\"],
		[\"assistant\", \"Three metres.\\n\\nLook at the bank.\", \"1\"], [\"user\", \"Thanks\", \"3\"],
		[\"assistant\", \"You are welcome.\", \"4\"]] and
		(.[2].parts | map(.type)) == [\"search\", \"thinking\", \"text\", \"text\", \"fragment\"] and
		.[2].created == \"2026-11-02T08:00:03.000000Z\" and .[2].model == \"reed-deep\" and
		(.[3] | has(\"created\") | not) and .[3].native.message.inserted_at == \"not a time\" and
		.[4].native.parent == \"gone\" and .[0].native.message.files[0].file_name == \"pond.txt\"" &&
	talk deepseek ds-2 "map(.role) == [\"user\", \"assistant\", \"user\", \"assistant\"] and
		(.[1].parts | map(.text)) == [\"A greeting.\", null]" &&
	session deepseek ds-1 ".guessed and .active == \"message:deepseek:ds-1/5\" and .title == \"Reeds\"" &&
	session deepseek ds-2 ".guessed == false" && twice deepseek "$f"
'

test_case 'DeepSeek: the file with the telephone number is not read' '
	new_vault && mkdir d && cp "$data/deepseek/conversations.json" d &&
	echo "{\"user_id\":\"x\",\"mobile\":\"+00 SECRET\"}" >d/user.json &&
	expect_exit 3 vvault import d >said && ! grep SECRET said &&
	vvault ls --json deepseek >all && ! grep SECRET all
'

test_case 'Open WebUI: the branch that is shown, tools out of the text, files' '
	new_vault && f=$data/openwebui/chats.json && expect_exit 3 vvault import --json "$f" >out &&
	jq -e ".construct == \"openwebui\" and (.sources[0] | .imported == 11 and .mended == 1 or .imported == 11) and
		(.sources[0].malformed | map(.reason)) == [\"a chat without messages\"]" out &&
	test "$(path_of openwebui session:openwebui:ow-1)" = "[\"system\",\"m1\",\"m3\",\"m4\"]" &&
	talk openwebui ow-1 ".[0].visibility == \"hidden\" and .[0].content == \"You count birds.\" and
		(.[1].parts | map(.type)) == [\"text\", \"image\", \"file\"] and .[1].parts[1].data.size == 3 and
		.[2].content == \"Two.\" and .[2].parent == .[1].entity and .[3].content == \"I look.\\n\\nThree.\" and .[3].parts[2].content == \"3 of them\" and
		(.[3].parts[1] | [.type, .id, .name, .input.bird]) == [\"tool_use\", \"call-1\", \"count\", \"heron\" + \"\\u0027s\"] and
		(.[3].parts[2] | [.type, .tool_use_id]) == [\"tool_result\", \"call-1\"] and
		(.[3].native.content | test(\"^I look.\\n<details\")) and .[4].native.childrenIds == [\"gone\"] and
		(.[4] | has(\"created\") | not) and .[5].content == \"the model is gone\" and .[5].parts[0].type == \"error\" and .[5].visibility == \"visible\"" &&
	session openwebui ow-1 ".native.archived and .native.chat.messages[1].content == \"other words\" and
		.native.params.temperature == 0.2 and (.native.params | has(\"system\") | not) and .updated == \"2026-11-02T08:01:40.000000Z\"" &&
	talk openwebui ow-2 "map(.content) == [\"a\", \"b\"] and .[1].parent == .[0].entity" &&
	session openwebui ow-2 "(.native.chat | has(\"messages\") | not)" && twice openwebui "$f"
'

test_case 'Open WebUI: a chat that has grown adds only what is new' '
	new_vault && jq "[.[0] | del(.chat.history.messages.m4, .chat.history.messages.m5, .chat.history.messages.m6) |
		.chat.history.currentId = \"m3\" | .chat.history.messages.m3.childrenIds = []]" "$data/openwebui/chats.json" >one.json &&
	vvault import one.json >/dev/null && vvault log --json openwebui >/dev/null &&
	jq "[.[0]]" "$data/openwebui/chats.json" >two.json && { vvault import --json two.json >out || test $? -eq 3; } &&
	cat out && jq -e ".records.new == 4" out
'

test_case 'Open WebUI: details that are torn, or the model wrote of, stay text' '
	new_vault && jq -n "[\"<details type=\\\"tool_calls\\\" id=\\\"a\\\" name=\\\"b\\\" arguments=\\\"{\",
		\"see <details type=\\\"tool_calls\\\" name=\\\"b\\\">x</details>\",
		\"<details type=\\\"tool_calls\\\" name=\\\"b\\\" arguments=\\\"no json\\\">x</details>\"] |
		[{id: \"c\", user_id: \"u\", title: \"t\", created_at: 1793606400, updated_at: 1793606400, chat: {history: {currentId: null,
		messages: (to_entries | map({key: \"k\\(.key)\", value: {role: \"assistant\", content: .value}}) | from_entries)}}}]" >torn.json &&
	vvault import torn.json >/dev/null && talk openwebui c "map(.content) | (.[0] | test(\"^<details\")) and
		(.[1] | test(\"^see <details\")) and (.[2] | test(\"^<details.*no json\"))"
'

test_case 'LM Studio: versions, steps, tools; what is no version is told' '
	new_vault && f=$data/lmstudio/1793606400000.conversation.json && mkdir -p conversations/Pond/Deep &&
	cp "$f" conversations/Pond/Deep && { vvault import --json conversations >out || test $? -eq 3; } &&
	jq -e ".construct == \"lmstudio\" and (.sources[0].skipped | map(.reason)) ==
		[\"a message without versions\", \"a version that is no object\"]" out &&
	test "$(path_of lmstudio session:lmstudio:1793606400000)" = "[\"system\",\"0.0\",\"1.0\",\"3.0\"]" &&
	talk lmstudio 1793606400000 "map([.role, .visibility]) == [[\"system\", \"hidden\"], [\"user\", \"visible\"],
		[\"assistant\", \"visible\"], [\"assistant\", \"visible\"], [\"user\", \"visible\"]] and
		(.[2].parts | map(.type)) == [\"thinking\", \"text\", \"tool_use\", \"tool_result\", \"text\"] and
		.[2].parts[0].text == \"They float.\" and .[2].parts[2].input.what == \"otters\" and
		.[2].parts[3].tool_use_id == \"call-7\" and .[2].model == \"reed-7b\" and
		.[2].content == \"I look it up.\\n\\nIn kelp.\" and .[2].parts[3].content == \"in kelp\" and (.[2].native.steps | map(.stepIdentifier // .tokensCount)) == [2, \"s1\", \"s2\", \"s3\", \"s4\"] and
		(.[1].parts | map(.type)) == [\"text\", \"image\"] and all(has(\"created\") | not)" &&
	session lmstudio 1793606400000 ".title == \"Otters\" and .native.folder == \"Deep\" and .native.pinned and
		.created == \"2026-11-02T08:00:00.000000Z\" and .guessed == false" &&
	{ vvault import --json conversations >again || test $? -eq 3; } && jq -e ".records.new == 0" again &&
	new_vault other && export VVAULT_DIR="$PWD/v" && cp "$f" plain.json && vvault init x >/dev/null &&
	export VVAULT_DIR="$PWD/x" && { vvault import plain.json >/dev/null || test $? -eq 3; } &&
	session lmstudio 1793606400000 ".title == \"Otters\""
'

test_case 'LibreChat: a tree with its parts, the newest branch shown' '
	new_vault && f=$data/librechat/tree.json && { vvault import --json "$f" >out || test $? -eq 3; } &&
	jq -e ".construct == \"librechat\" and .sources[0].imported == 6 and .sources[0].mended == null" out &&
	test "$(path_of librechat session:librechat:lc-1)" = "[\"system\",\"u1\",\"a1\",\"u2\"]" &&
	talk librechat lc-1 "map([.role, .visibility]) == [[\"system\", \"hidden\"], [\"user\", \"visible\"],
		[\"assistant\", \"visible\"], [\"assistant\", \"visible\"], [\"user\", \"visible\"]] and
		(.[3].parts | map(.type)) == [\"thinking\", \"text\", \"tool_use\", \"tool_result\", \"tool_use\", \"text\", \"image\",
			\"agent_update\", \"error\", \"other\"] and .[3].content == \"I measure.\\n\\nOne metre.\\n\\nit left\\n\\na trail\" and .[3].parts[3].content == \"1 m/h\" and
		.[3].parts[2].input.of == \"snail\" and .[2].parent == .[1].entity and .[1].created == \"2026-11-02T08:00:00.000000Z\" and
		(.[1].native | has(\"parentMessageId\") | not) and .[1].native.files[0].file_id == \"f1\"" &&
	session librechat lc-1 ".guessed and .native.exportAt == \"11:43:51 GMT+0100 (Central European Standard Time)\" and
		(has(\"created\") | not) and .native.options.temperature == 0.5 and (.native.options | has(\"promptPrefix\") | not)" &&
	twice librechat "$f"
'

test_case 'LibreChat: a list, with a lost parent; the same chat both ways is one' '
	new_vault && f=$data/librechat/flat.json && vvault import --json "$f" >out &&
	talk librechat lc-2 "map([.role, .content]) == [[\"user\", \"Slugs?\"], [\"assistant\", \"Slugs.\"], [\"user\", \"More\"]] and
		.[1].parts[0].text == \"Hm.\" and .[2].parent == .[1].entity and .[2].native.parentMessageId == \"lost\" and .[1].native.unfinished" &&
	session librechat lc-2 ".guessed" && twice librechat "$f" &&
	jq "def rows: .[] | (del(.children), ((.children // []) | rows));
		.messages = [.messagesTree[:1] | rows] | del(.messagesTree)" "$data/librechat/tree.json" >list.json &&
	vvault import list.json >/dev/null && before=$(version_of librechat) &&
	{ vvault import --json "$data/librechat/tree.json" >out || test $? -eq 3; } &&
	test "$(path_of librechat session:librechat:lc-1)" = "[\"system\",\"u1\",\"a1\",\"u2\"]" &&
	jq -e ".records.new <= 2" out
'

test_case 'LibreChat: a tree of thousands of answers' '
	new_vault && perl -e "print q({\"conversationId\":\"deep\",\"endpoint\":\"x\",\"messagesTree\":);
		print q([{\"messageId\":\"m), \$_, q(\",\"text\":\"t\",\"children\":) for 1 .. 5000; print q([]), q(}]) x 5000, q(})" >deep.json &&
	vvault import --json deep.json >out && jq -e ".sources[0].imported == 5001" out
'

done_testing
