#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# A vault with a recovery key, pushed to r, whose device is dead.
dead_device() {
	once make_dead
}

make_dead() {
	git init -q --bare r &&
	as a vvault init --name laptop --recovery rescue --passphrase-file "$(phrase)" a >/dev/null 2>&1 &&
	as a vvault -C a add --new nova memory:create '{"content":"the first"}' >/dev/null &&
	as a vvault -C a remote add origin "$PWD/r" && as a vvault -C a push >/dev/null 2>&1
}

# bare <command>...: on a machine where nobody was before.
bare() (
	mkdir -p home && unset VVAULT_KEYS VVAULT_DIR XDG_DATA_HOME XDG_CONFIG_HOME &&
	export HOME=$PWD/home && "$@"
)

test_case 'a dead device and its recovery key only: a bare machine is an owner' '
	dead_device && mkdir away && mv a "$tap_case/keys-a" away &&
	bare vvault recover --name desk --passphrase-file "$(phrase)" rescue "$PWD/r" b >out 2>err &&
	grep "this device is let in as owner, by the key that was kept" out &&
	grep "the others learn of this when they pull" out &&
	grep "still members: laptop (z6Mk[^)]*); .vvault help member. says" err && ! grep "vvault member remove" err &&
	test "$(stat -c %a home/.local/share/vvault/keys/device)" = 600 &&
	test "$(find home -type f -name "device*" | wc -l)" -eq 1 &&
	bare vvault -C b ls nova | grep "the first" && bare vvault -C b verify --full &&
	bare vvault -C b add nova memory:create "{\"content\":\"the second\"}" && bare vvault -C b push &&
	says -s "map(select(.name == \"desk\" and .role == \"owner\" and .self)) | length == 1" \
		bare vvault -C b member list --json &&
	git -C r fsck --strict && mv away/a . && mv away/keys-a "$tap_case" &&
	as a vvault -C a add nova memory:create "{\"content\":\"it was found again\"}" &&
	as a vvault -C a pull && as a vvault -C a push && bare vvault -C b pull &&
	bare vvault -C b ls nova | grep "found again" && says ".forks == 0" bare vvault -C b status --json
'

test_case 'what opens nothing, or lets nobody in, is told, and what is not there' '
	dead_device && echo no >other &&
	expect_exit 128 bare vvault recover --passphrase-file other rescue "$PWD/r" b --json 2>err &&
	error_is auth && test ! -e b && test ! -e home/.local &&
	expect_exit 128 bare vvault recover rescue "$PWD/r" b 2>err </dev/null && test ! -e b &&
	expect_exit 128 bare vvault recover --passphrase-file "$(phrase)" nope "$PWD/r" b --json 2>err &&
	error_is not-found && expect_exit 128 bare vvault recover --passphrase-file other - "$PWD/r" b \
		2>err </dev/null && grep "the words end in row 1" err && expect_exit 129 bare vvault recover rescue 2>err
'

test_case 'a backup of a writer lets nobody in' '
	two_devices && as b vvault key backup --passphrase-file "$(phrase)" writer 2>/dev/null &&
	expect_exit 128 bare vvault recover --passphrase-file "$(phrase)" writer "$PWD/r" c --json 2>err >out &&
	grep "\"code\":\"denied\"" err && grep "is no owner.s" err
'

test_case 'a restored backup of a folder forks, and each device gets a key of its own' '
	two_devices && cp -a "$tap_case/keys-a" "$tap_case/keys-old" && cp -a a old &&
	as a vvault -C a add nova memory:create "{\"content\":\"on the new disk\"}" && as a vvault -C a push &&
	as old vvault -C old add nova memory:create "{\"content\":\"on the restored one\"}" &&
	{ as old vvault -C old pull 2>err || test $? -eq 1; } && as old vvault -C old push 2>>err && cat err &&
	grep "key rotate --device" err && as old vvault -C old key rotate --device >out 2>err &&
	as old vvault -C old push && { as a vvault -C a pull || test $? -eq 1; } && as a vvault -C a ls nova >out &&
	grep "on the new disk" out && grep "on the restored one" out && as b vvault -C b pull &&
	as b vvault -C b ls nova >out && grep "on the restored one" out && expect_exit 1 as b vvault -C b verify --full >out &&
	grep "^fork" out && test "$(cut -d" " -f1 out | grep -cvE "^(fork|a|set|problems)$")" -eq 0 &&
	as old vvault -C old add nova memory:create "{\"content\":\"by the new key\"}" &&
	as old vvault -C old push && as b vvault -C b pull && as b vvault -C b ls nova | grep "by the new key"
'

done_testing
