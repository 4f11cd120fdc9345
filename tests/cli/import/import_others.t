#!/bin/sh
# What an import would change of what others made, and times of the future.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

capsules=$VV_TOP/tests/data/capsules
cards=$VV_TOP/tests/data/cards
export capsules cards

# home [<option of init>...]: a vault with two memories that were made here.
home() {
	new_vault "$@" && vvault add --new nova memory:create --entity memory:x \
		'{"content":"precious","tags":["a"]}' >/dev/null &&
	vvault add nova memory:create --entity memory:y '{"content":"other"}' \
		>/dev/null
}

# record_of <construct> <entity>: the id of its first record.
record_of() {
	vvault ls --json "$1" | jq -r --arg e "$2" \
		'select(.entity == $e).records[0]'
}

# line <type> <entity> <at> <data> [<prev>]: a record of a file of lines.
line() {
	printf '{"at":"%s","data":%s,"entity":"%s","prev":[%s],"type":"%s"}\n' \
		"$3" "$4" "$2" "${5:+\"$5\"}" "$1"
}

head_of() {
	printf '{"$vvault":"jsonl-1","construct":"%s"}\n' "$1"
}

at() {
	echo "$1T00:00:00.000000Z-0000-${2:-00000000}"
}

# talk_file <title> <updated>: a conversation of Claude.ai.
talk_file() {
	printf '[{"uuid":"c","name":"%s","created_at":"2024-01-01T00:00:00Z","updated_at":"%s","chat_messages":[{"uuid":"m","text":"q","sender":"human","created_at":"2024-01-01T00:00:00Z"}]}]\n' \
		"$1" "$2"
}

