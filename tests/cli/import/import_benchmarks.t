#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

data=$VV_TOP/tests/data
shared=${VV_SHARED:-/nonexistent}/data
export data shared

test_case 'a Grok export with a tree and a row' '
	new_vault && f=$data/grok/export.json && expect_exit 3 vvault import --json "$f" >out &&
	jq -e ".construct == \"grok\" and (.sources[0] | .format == \"grok\" and .read == 9 and .imported == 7 and
		.guessed == 1 and .unknown_times == 1 and (.malformed | map(.reason)) == [\"a conversation without responses\"] and
		(.skipped | map(.reason)) == [\"a response that is no object\"])" out &&
	talk grok c1 >m && jq -e "map([.role, .content, .parent]) == [[\"user\", \"Light?\", null],
		[\"assistant\", \"Lit.\", \"message:grok:c1/r1\"], [\"assistant\", \"Lit again.\", \"message:grok:c1/r1\"]] and
		map(.created) == [\"2024-05-04T09:00:01.500000Z\", \"2024-05-04T09:00:02.000000Z\", \"2024-05-04T09:00:03.000000Z\"] and
		.[1].model == \"tall\" and .[0].native.sender == \"human\"" m &&
	session grok c1 ".title == \"A lamp\" and .guessed == true and .active == \"message:grok:c1/r3\" and
		.updated == \"2024-05-04T10:00:00.000000Z\" and .native.starred == true" &&
	vvault ls --json grok session | jq -se "map(select(.state.title == \"Plain\")) | .[0].state.guessed == false" &&
	twice grok "$f" && vvault import --dry-run --json --since 2024-01-01 --construct other "$f" |
	jq -e ".sources[0] | .imported == 4"
'

test_case 'a BEAM chat is one session without marks' '
	new_vault && f=$data/beam/chat.json && expect_exit 3 vvault import --json "$f" >out &&
	jq -e ".construct == \"beam\" and (.sources[0] | .format == \"beam\" and .read == 7 and .imported == 5 and
		(.malformed | map(.reason)) == [\"a batch without turns\"] and (.skipped | map(.reason)) == [\"a message without text\"])" out &&
	vvault ls --json beam message | jq -s "map(.state + {entity}) | sort_by(.index)" >m &&
	jq -e "map(.content) == [\"How do I trim a wick?\", \"At a slant ->-> 1,2 of course.\", \"x ->-> y\", \"And then?\"] and
		map(.entity | sub(\".*/\"; \"\")) == [\"0\", \"1\", \"2\", \"4\"] and .[0].native.mark == \"->-> 1,1\" and
		.[3].native.mark == \"->-> 2,10\" and .[3].native.batch_number == 2 and
		.[0].created == \"2024-03-15T00:00:00.000000Z\" and .[0].created_precision == \"day\"" m && twice beam "$f"
'

test_case 'each day of MemoryBank is a session' '
	new_vault && f=$data/memorybank/bank.json && expect_exit 3 vvault import --json "$f" >out &&
	jq -e ".construct == \"memorybank\" and (.sources[0] | .format == \"memorybank\" and .read == 10 and .imported == 8 and
		(.malformed | map(.reason)) == [\"a person without a history\"] and (.skipped | map(.reason)) == [\"a turn that is no object\"])" out &&
	talk memorybank "Ines%20Gray%2f2024-05-04" "map([.role, .content, .name]) == [[\"user\", \"Light?\", \"Ines Gray\"],
		[\"assistant\", \"Lit.\", null], [\"user\", \"Thanks\", \"Ines Gray\"]]" &&
	vvault ls --json memorybank memory | jq -e ".state | .type == \"identity\" and .content == \"Ines Gray\" and
		.native.meta_information.hobbies == \"lamps\" and .native.summary[\"2024-05-04\"] == \"spoke of lamps\"" &&
	twice memorybank "$f"
'

test_case 'sessions of a LoCoMo sample' '
	new_vault && f=$data/locomo/samples.json && vvault import --json "$f" >out &&
	jq -e ".construct == \"locomo\" and (.sources[0] | .format == \"locomo\" and .read == 11 and .imported == 5 and
		(.skipped | map([.reason, .count])) == [[\"a member of a conversation that is no session\", 2],
			[\"questions and summaries of a benchmark\", 4]])" out &&
	talk locomo "conv-1%2fsession_1" "map([.role, .name, .content, .created]) == [
		[\"user\", \"Ines\", \"Hello\", \"2023-05-08T13:56:00.000000Z\"],
		[\"assistant\", \"Wren\", \"Look\", \"2023-05-08T13:56:00.000000Z\"]] and .[1].native.blip_caption == \"a lamp\" and
		.[0].entity == \"message:locomo:conv-1%2fsession_1/D1:1\"" &&
	session locomo "conv-1%2fsession_3" "has(\"created\") | not" && twice locomo "$f"
'

test_case 'the shared benchmarks against jq' '
	need_shared && for f in "$shared"/beam/*/*/chat.json; do
		rm -rf v && new_vault && vvault import --json "$f" >out &&
		jq -c "[.[].turns[][] | [.id, .role, (.content | sub(\" *->-> [0-9,]+\$\"; \"\"))]] | sort" "$f" >b &&
		jq -e --argjson n "$(jq "length + 1" b)" ".sources[0] | .imported == \$n and .malformed == [] and .skipped == []" out &&
		vvault ls --json beam message | jq -sc "map([(.entity | sub(\".*/\"; \"\") | tonumber), .state.role, .state.content]) | sort" >a &&
		cmp a b || exit 1
	done && for f in "$shared"/memorybank/memory_bank_*.json; do
		rm -rf v && new_vault && vvault import --json "$f" >out &&
		jq -e --argjson n "$(jq "length + ([.[].history[] | 1 + ([.[] | (.query, .response) | values] | length)] | add)" "$f")" \
			".sources[0] | .imported == \$n and .read == \$n" out &&
		vvault ls --json memorybank message | jq -c "[.state.role, .state.content]" | sort >a &&
		jq -c ".[].history[][] | [\"user\", .query], [\"assistant\", .response] | select(.[1] != null)" "$f" | sort >b &&
		cmp a b || exit 1
	done
'

test_case 'the shared Grok export, and what is no conversation' '
	need_shared && new_vault && f=$shared/polylogue-fixtures/origin-capability/grok-export.json &&
	vvault import --json "$f" >out &&
	jq -e --argjson n "$(jq "[.conversations[] | 1 + (.responses | length)] | add" "$f")" \
		".construct == \"grok\" and (.sources[0] | .imported == \$n and .unknown_times == 0)" out &&
	vvault ls --json grok message | jq -r .state.content | sort >a &&
	jq -r ".conversations[].responses[].message" "$f" | sort >b && cmp a b &&
	for f in "$shared"/beam/*/*/probing_questions.json "$shared"/memorybank/probing_questions_*.jsonl \
		"$shared"/polylogue-fixtures/hermes/atif/*.json "$shared"/polylogue-fixtures/hermes/atof/*.jsonl \
		"$shared"/polylogue-fixtures/hermes/archival_export/v1/*.json \
		"$shared"/polylogue-fixtures/origin-capability/beads-issue.jsonl \
		"$shared"/polylogue-fixtures/origin-capability/antigravity-session.json \
		"$shared"/polylogue-fixtures/origin-capability/claude-design-session.json \
		"$shared"/polylogue-fixtures/origin-capability/hermes-session.jsonl; do
		expect_exit 3 vvault import --json "$f" >out && jq -e ".sources[0].skipped[0].reason |
			test(\"not known here\")" out || { echo "$f"; exit 1; }
	done
'

done_testing
