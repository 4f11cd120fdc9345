#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# content_keys <vault>: how many were made.
content_keys() {
	git -C "$1" cat-file --batch-all-objects --batch | grep -ao "\"use\":\"content\"" | wc -l
}

test_case 'rotate makes a new content key for all members, in one version' '
	two_devices && test "$(content_keys a)" -eq 1 && as a vvault -C a key rotate >out &&
	grep "2 members" out && as a vvault -C a add nova memory:create "{\"content\":\"after it\"}" &&
	as a vvault -C a push && test "$(content_keys r)" -eq 2 && as b vvault -C b pull &&
	as b vvault -C b ls nova | grep "after it" && as b vvault -C b verify --full &&
	as b vvault -C b add nova memory:create "{\"content\":\"answered\"}" && as b vvault -C b push &&
	as a vvault -C a pull && as a vvault -C a ls nova | grep answered &&
	as a vvault -C a key rotate --json | keys_are "granted key version" &&
	expect_exit 128 as b vvault -C b key rotate --json 2>err && error_is denied &&
	vvault init --plain p && expect_exit 128 vvault -C p key rotate 2>err && grep "no content key" err
'

test_case 'a member that was away for two rotations brings its work, and takes part' '
	two_devices && as b vvault -C b add nova memory:create "{\"content\":\"on the train\"}" &&
	for n in 1 2; do
		as a vvault -C a key rotate && as a vvault -C a add nova memory:create "{\"content\":\"at home $n\"}" &&
		as a vvault -C a push || exit 1
	done && as b vvault -C b add nova memory:create "{\"content\":\"still away\"}" &&
	as b vvault -C b pull && as b vvault -C b push && as a vvault -C a pull &&
	as b vvault -C b add nova memory:create "{\"content\":\"back again\"}" && as b vvault -C b push &&
	as a vvault -C a pull && for v in a b; do
		as $v vvault -C $v ls nova >out && for words in "on the train" "at home 1" "at home 2" \
			"still away" "back again"; do
			grep "$words" out || exit 1
		done && as $v vvault -C $v verify --full && as $v vvault -C $v status --json | jq -r .quarantined |
			grep -x 0 || exit 1
	done && test "$(content_keys a)" -eq 3 &&
	as a vvault -C a verify --full --json | jq -c .sets >a.sets &&
	as b vvault -C b verify --full --json | jq -c .sets | cmp - a.sets
'

test_case 'rotate --device gives this device a new key, and its place' '
	two_devices && mine=$(as a did) && as a vvault -C a member rename "$mine" laptop &&
	as a vvault -C a key rotate --device >out 2>err && now=$(as a did) && test "$now" != "$mine" &&
	grep "$now" out && grep "key backup <file>" err && as a vvault -C a ls nova | grep "the first" &&
	as a vvault -C a add nova memory:create "{\"content\":\"by the new one\"}" && as a vvault -C a push &&
	as b vvault -C b pull && as b vvault -C b ls nova | grep "by the new one" &&
	as b vvault -C b verify --full && as b vvault -C b member list --json | jq -r ".did + \" \" + .role +
		\" \" + (.name // \"-\")" | sort >out && printf "%s owner laptop\n%s removed laptop\n%s writer -\n" \
		"$now" "$mine" "$(as b did)" | sort | cmp - out &&
	as a vvault -C a key rotate &&
	vvault init --plain p && vvault -C p key rotate --device && vvault -C p key rotate --device &&
	vvault -C p verify --full
'

test_case 'a thief with the key from before writes nothing that counts' '
	two_devices && cp -a "$tap_case/keys-a" "$tap_case/keys-thief" && cp -a a thief &&
	as a vvault -C a key rotate --device 2>/dev/null && as a vvault -C a push && as b vvault -C b pull &&
	as thief vvault -C thief add nova memory:create "{\"content\":\"forged\"}" &&
	as thief vvault -C thief member add did:key:z6MkrL4gkvWaC6MCtrNgP2Yjq39nbvVHjyo6A1AgBz1AUscE &&
	{ as thief vvault -C thief push || test $? -eq 1; } && { as b vvault -C b pull || test $? -eq 1; } &&
	as b vvault -C b ls nova >out &&
	grep "the first" out && ! grep forged out && as b vvault -C b member list >out && ! grep z6MkrL4gk out &&
	as b vvault -C b add nova memory:create "{\"content\":\"honest\"}" && as b vvault -C b push &&
	{ as a vvault -C a pull || test $? -eq 1; } && as a vvault -C a ls nova >out && grep honest out && ! grep forged out
'

test_case 'other vaults go on with the key of before, until it is their turn' '
	vvault init one >/dev/null 2>&1 && vvault init two >/dev/null 2>&1 && was=$(did) &&
	vvault -C one key rotate --device 2>err && grep "other vaults of this device" err && now=$(did) &&
	vvault -C two add --new nova memory:create "{\"content\":\"rain\"}" && vvault -C two ls nova | grep rain &&
	says -s ".[0].did == \"$was\"" vvault -C two member list --json &&
	vvault -C two key rotate --device && test "$(did)" = "$now" && vvault -C two ls nova | grep rain &&
	says -s "map(select(.role == \"owner\") | .did) == [\"$now\"]" vvault -C two member list --json &&
	vvault -C two add nova memory:create --as-is "{}" && vvault -C two verify --full && vvault -C one verify --full
