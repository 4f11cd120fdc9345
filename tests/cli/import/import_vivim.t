#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

packets=$VV_TOP/tests/data/vivim
shared=${VV_SHARED:+$VV_SHARED/data/vivim}
export packets shared

test_case 'operations become records, others are told' '
	new_vault && expect_exit 3 vvault import --json "$packets/push.json" >out && cat out &&
	jq -e ".construct == \"vivim\" and (.sources[0] | .format == \"vivim\" and .read == 12 and
		.imported == 8 and (.malformed | length) == 2 and .unknown_times == 1 and
		(.notes | any(test(\"beside .operations. are not kept: 2\"))))" out &&
	jq -c "[.sources[0].skipped[].reason]" out >why && grep "does not have" why &&
	grep "unknown conversation" why && grep "cannot be read" why &&
	vvault show --json vivim | jq -e ".counts | .session == 1 and .message == 1 and .acu == 1" &&
	vvault ls --json vivim memory | jq -e -s "map(select(.state)) == []"
'

test_case 'stamps of all forms order by real time' '
	new_vault && expect_exit 3 vvault import "$packets/push.json" >/dev/null &&
	state_of vivim session:vivim:c1 >got && cat got && jq -e ".title == \"Client last\" and
		.created == \"2026-02-26T10:00:00.000000Z\" and .tags == [\"a\"] and
		.native.payload.provider == \"openai\" and .native.operation.vectorClock == {\"d-1\": 1, srv: 4}" got &&
	vvault export vivim --format jsonl | grep "^{\"at\"" | jq -r "select(.type | test(\"session|message\")) |
		[.at, .type, .data.native.operation.hlcTimestamp] | join(\" \")" | sort >got && cat got &&
	cat >want <<-\END &&
	2026-02-26T10:30:00.000000Z-0000-00000000 session:create 1772101800000:00000:d-1
	2026-02-26T10:30:00.001000Z-0000-00000000 message:create 1772101800001:0:d-1
	2026-02-26T10:30:00.500000Z-0001-00000000 session:update 2026-02-26T10:30:00.500Z-0001-srv-1
	2026-02-26T10:30:00.500000Z-0002-00000000 session:update 1772101800500:2:did:key:z6Mk
	2026-02-26T10:30:00.600001Z-869f-00000000 message:update 1772101800600:99999:d-1
	END
	cmp want got
'

test_case 'payloads become fields' '
	new_vault && expect_exit 3 vvault import "$packets/push.json" >/dev/null &&
	state_of vivim message:vivim:c1/m1 >got && cat got && jq -e ".content == \"seen\" and .role == \"user\" and
		.index == 0 and .session == \"session:vivim:c1\"" got &&
	state_of vivim acu:vivim:a1 ".content == \"x = 1\" and .type == \"code_snippet\" and
		.quality == 71.5 and .source.message == \"message:vivim:c1/m1\""
'

test_case 'twice adds nothing, a page more only what is new' '
	new_vault && jq ".operations |= .[:3]" "$packets/push.json" >page.json &&
	vvault import --json page.json >out && jq -e ".sources[0].imported == 3" out &&
	vvault import --json page.json >out && jq -e ".version == null" out &&
	expect_exit 3 vvault import --json "$packets/push.json" >out && cat out &&
	jq -e ".sources[0] | .known == 3 and .imported == 8" out &&
	jq "{syncId: null, operations: .operations, hasMore: true}" "$packets/push.json" >pull.json &&
	expect_exit 3 vvault import --json pull.json >out && jq -e ".sources[0] | .known == .imported" out &&
	jq ".operations[:3]" "$packets/push.json" >list.json &&
	vvault import --json list.json >out && jq -e ".sources[0] | .known == 3" out
'

test_case 'an empty answer is no error, other objects are not taken' '
	new_vault && echo "{\"syncId\":null,\"operations\":[],\"hasMore\":false}" >none.json &&
	vvault import --json none.json >out && jq -e ".sources[0] | .format == \"vivim\" and .read == 0" out &&
	echo "{\"operations\":[{\"id\":1}]}" >other.json && expect_exit 3 vvault import other.json &&
	head -c 700 "$packets/push.json" >torn.json && expect_exit 3 vvault import --json torn.json >out && cat out &&
	jq -e ".sources[0] | .imported == 2 and (.malformed | length) == 1" out
'

test_case 'shared: the packets, by the counts of jq' '
	need_shared
	new_vault
	for file in sync_pull_response sync_push; do
		vvault import --json "$shared/$file.json" >out
		jq ".operations | length" "$shared/$file.json" >want
		jq .sources[0].imported out | cmp - want
	done
	state_of vivim session:vivim:conv-1 ".title == \"Hello\""
	expect_exit 3 vvault import "$shared/sync_push_response.json"
	expect_exit 3 vvault import "$shared/cid_vectors.json"
	expect_exit 3 vvault import "$shared/acu_vectors.json"
'

test_case 'an operation alone is read, and one that says a thing twice is told' '
	new_vault && jq -c ".operations[0]" "$packets/push.json" >one.json &&
	sed "s/^{/{\"id\":\"before\",/" one.json >twice.json &&
	vvault import --json one.json >out && cat out && jq -e ".sources[0].imported == 1" out &&
	vvault import --json twice.json >out && cat out &&
	jq -e ".sources[0] | .known == 1 and (.skipped | any(.reason | test(\"stands twice\")))" out
'

done_testing
