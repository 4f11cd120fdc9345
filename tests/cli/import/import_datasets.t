#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

data=$VV_TOP/tests/data
shared=${VV_SHARED:-/nonexistent}/data
export data shared

test_case 'conversations of ShareGPT' '
	new_vault && f=$data/sharegpt/talks.json && expect_exit 3 vvault import --json "$f" >out &&
	jq -e ".construct == \"sharegpt\" and (.sources[0] | .format == \"sharegpt\" and .read == 31 and
		.imported == 28 and .unknown_times == 28 and .guessed == 0 and
		(.malformed | map(.reason)) == [\"a conversation without turns\", \"a value that is no object\"] and
		(.skipped | map([.reason, .count])) == [[\"a speaker of unknown kind: taken as no person\", 1],
			[\"a conversation that stands before\", 1]])" out &&
	grep -b "\"bare\"" "$f" | cut -d: -f1 >at &&
	test "$(jq ".sources[0].malformed[0].offset" out)" -lt "$(cat at)" &&
	talk sharegpt own_0 "map(.content) == [\"one\", \"1\", \"two\", \"2\"] and
		map(.role) == [\"user\", \"assistant\", \"user\", \"assistant\"] and
		map(.native.from) == [\"human\", \"gpt\", \"human\", \"gpt\"] and
		map(.parent) == [null, \"message:sharegpt:own_0/0\", \"message:sharegpt:own_0/1\", \"message:sharegpt:own_0/2\"]" &&
	session sharegpt own_0 ".active == \"message:sharegpt:own_0/3\" and .guessed == false" &&
	session sharegpt own_1 ".model == \"tall\"" && twice sharegpt "$f"
'

test_case 'slices are sessions that name the one before' '
	new_vault && expect_exit 3 vvault import "$data/sharegpt/talks.json" >/dev/null &&
	session sharegpt abC_0 "has(\"parent\") | not" &&
	session sharegpt abC_2 "(.parent | sub(\"^session:sharegpt:\"; \"\")) == \"abC_0\"" &&
	talk sharegpt abC_2 ".[0].parent == \"message:sharegpt:abC_0/1\"" &&
	session sharegpt abC_5 "has(\"parent\") | not" &&
	session sharegpt abC_6 "(.parent | sub(\"^session:sharegpt:\"; \"\")) == \"abC_5\"" &&
	talk sharegpt abC_6 "map([.role, .visibility]) == [[\"assistant\", \"visible\"], [\"tool\", \"tool\"],
		[\"system\", \"hidden\"], [\"assistant\", \"visible\"]] and .[0].parent == \"message:sharegpt:abC_5/1\"" &&
	session sharegpt own_1 "has(\"parent\") | not"
'

test_case 'answers that are HTML have their text, and the HTML too' '
	new_vault && expect_exit 3 vvault import "$data/sharegpt/talks.json" >/dev/null &&
	talk sharegpt abC_0 ".[1] | .content == \"Hi you.\n\nWell?\" and
		(.native.html | startswith(\"<div class=\"))" &&
	talk sharegpt abC_2 ".[0] | .content == \"<p>my own html</p>\" and (.native | has(\"html\") | not)"
'

test_case 'one id for two conversations, and none' '
	new_vault && expect_exit 3 vvault import "$data/sharegpt/talks.json" >/dev/null &&
	vvault ls --json sharegpt session | jq -r .entity | sort >s &&
	test "$(grep -cxE "session:sharegpt:own_1~[0-9a-f]{16}" s)" -eq 1 &&
	test "$(grep -cxE "session:sharegpt:[0-9a-f]{64}" s)" -eq 1 && test "$(wc -l <s)" -eq 8 &&
	jq -c ".[8]" "$data/sharegpt/talks.json" >alone.jsonl &&
	expect_exit 3 vvault import --json alone.jsonl | jq -e ".sources[0] | .imported == 3 and .known == 3"
'

test_case 'lines of conversations are the same as a list of them' '
	new_vault && expect_exit 3 vvault import "$data/sharegpt/talks.json" >/dev/null && fold sharegpt >one &&
	jq -c ".[]" "$data/sharegpt/talks.json" >talks.jsonl && vvault init w >/dev/null &&
	export VVAULT_DIR="$PWD/w" && expect_exit 3 vvault import --json talks.jsonl | jq -e ".sources[0].imported == 28" &&
	fold sharegpt >two && cmp one two
'

test_case 'messages as OpenAI takes them' '
	new_vault && f=$data/openai/chats.jsonl && expect_exit 3 vvault import --json "$f" >out &&
	jq -e ".construct == \"openai\" and (.sources[0] | .format == \"openai-jsonl\" and .read == 16 and .imported == 13 and
		(.malformed | map(.reason[:30])) == [\"a conversation without message\", \"open container at line 6, colu\"] and
		(.skipped | map(.reason)) == [\"a conversation that stands before\", \"a role of unknown kind: taken as no person'"'"'s\"])" out &&
	vvault ls --json openai session | jq -r ".entity | sub(\"session:openai:\"; \"\")" | sort >s &&
	test "$(grep -cxE "[0-9a-f]{64}" s)" -eq 3 &&
	jq -R "fromjson? | select(.tools) | .messages[0].content[1].image_url.url" "$f" | grep -F data:image &&
	k=$(vvault ls --json openai session | jq -r "select(.state.native.tools) | .entity | sub(\"session:openai:\"; \"\")") &&
	talk openai "$k" >m && jq -e "map([.role, .visibility, .content]) == [[\"user\", \"visible\", \"What is this?\\n\\n Say.\"],
		[\"assistant\", \"tool\", \"\"], [\"tool\", \"tool\", \"a lamp\"], [\"assistant\", \"visible\", \"A lamp.\"]]" m &&
	jq -e ".[0].parts | map(.type) == [\"text\", \"image\", \"text\"] and
		.[1].data.media == \"image/png\" and .[1].data.size == 3 and .[2] == {type: \"text\", start: 15, end: 20}" m &&
	jq -e ".[1].parts == [{type: \"tool_use\", id: \"c1\", name: \"look\", input: {}}] and
		.[2].parts[0].tool_use_id == \"c1\" and .[3].native.weight == 0" m &&
	twice openai "$f"
'

test_case 'roles and names survive' '
	new_vault && expect_exit 3 vvault import "$data/openai/chats.jsonl" >/dev/null &&
	vvault ls --json openai message | jq -s "map(.state)" >m &&
	jq -e "[.[] | select(.name) | [.name, .role]] | sort == [[\"f\", \"tool\"], [\"ines\", \"user\"]]" m &&
	jq -e "[.[] | .native.role // empty] | sort == [\"alien\", \"function\"] and
		length == 2" m && jq -e "[.[] | select(.role == \"system\" or .role == \"developer\") | .visibility] ==
		[\"hidden\", \"hidden\"]" m
'

test_case 'trees keep every branch' '
	new_vault && f=$data/oasst/trees.jsonl && expect_exit 0 vvault import --json "$f" >out &&
	jq -e ".construct == \"oasst\" and (.sources[0] | .format == \"oasst\" and .read == 9 and .imported == 9 and
		.guessed == 1 and .malformed == [] and .skipped == [])" out &&
	talk oasst m-1 >m && jq -e "map([.entity, .index, .parent // \"\"] | map(tostring | sub(\".*/\"; \"\"))) | sort ==
		[[\"m-1\", \"0\", \"\"], [\"m-2\", \"1\", \"m-1\"], [\"m-3\", \"1\", \"m-1\"], [\"m-4\", \"2\", \"m-3\"],
		 [\"m-5\", \"3\", \"m-4\"], [\"m-6\", \"2\", \"m-3\"]]" m &&
	jq -e "map(select(.entity | endswith(\"m-6\"))) | .[0].visibility == \"hidden\" and .[0].role == \"user\"" m &&
	jq -e "map(select(.entity | endswith(\"m-3\"))) | .[0].native == {rank: 0, emojis: {\"+1\": 2},
		labels: {quality: {value: 0.5, count: 3}}, lang: \"en\", review_count: 3, deleted: false, synthetic: false,
		role: \"assistant\"}" m &&
	jq -e "map(select(.entity | endswith(\"m-5\"))) | .[0].model == \"tall\"" m &&
	jq -e "map(select(.index == 0)) | .[0].created == \"2024-05-04T09:00:00.000000Z\"" m &&
	session oasst m-1 ".active == \"message:oasst:m-1/m-5\" and .guessed == true and
		.native.tree_state == \"ready_for_export\"" &&
	session oasst m-7 ".active == \"message:oasst:m-7/m-7\" and .guessed == false" && twice oasst "$f"
'

test_case 'the flat form has the same messages' '
	new_vault && vvault import "$data/oasst/trees.jsonl" >/dev/null &&
	vvault import --json "$data/oasst/flat.jsonl" >out &&
	jq -e ".sources[0] | .imported == 9 and .known == 7 and .guessed == 1" out &&
	vvault ls --json oasst message | jq -s "length == 7 and all(.records | length == 1)" >ok && grep -x true ok &&
	session oasst m-1 ".active == \"message:oasst:m-1/m-5\""
'

test_case 'a tree that grew keeps its messages' '
	new_vault && vvault import "$data/oasst/before.jsonl" >/dev/null &&
	vvault import --json "$data/oasst/trees.jsonl" | jq -e ".sources[0].known == 3" &&
	vvault ls --json oasst message | jq -se "all(.records | length == 1) and length == 7" && fold oasst >both &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" &&
	vvault import "$data/oasst/trees.jsonl" >/dev/null && fold oasst >last && cmp both last
'

test_case 'a tree in pieces says so' '
	new_vault && { sed -n 1,3p "$data/oasst/flat.jsonl" && sed -n 7p "$data/oasst/flat.jsonl" &&
		sed -n 4,6p "$data/oasst/flat.jsonl"; } >pieces.jsonl &&
	vvault import --json pieces.jsonl >out && jq -e ".sources[0] | .imported == 9 and
		(.skipped | map([.reason, .count])) == [[\"a place in a tree that came in pieces: counted from the piece\", 3]]" out &&
	talk oasst m-1 "map(select(.parent == null)) | length == 1"
'

test_case 'a very deep tree costs no stack, a deeper one is malformed' '
	new_vault && perl -e "
		my \$n = shift; print qq({\"message_tree_id\":\"m0\",\"prompt\":);
		print qq({\"message_id\":\"m\$_\",\"role\":\"prompter\",\"text\":\"\$_\",\"replies\":[) for 0 .. \$n - 1;
		print \"]}\" x \$n; print \"}\n\"" 3000 >deep.jsonl &&
	vvault import --json deep.jsonl | jq -e ".sources[0] | .imported == 3001 and .malformed == []" &&
	session oasst m0 ".active == \"message:oasst:m0/m2999\" and .guessed == false" &&
	{ perl -e "print qq({\"message_tree_id\":\"x\",\"prompt\":), qq({\"message_id\":\"m\",\"replies\":[) x 60000,
		\"]}\" x 60000, \"}\n\"" && cat "$data/oasst/before.jsonl"; } >deeper.jsonl &&
	vvault import --json deeper.jsonl | jq -e ".sources[0] | .imported == 4 and
		(.malformed | length == 1 and .[0].offset == 0 and (.[0].reason | test(\"deep\")))"
'

test_case 'a tree that says an id twice or none' '
	new_vault && printf "%s\n" "{\"message_tree_id\":\"t\",\"prompt\":{\"message_id\":\"a\",\"role\":\"prompter\",\"text\":\"x\",
		\"replies\":[{\"message_id\":\"a\",\"text\":\"y\"},{\"text\":\"z\",\"replies\":[{\"message_id\":\"q\"}]},{\"message_id\":\"b\",\"text\":\"ok\"}]}}" |
		tr -d "\n\t" >odd.jsonl && expect_exit 3 vvault import --json odd.jsonl >out &&
	jq -e ".sources[0] | .imported == 3 and .read == 5 and (.skipped | map(.reason)) ==
		[\"a message whose id stands before in its tree\"] and (.malformed | map(.reason)) ==
		[\"a message without an id, with the replies to it\"]" out &&
	at=$(grep -bo "{\"text\":\"z\"" odd.jsonl | cut -d: -f1) && jq -e --argjson at "$at" ".sources[0].malformed[0].offset == \$at" out
'

test_case 'older conversations are left out on demand' '
	new_vault && vvault import --json --since 2024-06-01 "$data/oasst/trees.jsonl" | jq -e ".sources[0] |
		.imported == 2 and (.skipped | map([.reason, .count])) == [[\"older than --since\", 1]]"
'

test_case 'a torn file gives what is whole, or is refused' '
	for f in sharegpt/talks.json openai/chats.jsonl oasst/trees.jsonl; do
		rm -rf v && new_vault && head -c 1200 "$data/$f" >torn.json &&
		case $f in
		oasst*) expect_exit 3 vvault import --json torn.json >out &&
			jq -e ".sources[0].imported == 0" out ;;
		*) expect_exit 3 vvault import --json torn.json >out && jq -e ".sources[0].imported > 0" out ;;
		esac && jq -e ".sources[0].malformed | length > 0" out || { echo "$f"; exit 1; }
	done
'

test_case 'the shared conversations against jq' '
	need_shared && new_vault && f=$shared/sharegpt/dummy_conversation.json && vvault import --json "$f" >out &&
	jq -e --argjson n "$(jq "length + ([.[].conversations | length] | add)" "$f")" ".sources[0] | .read == \$n and
		.imported == \$n and .malformed == [] and .skipped == []" out &&
	vvault ls --json sharegpt message | jq -c "[(.entity | sub(\"message:sharegpt:\"; \"\")), .state.content]" | sort >a &&
	jq -c ".[] | .id as \$i | .conversations | to_entries[] | [\$i + \"/\" + (.key | tostring), .value.value]" "$f" |
		sort >b && cmp a b && vvault ls --json sharegpt session | jq -se "all(.state | has(\"parent\") | not)" &&
	twice sharegpt "$f"
'

test_case 'the shared trees against jq' '
	need_shared && new_vault && f=$shared/oasst/en_100_tree.jsonl && vvault import --json "$f" >out &&
	jq -c ".prompt | recurse(.replies[]) | [.message_id, .parent_id, .text]" "$f" | sort >b &&
	jq -e --argjson n "$(($(wc -l <b) + $(wc -l <"$f")))" ".sources[0] | .read == \$n and .imported == \$n and
		.malformed == [] and .skipped == []" out &&
	vvault ls --json oasst message | jq -c "[(.entity | sub(\".*/\"; \"\")), (if .state.parent then
		(.state.parent | sub(\".*/\"; \"\")) else null end), .state.content]" | sort >a && cmp a b && twice oasst "$f" &&
	vvault import --json "$shared/oasst/en_100_message.jsonl" | jq -e --argjson n "$(wc -l <b)" ".sources[0].known == \$n" &&
	test "$(vvault ls oasst message | wc -l)" -eq "$(wc -l <b)"
'

done_testing
