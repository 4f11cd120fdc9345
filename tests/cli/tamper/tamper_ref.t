#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../servers.sh"
. "$(dirname "$0")/../../tamper.sh"

prepare

# genesis: the first version of vault.
genesis() {
	git -C r rev-list --max-parents=0 "refs/heads/vault/$A"
}

digest() {
	git -C r cat-file commit "$1" | sha256sum | cut -c1-64
}

# What they name is in the vault already, so nothing is kept apart.
test_case 'a ref under the name of another construct' '
	begin && current && shows "other/$A" "$next" &&
	b_finds refused wrong-ref "other/$A" && quarantined 0 && mended
'

test_case 'a ref under the name of another device' '
	begin && current && shows "$nova/$C" "$next" &&
	b_finds refused wrong-ref "$nova/$C" && quarantined 0 && mended
'

test_case 'a version of a construct as one of vault, and the reverse' '
	begin && current && shows "vault/$W" "$next" &&
	b_finds_too refused wrong-construct && grep "vault/$W: it stands" err &&
	git -C r update-ref -d "refs/heads/vault/$W" &&
	shows "$nova/$C" "$(git -C r rev-parse "refs/heads/vault/$A")" &&
	b_finds refused wrong-construct && quarantined 0 && mended
'

test_case 'a ref that is no version' '
	begin && blob=$(echo x | git -C r hash-object -w --stdin) &&
	git -C r rev-parse "$next^{tree}" >"r/refs/heads/$nova/$A" &&
	b_finds_too refused "[a-z-]*" &&
	echo "$blob" >"r/refs/heads/$nova/$A" &&
	b_finds refused "[a-z-]*" && mended
'

test_case 'a remote ref set back' '
	begin && current &&
	shows "$nova/$A" "$(git -C r rev-list --max-parents=0 "$next")" &&
	b_finds back remote-back "$nova/$A" && mended
'

test_case 'a remote ref set sideways' '
	begin && current &&
	forged a "s/^\([ac].*@vvault>\) [0-9]*/\1 1700000000/" >side &&
	shows "$nova/$A" "$(cat side)" &&
	b_finds back remote-back "$nova/$A" && quarantined 1 && mended
'

test_case 'a remote ref removed' '
	begin && current &&
	git -C r update-ref -d "refs/heads/$nova/$A" &&
	b_finds back remote-back "$nova/$A" && mended
'

test_case 'the ref of vault set back, and removed' '
	begin && current && shows "vault/$A" "$(genesis)" &&
	b_finds_too back remote-back "vault/$A" && nothing_moved &&
	git -C r update-ref -d "refs/heads/vault/$A" &&
	expect_exit 1 as b vvault -C b pull --json >out 2>err &&
	grep "remote-back: refs/heads/vault/$A" err && quarantined 0 && mended
'

test_case 'all refs removed' '
	begin && git -C r for-each-ref --format="delete %(refname)" |
		git -C r update-ref --stdin &&
	b_finds back remote-back "vault/$A" && mended
'

test_case 'a version that comes before its vault head is held, then accepted' '
	begin && top=$(git -C r rev-parse "refs/heads/vault/$A") &&
	as a vvault -C a member add --role writer "$(cat did-s)" &&
	as a vvault -C a add nova memory:create "{\"content\":\"four\"}" &&
	as a vvault -C a push && shows "vault/$A" "$top" &&
	b_finds held unknown-members && quarantined 1 &&
	expect_exit 1 as b vvault clone "$PWD/r" fresh >out 2>err &&
	grep "^held" out &&
	as a vvault -C a push && as b vvault -C b pull --json >out &&
	jq -s -e "map(.result) | any(. == \"forward\")" out &&
	refs_of b >after && refs_of r | cmp - after && quarantined 0 &&
	as b vvault -C b verify --full
'

test_case 'the first version of vault, signed by a stranger' '
	begin && current && forged_vault=$(payload "$(genesis)" | sed "$(by s)" |
		forge sign "$tap_case/keys-s" r) &&
	shows "vault/$S" "$forged_vault" &&
	b_finds refused second-beginning "$forged_vault" && quarantined 1 &&
	git -C r for-each-ref --format="delete %(refname)" |
		git -C r update-ref --stdin &&
	shows "vault/$S" "$forged_vault" && id=$(cat b/vvault/id) &&
	expect_exit 128 as b vvault clone r fresh 2>err && cat err &&
	test ! -e fresh &&
	expect_exit 128 as b vvault clone --vault "$id" r fresh 2>err &&
	test ! -e fresh && expect_exit 1 as b vvault -C b fetch 2>err &&
	nothing_moved && mended