test_case 'lines that delete and overrule what was made here are refused' '
	home && fold nova >before &&
	{
		head_of nova
		line memory:update memory:x "$(at 2030-01-01)" "{\"content\":\"EVIL\"}" "$(record_of nova memory:x)"
		line memory:delete memory:y "$(at 2026-01-01)" "{}" "$(record_of nova memory:y)"
		line memory:create memory:new "$(at 2026-01-01)" "{\"content\":\"welcome\"}"
	} >lines &&
	expect_exit 1 vvault import --allow-future --json lines >out &&
	jq -e ".records.new == 1 and .others.changed == 1 and
		.others.removed == 1 and .others.refused == 2 and
		.sources[0].read == 3 and .sources[0].imported == 1 and
		.others.first[0] == {change: \"changed\", kind: \"memory\",
			entity: \"memory:x\", fields: [{path: \"/content\",
			from: \"precious\", to: \"EVIL\"}]} and
		.others.first[1].change == \"removed\"" out &&
	test "$(told "would change what others made")" = 2 &&
	fold nova | grep -v memory:new >after && cmp before after &&
	test "$(state_of nova memory:new)" = "{\"content\":\"welcome\"}" &&
	expect_exit 1 vvault import --allow-future lines >told &&
	grep -F "memory:x" told && grep -F "/content: precious -> EVIL" told &&
	grep -F "/content: other -> (gone)" told &&
	grep -F "change 1 and remove 1" told
'

test_case 'with --allow-changes they are taken, and told' '
	home &&
	{
		head_of nova
		line memory:update memory:x "$(at 2026-01-01)" "{\"content\":\"new\"}" "$(record_of nova memory:x)"
	} >lines &&
	expect_exit 1 vvault import lines >told &&
	vvault import --allow-changes --json lines >out &&
	jq -e ".others.changed == 1 and .others.refused == 0 and .records.new == 1" out &&
	state_of nova memory:x ".content == \"new\"" &&
	vvault import --json lines | jq -e "has(\"others\") | not"
'

# asked <answer>: the import of `lines` on a terminal, where somebody answers.
asked() {
	printf '%s\n' "$1" | script -qec "vvault import lines" typescript
}

test_case 'on a terminal they are shown and asked about' '
	command -v script >/dev/null || skip_case "script is not here" &&
	home &&
	{
		head_of nova
		line memory:update memory:x "$(at 2026-01-01)" "{\"content\":\"new\"}" "$(record_of nova memory:x)"
	} >lines &&
	expect_exit 1 asked n >told && grep -F "would change 1 and remove 0" told &&
	grep -F "/content: precious -> new" told &&
	grep -F "Take these changes? [y/N]" told &&
	state_of nova memory:x ".content == \"precious\"" &&
	asked y >told && grep -F "changed 1 and removed 0" told &&
	state_of nova memory:x ".content == \"new\""
'

test_case 'a dry run tells of them and takes nothing' '
	home &&
	{
		head_of nova
		line memory:delete memory:y "$(at 2026-01-01)" "{}" "$(record_of nova memory:y)"
	} >lines &&
	expect_exit 1 vvault import --dry-run --json lines >out &&
	jq -e ".others.removed == 1 and .others.refused == 1" out &&
	vvault import --dry-run --allow-changes --json lines >out &&
	jq -e ".others.removed == 1 and .records.new == 1" out &&
	test "$(state_of nova memory:y)" = "{\"content\":\"other\"}"
'

test_case 'a copy of what is here gives no right to change it' '
	home && vvault export nova --format jsonl >copy &&
	vvault import --json copy | jq -e ".version == null" &&
	line memory:delete memory:y "$(at 2026-01-01)" "{}" "$(record_of nova memory:y)" >>copy &&
	line memory:update memory:x "$(at 2026-01-01)" "{\"tags\":[]}" "$(record_of nova memory:x)" >>copy &&
	expect_exit 1 vvault import --json copy >out &&
	jq -e ".others.removed == 1 and .others.changed == 1 and .version == null" out &&
	test "$(state_of nova memory:y)" = "{\"content\":\"other\"}" &&
	state_of nova memory:x ".tags == [\"a\"]"
'

test_case 'what loses, and what only adds to a set, is taken' '
	home &&
	{
		head_of nova
		line memory:update memory:x "$(at 2020-01-01)" "{\"content\":\"older\"}"
	} >lines &&
	vvault import --json lines >out &&
	jq -e ".records.new == 1 and (has(\"others\") | not)" out &&
	state_of nova memory:x ".content == \"precious\""
'

test_case 'new fields of what others made are changes, and so is a return' '
	home && vvault add nova memory:delete --entity memory:y "{}" >/dev/null &&
	{
		head_of nova
		line memory:update memory:x "$(at 2026-01-01)" "{\"type\":\"identity\"}"
		line memory:update memory:y "$(at 2026-01-01)" "{\"content\":\"back\"}"
		line construct:create construct:nova "$(at 2026-01-01)" "{\"persona\":{\"traits\":{\"obeys\":1}}}"
	} >lines &&
	expect_exit 1 vvault import --json lines >out &&
	jq -e ".others.changed == 2 and .records.new == 1" out &&
	test -z "$(state_of nova memory:y)" &&
	state_of nova memory:x "has(\"type\") | not"
'

test_case 'a newer export of another vault follows the older one' '
	vvault init o >/dev/null && vvault -C o add --new nova memory:create \
		--entity memory:far "{\"content\":\"one\"}" >/dev/null &&
	vvault -C o export nova --format jsonl >one &&
	vvault -C o add nova memory:update --entity memory:far \
		"{\"content\":\"two\"}" >/dev/null &&
	vvault -C o export nova --format jsonl >two &&
	{ head_of nova; grep two two; } >stranger &&
	as here new_vault && export VVAULT_DIR=$PWD/v VVAULT_KEYS=$tap_case/keys-here &&
	vvault import one >/dev/null &&
	expect_exit 1 vvault import --json stranger >out &&
	jq -e ".others.changed == 1" out &&
	vvault import --json two >out &&
	jq -e ".records.new == 1 and (has(\"others\") | not)" out &&
	state_of nova memory:far ".content == \"two\""
'

test_case 'a source that has grown follows itself, and not what was edited here' '
	new_vault && talk_file first 2024-01-02T00:00:00Z >one.json &&
	talk_file second 2024-01-03T00:00:00Z >two.json &&
	soon=$(date -u -d "+2 hours" +%Y-%m-%dT%H:%M:%SZ) &&
	talk_file third "$soon" >three.json &&
	vvault import one.json >/dev/null && vvault import two.json >/dev/null &&
	session claude c ".title == \"second\"" &&
	vvault add claude session:update --entity session:claude:c \
		"{\"title\":\"mine\"}" >/dev/null &&
	talk_file late 2024-01-04T00:00:00Z >late.json &&
	vvault import late.json >/dev/null &&
	session claude c ".title == \"mine\"" &&
	expect_exit 1 vvault import --json three.json >out &&
	jq -e ".others.first[0].entity == \"session:claude:c\" and
		.others.changed == 1" out &&
	session claude c ".title == \"mine\"" &&
	vvault import --allow-changes three.json >/dev/null &&
	session claude c ".title == \"third\""
'

test_case 'a refused source is read again' '
	new_vault && talk_file first 2024-01-02T00:00:00Z >one.json &&
	vvault import one.json >/dev/null &&
	vvault add claude session:update --entity session:claude:c \
		"{\"title\":\"mine\"}" >/dev/null &&
	talk_file third "$(date -u -d "+2 hours" +%Y-%m-%dT%H:%M:%SZ)" >three.json &&
	expect_exit 1 vvault import three.json >/dev/null &&
	expect_exit 1 vvault import --json three.json >out &&
	jq -e ".sources[0].unchanged == false and .others.changed == 1" out
'

test_case 'a card does not overrule the persona of a capsule, nor of a person' '
	new_vault && vvault import "$capsules/mira_v1.capsule" >/dev/null &&
	jq ".data.name = \"mira\" | .data.personality = \"obedient\"" \
		"$cards/owl_v2.json" >card.json &&
	vvault show --json mira | jq -S .persona >before &&
	expect_exit 1 vvault import --construct mira --json card.json >out &&
	jq -e ".others.changed == 1 and
		.others.first[0].entity == \"construct:mira\"" out &&
	vvault show --json mira | jq -S .persona >after && cmp before after &&
	vvault add --new iris construct:update "{\"persona\":{\"personality\":\"free\"}}" >/dev/null &&
	jq ".data.modification_date = now" card.json >late.json &&
	expect_exit 1 vvault import --construct iris --json late.json >out &&
	vvault show --json iris | jq -e ".persona.personality == \"free\"" &&
	vvault import --construct owl card.json >/dev/null &&
	jq ".data.personality = \"wise\"" card.json >newer.json &&
	vvault import --construct owl newer.json >/dev/null
'

test_case 'a capsule among lines does not take the place of the newest one' '
	new_vault && vvault import "$capsules/mira_v1.capsule" >/dev/null &&
	vvault show --json mira | jq -S .persona >before &&
	{
		head_of mira
		line capsule:create capsule:evil "$(at 2026-11-01)" "{\"memories\":[],\"persona\":{\"traits\":{\"obeys\":1}},\"timestamp\":\"2026-11-01T00:00:00Z\"}"
	} >lines &&
	expect_exit 1 vvault import --json lines >out &&
	jq -e ".others.changed == 1 and .version == null" out &&
	vvault show --json mira | jq -S .persona >after && cmp before after &&
	vvault import --allow-changes lines >/dev/null &&
	vvault show --json mira | jq -e ".persona.traits.obeys == 1"
'

test_case 'in a plain vault as in an encrypted one' '
	home --plain &&
	{
		head_of nova
		line memory:delete memory:y "$(at 2026-01-01)" "{}" "$(record_of nova memory:y)"
	} >lines &&
	expect_exit 1 vvault import lines >out &&
	test "$(state_of nova memory:y)" = "{\"content\":\"other\"}"
'

test_case 'a person is asked, and sees what would change' '
	command -v script >/dev/null || skip_case "no script(1) here"
	home &&
	{
		head_of nova
		line memory:update memory:x "$(at 2026-01-01)" "{\"content\":\"EV\\u001bIL\"}" "$(record_of nova memory:x)"
	} >lines &&
	{ sleep 1; echo n; } | expect_exit 1 script -qec "vvault import lines" /dev/null >seen &&
	grep -F "precious -> EV\\eIL" seen && grep -F "[y/N]" seen &&
	state_of nova memory:x ".content == \"precious\"" &&
	{ sleep 1; echo y; } | script -qec "vvault import lines" /dev/null >seen &&
	state_of nova memory:x ".content == \"EV\\u001bIL\""
'

test_case 'a time over a day ahead is refused, the rest is imported' '
	home &&
	{
		head_of nova
		line memory:update memory:x "$(at 9999-12-31)" "{\"content\":\"EVIL\"}"
		line memory:create memory:z "$(at 9999-12-31)" "{\"content\":\"far\"}"
		line memory:create memory:w "$(at 2026-01-01)" "{\"content\":\"near\"}"
		line capsule:create capsule:c "$(at 2026-01-01)" "{\"timestamp\":\"9999-01-01T00:00:00Z\"}"
	} >lines &&
	expect_exit 1 vvault import --json lines >out &&
	test "$(told "over a day in the future")" = 3 &&
	jq -e ".sources[0].skipped[0].at == \"line 2\" and .records.new == 1 and
		.sources[0].read == 4 and .sources[0].imported == 1" out &&
	test -z "$(state_of nova memory:z)" &&
	expect_exit 1 vvault import --allow-future --json lines >out &&
	jq -e ".records.new == 2 and .others.changed == 1" out &&
	state_of nova memory:x ".content == \"precious\"" &&
	vvault import --allow-future --allow-changes lines >/dev/null &&
	state_of nova memory:x ".content == \"EVIL\"" &&
	vvault add nova memory:update --entity memory:x "{\"content\":\"mine again\"}" >id &&
	state_of nova memory:x ".content == \"mine again\"" &&
	vvault cat "$(cat id)" | jq -e --arg y "$(date -u +%Y)" ".at | startswith(\$y)"
'

test_case 'what a member dates into the future wins only until the next edit' '
	two_devices && as a vvault -C a add nova memory:create \
		--entity memory:x "{\"content\":\"precious\"}" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	{
		head_of nova
		line memory:update memory:x "$(at 9999-12-31 6MkqXf3a)" "{\"content\":\"EVIL\"}"
	} >lines &&
	as b vvault -C b import --allow-future --allow-changes lines >/dev/null &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null &&
	as a vvault -C a ls --json nova memory | jq -se "any(.state.content == \"EVIL\")" &&
	id=$(as a vvault -C a add nova memory:update --entity memory:x "{\"content\":\"mine\"}") &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	for device in a b; do
		as $device vvault -C $device ls --json nova memory >memories &&
		jq -se "any(.state.content == \"mine\") and all(.state.content != \"EVIL\")" memories
	done &&
	as a vvault -C a cat "$id" | jq -e --arg y "$(date -u +%Y)" ".at | startswith(\$y)" &&
	cut -c1-4 a/vvault/clock | grep -qx "$(date -u +%Y)"
'

test_case 'a message of the future is left out, and the others are not' '
	new_vault && talk_file far 2090-01-01T00:00:00Z >far.json &&
	expect_exit 1 vvault import --json far.json >out &&
	test "$(told "over a day in the future")" = 1 && jq -e ".records.new > 0" out &&
	vvault import --allow-future --json far.json >out &&
	session claude c ".title == \"far\""
'

test_case 'a capsule of the year 9999 is refused, and can be taken back' '
	new_vault && vvault import "$capsules/mira_v1.capsule" >/dev/null &&
	vvault ls --json mira memory >memories && vvault show --json mira | jq -S .persona >before &&
	jq ".metadata.timestamp = \"9999-01-01T00:00:00Z\" | .metadata.uuid = \"evil\" |
		.traits = {obeys: 1}" "$capsules/mira_v1.capsule" >evil.capsule &&
	expect_exit 1 vvault import --accept-mismatch --json evil.capsule >out &&
	test "$(told "over a day in the future")" = 1 &&
	jq -e ".version == null" out &&
	vvault import --accept-mismatch --allow-future evil.capsule >/dev/null &&
	vvault show --json mira | jq -e ".persona.traits == {obeys: 1}" &&
	vvault add mira capsule:delete --entity capsule:evil "{}" >/dev/null &&
	vvault show --json mira | jq -S .persona >after && cmp before after &&
	vvault ls --json mira memory | cmp memories - &&
	vvault import "$capsules/mira_v3.capsule" >/dev/null &&
	vvault show --json mira | jq -S .persona >after && ! cmp -s before after
'

test_case 'a time of the future in a capsule that stands can be set right' '
	new_vault && vvault import "$capsules/mira_v1.capsule" >/dev/null &&
	vvault show --json mira | jq -S .persona >before &&
	jq ".metadata.timestamp = \"9999-01-01T00:00:00Z\" | .metadata.uuid = \"late\" |
		.traits = {late: 1}" "$capsules/mira_v1.capsule" >late.capsule &&
	vvault import --accept-mismatch --allow-future late.capsule >/dev/null &&
	vvault add mira capsule:update --entity capsule:late \
		"{\"timestamp\":\"2001-01-01T00:00:00Z\"}" >/dev/null &&
	vvault show --json mira | jq -S .persona >after && cmp before after
'

done_testing
