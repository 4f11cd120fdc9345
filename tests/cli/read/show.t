#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# three: a vault whose construct nova has three versions with a growing n.
three() {
	new_vault --plain &&
	for n in 1 2 3; do
		vvault add --new nova construct:update \
			"{\"persona\":{\"traits\":{\"n\":$n}}}" >/dev/null || return 1
	done
}

n_of() {
	vvault show --json "$1" | jq .persona.traits.n
}

test_case 'the state of a construct for a person' '
	three && vvault add nova memory:create --as-is "{}" >/dev/null &&
	printf "nova\n1 memory\nversion %s by %s\n  traits/n  3\n" \
		"$(version_of nova)" "$(did | cut -c9-20)" >want &&
	vvault show nova >out && cmp want out &&
	vvault member rename "$(did)" laptop >/dev/null && vvault show nova |
		grep -x "version $(version_of nova) by laptop ($(did | cut -c9-20))"
'

test_case 'what was said, from when to when' '
	three && for n in 1 2; do
		vvault add nova message:create --as-is --entity "message:t:$n/a" \
			"{\"created\":\"2024-05-0${n}T10:00:00.000000Z\"}" &&
		vvault add nova session:create --entity "session:t:$n" \
			"{\"title\":\"of $n\"}" || exit 1
	done >/dev/null &&
	vvault add nova message:create --as-is --entity "message:t:1/b" "{}" >/dev/null &&
	vvault add nova message:delete --entity "message:t:1/b" "{}" >/dev/null &&
	vvault show nova~5 | sed -n 2p | grep -x "1 message, 2024-05-01 to 2024-05-01" &&
	vvault show nova >out && sed -n 2p out |
		grep -x "2 messages in 2 sessions, 2024-05-01 to 2024-05-02" &&
	says ".first == \"2024-05-01T10:00:00.000000Z\" and
		.last == \"2024-05-02T10:00:00.000000Z\"" vvault show --json nova
'

