#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

# sync: a and b have what the other one has.
sync() {
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null
}

# alike: both hold the same knowledge, show the same, and know it to be whole.
alike() {
	for d in a b; do
		as $d vvault -C $d verify --full --json | jq -cS .sets >$d.sets &&
		as $d vvault -C $d construct list --json | jq -cS "del(.versions, .heads)" |
			sort >$d.list || return 1
		for c in $(jq -r .construct $d.list); do
			as $d vvault -C $d ls --json $c | jq -cS "del(.records)" || return 1
		done | sort >$d.ls
	done && cmp a.sets b.sets && cmp a.list b.list && cmp a.ls b.ls
}

# contents <device> <construct>: what its memories say.
contents() {
	as $1 vvault -C $1 ls --json $2 memory | jq -r .state.content | sort | paste -sd, -
}

# said_in <construct>: the same where there is one device.
said_in() {
	vvault ls --json $1 memory | jq -r .state.content | sort | paste -sd, -
}

talk_lines() {
	for n in 1 2 3; do
		printf '{"at":"2026-01-01T00:00:0%s.000000Z-0000-00000000","data":{"content":"%s","index":%s,"parent":null,"role":"user"},"entity":"message:x:%s/m%s","prev":[],"type":"message:create"}\n' \
			$n "$2 $n" $n $1 $n
	done
	printf '{"at":"2026-01-01T00:00:09.000000Z-0000-00000000","data":{"title":"%s"},"entity":"session:x:%s","prev":[],"type":"session:create"}\n' "$2" $1
}

test_case 'a new name is a name and no other construct' '
	new_vault && vvault add --new nova memory:create "{\"content\":\"x\"}" >/dev/null &&
	vvault construct rename nova stella >out && echo "nova is called stella" >want && cmp want out &&
	vvault construct rename stella stella >out && echo "'\''stella'\'' is what it is called" >want && cmp want out &&
	vvault construct list | grep -q "^@1   stella  " &&
	says ".construct == \"nova\" and .called == \"stella\"" vvault construct list --json &&
	says ".construct == \"nova\" and .called == \"stella\"" vvault show --json stella &&
	vvault show nova | head -n 1 | grep -qx stella &&
	says ".construct == \"nova\"" vvault add --json stella memory:create "{\"content\":\"y\"}" &&
	vvault add stella construct:update "{\"persona\":{\"mood\":\"calm\"}}" >/dev/null &&
	says ".persona.mood == \"calm\"" vvault show --json stella~0 &&
	test "$(vvault ls stella memory | wc -l)" -eq 2 && vvault recall stella x | grep -q stella &&
	vvault export stella --format jsonl | head -n 1 | jq -e ".construct == \"nova\"" &&
	vvault construct rename stella nova >/dev/null && says "has(\"called\") | not" vvault construct list --json &&
	expect_exit 128 vvault show stella 2>err
'

test_case 'names that are taken, reserved or none' '
	new_vault && for c in nova luna; do
		vvault add --new $c memory:create "{\"content\":\"x\"}" >/dev/null || exit 1
	done && vvault construct rename luna moon >/dev/null &&
	for n in luna moon vault "No Va" "" a..b; do
		expect_exit 128 vvault construct rename nova "$n" 2>err || exit 1
	done &&
	for n in "Captain Wren" "captain wren " "\"Captain Wren\""; do
		expect_exit 128 vvault construct rename nova "$n" 2>err && grep -q ": .captain-wren. would do$" err || exit 1
	done && expect_exit 128 vvault construct rename nova Wren 2>err &&
	grep -qx "vvault: the name of a construct begins with a-z or 0-9: .wren. would do" err &&
	expect_exit 128 vvault construct split nova --source @1 --into "No Va" 2>err && grep -q ": .no-va. would do$" err &&
	expect_exit 128 vvault construct rename nova moon 2>err && grep -q "the name .moon. is taken" err &&
	expect_exit 128 vvault construct rename nobody n 2>err &&
	expect_exit 128 vvault construct rename vault n 2>err &&
	expect_exit 128 vvault construct rename nova~1 n 2>err &&
	expect_exit 129 vvault construct rename nova 2>err &&
	expect_exit 128 vvault construct merge nova nova 2>err && grep -q itself err &&
	expect_exit 128 vvault construct merge nova vault 2>err &&
	expect_exit 128 vvault construct split nova --source nothing --into x 2>err &&
	expect_exit 128 vvault construct split nova --source @1 --into vault 2>err &&
	expect_exit 129 vvault construct split nova --into x 2>err
'

