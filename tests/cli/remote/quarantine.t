#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../servers.sh"
. "$(dirname "$0")/../../tamper.sh"

prepare

strange() {
	bad=$(forged s -e "$(by s)" -e "s/^Vvault-Seq: .*/Vvault-Seq: 1/") &&
	shows "$nova/$S" "$bad"
}

test_case 'an empty one' '
	begin && as b vvault -C b quarantine list >out && test ! -s out &&
	expect_exit 128 as b vvault -C b quarantine show 1234567 2>err &&
	grep "no version .1234567. in quarantine" err &&
	as b vvault -C b quarantine >out && test ! -s out &&
	expect_exit 129 as b vvault -C b quarantine lose 1234567
'

test_case 'what a remote showed is listed with its reason, and dropped' '
	begin && strange && expect_exit 1 as b vvault -C b fetch >out 2>err &&
	as b vvault -C b quarantine list --json >list &&
	jq -e -s --arg bad "$bad" "length == 1 and .[0].version == \$bad and
		.[0].state == \"refused\" and .[0].code == \"not-a-member\" and
		.[0].remote == \"origin\"" list &&
	keys_are "code construct device message name remote since state version" \
		<list && as b vvault -C b quarantine list >out &&
	grep "^@1   refused .*not-a-member: its signer is no member" out &&
	as b vvault -C b quarantine show @1 >first &&
	as b vvault -C b quarantine show "$(echo "$bad" | cut -c1-8)" >out &&
	cmp first out &&
	grep "^version    $bad" out && grep "^lies in    origin" out &&
	as b vvault -C b quarantine drop "$bad" >out && quarantined 0 &&
	! git -C b/vvault/remotes/origin.git cat-file -e "$bad" &&
	expect_exit 1 as b vvault -C b fetch >out 2>err && quarantined 1
'

test_case 'so is what was taken out of the vault itself' '
	begin && strange && git -C b fetch -q "$PWD/r" \
		"+refs/heads/*:refs/heads/*" &&
	expect_exit 1 as b vvault -C b ls nova >out 2>err &&
	says -s "length == 1 and .[0].remote == null and
		.[0].construct == \"nova\" and .[0].code == \"not-a-member\"" \
		as b vvault -C b quarantine list --json &&
	as b vvault -C b quarantine drop "$bad" && quarantined 0 &&
	test -z "$(git -C b for-each-ref refs/quarantine)" &&
	as b vvault -C b verify --full
'

test_case 'what was seen here, taken out and dropped is not put back' '
	begin && as b vvault -C b pull && as b vvault -C b status &&
	only=$(git -C b rev-parse "refs/heads/$nova/$W") &&
	as b vvault -C b reject "$only" &&
	! git -C b rev-parse -q --verify "refs/heads/$nova/$W" &&
	for id in "$only" "$next"; do
		as b vvault -C b quarantine drop "$id" || exit
	done && as b vvault -C b status >out 2>err && cat err &&
	test ! -s err && quarantined 0 &&
	as b vvault -C b verify --repair && quarantined 0 &&
	! git -C b rev-parse -q --verify "refs/heads/$nova/$W"
'

test_case 'nor is one that was rejected and dropped, when its ref is lost' '
	begin && as b vvault -C b pull && as b vvault -C b status &&
	as b vvault -C b reject "$next" &&
	stands=$(git -C b rev-parse "refs/heads/$nova/$A") &&
	as b vvault -C b quarantine drop "$next" && as b vvault -C b status &&
	rm "b/refs/heads/$nova/$A" &&
	as b vvault -C b verify --repair >out 2>err && cat out err &&
	test "$(git -C b rev-parse "refs/heads/$nova/$A")" = "$stands" &&
	! grep "$next" err && quarantined 0
'