test_case 'the shape of the JSON' '
	three && vvault show --json nova >out &&
	keys_are "conflicts construct counts heads persona root version" <out &&
	jq -e ".conflicts == 0 and .construct == \"nova\" and
		.counts == {construct: 1} and .heads == [.version] and
		.persona == {traits: {n: 3}} and
		(.root | test(\"^[0-9a-f]{64}\$\"))" out
'

test_case 'the root is that of the version' '
	three && vvault show --json nova | jq -r .root >a &&
	git -C v log -1 --format=%B "$(version_of nova)" |
		sed -n "s/^Vvault-Root: sha256://p" >b && cmp a b
'

test_case '~n goes back by first parents' '
	three && test "$(n_of nova~0)" = 3 && test "$(n_of nova~)" = 2 &&
	test "$(n_of nova~1)" = 2 && test "$(n_of nova~2)" = 1 &&
	expect_exit 128 vvault show nova~3 2>err &&
	grep "history does not go back so far" err &&
	expect_exit 128 vvault show nova~x 2>err &&
	grep "a number must follow" err &&
	expect_exit 128 vvault show nova~99999999999 2>err
'

test_case '@{date} is the newest before that UTC day ends' '
	three && today=$(date -u +%Y-%m-%d) &&
	test "$(n_of "nova@{$today}")" = 3 &&
	test "$(n_of "nova@{2999-12-31}")" = 3 &&
	expect_exit 128 vvault show "nova@{2001-01-01}" 2>err &&
	grep "nothing is that old" err &&
	for bad in nova@ nova@{ nova@{} "nova@{x}" nova@2026-01-01 \
		"nova@{2026-13-01}" "nova~1@{2026-01-01}"
	do
		expect_exit 128 vvault show --json "$bad" 2>err &&
		error_is invalid || { echo "$bad"; exit 1; }
	done
'

test_case '~n steps over a compaction, unless its id is given' '
	new_vault --plain && i=0 && while test $i -lt 33; do
		vvault add --new nova memory:create --as-is "{\"n\":$i}" >/dev/null || exit 1
		i=$((i + 1))
	done &&
	vvault log nova --json >log && test "$(head -n 1 log | jq -r .change)" = compact &&
	says ".changes | length == 1 and .[0].change == \"added\"" \
		vvault diff --json nova~1 nova &&
	test "$(version_of nova~1)" = "$(sed -n 3p log | jq -r .version)" &&
	test "$(version_of nova~32)" = "$(tail -n 1 log | jq -r .version)" &&
	expect_exit 128 vvault show nova~33 &&
	test "$(version_of "$(version_of nova)~1")" = \
		"$(sed -n 2p log | jq -r .version)"
'

test_case '@{date} is the union of what each device had by then' '
	two_devices --plain && sleep 1.1 &&
	as a vvault -C a add nova memory:create "{\"content\":\"of a\"}" &&
	as b vvault -C b add nova memory:create "{\"content\":\"of b\"}" &&
	then=$(date -u +%Y-%m-%dT%H:%M:%SZ) && sleep 1.1 &&
	as b vvault -C b add nova memory:create "{\"content\":\"later\"}" &&
	as b vvault -C b push && as a vvault -C a pull && as a vvault -C a push &&
	as b vvault -C b pull &&
	for d in a b; do
		says "[.heads[]] | length == 2" \
			as $d vvault -C $d show --json "nova@{$then}" &&
		as $d vvault -C $d ls --json "nova@{$then}" memory |
			jq -r .state.content | sort >out &&
		printf "of a\nof b\nthe first\n" | cmp - out || exit 1
	done &&
	as a vvault -C a add nova memory:create "{\"content\":\"joined\"}" &&
	as a vvault -C a ls --json "nova@{$then}" memory |
		jq -r .state.content | sort | cmp - out &&
	me=$(as b did | sed s/did:key://) &&
	as a vvault -C a ls --json "nova/$me@{$then}" memory |
		jq -r .state.content | sort >out &&
	printf "of b\nthe first\n" | cmp - out
'

test_case '@{date with a time} is exact' '
	three && vvault log nova --json | jq -r .time | tail -n 1 >first &&
	vvault show "nova@{$(cat first)}" >/dev/null
'

test_case '/device names a head, by any unambiguous beginning' '
	three && me=$(did | sed s/did:key://) &&
	test "$(n_of "nova/$me")" = 3 && test "$(n_of nova/z6Mk)" = 3 &&
	test "$(n_of "nova/$me~1")" = 2 &&
	expect_exit 128 vvault show nova/z6MX 2>err &&
	grep "no device of this construct has that name or begins so" err &&
	expect_exit 128 vvault show nova/ 2>err
'

test_case 'an id or its beginning names a version' '
	three && id=$(version_of nova~1) &&
	test "$(n_of "$id")" = 2 &&
	test "$(n_of "$(echo "$id" | cut -c1-7)")" = 2 &&
	test "$(n_of "$id~1")" = 1 &&
	expect_exit 128 vvault show --json "$(echo "$id" | cut -c1-6)" 2>err &&
	error_is not-found &&
	expect_exit 128 vvault show --json 0000000000000000000000000000000000000000 \
		2>err && error_is not-found
'

test_case 'a name beats an id' '
	three && id=$(version_of nova~1) && short=$(echo "$id" | cut -c1-8) &&
	vvault add --new "$short" construct:update \
		"{\"persona\":{\"traits\":{\"n\":9}}}" >/dev/null &&
	test "$(n_of "$short")" = 9 && test "$(n_of "$id")" = 2
'

test_case 'several objects with one beginning are ambiguous' '
	three && for n in 4523 14795; do
		printf "ambiguous %s\n" $n | git -C v hash-object -w --stdin
	done | cut -c1-7 >short &&
	test "$(sort -u short | wc -l)" -eq 1 || exit 1
	expect_exit 128 vvault show --json "$(head -n 1 short)" 2>err &&
	error_is invalid && grep "several objects begin so" err
'

test_case 'a commit that no head reaches is no version' '
	three && tree=$(git -C v rev-parse "$(version_of nova)^{tree}") &&
	stray=$(git -C v commit-tree -m stray "$tree") &&
	expect_exit 128 vvault show "$stray" 2>err && test -s err &&
	old=$(version_of nova) &&
	expect_exit 128 vvault show "$tree" 2>err
'

test_case 'an entity and a record for a person: words before keys' '
	three && id=$(vvault add nova memory:create --entity memory:a "{\"content\":\"**Rain** is\\ncoming.\",\"bucket\":\"long_term\",\"tags\":[\"x\"],\"created\":\"2024-05-01T10:00:00.000000Z\"}") &&
	vvault show memory:a >out && cat >want <<-END &&
	memory  2024-05-01T10:00:00Z
	Rain is
	coming.

	  bucket  long_term
	  tags  ["x"]
	entity     memory:a
	construct  nova
	record     $id
	END
	cmp want out || { cat out; exit 1; }
	vvault show "$id" >out && sed -n 1p out | grep "^memory:create  2024-05-01T10:00:00Z" &&
	grep -x "entity     memory:a" out && ! grep construct out &&
	del=$(vvault add nova memory:delete --entity memory:a "{}") &&
	vvault show memory:a >out && grep -x deleted out && vvault show "$del" >out &&
	grep -x "behind     $id" out
'

test_case 'a record is shown as it is, to a program' '
	three && id=$(vvault add nova memory:create "{\"content\":\"x\"}") &&
	vvault show --json "$id" >out && { vvault cat "$id"; echo; } | cmp - out
'

test_case 'an entity, where it stands and as of a version' '
	three && id=$(vvault add nova memory:create --entity memory:a "{\"content\":\"x\"}") &&
	vvault show --json memory:a >out &&
	keys_are "at conflicts construct entity kind records state version" <out &&
	jq -e --arg id "$id" --arg v "$(version_of nova)" "del(.at) == {conflicts: 0,
		construct: \"nova\", entity: \"memory:a\", kind: \"memory\",
		records: [\$id], state: {content: \"x\"}, version: \$v}" out &&
	vvault add nova memory:delete --entity memory:a "{}" >/dev/null &&
	says ".state == null and (.records | length == 2)" vvault show --json memory:a &&
	says ".state.content == \"x\"" vvault show --json nova~1 memory:a &&
	expect_exit 128 vvault show --json nova~2 memory:a 2>err && error_is not-found &&
	expect_exit 128 vvault show --json memory:b 2>err && error_is not-found &&
	vvault add --new vega memory:create --as-is --entity memory:a "{}" >/dev/null &&
	expect_exit 128 vvault show --json memory:a 2>err && error_is invalid &&
	grep "in several constructs: nova, vega" err &&
	says ".construct == \"vega\"" vvault show --json vega memory:a
'

test_case 'the begin of the id of a record; several are listed' '
	three && id=$(vvault add nova memory:create "{\"content\":\"x\"}") &&
	a=$(vvault add nova acu:create --entity acu:y "{\"type\":\"fact\"}") &&
	for one in $id $a; do
		short=${one#bagaaiera} &&
		for name in $short "$(echo "$short" | cut -c1-7)" \
			"bagaaiera$(echo "$short" | cut -c1-20)"; do
			vvault show --json "$name" >out && vvault cat "$one" >want &&
			echo >>want && cmp want out || { echo "$name"; exit 1; }
		done || exit 1
	done &&
	expect_exit 128 vvault show --json "$(echo "$short" | cut -c1-6)" 2>err &&
	error_is not-found &&
	vvault add --new "$(echo "$short" | cut -c1-7)" construct:update \
		"{\"persona\":{\"traits\":{\"n\":9}}}" >/dev/null &&
	test "$(n_of "$(echo "$short" | cut -c1-7)")" = 9
'

test_case 'a session by the begin of its name' '
	three && for key in t:conv-001 t:conv-002 u:4a62; do
		vvault add nova session:create --entity "session:$key" \
			"{\"title\":\"of $key\"}" >/dev/null || exit 1
	done &&
	for name in session:t:conv-001 t:conv-001 session:u:4 u:4a62 session:4a; do
		says ".kind == \"session\"" vvault show --json "$name" || exit 1
	done &&
	vvault read u:4a >out && grep "of u:4a62" out &&
	expect_exit 128 vvault read t:conv 2>err &&
	grep "2 sessions begin with .t:conv.: .*session:t:conv-002 \"of t:conv-002\"" err &&
	expect_exit 128 vvault show --json session:x:1 2>err && error_is not-found &&
	grep "no session .session:x:1.; .vvault session list. shows them" err &&
	vvault add --new vega session:create --entity session:u:4a62 "{}" >/dev/null &&
	expect_exit 128 vvault show u:4a 2>err &&
	grep "in several constructs: nova, vega" err
'

test_case 'the index finds the begin of an id, and nothing else is read' '
	new_vault --plain && vvault add --new nova memory:create "{\"content\":\"first rain\"}" >/dev/null &&
	id=$(add nova "second rain") && vvault recall nova rain >/dev/null &&
	for blob in $(git -C v ls-tree -r --format="%(objectname)" "$(version_of nova)"); do
		git -C v cat-file blob "$blob" | grep -q first || continue
		file=v/objects/$(echo "$blob" | cut -c1-2)/$(echo "$blob" | cut -c3-)
		chmod u+w "$file" && printf garbage >"$file" || exit 1
	done && test -f "$file" && vvault show --json "$(echo "$id" | cut -c10-20)" >out 2>err &&
	jq -e ".data.content == \"second rain\"" out && test ! -s err &&
	expect_exit 1 vvault ls nova >out 2>err && test -s err
'

test_case 'unknown names list what there is' '
	three && expect_exit 128 vvault show nope >out 2>err && test ! -s out &&
	echo "vvault: no construct or version '\''nope'\''; there is: nova, vault" >want &&
	cmp want err &&
	for bad in "" " " "a b" "nova " "../nova" "-"; do
		expect_exit 128 vvault show -- "$bad" 2>err && test -s err ||
			{ echo "$bad"; exit 1; }
	done
'

test_case 'an unknown record is a failure' '
	three && id=$(vvault add nova memory:create --as-is "{}") &&
	other=$(echo "$id" | sed "s/....$/aaaa/") &&
	expect_exit 128 vvault show --json "$other" 2>err && error_is not-found &&
	expect_exit 128 vvault show --json bagaaiera-nonsense 2>err &&
	error_is invalid
'

test_case 'the construct vault can be shown too' '
	new_vault && vvault show --json vault |
		jq -e ".construct == \"vault\" and .counts.member == 1 and
			.counts.key == 2 and .counts.vault == 1"
'

test_case 'a device without keys is told so' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	as stranger vvault init other >/dev/null &&
	name=$(as stranger vvault -C "$PWD/v" log --json |
		jq -r "select(.construct != \"vault\").construct") &&
	expect_exit 128 as stranger vvault -C "$PWD/v" show --json "$name" 2>err &&
	error_is no-key
'

test_case 'a damaged segment is never shown' '
	new_vault --plain && id=$(vvault add --new nova memory:create \
		"{\"content\":\"x\"}") &&
	blob=$(git -C v ls-tree -r --format="%(objectname)" "$(version_of nova)") &&
	file=v/objects/$(echo "$blob" | cut -c1-2)/$(echo "$blob" | cut -c3-) &&
	chmod u+w "$file" && printf garbage >"$file" &&
	expect_exit 128 vvault ls nova >out 2>err && test ! -s out &&
	expect_exit 128 vvault show --json nova 2>err && error_is corrupt
'

test_case 'wrong words are usage errors' '
	three && expect_exit 129 vvault show 2>err &&
	expect_exit 129 vvault show nova nova 2>err &&
	expect_exit 129 vvault show nova memory:a c 2>err
'

done_testing
