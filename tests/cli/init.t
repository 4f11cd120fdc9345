#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

test_case 'a new vault says what it is and who we are' '
	vvault init my.vault >out 2>err && cat >want <<-end && cmp want err &&
	vvault: the key of this device is in '\''$VVAULT_KEYS/device'\''
	vvault: whoever has it can do what you can; without it nobody can read the vault
	vvault: '"'vvault key backup <file>'"' makes a copy that only a passphrase opens: keep it elsewhere
	end
	printf "made an encrypted vault '\''my.vault'\''\nvault   %s\ndevice  %s\n" \
		"$(cat my.vault/vvault/id)" "$(did)" >want &&
	cmp want out
'

test_case 'a plain vault says that it is plain' '
	vvault init --plain p >out &&
	test "$(head -n 1 out)" = "made a plain vault '\''p'\''"
'

test_case 'the same as JSON' '
	vvault init --json v >out &&
	keys_are "device encrypted path vault" <out &&
	jq -e --arg did "$(did)" --arg id "$(cat v/vvault/id)" \
		". == {device: \$did, encrypted: true, path: \"v\", vault: \$id}" \
		out &&
	vvault init --plain --json p | jq -e ".encrypted == false"
'

test_case 'the vault id is the id of the first record' '
	vvault init --plain v >/dev/null &&
	vvault -C v cat "$(cat v/vvault/id)" | jq -e ".type == \"vault:create\""
'

test_case 'names of dids and ids have their form' '
	vvault init --json v >out &&
	jq -r .device out | grep -xE "did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}" &&
	jq -r .vault out | grep -xE "bagaaiera[a-z2-7]{52}"
'

test_case 'the device key is made once, mode 0600' '
	vvault init a >/dev/null && one=$(did) &&
	test "$(stat -c %a "$VVAULT_KEYS/device")" = 600 &&
	test "$(stat -c %a "$VVAULT_KEYS")" = 700 &&
	vvault init b >/dev/null && test "$one" = "$(did)" &&
	ssh-keygen -l -f "$VVAULT_KEYS/device" >/dev/null
'

test_case 'the local folder is for the owner alone' '
	vvault init v >/dev/null &&
	test "$(stat -c %a v/vvault)" = 700 &&
	test -z "$(find v/vvault -perm /077)"
'

test_case 'two vaults have two ids' '
	vvault init a >/dev/null && vvault init b >/dev/null &&
	! cmp a/vvault/id b/vvault/id
'

test_case 'git finds nothing to complain about' '
	vvault init v >/dev/null &&
	git -C v fsck --strict --no-dangling >out 2>&1 && test ! -s out &&
	test "$(git -C v symbolic-ref HEAD)" = \
		"refs/heads/vault/$(did | sed s/did:key://)"
'

test_case 'the first version verifies with plain git' '
	new_vault && vvault key allowed-signers >signers &&
	git -C v -c gpg.format=ssh -c gpg.ssh.allowedSignersFile="$PWD/signers" \
		verify-commit HEAD
'

test_case 'the name of the device is that of the member' '
	new_vault --name "my laptop" &&
	vvault member list --json | jq -e ".name == \"my laptop\""
'

test_case 'an encrypted vault hides the name, a plain one shows it' '
	vvault init --name Zaphod s >/dev/null &&
	vvault init --plain --name Zaphod p >/dev/null &&
	git -C p log --format=%an HEAD | grep -x Zaphod &&
	git -C s cat-file --batch-all-objects --batch >objects &&
	test -s objects && ! grep Zaphod objects
'

test_case 'a recovery key is a private file, sealed, the first owner, and opens the vault' '
	new_vault --recovery rescue --passphrase-file "$(phrase)" 2>err &&
	test "$(stat -c %a rescue)" = 600 && head -n 1 rescue | grep -e "SEALED KEY" &&
	vvault member list --json | jq -r ".role + \" \" + (.name // \"-\")" >out &&
	printf "owner recovery\nowner -\n" >want && cmp want out &&
	vvault key allowed-signers | head -n 1 | cut -d" " -f3,4 >first &&
	vvault add --new nova memory:create "{\"content\":\"x\"}" >/dev/null &&
	as lost vvault key restore --passphrase-file "$(phrase)" rescue | sed -n 2p | cmp - first &&
	test "$(sed -n 2p rescue)" = "$(as lost did)" && as lost vvault ls nova | grep "memory  *x"
'

test_case 'without a passphrase there is no recovery key, and no vault' '
	expect_exit 128 vvault init --recovery rescue v 2>err </dev/null &&
	grep "the passphrase is empty" err && test "$(ls)" = err
'

test_case 'a recovery file that is there already is left alone' '
	echo precious >rescue &&
	expect_exit 128 vvault init --recovery rescue v 2>err </dev/null &&
	test "$(cat rescue)" = precious && test ! -e v
'