test_case 'a held head is held in the list' '
	begin && git -C r update-ref "refs/heads/$nova/$A" "$next" &&
	as a vvault -C a member add --role reader "$(cat did-s)" >/dev/null &&
	as a vvault -C a add nova memory:create "{\"content\":\"4\"}" &&
	as a vvault -C a push && git -C r update-ref "refs/heads/vault/$A" \
		"$(git -C b rev-parse "refs/heads/vault/$A")" &&
	expect_exit 1 as b vvault -C b fetch >out 2>err &&
	says -s "length == 1 and .[0].state == \"held\" and
		.[0].code == \"unknown-members\"" \
		as b vvault -C b quarantine list --json
'

# lays <MB>: that much, packed, at the remote; put away what was there before.
lays() {
	rm -f r/objects/pack/junk-* && head -c "$1"000000 /dev/urandom |
		split -b 1000000 - piece- && for piece in piece-*; do
		git -C r hash-object -w "$PWD/$piece"
	done >ids && git -C r pack-objects -q objects/pack/junk <ids >/dev/null &&
	git -C r prune-packed && rm -f piece-*
}

takes() {
	du -sk b/vvault/remotes | cut -f1
}

test_case 'only what waits takes room, however much a remote lays beside it' '
	begin && strange && expect_exit 1 as b vvault -C b fetch >out 2>err &&
	few=$(takes) && for i in 1 2 3 4; do
		lays 3 && bad=$(forged s -e "$(by s)" 			-e "s/^Vvault-Seq: .*/Vvault-Seq: $i/") &&
		shows "$nova/$S" "$bad" &&
		expect_exit 1 as b vvault -C b fetch >out 2>err || return 1
		quarantined 1 && test "$(takes)" -lt $((few + 500)) &&
		git -C b/vvault/remotes/origin.git cat-file -e "$bad" ||
			return 1
	done &&
	git -C b/vvault/remotes/origin.git cat-file -e "$bad^{tree}" &&
	as b vvault -C b verify --full
'

# heavy: a refused version that brings 20 MB.
heavy() {
	head -c 20000000 /dev/urandom | split -b 4000000 - piece- &&
	for piece in piece-*; do
		printf "100644 blob %s\t%s\n" 			"$(git -C r hash-object -w "$PWD/$piece")" "$piece"
	done | git -C r mktree >tree && rm -f piece-* &&
	bad=$(forged s -e "$(by s)" -e "s/^Vvault-Seq: .*/Vvault-Seq: 1/" \
		-e "s/^tree .*/tree $(cat tree)/") &&
	shows "$nova/$S" "$bad"
}

test_case 'what is refused stays within the quota, and else by its id' '
	begin && heavy && expect_exit 1 as b vvault -C b fetch >out 2>err &&
	quarantined 1 && test "$(takes)" -gt 19000 &&
	as b vvault -C b status >out && grep "^quarantine .*[12][0-9][.][0-9] MB: .vvault quarantine list." out &&
	git -C b config vvault.quarantinesize 5m && as b vvault -C b gc >out &&
	test "$(takes)" -lt 1000 && quarantined 1 &&
	as b vvault -C b status >out && ! grep "^quarantine .*MB" out &&
	as b vvault -C b quarantine list >out && grep "not-a-member" out &&
	expect_exit 1 as b vvault -C b fetch >out 2>err && quarantined 1 &&
	grep "refused-before" err && test "$(takes)" -lt 1000 &&
	as b vvault -C b quarantine drop "$bad" >out && quarantined 0 &&
	git -C b config vvault.quarantinesize 1g &&
	expect_exit 1 as b vvault -C b fetch >out 2>err && quarantined 1 &&
	test "$(takes)" -gt 19000
'

test_case 'junk of an earlier day goes with gc' '
	begin && strange && expect_exit 1 as b vvault -C b fetch >out 2>err &&
	few=$(takes) && lays 3 &&
	cp r/objects/pack/junk-* b/vvault/remotes/origin.git/objects/pack/ &&
	test "$(takes)" -gt $((few + 2000)) && as b vvault -C b gc >out &&
	test "$(takes)" -lt $((few + 500)) && quarantined 1 &&
	git -C b/vvault/remotes/origin.git cat-file -e "$bad^{tree}"
'

done_testing
