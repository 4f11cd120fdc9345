#!/bin/sh
# Plain git has no complaint about what vvault writes, and can check it.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../robust.sh"

# lived [<option of init>...]: a and b of two_devices after a life with
# merges, compactions, blobs, packs and members of every role.
lived() {
	two_devices "$@"
	capsule Luna 1 40 >luna.capsule && lines nova 3000 >lines.jsonl
	as a vvault -C a import luna.capsule
	as b vvault -C b import --construct nova lines.jsonl
	head -c 300000 /dev/urandom | base64 -w 0 |
		sed 's/.*/{"content":"&"}/' >large.json
	as a vvault -C a add nova memory:create - <large.json
	seq 40 | sed 's/.*/{"content":"number &"}/' >many.json
	while read -r line; do
		as a vvault -C a add nova memory:create "$line" >/dev/null
	done <many.json
	as c vvault init other
	as a vvault -C a member add --role reader "$(as c did)"
	as a vvault -C a push && as b vvault -C b pull
	as b vvault -C b add nova memory:create '{"content":"joined"}'
	as b vvault -C b push && as a vvault -C a pull
	as a vvault -C a add luna memory:create '{"content":"joined"}'
	as a vvault -C a push && as b vvault -C b pull
	as a vvault -C a log --json >log.out
	jq -se 'any(.change == "compact")' log.out
	jq -se 'any(.parents | length > 1)' log.out
}

for kind in sealed plain; do
option=$(test $kind = sealed || echo --plain)

test_case "fsck is silent about a $kind vault, its remote and its clones" '
	lived '"$option"'
	git_is_content a b r
	git clone -q --mirror r mirror && git_is_content mirror
	git clone -q a worktree && git_is_content worktree
	git -C r gc -q && git_is_content r
	as b vvault clone "$PWD/r" again && as b verified again
	as a verified a && as b verified b
'

test_case "git verifies each version of a $kind vault, and no changed one" '
	lived '"$option"'
	as a vvault -C a key allowed-signers >signers
	git -C r config gpg.format ssh
	git -C r config gpg.ssh.allowedSignersFile "$PWD/signers"
	git -C r rev-list --all >versions && test "$(wc -l <versions)" -gt 45
	while read -r id; do
		git -C r verify-commit --raw "$id" >>verified 2>&1 ||
			{ tail verified; exit 1; }
	done <versions
	grep -c "^Good \"git\" signature for did:key:" verified >good.n
	test "$(cat good.n)" -eq "$(wc -l <versions)"
	: >refused.n
	for id in $(git -C r rev-list --all --merges -n 1) \
		$(git -C r log --all --format=%H -n 1 \
			--grep "^Vvault-Change: compact") \
		$(git -C r log --all --format=%H -n 1 \
			--grep "^Vvault-Construct: vault"); do
		git -C r cat-file commit "$id" >good
		tree=$(git -C r rev-parse "$id^{tree}")
		other=$(git -C r rev-list --parents -n 1 "$id" | tr " " "\n" |
			grep -vxFf - versions | sed -n 9p)
		for change in \
			"s/^tree $tree/tree $(git -C r rev-parse "$other^{tree}")/" \
			"0,/^parent/s/^parent .*/parent $other/" \
			"0,/^parent/{/^parent/d}" \
			"0,/^author/s/^\(author .*\) [0-9]* /\1 1700000000 /" \
			"s/^\(committer .*\) [0-9]* /\1 1700000000 /" \
			"s/^\(author\|committer\) [a-z]* /\1 other /" \
			"s/^\(Vvault-Format: \).*/\12/" \
			"s/^\(Vvault-Vault: bagaaiera\)./\1z/" \
			"s/^\(Vvault-Construct: \).*/\1other/" \
			"s/^\(Vvault-Device: did:key:z6Mk\)./\1z/" \
			"s/^\(Vvault-Seq: \)/\11/" \
			"s/^\(Vvault-Change: \).*/\1forget/" \
			"/^Vvault-Members/d" \
			"s/^\(Vvault-Root: sha256:\)./\1z/" \
			"s/^\(Vvault-Parents: sha256:\)./\1z/" \
			"/^Vvault-Note/d" \
			"\$s/\$/\nVvault-Seq: 1/" \
			"/^$/,/^$/s/^$/\n/"; do
			sed "$change" good >bad
			cmp -s good bad && continue
			bad=$(git -C r hash-object -t commit -w --stdin \
				--literally <bad)
			! git -C r verify-commit "$bad" 2>said ||
				{ echo "accepted: $change"; exit 1; }
			echo "$change" >>refused.n
		done
	done
	test "$(sort -u refused.n | wc -l)" -ge 17
'
done

test_case 'git show prints the records of a plain vault' '
	new_vault --plain
	vvault add --new nova memory:create "{\"content\":\"in plain sight\"}"
	id=$(vvault add nova memory:create "{\"content\":\"the second\"}")
	git -C v ls-tree -r refs/heads/nova/"$(did | cut -d: -f3)" >tree
	cut -f2 tree | cut -d/ -f1 | sort -u | grep -x memory
	for blob in $(awk "{ print \$3 }" tree); do git -C v show "$blob"; done \
		>shown
	test "$(grep -c segment-1 shown)" -eq 2 && test "$(wc -l <shown)" -eq 4
	sed -i /segment-1/d shown
	jq -r .data.content shown | sort | tr "\n" , |
		grep -x "in plain sight,the second,"
	vvault cat "$id" >record && grep -xF "$(cat record)" shown
	git -C v log --all --format=%s | grep "add: 1 memory:create"
	git clone -q v out && find out -type f | grep -c bafkrei
'

test_case 'HEAD names the creator and plain git shows the vault' '
	new_vault
	test "$(git -C v symbolic-ref HEAD)" = \
		"refs/heads/vault/$(did | cut -d: -f3)"
	git clone -q v out && cat out/*/bafkrei* out/*/*/bafkrei* 2>/dev/null |
		jq -r .type | grep -x vault:create
'

done_testing