'

test_case 'and by one who makes himself its only owner' '
	begin && current && path=$(git -C r ls-tree -r --name-only "$(genesis)" vault/) &&
	git -C r cat-file blob "$(genesis):$path" | sed -e 1d -e "$(by s)" |
		forge seal a "$tap_case/keys-a" vault >own &&
	blob=$(git -C r hash-object -w --stdin <own) &&
	tree=$(git -C r ls-tree "$(genesis):vault" |
		sed "s/blob.*/blob $blob	$(forge cid <own)/" |
		git -C r mktree) &&
	tree=$(git -C r ls-tree "$(genesis)" |
		sed "/	vault\$/s/tree [0-9a-f]*/tree $tree/" |
		git -C r mktree) &&
	id=$(payload "$(genesis)" | sed -e "$(by s)" -e "s/^tree.*/tree $tree/" \
		-e "s/^Vvault-Root:.*/Vvault-Root: sha256:$(forge root r $tree)/" |
		forge sign "$tap_case/keys-s" r) &&
	shows "vault/$S" "$id" && b_finds refused second-beginning "$id" && mended
'

test_case 'a record of vault copied into a vault of another owner' '
	begin && git init -q --bare o.git && as s vvault init o >/dev/null &&
	as s vvault -C o remote add origin "$PWD/o.git" &&
	as s vvault -C o push && cp -a r/objects/. o.git/objects/ &&
	admission=$(git -C r rev-parse "refs/heads/vault/$A") &&
	cp -a r mine && rm -rf r && cp -a o.git r &&
	own=$(git -C r rev-parse "refs/heads/vault/$S") &&
	id=$(payload "$own" | sed -e "s/^Vvault-Seq:.*/Vvault-Seq: 2/" \
		-e "s/^tree.*/tree $(git -C r rev-parse "$admission^{tree}")/" \
		-e "s/^Vvault-Root:.*/$(payload "$admission" |
			grep ^Vvault-Root:)/" \
		-e "s/^author/parent $own\n&/" \
		-e "s/^Vvault-Root.*/&\nVvault-Parents: sha256:$(digest $own)/" |
		forge sign "$tap_case/keys-s" r) && payload "$id" &&
	shows "vault/$S" "$id" &&
	expect_exit 128 as c vvault clone r fresh 2>err && cat err &&
	grep "refused: [a-z]*-[a-z]*: " err && test ! -e fresh
'

test_case 'another vault in place of the remote is refused' '
	begin && rm -rf r && git init -q --bare r &&
	as s vvault init o && as s vvault -C o remote add origin "$PWD/r" &&
	as s vvault -C o add --new nova memory:create --as-is "{}" &&
	as s vvault -C o push && b_finds refused foreign-vault && mended
'

test_case 'clone --vault takes that one and no other' '
	begin && id=$(cat b/vvault/id) && as s vvault init o &&
	other=$(as s vvault -C o status --json | jq -r .vault) &&
	expect_exit 128 as c vvault clone --json --vault "$other" r c2 2>err &&
	cat err && error_is untrusted && test ! -e c2 && ls -A >names &&
	! grep vvault-clone names &&
	as c vvault clone --vault "$id" r c2 && test -d c2
'

test_case 'a fork is kept as two heads and reported' '
	begin && as b vvault -C b pull &&
	forged a "s/^\([ac].*@vvault>\) [0-9]*/\1 1700000000/" >side &&
	cp -a r r2 && shows "$nova/$A" "$(cat side)" && mv r side.git &&
	mv r2 r && as b vvault -C b remote add two "$PWD/side.git" &&
	as b vvault -C b fetch two --json >out 2>err && cat out err &&
	grep "fork: " err && as b vvault -C b status --json >status &&
	jq -e ".forks == 1" status &&
	expect_exit 1 as b vvault -C b verify --json >out && cat out &&
	jq -e ".problems | map(.code) | any(. == \"fork\")" out
'

done_testing
