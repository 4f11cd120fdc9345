#!/bin/sh
# What was not verified here is not seen, not built upon and not sent on,
# however it came into refs/heads.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../servers.sh"
. "$(dirname "$0")/../../tamper.sh"

# memories <n> [<device>]: so many are seen of nova.
memories() {
	device=${2:-b}
	test "$(as "$device" vvault -C "$device" show nova --json |
		jq .counts.memory)" -eq "$1"
}

# strange: a version of nova by a stranger stands in r.
strange() {
	bad=$(forged s -e "$(by s)" -e "s/^Vvault-Seq: .*/Vvault-Seq: 1/") &&
	shows "$nova/$S" "$bad"
}

# by_git: b's person fetches with git itself.
by_git() {
	git -C b fetch -q "$PWD/r" '+refs/heads/*:refs/heads/*' 2>/dev/null
	git -C b for-each-ref --points-at "$bad" refs/heads | grep -q .
}

# taken_out <code>: b's next reader says so, and everything else is there.
taken_out() {
	expect_exit 1 as b vvault -C b ls nova --json >out 2>err &&
	grep "^vvault: $1: $nova/.*taken out of the vault: .*quarantine" err &&
	test "$(wc -l <out)" -eq 3 && is_out && memories 3 || {
		cat out err
		return 1
	}
}

# is_out: it is no head and no second line, and the rest is sound.
is_out() {
	! git -C b for-each-ref --points-at "$bad" refs/heads refs/forks |
		grep . &&
	git -C b for-each-ref --points-at "$bad" refs/quarantine | grep -q . &&
	as b vvault -C b verify --full >verified || {
		cat verified
		return 1
	}
}

# dropping <device>: a compaction by that device on top of its head, which
# lacks a segment; in r.
dropping() {
	parent=$(git -C r rev-parse "refs/heads/$nova/$(cat "name-$1")") &&
	path=$(git -C r ls-tree -r --name-only "$parent" | head -n 1) &&
	dir=${path%%/*} && test "$dir/${path##*/}" = "$path" &&
	sub=$(git -C "$1" ls-tree "$parent:$dir" | grep -v "${path##*/}" |
		git -C "$1" mktree) &&
	tree=$({ git -C "$1" ls-tree "$parent" | grep -v "	$dir\$"
		printf '040000 tree %s\t%s\n' "$sub" "$dir"; } |
		git -C "$1" mktree) &&
	forge child "$1" "$tap_case/keys-$1" "$parent" "$tree" compact >made &&
	git -C "$1" push -q "$PWD/r" "$(cat made):refs/tags/made" && cat made
}