test_case 'one device renames while another writes to the old name' '
	two_devices && as a vvault -C a construct rename nova stella >/dev/null &&
	as b vvault -C b add nova memory:create "{\"content\":\"of b\"}" >/dev/null && sync && alike &&
	test "$(contents a stella)" = "of b,the first" &&
	test "$(contents b stella)" = "of b,the first" && test "$(contents b nova)" = "of b,the first"
'

test_case 'two new names for one, and one for two' '
	two_devices && as a vvault -C a add --new luna memory:create "{\"content\":\"x\"}" >/dev/null && sync &&
	as a vvault -C a construct rename nova stella >/dev/null &&
	as b vvault -C b construct rename nova vega >/dev/null && sync && alike &&
	as a vvault -C a construct list --json | jq -r "select(.construct == \"nova\").called" >got &&
	grep -Eqx "stella|vega" got && says ".conflicts == 1" as a vvault -C a show --json nova &&
	as b vvault -C b construct rename nova sol >/dev/null &&
	as a vvault -C a construct rename luna sol >/dev/null && sync && alike &&
	as b vvault -C b construct list --json | jq -r "\"\\(.construct) \\(.called)\"" | sort >got &&
	printf "luna sol\nnova sol-2\n" >want && cmp want got &&
	test "$(contents a sol)" = x && test "$(contents a sol-2)" = "the first"
'

test_case 'an id that comes later keeps its meaning' '
	two_devices && as a vvault -C a construct rename nova stella >/dev/null &&
	as b vvault -C b add --new stella memory:create "{\"content\":\"another\"}" >/dev/null && sync && alike &&
	test "$(contents a stella)" = another && test "$(contents b stella-2)" = "the first"
'

test_case 'all of one comes into another, and what came later as well' '
	two_devices && as a vvault -C a add --new old memory:create "{\"content\":\"one\"}" >/dev/null &&
	head -c 700000 /dev/urandom | base64 -w0 >big && jq -Rc "{content: .}" big |
		as a vvault -C a add old memory:create - >/dev/null && sync &&
	as b vvault -C b add old memory:create "{\"content\":\"two\"}" >/dev/null &&
	as a vvault -C a construct merge old nova >out && echo "2 records of old came to nova, 0 stood there" >want && cmp want out &&
	as a vvault -C a construct merge old nova >out && echo "0 records of old came to nova, 3 stood there" >want && cmp want out &&
	as a vvault -C a ls --json nova memory | jq -r "(.state.content | objects).\"\$blob\"" >cid &&
	as a vvault -C a cat "$(cat cid)" | cmp - big &&
	as a vvault -C a construct list >out && test "$(wc -l <out)" -eq 1 &&
	as a vvault -C a construct list --all | grep -q "old .*merged into nova$" && sync && alike &&
	as b vvault -C b construct list | grep "old .*merged into nova (1 new since then" &&
	as b vvault -C b status | grep "merged     old got 1 record since" &&
	says ".since_merge == {old: 1}" as b vvault -C b status --json &&
	as b vvault -C b construct merge old nova >out && grep "^1 record of old came" out && sync && alike &&
	test "$(as a vvault -C a ls nova memory | wc -l)" -eq 4 &&
	says "has(\"since_merge\") | not" as a vvault -C a status --json &&
	test "$(as a vvault -C a recall two | grep -c "^@")" -eq 1 &&
	expect_exit 128 as a vvault -C a construct merge nova old 2>err && grep -q "was merged into .nova. itself" err
'

test_case 'records keep their ids, and of one entity in both the fold decides' '
	new_vault && vvault add --new old memory:create --entity memory:m "{\"content\":\"was\",\"x\":1}" >id &&
	vvault export old --format jsonl >lines && vvault import --construct new lines >/dev/null &&
	vvault add new memory:update --entity memory:m "{\"content\":\"is\"}" >/dev/null &&
	vvault add old memory:update --entity memory:m "{\"y\":2}" >/dev/null &&
	vvault construct merge old new >/dev/null &&
	state_of new memory:m ". == {content: \"is\", x: 1, y: 2}" &&
	vvault ls --json new memory | jq -e --rawfile id id ".records | index(\$id | rtrimstr(\"\\n\"))"
'

test_case 'a merge that was killed is done by the next' '
	new_vault && seq 5000 | jq -c "{content: \"memory \\(.)\"}" | vvault add --new old memory:create - >/dev/null &&
	vvault add --new new memory:create "{\"content\":\"mine\"}" >/dev/null &&
	for after in 0.01 0.03 0.06; do
		{ timeout -s KILL $after vvault construct merge old new >/dev/null || :; } 2>/dev/null
		vvault verify >/dev/null || exit 1
	done; vvault construct merge old new >/dev/null &&
	says ".counts.memory == 5001" vvault show --json new && vvault verify --full >/dev/null &&
	says ".records == {known: 5001, new: 0}" vvault construct merge old new --json
