#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

# story: nova~1 to nova adds, removes and changes a memory each, and a trait.
story() {
	new_vault "$@" &&
	printf "{\"content\":\"stays\"}\n{\"content\":\"old\",\"tags\":[\"a\"]}\n" |
		vvault add --new nova memory:create --entity memory:b - >/dev/null &&
	vvault add nova memory:create --entity memory:c \
		"{\"content\":\"goes\"}" >/dev/null &&
	vvault add nova construct:update \
		"{\"persona\":{\"traits\":{\"calm\":0.5,\"wit\":1}}}" >/dev/null &&
	vvault add nova memory:update --entity memory:b \
		"{\"content\":\"new\",\"tags\":[\"a\",\"b\"]}" >/dev/null &&
	vvault add nova memory:delete --entity memory:c "{}" >/dev/null &&
	vvault add nova memory:create --entity memory:a \
		"{\"content\":\"comes\"}" >/dev/null &&
	vvault add nova construct:update \
		"{\"persona\":{\"traits\":{\"calm\":0.75,\"wit\":null,\"zeal\":0.1}}}" \
		>/dev/null
}

test_case 'what changed, for a person' '
	story --plain && vvault diff nova~4 nova >out &&
	cat >want <<-END &&
	@1   ~ construct construct:nova
	    /persona/traits/calm: 0.5 -> 0.75
	    /persona/traits/wit: 1 (gone)
	    /persona/traits/zeal: 0.1
	@2   + memory comes
	@3   ~ memory new
	    /content: old -> new
	    /tags: ["a"] -> ["a","b"]
	@4   - memory goes
	END
	cmp want out || { cat out; exit 1; }
'

test_case 'the same as JSON, sorted by kind and entity' '
	story && vvault diff --json nova~4 nova >out &&
	keys_are "changes from to" <out &&
	jq -c ".changes[]" out >changes &&
	cat >want <<-END &&
	{"change":"changed","entity":"construct:nova","fields":[{"from":0.5,"path":"/persona/traits/calm","to":0.75},{"from":1,"path":"/persona/traits/wit"},{"path":"/persona/traits/zeal","to":0.1}],"kind":"construct"}
	{"change":"added","entity":"memory:a","fields":[{"path":"/content","to":"comes"}],"kind":"memory"}
	{"change":"changed","entity":"memory:b","fields":[{"from":"old","path":"/content","to":"new"},{"from":["a"],"path":"/tags","to":["a","b"]}],"kind":"memory"}
	{"change":"removed","entity":"memory:c","fields":[{"from":"goes","path":"/content"}],"kind":"memory"}
	END
	cmp want changes || { cat changes; exit 1; } &&
	test "$(jq -r .from out)" = "$(version_of nova~4)" &&
	test "$(jq -r .to out)" = "$(version_of nova)"
'