# The cases of both kinds of vault; $1 in their names.
cases() {
	test_case "$1: a stranger's head that git brought is taken out" '
		begin && strange && by_git && taken_out not-a-member &&
		as b vvault -C b construct list >out 2>err && test ! -s err &&
		as b vvault -C b status --json | jq -e ".quarantined == 1"
	'
	test_case "$1: a writer does not build on it" '
		begin && strange && by_git &&
		as b vvault -C b add nova memory:create "{\"content\":\"b\"}" \
			>out 2>err && grep "^vvault: not-a-member: " err &&
		is_out && memories 4 &&
		! git -C b rev-list "refs/heads/$nova/$B" | grep "$bad"
	'
	test_case "$1: push does not send it on" '
		begin && strange && by_git && git init -q --bare other &&
		as b vvault -C b remote add other "$PWD/other" &&
		as b vvault -C b push other >out 2>err &&
		grep "^vvault: not-a-member: " err && is_out &&
		git -C other for-each-ref >refs && test "$(wc -l <refs)" -ge 3 &&
		! grep "$bad" refs
	'
	test_case "$1: nor does pull build on it, whatever it brings" '
		begin && strange && by_git &&
		expect_exit 1 as b vvault -C b pull >out 2>err &&
		grep "^vvault: not-a-member: " err && is_out && memories 3
	'
	test_case "$1: a bad head in the place of a good one goes, that returns" '
		begin && bad=$(dropping w) && shows "$nova/$W" "$bad" &&
		good=$(git -C b rev-parse "refs/heads/$nova/$W") && by_git &&
		taken_out changed-record &&
		test "$(git -C b rev-parse "refs/heads/$nova/$W")" = "$good" &&
		expect_exit 1 as b vvault -C b pull >out 2>err && is_out
	'
	test_case "$1: who admits himself is no member" '
		begin && v=$(git -C r rev-parse "refs/heads/vault/$A") &&
		bad=$(payload "$v" | sed "s/$A/$S/g" |
			forge sign "$tap_case/keys-s" r) &&
		shows "vault/$S" "$bad" && by_git &&
		expect_exit 1 as b vvault -C b ls nova >out 2>err &&
		grep "^vvault: .*: vault/$S: taken out" err && is_out &&
		as b vvault -C b member list >members && ! grep "$S" members
	'
	test_case "$1: no ledger is believed but what was written here" '
		begin && strange && cp b/vvault/verified own && by_git &&
		as s vvault init --plain other && cp -a b saved &&
		for ledger in own a/vvault/verified w/vvault/verified \
			other/vvault/verified /dev/null none flipped; do
			rm -rf b && cp -a saved b || exit 1
			case $ledger in
			none) rm b/vvault/verified ;;
			flipped)
				flip b/vvault/verified 40
				;;
			*) cat "$ledger" >b/vvault/verified ;;
			esac && echo "$ledger" && taken_out not-a-member ||
				exit 1
		done
	'
	test_case "$1: a lost ledger costs time and nothing else" '
		begin && as b vvault -C b pull >out &&
		as b vvault -C b ls nova --json >good &&
		for what in "rm -f" "truncate -s 50" "cp /dev/null"; do
			$what b/vvault/verified &&
			as b vvault -C b ls nova --json >out 2>err &&
			cmp good out && test ! -s err &&
			test -s b/vvault/verified || exit 1
		done && as b vvault -C b verify --full
	'
	test_case "$1: refs of yesterday are verified by what descends from them" '
		begin && mkdir old && touch b/packed-refs &&
		cp -a b/refs b/packed-refs old/ && as b vvault -C b pull >out && memories 3 &&
		rm -rf b/refs b/packed-refs && cp -a old/. b/ &&
		as b vvault -C b ls nova --json >out 2>err && test ! -s err &&
		test "$(wc -l <out)" -eq 2 && as b vvault -C b pull &&
		memories 3 && test -z "$(git -C b for-each-ref refs/quarantine)"
	'
	test_case "$1: damage is no offence: the head stays, and is left out" '
		begin && as b vvault -C b pull >out && as b vvault -C b add nova \
			memory:create "{\"content\":\"b\"}" >out &&
		git -C b ls-tree -r "$next" | cut -c13-52 >others &&
		seg=$(git -C b ls-tree -r "refs/heads/$nova/$B" |
			cut -c13-52 | grep -v -F -f others) &&
		test "$(echo "$seg" | wc -w)" -eq 1 && refs_of b >now &&
		file=b/objects/$(echo "$seg" | cut -c1-2)/$(echo "$seg" |
			cut -c3-) && mv "$file" spare && rm b/vvault/verified &&
		expect_exit 1 as b vvault -C b ls nova >out 2>err &&
		grep "^vvault: unverified: $nova/$B: left out.*missing" err &&
		expect_exit 128 as b vvault -C b add nova memory:create \
			"{\"content\":\"c\"}" >out 2>err &&
		grep "own head" err && refs_of b | cmp - now &&
		mv spare "$file" && as b vvault -C b ls nova >out &&
		test "$(wc -l <out)" -eq 4
	'
}

prepare
cases sealed

test_case 'what was taken in blind is verified when the keys come' '
	begin && bad=$(dropping w) && shows "$nova/$W" "$bad" &&
	as e vvault clone "$PWD/r" e >out 2>err && grep "no member yet" err &&
	git -C e for-each-ref --points-at "$bad" refs/heads | grep . &&
	as a vvault -C a member add --role writer "$(as e did)" >/dev/null &&
	as a vvault -C a push >/dev/null &&
	expect_exit 1 as e vvault -C e pull >out 2>err &&
	grep "^vvault: changed-record: $nova/$W: taken out" err &&
	memories 3 e && as e vvault -C e verify --full &&
	as e vvault -C e add nova memory:create "{\"content\":\"e\"}" &&
	{ as e vvault -C e push || test $? -eq 1; } &&
	{ as a vvault -C a pull || test $? -eq 1; } && memories 4 a
'

test_case 'good heads that were taken in blind are there with the keys' '
	begin && as e vvault clone "$PWD/r" e >out 2>err &&
	expect_exit 128 as e vvault -C e add nova memory:create --as-is "{}" &&
	as a vvault -C a member add --role writer "$(as e did)" >/dev/null &&
	as a vvault -C a push >/dev/null && as e vvault -C e pull >out 2>err &&
	test ! -s err && memories 3 e &&
	as e vvault -C e status --json | jq -e ".quarantined == 0"
'

test_case 'a blind device relays what it cannot read' '
	begin && as e vvault clone "$PWD/r" e >out 2>err &&
	git init -q --bare other && as e vvault -C e remote add o "$PWD/other" &&
	as e vvault -C e push o >out && refs_of other >there &&
	refs_of r | cmp - there && as e vvault -C e verify --full
'

rm -rf "$tap_root/made"
prepare --plain
cases plain

done_testing
