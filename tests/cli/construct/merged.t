#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# sync: a and b have what the other one has.
sync() {
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null
}

# claim <construct> <data>: anybody may say it who writes.
claim() {
	vvault add --as-is $1 construct:update --entity construct:$1 "$2" >/dev/null
}

talk() {
	printf '%s\n' '{"at":"2026-01-01T00:00:01.000000Z-0000-00000000","data":{"content":"a heron","index":1,"parent":null,"role":"user"},"entity":"message:x:one/m1","prev":[],"type":"message:create"}' \
		'{"at":"2026-01-01T00:00:09.000000Z-0000-00000000","data":{"title":"birds"},"entity":"session:x:one","prev":[],"type":"session:create"}'
}

two_constructs() {
	new_vault && talk >talk.jsonl && vvault import --construct nova talk.jsonl >/dev/null &&
	vvault add nova memory:create "{\"content\":\"the heron flew\"}" >/dev/null &&
	vvault add --new other memory:create "{\"content\":\"x\"}" >/dev/null
}

# is_shown <construct>: everywhere.
is_shown() {
	vvault recall heron --json | jq -se "any(.construct == \"$1\")" >/dev/null &&
	vvault grep heron >out && test "$(wc -l <out)" -ge 2 &&
	says -s "any(.construct == \"$1\")" vvault session list --json &&
	says -s "any(.construct == \"$1\" and (has(\"merged_into\") | not))" vvault construct list --json &&
	says "has(\"merged_into\") | not" vvault construct show --json $1 &&
	says "has(\"since_merge\") | not" vvault status --json
}

test_case 'what is said of a merge that never was hides nothing' '
	two_constructs && for into in other nova nobody vault; do
		claim nova "{\"merged\":{\"into\":\"$into\",\"records\":999999}}" && is_shown nova || exit 1
	done &&
	vvault construct merge nova other >out && grep -q "records of nova came to other" out &&
	says -s "map(select(.since_merge != 0).construct) == [\"other\"]" vvault construct list --json &&
	test "$(vvault recall heron --json | jq -r .construct | sort -u)" = other
'

test_case 'a file that says so hides nothing' '
	two_constructs &&
	printf "%s\n" "{\"at\":\"2030-01-01T00:00:01.000000Z-0000-00000000\",\"data\":{\"merged\":{\"into\":\"other\",\"records\":999999}},\"entity\":\"construct:nova\",\"prev\":[],\"type\":\"construct:update\"}" >evil.jsonl &&
	vvault import --allow-changes --allow-future --construct nova evil.jsonl >/dev/null && is_shown nova
'

test_case 'what is in the one alone is never left out' '
	two_constructs && vvault construct merge nova other >/dev/null &&
	vvault add nova memory:create "{\"content\":\"a heron alone\"}" >/dev/null &&
	claim nova "{\"merged\":{\"into\":\"other\",\"records\":999999}}" &&
	vvault recall alone --json | jq -se "any(.construct == \"nova\")" &&
	says -s "any(.construct == \"nova\" and .merged_into == \"other\" and .since_merge == 1)" vvault construct list --json &&
	says ".since_merge == {nova: 1}" vvault status --json &&
	vvault construct merge nova other | grep -q "^1 record of nova came" &&
	says -s "map(select(.since_merge != 0).construct) == [\"other\"]" vvault construct list --json
'

test_case 'what was only undone and done again is nothing new' '
	two_constructs && vvault construct merge nova other >/dev/null && vvault undo >/dev/null &&
	vvault undo --redo >/dev/null &&
	vvault construct list >out && expect_exit 1 grep new out &&
	says -s "map(select(.since_merge != 0).construct) == [\"other\"]" vvault construct list --json
'

test_case 'of two that were merged into each other the first stays' '
	two_devices && as a vvault -C a add --new mm memory:create "{\"content\":\"of mm\"}" >/dev/null && sync &&
	as a vvault -C a construct merge nova mm >/dev/null && as b vvault -C b construct merge mm nova >/dev/null && sync &&
	for d in a b; do
		says -s "map(select(.since_merge != 0).construct) == [\"mm\"]" as $d vvault -C $d construct list --json &&
		test "$(as $d vvault -C $d recall "of mm" --json | jq -r .construct | sort -u)" = mm || exit 1
	done &&
	expect_exit 128 as a vvault -C a construct merge mm nova 2>err && grep -q "was merged into .mm. itself" err &&
	as a vvault -C a construct merge nova mm >/dev/null && sync &&
	says ".state | has(\"merged\") | not" as b vvault -C b show --json mm construct:mm
'

test_case 'what was merged twice is where it came to in the end' '
	two_constructs && vvault add --new last memory:create "{\"content\":\"y\"}" >/dev/null &&
	vvault construct merge nova other >/dev/null && vvault construct merge other last >/dev/null &&
	says -s "map(select(.since_merge != 0).construct) == [\"last\"]" vvault construct list --json &&
	test "$(vvault recall heron --json | jq -r .construct | sort -u)" = last
'

test_case 'what stands in the other one stays there while that grows' '
	two_constructs && vvault construct merge nova other >/dev/null && vvault recall heron >/dev/null &&
	for n in 1 2 3; do
		vvault add other memory:create "{\"content\":\"heron number $n\"}" >/dev/null &&
		test "$(vvault recall heron --json | jq -r .construct | sort -u)" = other || exit 1
	done &&
	vvault add nova memory:create "{\"content\":\"a heron alone\"}" >/dev/null &&
	vvault recall alone --json | jq -se "any(.construct == \"nova\")" &&
	says -s "any(.construct == \"nova\" and .since_merge == 1)" vvault construct list --json
'

done_testing