'

test_case 'a conversation moves while another device writes to it' '
	two_devices && talk_lines one rain >one.jsonl && talk_lines two sun >two.jsonl &&
	as a vvault -C a import --construct nova one.jsonl two.jsonl >/dev/null && sync &&
	as a vvault -C a add nova message:update --entity message:x:two/m1 "{\"content\":\"sun of a\"}" >/dev/null &&
	as a vvault -C a construct split nova --session session:x:two --into weather >out &&
	echo "5 records of 4 entities are in weather and no more in nova" >want && cmp want out &&
	as b vvault -C b add nova message:update --entity message:x:two/m2 "{\"content\":\"sun of b\"}" >/dev/null &&
	sync && alike &&
	as a vvault -C a ls --json weather message | jq -r .state.content | sort >got &&
	printf "sun 2\nsun 3\nsun of a\n" >want && cmp want got &&
	as b vvault -C b ls --json nova message | jq -r .state.content | sort >got &&
	printf "rain 1\nrain 2\nrain 3\nsun of b\n" >want && cmp want got
'

test_case 'what was split off and is merged back stands again' '
	two_devices && talk_lines one rain >one.jsonl && as a vvault -C a import --construct nova one.jsonl >/dev/null &&
	as a vvault -C a add nova memory:create --entity memory:gone "{\"content\":\"gone\"}" >/dev/null &&
	as a vvault -C a ls --json nova | jq -c "{entity, state}" | sort >want &&
	as a vvault -C a construct split nova --session session:x:one --into rainy >/dev/null &&
	as a vvault -C a construct split nova --session memory:gone --into rainy >/dev/null &&
	as a vvault -C a add rainy memory:delete --entity memory:gone "{}" >/dev/null && sync &&
	test "$(as b vvault -C b ls nova | wc -l)" -eq 2 &&
	as b vvault -C b construct merge rainy nova >/dev/null && sync && alike &&
	as a vvault -C a ls --json nova | jq -c "select(.kind != \"construct\") | {entity, state}" | sort >got &&
	grep -v memory:gone want | diff - got && says ".conflicts == 0" as a vvault -C a show --json nova
'

test_case 'what a file brought is taken out again' '
	new_vault && talk_lines one rain >one.jsonl && talk_lines two sun >two.jsonl && talk_lines three fog >three.jsonl &&
	vvault import --construct nova one.jsonl two.jsonl three.jsonl >/dev/null &&
	vvault construct split nova --source one.jsonl --source "thr*.jsonl" --into other >/dev/null &&
	vvault ls --json nova session | jq -r .state.title >got && echo sun >want && cmp want got &&
	vvault ls --json other session | jq -r .state.title | sort >got && printf "fog\nrain\n" >want && cmp want got &&
	expect_exit 128 vvault construct split nova --source one.jsonl --into other 2>err && grep "nothing of it is in" err
'

# card <creator> <greeting>
card() {
	jq -nc --arg c "$1" --arg g "$2" '{spec: "chara_card_v2", spec_version: "2.0",
		data: {name: "Nova", creator: $c, first_mes: $g, tags: [$c]}}'
}

test_case 'two characters that became one are two again' '
	new_vault && card kara hello >kara.json && card lee bye >lee.json && card lee "good bye" >later.json &&
	vvault import --construct nova kara.json >/dev/null &&
	vvault show --json nova | jq -cS .persona >want &&
	vvault import --construct nova lee.json >/dev/null &&
	sha=$(sha256sum <lee.json | cut -c1-10) && vvault construct split nova --source $sha --into butler >/dev/null &&
	vvault show --json nova | jq -cS .persona | cmp - want &&
	says ".persona.creator == \"lee\" and .persona.first_mes == \"bye\" and .persona.tags == [\"lee\"]" vvault show --json butler &&
	vvault export butler --format card | cmp - lee.json &&
	says ".construct == \"butler\" and .version == null" vvault import --json lee.json &&
	says ".construct == \"butler\"" vvault import --json later.json &&
	says ".construct == \"nova\" and .version == null" vvault import --json kara.json &&
	says ".persona.first_mes == \"good bye\"" vvault show --json butler
'