test_case 'the other way round is the opposite' '
	story && vvault diff --json nova~4 nova | jq -S "[.changes[] |
		{e: .entity, c: ({added: \"removed\", removed: \"added\",
		changed: \"changed\"}[.change])}]" >a &&
	vvault diff --json nova nova~4 | jq -S "[.changes[] |
		{e: .entity, c: .change}]" >b && cmp a b
'

test_case 'nothing changed prints nothing' '
	story && vvault diff nova nova >out && test ! -s out &&
	vvault diff --json nova nova | jq -e ".changes == []" &&
	vvault diff --exit-code nova nova
'

test_case '--exit-code says 1 where something changed' '
	story && expect_exit 1 vvault diff --exit-code nova~1 nova >out &&
	test -s out && vvault diff nova~1 nova >/dev/null &&
	expect_exit 1 vvault diff --json --exit-code nova~4 nova >out &&
	jq -e "(.changes | length) == 4" out
'

test_case 'what came and went between is no change' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault add nova memory:create --as-is --entity memory:x "{}" >/dev/null &&
	vvault add nova memory:delete --entity memory:x "{}" >/dev/null &&
	vvault diff --exit-code nova~2 nova >out && test ! -s out
'

test_case 'a compaction changes nothing' '
	new_vault --plain && i=0 && while test $i -lt 70; do
		vvault add --new nova memory:create --as-is "{\"n\":$i}" >/dev/null || exit 1
		i=$((i + 1))
	done &&
	compaction=$(vvault log nova --json |
		jq -r "select(.change == \"compact\").version" | head -n 1) &&
	test -n "$compaction" &&
	vvault diff --exit-code "$compaction~1" "$compaction" &&
	vvault diff --json nova~30 nova | jq -e "(.changes | length) >= 28 and
		([.changes[].change] | unique) == [\"added\"]" &&
	vvault ls nova --json | jq -s -e "[.[].state.n] | sort == [range(70)]"
'

test_case 'of a construct that comes the traits are told' '
	new_vault --plain && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault add nova construct:update \
		"{\"name\":\"Nova\",\"persona\":{\"traits\":{\"wit\":1}}}" >/dev/null &&
	vvault diff nova~1 nova >out &&
	printf "@1   + construct Nova\n    /name: Nova\n    /persona/traits/wit: 1\n" \
		>want && cmp want out
'

test_case 'paths are JSON Pointers' '
	new_vault --plain && vvault add --new nova memory:create --as-is \
		--entity memory:x "{\"a/b\":{\"c~d\":1}}" >/dev/null &&
	vvault add nova memory:update --entity memory:x \
		"{\"a/b\":{\"c~d\":2}}" >/dev/null &&
	vvault diff --json nova~1 nova |
		jq -e ".changes[0].fields[0].path == \"/a~1b/c~0d\""
'

test_case 'two constructs cannot be compared' '
	story && vvault add --new other memory:create --as-is "{}" >/dev/null &&
	expect_exit 128 vvault diff --json nova other >out 2>err &&
	test ! -s out && error_is invalid
'

test_case 'unknown versions and wrong words' '
	story && expect_exit 128 vvault diff --json nova nope 2>err &&
	error_is not-found &&
	expect_exit 128 vvault diff nova nova~99 2>err &&
	expect_exit 128 vvault diff nope 2>err && expect_exit 129 vvault diff 2>err &&
	expect_exit 129 vvault diff a b c 2>err
'

test_case 'a version alone: what it changed itself' '
	story --plain && vvault diff nova~3 >out &&
	printf "@1   ~ memory new\n    /content: old -> new\n    /tags: [\"a\"] -> [\"a\",\"b\"]\n" \
		>want && cmp want out &&
	vvault diff nova >out && vvault diff nova~1 nova | cmp - out &&
	vvault diff "$(version_of nova~3)" | cmp - want &&
	vvault log nova >/dev/null && vvault diff @4 | cmp - want
'

test_case 'the first version against nothing' '
	story && vvault diff --json nova~6 >out &&
	jq -e ".from == null and ([.changes[].change] | unique) == [\"added\"]
		and (.changes | length) == 1" out &&
	test "$(jq -r .to out)" = "$(version_of nova~6)"
'

test_case 'a range; an open side is what stands now' '
	story && vvault diff --json nova~4 nova >want &&
	vvault diff --json nova~4..nova | cmp - want &&
	vvault diff --json nova~4.. | cmp - want &&
	vvault diff --json nova nova~4 >want && vvault diff --json ..nova~4 | cmp - want &&
	expect_exit 128 vvault diff .. 2>err && expect_exit 128 vvault diff nova~4..nope 2>err &&
	vvault add --as-is --new other memory:create --as-is "{}" >/dev/null &&
	expect_exit 128 vvault diff nova..other 2>err && grep "two constructs" err &&
	vvault diff "nova@{now}..nova" >out && test ! -s out
'

test_case '--stat counts by kind' '
	story --plain && vvault diff --stat nova~4 nova >out && cat >want <<-END &&
	memory     1 added, 1 removed, 1 changed
	construct  1 changed
	END
	cmp want out || { cat out >&2; exit 1; } &&
	vvault diff --stat --json nova~4..nova | jq -ce ".stat ==
		{construct: {added: 0, changed: 1, removed: 0},
		memory: {added: 1, changed: 1, removed: 1}} and (has(\"changes\") | not)" &&
	vvault diff --stat nova nova >out && test ! -s out &&
	expect_exit 1 vvault diff --stat --exit-code nova >out
'

test_case 'what two devices wrote apart, and the union of their heads' '
	two_devices && for name in a b; do
		as $name vvault -C $name add nova memory:create \
			"{\"content\":\"by $name\"}" >/dev/null || exit 1
	done && as b vvault -C b push >/dev/null 2>&1 && as a vvault -C a pull >/dev/null 2>&1 &&
	as a vvault -C a diff --json nova | jq -c "[.changes[].fields[0].to] | sort" >out &&
	echo "[\"by a\",\"by b\"]" >want && cmp want out &&
	as a vvault -C a add nova memory:create "{\"content\":\"joined\"}" >/dev/null &&
	as a vvault -C a diff --json nova | jq -c "[.changes[].fields[0].to]" >out &&
	echo "[\"joined\"]" >want && cmp want out
'

test_case 'a compaction by its id changed nothing; a construct is what it holds' '
	new_vault --plain && i=0 && while test $i -lt 33; do
		vvault add --as-is --new nova memory:create --as-is "{\"n\":$i}" >/dev/null || exit 1
		i=$((i + 1))
	done &&
	last=$(vvault log -n 1 --json nova) &&
	test "$(echo "$last" | jq -r .change)" = compact &&
	vvault diff "$(echo "$last" | jq -r .version)" >out && test ! -s out &&
	vvault diff --json nova | jq -e ".changes | length == 1"
'

done_testing