'

test_case 'or by a key under a passphrase, which need not be known for that' '
	new_vault && cp -a "$VVAULT_KEYS" before && vvault key rotate --device && now=$(did) && mkdir -m 700 before/next &&
	vvault key backup --passphrase-file "$(phrase)" before/next/device && cp before/next/device next &&
	rm -rf "$VVAULT_KEYS" && cp -a before "$VVAULT_KEYS" &&
	vvault key rotate --device --json </dev/null | jq -e ".did == \"$now\" and .version == null" &&
	cmp next "$VVAULT_KEYS/device" && expect_exit 128 vvault log --json 2>err </dev/null && error_is sealed
'

test_case 'a writer is told who gives it another key, and no write fails for it' '
	two_devices && expect_exit 128 as b vvault -C b key rotate --device --json 2>err && error_is denied &&
	grep "only an owner.s device takes another key by itself.*VVAULT_KEYS.*an owner" err &&
	cp -a "$tap_case/keys-b" "$tap_case/keys-old" && cp -a b old &&
	as b vvault -C b add nova memory:create "{\"content\":\"here\"}" && as b vvault -C b push &&
	as old vvault -C old add nova memory:create "{\"content\":\"there\"}" &&
	{ as old vvault -C old pull || test $? -eq 1; } &&
	as old script -qefc "vvault -C old push" typescript </dev/null >/dev/null &&
	grep "One of them needs a key of its own: set VVAULT_KEYS" typescript && ! grep "shall this one" typescript &&
	as a vvault -C a pull && as a vvault -C a ls nova | grep there
'

test_case 'a copy of the key that takes another as well: both count, and who is above says which goes' '
	git init -q --bare r && as o vvault init --name desk o >/dev/null && as o vvault -C o remote add origin "$PWD/r" &&
	as o vvault -C o push && as a vvault clone "$PWD/r" a >/dev/null 2>&1 &&
	as o vvault -C o member add --role owner --name laptop "$(as a did)" && as o vvault -C o push &&
	as a vvault -C a pull && as a vvault -C a add --new nova memory:create "{\"content\":\"before\"}" &&
	cp -a "$tap_case/keys-a" "$tap_case/keys-thief" && cp -a a thief &&
	as a vvault -C a add nova memory:create "{\"content\":\"after\"}" &&
	as a vvault -C a member add --name pad did:key:z6MkrL4gkvWaC6MCtrNgP2Yjq39nbvVHjyo6A1AgBz1AUscE &&
	as a vvault -C a key rotate --device 2>/dev/null && as a vvault -C a push && mine=$(as a did) &&
	as thief vvault -C thief key rotate --device 2>/dev/null && theirs=$(as thief did) &&
	as thief vvault -C thief key rotate &&
	{ as thief vvault -C thief push || test $? -eq 1; } && { as a vvault -C a pull || test $? -eq 1; } &&
	as a vvault -C a member list >out 2>err && grep pad out &&
	grep "replaced more than once, .*laptop (z6Mk.*), laptop (z6Mk" err && grep "who stands above them: desk (z6Mk" err &&
	as a vvault -C a status | grep "^replaced  .*vvault member list" &&
	{ as o vvault -C o pull || test $? -eq 1; } && as o vvault -C o member list --json 2>err >out &&
	grep "this device stands above them" err && as o vvault -C o ls nova | grep after && jq -se "map(select(.twins)) | map(.twins[0]) | sort == ([\"$mine\",
		\"$theirs\"] | sort)" out &&
	as o vvault -C o member remove --yes "$theirs" && as o vvault -C o push && as a vvault -C a pull &&
	as a vvault -C a member role z6MkrL4g reader --yes && says -s "map(select(.role == \"owner\") | .did) | length == 2" \
		as a vvault -C a member list --json 2>err && test ! -s err && expect_exit 1 as a vvault -C a verify --full >out 2>&1 && ! grep -vE "^(fork|a|set|problems) " out
'

test_case 'a rotation that was killed before its key was taken is ended by the next' '
	new_vault && was=$(did) && cp -a "$VVAULT_KEYS" before && vvault key rotate --device && now=$(did) &&
	mkdir -m 700 before/next && cp "$VVAULT_KEYS/device" before/next/device && rm -rf "$VVAULT_KEYS" &&
	cp -a before "$VVAULT_KEYS" && test "$(did)" = "$was" && vvault key rotate --device --json |
		jq -e ".did == \"$now\" and .version == null" && test "$(did)" = "$now" && vvault verify --full &&
	test ! -e "$VVAULT_KEYS/next"
'

done_testing
