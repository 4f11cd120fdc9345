#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

test_case 'show prints the did and the key as ssh writes it' '
	new_vault && vvault key show >out && test "$(wc -l <out)" -eq 3 &&
	ssh-keygen -y -f "$VVAULT_KEYS/device" | cut -d" " -f1,2 >public &&
	sed -n 2p out | cmp - public && echo "in $VVAULT_KEYS/device," \
		"not backed up: '"'vvault key backup <file>'"'" >where &&
	tail -n 1 out | cmp - where &&
	head -n 1 out | grep -xE "did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}"
'

test_case 'show as JSON' '
	new_vault && vvault key show --json >out &&
	keys_are "backup did path public sealed" <out &&
	{ jq -r .did out; jq -r .public out; } >a && vvault key show | head -n 2 | cmp a - &&
	jq -e --arg path "$VVAULT_KEYS/device" ".path == \$path and .backup == null" out
'

test_case 'show needs no vault, but a key' '
	expect_exit 128 vvault key show --json 2>err && error_is not-found &&
	vvault init v >/dev/null && cd / && vvault key show >/dev/null
'

test_case 'a backup holds nothing of the key in the clear, is for its owner alone, and over no other' '
	new_vault && echo secret >phrase && umask 022 && echo secret | vvault key backup >piped &&
	vvault key backup --passphrase-file phrase copy >out 2>err && test ! -s out && ! cmp -s piped copy &&
	grep "^vvault: the key is in .copy., and its passphrase opens it" err &&
	test "$(stat -c %a copy)" = 600 && cp copy before &&
	head -n 1 copy | grep -x -e "-----BEGIN VVAULT SEALED KEY-----" &&
	tail -n 1 copy | grep -x -e "-----END VVAULT SEALED KEY-----" &&
	sed "1d;\$d" "$VVAULT_KEYS/device" | tr -d "\n" | cut -c40-80 >part &&
	test -s part && cat piped copy | tr -d "\n" >joined && test -s joined && ! grep -F -f part joined &&
	expect_exit 128 vvault key backup --passphrase-file nope copy 2>err &&
	grep "^vvault: there is a file .copy.: a backup needs" err && cmp copy before &&
	vvault key show | tail -n 1 | grep -xE "in .*/device, backed up 20[-0-9]+T[0-9:]+(Z|[+-][0-9:]+)" &&
	vvault init other >/dev/null 2>err && test ! -s err &&
	! grep -a secret "$VVAULT_KEYS"/*
'

test_case 'a bare machine is this device again by its backup' '
	new_vault && vvault add --new nova memory:create "{\"content\":\"x1\",\"n\":1}" >/dev/null &&
	git init -q --bare r && vvault remote add origin "$PWD/r" &&
	vvault push >/dev/null && echo secret >phrase &&
	vvault key backup --passphrase-file phrase copy 2>/dev/null && mine=$(did) &&
	rm -rf "$VVAULT_KEYS" v && unset VVAULT_DIR && echo wrong >other &&
	expect_exit 128 vvault key restore --passphrase-file other copy --json 2>err &&
	error_is auth && test ! -e "$VVAULT_KEYS/device" &&
	vvault key restore --passphrase-file phrase copy >out 2>err &&
	grep "the key of one device: where that one still writes, both fork .*set VVAULT_KEYS to a new folder" err &&
	grep "where that one is lost, go on here: .vvault clone <url>. brings the vault" err &&
	expect_exit 128 vvault key restore copy 2>err </dev/null &&
	echo "vvault: this device has a key already: '"'"'$VVAULT_KEYS/device'"'"'" | cmp - err &&
	test "$(head -n 1 out)" = "$mine" && grep ", backed up 20" out &&
	test "$(stat -c %a "$VVAULT_KEYS/device")" = 600 &&
	vvault clone "$PWD/r" v >/dev/null 2>&1 && vvault -C v ls nova --json |
		jq -e ".state.n == 1" && vvault -C v verify --full &&
	vvault -C v add nova memory:create "{\"content\":\"x2\",\"n\":2}" && vvault -C v push
'

test_case 'at a terminal a new passphrase is asked twice, and not shown' '
	new_vault && answer() {
		{ sleep 0.5 && echo "$1" && sleep 0.3 && echo "$2" && sleep 0.3; } |
			script -qefc "$run" typescript >/dev/null
	} && run="vvault key backup copy" && answer sesame sesame &&
	grep "new passphrase: " typescript && grep "the same once more: " typescript && ! grep sesame typescript &&
	echo sesame >phrase && did >mine && VVAULT_KEYS=$PWD/k2 vvault key restore \
		--passphrase-file phrase copy | head -n 1 | cmp - mine && run="vvault key backup two" &&
	expect_exit 128 answer sesame sesam && test ! -e two &&
	grep "the two passphrases differ" typescript &&
	expect_exit 128 answer "" "" && test ! -e two && grep "the passphrase is empty" typescript
'

test_case 'an empty passphrase and none are refused' '
	new_vault &&
	expect_exit 128 vvault key backup </dev/null >out 2>err &&
	test ! -s out && grep "the passphrase is empty" err &&
	expect_exit 128 vvault key backup --passphrase-file nope 2>err
'

test_case 'allowed-signers has a line for each member, for git' '
	new_vault --recovery rescue --passphrase-file "$(phrase)" && vvault key allowed-signers >out &&
	test "$(wc -l <out)" -eq 2 &&
	grep -cxE "did:key:z6Mk[A-Za-z0-9]{44} namespaces=\"git\" ssh-ed25519 [A-Za-z0-9+/=]+" \
		out | grep -x 2 && grep "^$(did) " out
'

test_case 'plain git accepts every version by it, and no changed one' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault add nova memory:create --as-is "{}" >/dev/null &&
	vvault key allowed-signers >signers && cd v &&
	git config gpg.format ssh &&
	git config gpg.ssh.allowedSignersFile "$PWD/../signers" &&
	n=0 && for id in $(git rev-list --all); do
		git verify-commit "$id" || exit 1
		n=$((n + 1))
	done && test $n -eq 3 &&
	id=$(git rev-parse HEAD) && git cat-file commit $id >good &&
	for change in "s/^tree 0/tree 1/;t;s/^tree ./tree 0/" "s/^Vvault-Seq: 1/Vvault-Seq: 2/" \
		"s/^A version/A Version/" "s/> 1/> 2/" "s/^Vvault-Root: sha256:./&0/"
	do
		sed "$change" good >bad && ! cmp -s good bad &&
		bad=$(git hash-object -t commit -w --stdin --literally <bad) &&
		! git verify-commit $bad || { echo "$change"; exit 1; }
	done
'

test_case 'a key that others can read is refused' '
	new_vault && chmod 640 "$VVAULT_KEYS/device" &&
	expect_exit 128 vvault key show --json 2>err && error_is denied
'

test_case 'wrong words are usage errors' '
	new_vault && expect_exit 129 vvault key shwo 2>err &&
	grep "usage: vvault key" err &&
	expect_exit 129 vvault key nope 2>err &&
	expect_exit 129 vvault key show more 2>err
'

done_testing
