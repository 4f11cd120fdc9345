#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

texts=$VV_TOP/tests/data/chatty
shared=${VV_SHARED:+$VV_SHARED/data/vvault/transcripts}
export texts shared

# said <construct>: index, role, name and text of every message, in order.
said() {
	vvault ls --json "$1" message | jq -s -c 'sort_by(.state.index) |
		map(.state | [.role, .name, .content])'
}

test_case 'a transcript goes to the construct of its callsign' '
	new_vault && vvault import --json "$texts/chat_with_iris-002.md" >out && cat out &&
	jq -e ".construct == \"iris-002\" and (.sources[0] | .format == \"chatty\" and
		.read == 5 and .imported == 5 and .unknown_times == 0)" out &&
	said iris-002 >got && cat got &&
	jq -e "map(.[0]) == [\"user\", \"assistant\", \"user\", \"assistant\"]" got &&
	jq -e ".[0][2] == \"How do I sort a list?\nNote: it is a long one\n\n  - with an indented point\n\n**Bold**: is no speaker\n\n\`\`\`python\n**User**: neither is this\nUser: nor this\n\nrows.sort()\n\`\`\`\"" got &&
	jq -e ".[1] == [\"assistant\", \"Iris\", \"Like this:\n\n~~~\n**Assistant**: not a speaker\n\`\`\`\n~~~\"]" got &&
	jq -e ".[2][2] == \"\`\`\`sh\n**Iris**: fenced from the first line on\n\`\`\`\nThanks.\" and
		.[3][2] == \"Any time.\"" got &&
	vvault ls --json iris-002 message | jq -s -e "sort_by(.state.index) | map(.state.created[:10]) ==
		[\"2025-03-03\", \"2025-03-03\", \"2025-03-04\", \"2025-03-04\"] and
		all(.[]; .state.created_precision == \"day\")"
'

test_case 'the exact bytes are kept' '
	new_vault && vvault import "$texts/chat_with_iris-002.md" >/dev/null &&
	vvault export iris-002 --format jsonl >lines &&
	blob=$(vvault ls --json iris-002 | jq -r "select(.kind == \"source\") | .state |
		.. | objects | .\"\$blob\"? // empty") && test -n "$blob" &&
	vvault cat "$blob" | cmp - "$texts/chat_with_iris-002.md"
'

test_case 'clocks are read with their day or their stamp' '
	new_vault && vvault import --construct iris "$texts/clock.md" >/dev/null &&
	vvault ls --json iris message | jq -s -c "sort_by(.state.index) | map(.state |
		[.role, .name, .created, .content])" >got && cat got &&
	jq -e ". == [[\"user\", \"Ada Example\", \"2026-01-20T15:00:07.457000Z\", \"Good morning.\n\nIt rains.\"],
		[\"assistant\", \"Iris\", \"2026-01-20T15:00:30.000000Z\", \"Rain is fine.\"],
		[\"user\", \"Ada Example\", \"2026-01-22T02:05:00.000000Z\", \"Good night.\nUser: is no speaker here\"]]" got
'

test_case 'pages that were copied, and plain names' '
	new_vault && vvault import "$texts/said.md" >/dev/null && said chatty >got && cat got &&
	jq -e ". == [[\"user\", \"You\", \"What is a fern?\nHe said: nothing.\"],
		[\"assistant\", \"ChatGPT\", \"A plant.\n\nIt likes shade.\"]]" got &&
	vvault ls --json chatty session | jq -e ".state.native.preface == \"Skip to content\"" &&
	vvault import --json --construct two "$texts/names.md" >out && cat out &&
	jq -e ".sources[0].notes | length == 1" out && said two >got && cat got &&
	jq -e ". == [[\"user\", \"Devon\", \"hi\"], [\"assistant\", \"Nova\", \"hello\"],
		[\"user\", \"Devon\", \"one\ntwo\nNote: three\"], [\"assistant\", \"Nova\", \"four\"]]" got
'

test_case 'twice adds nothing, a grown transcript only what is new' '
	new_vault && head -n 18 "$texts/chat_with_iris-002.md" >chat_with_iris-002.md &&
	printf "\n**Iris**: Like so.\n" >>chat_with_iris-002.md &&
	vvault import chat_with_iris-002.md >/dev/null &&
	vvault import --json chat_with_iris-002.md >out && jq -e ".version == null" out &&
	printf "\n**User**: And then?\n\n**Iris**: Rest.\n" >>chat_with_iris-002.md &&
	vvault import --json chat_with_iris-002.md >out && cat out &&
	jq -e ".sources[0] | .imported == 5 and .known == 2" out &&
	vvault show --json iris-002 | jq -e ".counts | .session == 1 and .message == 4" &&
	vvault ls --json iris-002 session | jq -e ".state.active != null" &&
	vvault export iris-002 --format markdown | grep -F "Rest."
'

test_case 'prose is no transcript, and nothing is made of nobody' '
	new_vault && printf "# Notes\n\nText: with a colon.\n\n**Note**: bold\n\n- a list\n" >notes.md &&
	says ".sources[0].format == \"notes\"" vvault import --json notes.md &&
	expect_exit 3 vvault import --format chatty notes.md >out && cat out &&
	grep "nobody speaks" out && printf "**User**: \\377\n\n**Assistant**: b\n" >bad.md &&
	expect_exit 3 vvault import --format chatty bad.md >out && grep "UTF-8" out
'

test_case 'shared: every message of every dialect' '
	need_shared
	new_vault
	for n in 1 2 3 4 5 6; do
		file=$shared/format$n.md
		vvault import --json --construct "f$n" "$file" >out
		# Heads as grep finds them in files that have no fences.
		grep -cE "^(\*\*(User|Assistant)\*\*:|(You|ChatGPT) said:|(Devon|Nova): |(\*\*)?[0-9]+:[0-9]+:[0-9]+ [AP]M EST - [A-Za-z ]+(\*\*)?( \[[^]]*\])?:)" "$file" >want
		test "$(cat want)" -ge 24
		vvault show --json "f$n" | jq .counts.message | cmp - want
		said "f$n" | jq -c "map(.[2])[:24]" >"text$n"
		cmp text1 "text$n"
		said "f$n" | jq -e "map(.[0])[:24] == ([range(12) | \"user\", \"assistant\"])"
	done
	vvault import --construct t "$shared/tricky.md" >/dev/null
	said t | jq -e "map(.[0]) == [\"user\", \"assistant\", \"user\"] and
		(.[0][2] | contains(\"inside a code fence\")) and .[2][2] == \"next day\""
'

test_case 'shared: nothing else there is taken for a transcript' '
	need_shared
	new_vault
	find "$VV_SHARED/data" -type f \( -name "*.md" -o -name "*.txt" -o -name "*.csv" \) \
		! -path "*/transcripts/*" | head -n 60 >files
	test -s files
	while read -r file; do
		expect_exit 3 vvault import --dry-run --json "$file" 2>/dev/null || test $? -eq 1
	done <files >out
	expect_exit 1 grep -F "\"format\":\"chatty\"" out
'

done_testing
