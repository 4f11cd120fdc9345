#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# sync: a and b have what the other one has.
sync() {
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null
}

# calls <construct> <name>: another device's program may say it unasked.
calls() {
	as b vvault -C b add --as-is $1 construct:update --entity construct:$1 "{\"called\":\"$2\"}" >/dev/null
}

# refused <said> <command>...
refused() {
	said=$1
	shift
	expect_exit 128 "$@" 2>err && grep "$said" err
}

test_case 'nobody gets what is meant for another by calling himself so' '
	two_devices && as b vvault -C b add --new aaa memory:create "{\"content\":\"x\"}" >/dev/null &&
	as a vvault -C a construct rename nova stella >/dev/null && calls aaa stella &&
	as b vvault -C b push >/dev/null 2>&1; as a vvault -C a pull 2>err >/dev/null &&
	grep "2 constructs are called as another one: .vvault status. names them" err && sync && sync &&
	both="2 constructs are called .stella.: .* by its id: .aaa., .nova.$" &&
	for d in a b; do
		refused "$both" as $d vvault -C $d remember stella "my secret" &&
		refused "$both" as $d vvault -C $d add stella memory:create "{\"content\":\"my secret\"}" &&
		refused "$both" as $d vvault -C $d add stella-2 memory:create "{\"content\":\"my secret\"}" &&
		refused "$both" as $d vvault -C $d construct merge stella nova &&
		refused "$both" as $d vvault -C $d construct rename stella luna || exit 1
	done &&
	as a vvault -C a status | grep "^names      2 constructs are called as another one: stella (aaa), stella-2 (nova);" &&
	says ".same_name == {stella: \"aaa\", \"stella-2\": \"nova\"}" as b vvault -C b status --json &&
	as a vvault -C a remember nova "by its id" >/dev/null && as a vvault -C a show stella >/dev/null &&
	as a vvault -C a construct rename aaa luna >/dev/null && as a vvault -C a remember stella "my secret" >/dev/null &&
	as a vvault -C a ls nova memory | grep "my secret" &&
	says "has(\"same_name\") | not" as a vvault -C a status --json
'

test_case 'nor does he get a card of that name' '
	two_devices && as b vvault -C b add --new aaa memory:create "{\"content\":\"x\"}" >/dev/null &&
	as a vvault -C a construct rename nova stella >/dev/null && calls aaa stella && sync && sync &&
	jq -nc "{spec: \"chara_card_v2\", spec_version: \"2.0\", data: {name: \"Stella\", first_mes: \"hello\"}}" >card.json &&
	refused "2 constructs are called .stella.: .* by its id: .aaa., .nova.$" as a vvault -C a import card.json &&
	as a vvault -C a import --construct nova card.json >/dev/null && says ".persona.first_mes == \"hello\"" as a vvault -C a show --json nova
'

test_case 'nor by the number that another one is shown with' '
	two_devices && as a vvault -C a construct rename nova stella >/dev/null &&
	for c in stella aaa; do
		as b vvault -C b add --new $c memory:create "{\"content\":\"x\"}" >/dev/null || exit 1
	done && calls aaa stella-2 && sync && sync &&
	refused "more than one construct was to be called .stella-2.: if that is .aaa., name it by this, its id" \
		as a vvault -C a remember stella-2 "my secret"
'

test_case 'nobody is called as what is reserved' '
	two_devices && calls nova vault && says "has(\"called\") | not" as b vvault -C b construct list --json &&
	as b vvault -C b show vault >out && expect_exit 1 grep "the first" out
'

test_case 'nor by an id that comes later' '
	two_devices && as a vvault -C a construct rename nova stella >/dev/null &&
	as b vvault -C b add --new stella memory:create "{\"content\":\"another\"}" >/dev/null && sync &&
	refused ".nova. is called .stella., and a construct with this id came later: give .nova. another name" \
		as a vvault -C a remember stella "my secret" &&
	as b vvault -C b remember stella "of b" >/dev/null && as a vvault -C a show stella >/dev/null &&
	as a vvault -C a construct rename nova luna >/dev/null && as a vvault -C a remember stella "not mine" >/dev/null &&
	as a vvault -C a ls stella memory | grep "not mine"
'

test_case 'who adds or edits says of names what who renames may' '
	new_vault && for c in nova luna; do
		vvault add --new $c memory:create "{\"content\":\"x\"}" >/dev/null || exit 1
	done && vvault construct rename luna moon >/dev/null &&
	for n in luna moon; do
		refused "the name .$n. is taken" vvault add nova construct:update "{\"called\":\"$n\"}" || exit 1
	done &&
	refused "reserved" vvault add nova construct:update "{\"called\":\"vault\"}" &&
	refused "must be a name" vvault add nova construct:update "{\"called\":[1]}" &&
	expect_exit 128 vvault add nova construct:update "{\"called\":\"a/../b\"}" 2>err &&
	refused "by .vvault construct merge. alone" vvault add nova --entity construct:nova construct:update \
		"{\"merged\":{\"into\":\"luna\",\"records\":999999}}" &&
	vvault add nova construct:update "{\"title\":\"of stars\"}" >/dev/null &&
	refused "the name .moon. is taken" vvault edit construct:nova --construct nova --field called=moon &&
	vvault add nova construct:update "{\"called\":\"stella\"}" >/dev/null &&
	says ".construct == \"nova\"" vvault show --json stella
'

# of_itself <data>: a line that says it of nova.
of_itself() {
	printf '{"at":"2026-01-01T00:00:01.000000Z-0000-00000000","data":%s,"entity":"construct:nova","prev":[],"type":"construct:update"}\n' "$1"
}

test_case 'a file says what one is called, and where it went, where it is taken so' '
	new_vault && vvault add --new nova memory:create "{\"content\":\"x\"}" >/dev/null &&
	of_itself "{\"called\":\"stella\"}" >called.jsonl &&
	of_itself "{\"merged\":{\"into\":\"other\",\"records\":9}}" >merged.jsonl &&
	for f in called merged; do
		expect_exit 1 vvault import --construct nova $f.jsonl >out 2>&1 && grep -e "--allow-changes takes it" out || exit 1
	done &&
	says "has(\"called\") | not" vvault construct list --json &&
	vvault import --allow-changes --construct nova called.jsonl >/dev/null &&
	says ".called == \"stella\"" vvault construct list --json &&
	vvault import --construct nova called.jsonl | grep "0 new, 1 known" &&
	vvault export nova --format jsonl >lines && vvault import --construct again lines >out && grep "2 new, 0 known" out
'

done_testing
