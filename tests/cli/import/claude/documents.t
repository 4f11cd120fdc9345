#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

# Writes t.json: a conversation of Claude.ai whose answer has these blocks.
talk_of() {
	jq -n --argjson blocks "[$1]" '[{uuid: "c", name: "talk", chat_messages: [
		{uuid: "h", sender: "human", text: "write it", created_at: "2026-08-01T10:00:00Z"},
		{uuid: "a", sender: "assistant", created_at: "2026-08-01T10:00:05Z",
		 content: $blocks}]}]' >t.json
}

# use <id> <tool> <input>; answer <id> <text> [<is_error>]
use() {
	jq -n --arg id "$1" --arg name "$2" --argjson input "$3" \
		'{type: "tool_use", id: $id, name: $name, input: $input}'
}

answer() {
	jq -n --arg id "$1" --arg text "$2" --argjson bad "${3:-false}" '{type: "tool_result",
		tool_use_id: $id, is_error: $bad, content: [{type: "text", text: $text}]}'
}

# versions_of <end of the entity>: the texts in their order.
versions_of() {
	vvault export claude --format jsonl | jq -cs "map(select(.type // \"\" | startswith(\"memory:\")) |
		select(.entity | endswith(\"$1\"))) | sort_by(.data.version) | map(.data.content)"
}

test_case 'a file that was made and changed by tools is a document with its versions' '
	new_vault && talk_of "$(use 1 create_file "{\"path\":\"/out/a b.md\",\"file_text\":\"one\\n\"}"),
		$(answer 1 done),
		$(use 2 str_replace "{\"path\":\"/out/a b.md\",\"old_str\":\"one\",\"new_str\":\"two\"}"),
		$(answer 2 done),
		$(use 3 str_replace "{\"path\":\"/out/a b.md\",\"old_str\":\"two\",\"new_str\":\"one\"}")" &&
	vvault import t.json >/dev/null &&
	versions_of md >got && cat got && test "$(cat got)" = "[\"one\\n\",\"two\\n\",\"one\\n\"]" &&
	state_of claude "memory:claude:artifact/c/%2fout%2fa%20b.md" ".content == \"one\n\" and
		.type == \"artifact\" and .title == \"a b.md\" and .version == 3 and
		.native.path == \"/out/a b.md\" and .message == \"message:claude:c/a\"" &&
	vvault read "memory:claude:artifact/c/%2fout%2fa%20b.md" >shown && cat shown &&
	head -1 shown | grep "^a b.md" && grep "^one" shown &&
	vvault read --format markdown "memory:claude:artifact/c/%2fout%2fa%20b.md" >shown &&
	grep "^# a b.md" shown && grep "^one" shown &&
	vvault read --json "memory:claude:artifact/c/%2fout%2fa%20b.md" |
		jq -e ".text == \"one\n\" and .session == \"session:claude:c\"" &&
	vvault export claude --format markdown | grep -F "**a b.md**" &&
	vvault export claude --format html -o html >/dev/null && grep -r "a b.md" html/memories.html &&
	vvault import --json t.json >out && jq -e ".records.new == 0" out
'

test_case 'what was refused or does not fit changes no document, and is told' '
	new_vault && talk_of "$(use 1 create_file "{\"path\":\"f\",\"file_text\":\"one\"}"),
		$(use 2 str_replace "{\"path\":\"f\",\"old_str\":\"one\",\"new_str\":\"two\"}"),
		$(answer 2 "no" true),
		$(use 3 str_replace "{\"path\":\"f\",\"old_str\":\"six\",\"new_str\":\"two\"}"),
		$(use 4 str_replace "{\"path\":\"g\",\"old_str\":\"six\",\"new_str\":\"two\"}"),
		$(use 5 create_file "{\"path\":\"h\"}"),
		$(use 6 create_file "{\"file_text\":\"nowhere\"}")" &&
	vvault import --json t.json >out && test "$(versions_of f)" = "[\"one\"]" &&
	jq -e "[.sources[0].skipped[].reason] == [\"a change of a document that was refused\",
		\"an update of a document whose old text is not in it\",
		\"an update of a document that is not there\",
		\"a version of a document without content\",
		\"a change of a document that it does not name\"]" out
'

test_case 'a file that was only seen is none until it is changed; one that another tool changed has a version' '
	new_vault && talk_of "$(use 1 view "{\"path\":\"guide.md\"}"),
		$(answer 1 "     1	read me
     2	well"),
		$(use 2 view "{\"path\":\"list\"}"), $(answer 2 "     1	milk
     2	bread"),
		$(use 3 str_replace "{\"path\":\"list\",\"old_str\":\"milk\",\"new_str\":\"tea\"}"),
		$(use 4 view "{\"path\":\"list\"}"), $(answer 4 "     1	tea
     2	bread"),
		$(use 5 bash_tool "{\"command\":\"echo jam >>list\"}"),
		$(use 6 view "{\"path\":\"list\"}"), $(answer 6 "     1	tea
     2	bread
     3	jam"),
		$(use 7 view "{\"path\":\"list\",\"view_range\":[2,3]}"), $(answer 7 "     2	bread
     3	jam")" &&
	vvault import --json t.json >out && jq -e ".sources[0].skipped == []" out &&
	test "$(versions_of guide.md)" = "[]" &&
	versions_of list >got && cat got &&
	test "$(cat got)" = "[\"tea\\nbread\",\"tea\\nbread\\njam\"]"
'

test_case 'each branch has its own text of a file' '
	new_vault && jq -n "[{uuid: \"b\", chat_messages: [
		{uuid: \"1\", sender: \"assistant\", created_at: \"2026-08-01T10:00:01Z\",
		 parent_message_uuid: null, content: [{type: \"tool_use\", name: \"create_file\",
		 input: {path: \"x\", file_text: \"root\"}}]},
		{uuid: \"2\", sender: \"assistant\", created_at: \"2026-08-01T10:00:02Z\",
		 parent_message_uuid: \"1\", content: [{type: \"tool_use\", name: \"str_replace\",
		 input: {path: \"x\", old_str: \"root\", new_str: \"left\"}}]},
		{uuid: \"3\", sender: \"assistant\", created_at: \"2026-08-01T10:00:03Z\",
		 parent_message_uuid: \"1\", content: [{type: \"tool_use\", name: \"str_replace\",
		 input: {path: \"x\", old_str: \"root\", new_str: \"right\"}}]}]}]" >t.json &&
	vvault import --json t.json >out && jq -e ".sources[0].skipped == []" out &&
	versions_of /x >got && cat got && jq -e "sort == [\"left\",\"right\",\"root\"]" got &&
	state_of claude memory:claude:artifact/b/x ".content == \"right\""
'

test_case 'what was only pasted is what was said; a text that was attached is shown with it' '
	new_vault && jq -n "[{uuid: \"p\", name: \"pasted\", chat_messages: [
		{uuid: \"1\", sender: \"human\", text: \"\", content: [], files: [],
		 created_at: \"2026-08-01T10:00:01Z\", attachments: [
		 {file_name: \"paste.txt\", file_type: \"txt\", extracted_content: \"first pasted\"},
		 {file_name: \"two.txt\", file_type: \"txt\", extracted_content: \"then this\"}]},
		{uuid: \"2\", sender: \"human\", content: [{type: \"text\", text: \"see there\"}],
		 created_at: \"2026-08-01T10:00:02Z\", attachments: [
		 {file_name: \"notes.txt\", file_type: \"txt\", extracted_content: \"attached words\"}]}]}]" >t.json &&
	vvault import t.json >/dev/null &&
	state_of claude message:claude:p/1 ".content == \"first pasted\n\nthen this\" and
		(.parts | map([.start, .end])) == [[0, 12], [14, 23]]" &&
	state_of claude message:claude:p/2 ".content == \"see there\"" &&
	vvault read session:claude:p >shown && cat shown && grep "^first pasted" shown &&
	grep "^▫ notes.txt" shown && grep "^  attached words" shown &&
	vvault read --json session:claude:p | jq -se ".[2].files[0] |
		.name == \"notes.txt\" and .text == \"attached words\"" &&
	vvault read --format markdown session:claude:p >shown &&
	grep "^first pasted" shown && grep "^> attached words" shown &&
	vvault export claude --format markdown >shown && cat shown &&
	grep "^> first pasted" shown && grep "^> attached words" shown &&
	grep -F "**notes.txt**" shown && expect_exit 1 grep "no text" shown &&
	vvault export claude --format html -o html >/dev/null &&
	cat html/conversations/*.html >shown && grep "first pasted" shown && grep "attached words" shown &&
	vvault export claude --format claude >back && jq -cS ".[0].chat_messages |
		map([.text // \"see there\", .content, .attachments])" back >got &&
	jq -cS ".[0].chat_messages | map([.text // \"see there\", .content, .attachments])" t.json |
		cmp - got
'

done_testing
