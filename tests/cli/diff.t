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
	expect_exit 129 vvault diff nova 2>err &&
	expect_exit 129 vvault diff a b c 2>err
'

done_testing