test_case 'what a source that stays brought as well is in both' '
	new_vault && jq -nc "{spec: \"chara_card_v2\", spec_version: \"2.0\", data: {name: \"Nova\", creator: \"kara\",
		character_book: {entries: [{id: 1, keys: [\"lab\"], content: \"The lab has three rooms.\"}]}}}" >kara.json &&
	jq -c ".data.creator = \"lee\" | .data.character_book.entries += [{id: 2, keys: [\"door\"], content: \"It is red.\"}]" kara.json >lee.json &&
	vvault import --construct nova kara.json >/dev/null &&
	vvault import --construct nova lee.json | grep "nova  .* 2 known$" &&
	vvault construct split nova --source lee.json --into labo >out && {
		echo "5 records of 4 entities are in labo and no more in nova"
		echo "but 1, which other sources brought as well: it is in both"
	} >want && cmp want out && test "$(said_in nova)" = "The lab has three rooms." &&
	test "$(said_in labo)" = "It is red.,The lab has three rooms." &&
	says ".persona.creator == \"kara\"" vvault show --json nova && says ".persona.creator == \"lee\"" vvault show --json labo
'

test_case 'a card with a version and no time is undated' '
	new_vault && card kara hello | jq -c ".data.character_version = \"1.1\"" >old.json &&
	jq -c ".data.character_version = \"1.2\" | .data.creator = \"lee\"" old.json >new.json &&
	vvault import --construct nova old.json >/dev/null && vvault import --construct nova new.json >/dev/null &&
	vvault ls nova construct >out && grep -q "^@1   undated  *construct  Nova" out &&
	says -s "all(.at == null)" vvault ls --json nova && vvault blame nova >out && expect_exit 1 grep -q 0001-01-01 out &&
	vvault recall hello >out && expect_exit 1 grep -q 0001-01-01 out
'

test_case 'each of them is undone' '
	new_vault && vvault add --new nova memory:create --entity memory:m "{\"content\":\"one\"}" >/dev/null &&
	vvault add --new old memory:create --entity memory:o "{\"content\":\"two\"}" >/dev/null &&
	vvault ls --json nova | jq -c "{entity, state}" >want &&
	vvault construct rename nova stella >/dev/null && vvault undo >/dev/null &&
	says -s "map(has(\"called\")) == [false, false]" vvault construct list --json &&
	vvault construct split nova --session memory:m --into other >out &&
	echo "1 record of 1 entity is in other and no more in nova" | cmp - out && vvault undo >/dev/null &&
	vvault ls --json nova | jq -c "{entity, state}" | cmp - want && test -z "$(vvault ls other)" &&
	vvault construct merge old nova >/dev/null && vvault undo >/dev/null &&
	vvault ls --json nova | jq -c "{entity, state}" | cmp - want &&
	says -s "map(has(\"merged_into\")) == [false, false, false]" vvault construct list --json &&
	vvault construct merge old nova >/dev/null && test "$(vvault ls nova memory | wc -l)" -eq 2
'

test_case 'who may not write may look' '
	two_devices && as a vvault -C a add --new old memory:create "{\"content\":\"x\"}" >/dev/null &&
	as a vvault -C a member role --yes "$(as b did)" reader >/dev/null && sync 2>/dev/null
	as b vvault -C b pull >/dev/null 2>&1
	as b vvault -C b construct show nova | grep "^holds    1 memory$" &&
	expect_exit 128 as b vvault -C b construct rename nova x 2>err && grep -q "no writer" err &&
	expect_exit 128 as b vvault -C b construct merge old nova 2>err && grep -q "no writer" err &&
	expect_exit 128 as b vvault -C b construct split nova --session "$(as b vvault -C b ls --json nova memory | jq -r .entity)" --into x 2>err &&
	grep -q "no writer" err &&
	expect_exit 128 as stranger vvault -C a construct show nova 2>err
'

test_case 'show says who it is, where it came from and who wrote it' '
	new_vault --name laptop && card kara "hello there" >kara.json && vvault import kara.json >/dev/null &&
	vvault construct show nova | sed -E "s/\(z6Mk[^)]*\)/(DID)/; s/[0-9]{4}-[0-9]{2}-[0-9]{2}/DAY/g; s/source:[0-9a-f]+/SRC/; s/^(on disk  )[0-9].*/\1SIZE/" >out &&
	size=$(wc -c <kara.json) && {
		echo "nova  Nova"
		echo "hello there"
		echo "holds    1 source"
		echo "on disk  SIZE"
		echo "from     card, $size bytes (SRC)"
		echo "written  by laptop (DID), 1 version, DAY to DAY"
	} >want && cmp want out &&
	vvault construct show nova --json >out &&
	keys_are "bytes conflicts construct counts created devices heads persona records root sources versions written" <out &&
	says "select(.group == \"nova\") | .bytes == $(jq .bytes out)" vvault stats --by construct --json && jq -e ".records == 3 and .versions == 1 and .devices[0].name == \"laptop\" and
		.sources[0].format == \"card\" and .sources[0].kept" out
'

done_testing
