#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# sealed_vault: its device's key lies under a passphrase; two/ is another vault,
# which goes by the key that the device had before.
sealed_vault() {
	once make_sealed && export VVAULT_DIR=$PWD/v
}

make_sealed() {
	vvault init two >/dev/null && cp "$VVAULT_KEYS/device" former &&
	vvault init v >/dev/null && vvault -C v add --new nova memory:create '{"content":"rain"}' >/dev/null &&
	vvault -C v key rotate --device >/dev/null 2>&1 && cp "$VVAULT_KEYS/device" open &&
	vvault key protect --passphrase-file "$(phrase)" >protected
}

# unlocked: or the case is skipped, where the kernel keeps nothing for us.
unlocked() {
	vvault key unlock --passphrase-file "$(phrase)" "$@" >unlocked 2>err || {
		grep -q "the kernel keeps nothing" err && skip_case "no keyring"
	}
}

# at_terminal <command> <answer>...
at_terminal() {
	at=$1
	shift
	{ sleep 0.6 && for line in "$@"; do echo "$line" && sleep 0.4; done; } |
		script -qefc "$at" typescript >/dev/null
}

test_case 'protect seals the key where it lies; what is public needs no passphrase' '
	sealed_vault && cat protected && grep "sealed, and locked" protected &&
	test "$(stat -c %a "$VVAULT_KEYS/device")" = 600 && head -n 1 "$VVAULT_KEYS/device" | grep SEALED &&
	for key in open former; do sed -n "3,5p" $key | cut -c1-60; done >parts && test "$(wc -l <parts)" -eq 6 &&
	! grep -rF -f parts "$VVAULT_KEYS" &&
	vvault key show >out && grep "sealed by a passphrase: .vvault key unlock." out &&
	ssh-keygen -y -f open | cut -d" " -f1,2 >public && sed -n 2p out | cmp - public &&
	says ".sealed and (.unlocked | not)" vvault key show --json
'

test_case 'a sealed key is asked for at a terminal, and nowhere else' '
	sealed_vault && for words in "log" "add nova memory:create {}" "key backup" "init w" "clone v w"; do
		expect_exit 128 vvault $words 2>err </dev/null && test ! -e w &&
		grep "sealed by a passphrase: .vvault key unlock. opens it for a while" err || exit 1
	done && expect_exit 128 vvault log --json 2>err && error_is sealed &&
	at_terminal "vvault ls nova" "open sesame" && grep "passphrase: " typescript &&
	grep rain typescript && ! grep sesame typescript
'

test_case 'unlock opens it for the session, for a while; lock closes it' '
	sealed_vault && unlocked --for 2h && grep "unlocked for this session" unlocked &&
	vvault ls nova | grep rain && sh -c "vvault add nova memory:create --as-is \"{}\"" &&
	vvault -C two add --new nova memory:create "{\"content\":\"by the key of before\"}" &&
	vvault key show | grep "unlocked for now" && says .unlocked vvault key show --json &&
	grep -E "[12]h .* user +vvault:[0-9a-f]{32}: 32" /proc/keys &&
	vvault key lock && expect_exit 128 vvault ls nova 2>err && expect_exit 128 vvault -C two log 2>err &&
	vvault key lock && for period in 0h 8 8w h 91d 1h1m; do
		expect_exit 129 vvault key unlock --for $period 2>err || exit 1
	done
'

test_case 'none again, but for what another passphrase seals; what was unlocked is locked' '
	sealed_vault && cp "$VVAULT_KEYS/device" sealed && mv "$VVAULT_KEYS/retired" . && unlocked &&
	mv retired "$VVAULT_KEYS" && vvault key protect --off >out 2>err && grep "lies open again" out &&
	grep "1 key that this device had before stays under the passphrase" err &&
	ssh-keygen -y -f open >before && ssh-keygen -y -f "$VVAULT_KEYS/device" | cmp - before &&
	expect_exit 128 vvault key unlock 2>err </dev/null && grep "is not sealed" err && vvault ls nova &&
	expect_exit 128 vvault -C two log --json 2>err </dev/null && error_is sealed &&
	cp sealed "$VVAULT_KEYS/device" && expect_exit 128 vvault ls nova 2>err
'

test_case 'a page has words to type and a code, and no key in the clear' '
	new_vault && mine=$(did) && vvault key backup --paper --passphrase-file "$(phrase)" page 2>err &&
	test "$(stat -c %a page)" = 600 && grep "keep both off this machine" err && grep "^    $mine$" page &&
	grep -cE "^    [1-8]   ([bdfghjklmnprstvz][aiou][bdfghjklmnprstvz][aiou][bdfghjklmnprstvz] ?){5}$" page |
		grep -x 8 && grep -E "^    [1-8]   " page >words && grep -c "█" page &&
	test "$(grep -n "camera" page | cut -d: -f1)" -lt "$(wc -l <page)" &&
	tr a-z A-Z <words | as three vvault key restore --passphrase-file "$(phrase)" - | grep -x "$mine" &&
	sed "3s/\([bd]\)\([aiou]\)/x\2/;3s/ [bdfghjklmnprstvz]/ b/3" words >slip && ! cmp -s slip words &&
	expect_exit 128 as four vvault key restore --passphrase-file "$(phrase)" slip 2>err && grep "row 3" err
'

done_testing