test_case 'an init that fails leaves nothing, and the file of a recovery key can be named again' '
	vvault init --recovery one --passphrase-file "$(phrase)" v 2>/dev/null && mkdir full && touch full/file && touch file &&
	find . "$VVAULT_KEYS" | sort >../before && for path in v full file file/below "$PWD"; do
		expect_exit 128 vvault init --recovery two --passphrase-file "$(phrase)" $path 2>../err &&
		find . "$VVAULT_KEYS" | sort | cmp - ../before || exit 1
	done && vvault init --recovery two --passphrase-file "$(phrase)" w 2>/dev/null && test -s two && test -e w/vvault/format
'

test_case 'nor does one leave a key or folders' '
	for what in "--plain --name a<b> x" "--plain --name a<b> x/y/z" "--recovery no/where x" "--recovery . x"; do
		expect_exit 128 vvault init --recovery key --passphrase-file "$(phrase)" $what 2>err && test "$(ls -A)" = err &&
		test ! -e "$VVAULT_KEYS" || exit 1
	done && echo in the way >keys && expect_exit 128 env VVAULT_KEYS=keys/k vvault init \
		--recovery key --passphrase-file "$(phrase)" x 2>err && test "$(ls -A)" = "$(printf "err\nkeys")"
'

test_case 'a full disk leaves nothing either' '
	phrase && for blocks in 0 1 2; do
		expect_exit 128 sh -c "trap \"\" XFSZ; ulimit -f $blocks; exec vvault init \
			--passphrase-file ../phrase --recovery key x/v 2>/dev/null" && test -z "$(ls -A)" &&
		test ! -e "$VVAULT_KEYS/device" || exit 1
	done && vvault init --recovery key --passphrase-file "$(phrase)" x/v && test -s key
'

test_case 'no vault is made over another one' '
	vvault init v >/dev/null && cp v/vvault/id id &&
	expect_exit 128 vvault init v >out 2>err && test ! -s out &&
	echo "vvault: there is a vault at '\''v'\''" >want && cmp want err &&
	cmp id v/vvault/id
'

test_case 'a folder that holds something is refused and untouched' '
	mkdir v && echo mine >v/file &&
	expect_exit 128 vvault init --json v 2>err && error_is exists &&
	test "$(ls -A v)" = file && test "$(cat v/file)" = mine
'

test_case 'an empty folder will do' '
	mkdir v && vvault init v >/dev/null && test -f v/vvault/format
'

test_case 'parent folders are made' '
	vvault init a/b/c >/dev/null && test -f a/b/c/vvault/format
'

test_case 'a file in the way is refused' '
	echo mine >f && expect_exit 128 vvault init f 2>err &&
	expect_exit 128 vvault init f/v 2>err && test "$(cat f)" = mine
'

test_case 'a folder that cannot be written is a failure' '
	test "$(id -u)" -ne 0 || skip_case "root may write everywhere" &&
	mkdir ro && chmod 500 ro && expect_exit 128 vvault init ro/v 2>err
'

test_case 'a key that others can read is refused' '
	vvault init a >/dev/null && chmod 644 "$VVAULT_KEYS/device" &&
	expect_exit 128 vvault init --json b 2>err && error_is denied &&
	test ! -e b
'

test_case 'a damaged key is refused' '
	vvault init a >/dev/null && : >"$VVAULT_KEYS/device" &&
	expect_exit 128 vvault init b 2>err && test ! -e b
'

test_case 'wrong words are usage errors' '
	expect_exit 129 vvault init 2>err &&
	grep -x "usage: vvault init \[--plain\] \[--name <name>\] \[--recovery <file>\] \[--passphrase-file <file>\] <dir>" err &&
	expect_exit 129 vvault init a b 2>err &&
	expect_exit 129 vvault init --name 2>err &&
	expect_exit 129 vvault init --plain=yes a 2>err &&
	test ! -e a
'

test_case 'at a terminal a passphrase is asked for, twice, and none is none' '
	answer() {
		{ sleep 0.6 && echo "$1" && sleep 0.3 && echo "$2" && sleep 0.3; } |
			script -qefc "vvault init $3" typescript >/dev/null
	} && answer "" "" one && test -d one && test ! -e one.key &&
	grep "no copy was made: the passphrase is empty" typescript &&
	grep "vvault key backup <file>" typescript &&
	answer sesame sesam two && test -d two && test ! -e two.key &&
	grep "no copy was made: the two passphrases differ" typescript &&
	answer sesame sesame three/ && test "$(stat -c %a three.key)" = 600 &&
	! grep sesame typescript && echo sesame >phrase && did >mine &&
	VVAULT_KEYS=$PWD/k vvault key restore --passphrase-file phrase three.key |
		head -n 1 | cmp - mine && vvault -C three status >out &&
	grep "^you .*; key backed up 20" out && vvault init four 2>err >out && test ! -s err
'

done_testing
