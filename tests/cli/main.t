#!/bin/sh
# What all commands share: finding the vault, words, statuses, output.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

test_case 'no command at all explains the program' '
	vvault >out 2>err &&
	test ! -s err &&
	head -n 1 out | grep -x "usage: vvault \[-C <vault>\] <command> \[options\]"
'

test_case 'an unknown command is a usage error' '
	expect_exit 129 vvault nosuchword >out 2>err &&
	test ! -s out &&
	echo "vvault: '\''nosuchword'\'' is no command; see '\''vvault help'\''" >want &&
	cmp want err
'

test_case 'an unknown option shows the usage of the command' '
	expect_exit 129 vvault status --nope >out 2>err &&
	test ! -s out &&
	printf "vvault: unknown option '\''--nope'\'': '\''status'\'' has none of its own\nusage: vvault status \n" \
		>want &&
	cmp want err
'

test_case 'an unknown option before the command is a usage error' '
	expect_exit 129 vvault --nope status 2>err &&
	grep "unknown option .--nope." err
'

test_case 'usage errors are JSON with --json' '
	expect_exit 129 vvault status --json --nope >out 2>err &&
	test ! -s out && error_is invalid
'

test_case 'a vault is named by -C' '
	vvault init a >/dev/null && vvault init b >/dev/null &&
	vvault -C a status --json >a.out &&
	vvault -C b status --json >b.out &&
	test "$(jq -r .vault a.out)" = "$(cat a/vvault/id)" &&
	test "$(jq -r .vault b.out)" = "$(cat b/vvault/id)" &&
	! cmp a.out b.out
'

test_case 'a vault is named by VVAULT_DIR, and -C beats it' '
	vvault init a >/dev/null && vvault init b >/dev/null &&
	export VVAULT_DIR="$PWD/a" &&
	test "$(vvault status --json | jq -r .vault)" = "$(cat a/vvault/id)" &&
	test "$(vvault -C b status --json | jq -r .vault)" = "$(cat b/vvault/id)"
'

test_case 'an empty VVAULT_DIR is none' '
	vvault init a >/dev/null && cd a && export VVAULT_DIR= &&
	vvault status >/dev/null
'

test_case 'the nearest parent folder that is a vault is taken' '
	vvault init a >/dev/null &&
	mkdir -p a/vvault/tmp/deep && cd a/vvault/tmp/deep &&
	vvault status --json | jq -r .vault >id &&
	cmp id ../../id
'

test_case 'a vault inside a vault is nearer' '
	vvault init a >/dev/null && vvault init a/inner >/dev/null &&
	cd a/inner/objects &&
	test "$(vvault status --json | jq -r .vault)" = "$(cat ../vvault/id)"
'

test_case 'no vault anywhere is a failure that says what to do' '
	expect_exit 128 vvault log >out 2>err &&
	test ! -s out &&
	echo "vvault: no vault here: go into one, name it with -C or" \
		"VVAULT_DIR, or make one with .vvault init <dir>." >want &&
	grep -xf want err
'

test_case 'no vault where -C points is a failure' '
	mkdir empty &&
	expect_exit 128 vvault -C empty status 2>err &&
	grep "no vault at .empty." err &&
	expect_exit 128 vvault -C empty status --json 2>err &&
	error_is not-found
'

test_case 'a plain git repository is no vault' '
	git init -q --bare r &&
	expect_exit 128 vvault -C r status 2>err &&
	grep "no vault at .r." err
'

test_case '-C without a folder is a usage error' '
	expect_exit 129 vvault -C 2>err &&
	grep "the vault.s folder must follow .-C." err
'

test_case 'a newer format is refused by name' '
	new_vault && chmod u+w v/vvault/format && echo "vvault 2" >v/vvault/format &&
	expect_exit 128 vvault status --json 2>err &&
	error_is unsupported
'

test_case 'a damaged format file is a failure' '
	new_vault && echo "garbage" >v/vvault/format &&
	expect_exit 128 vvault status --json 2>err &&
	error_is corrupt
'

test_case 'every reading command fails on a full disk' '
	new_vault --plain && add_out=$(vvault add --new nova memory:create --as-is "{}") &&
	for words in "log" "log --json" "show nova" "show --json nova" \
		"ls nova" "cat $add_out" "construct list" "status" \
		"member list" "key show" "key allowed-signers" "version" \
		"help" "completion bash" "diff vault vault --json"
	do
		expect_exit 128 vvault $words >/dev/full 2>err &&
		grep "cannot write the output" err || { echo "$words"; exit 1; }
	done
'

test_case 'a reader that stops early is no failure' '
	new_vault --plain &&
	vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	i=0 && while test $i -lt 3000; do echo "{\"n\":$i}"; i=$((i + 1)); done |
		vvault add nova memory:create --as-is - >/dev/null &&
	{ vvault ls nova; echo $? >status; } | head -n 1 >/dev/null &&
	test "$(cat status)" = 0
'

test_case 'talk never lands on stdout' '
	new_vault && expect_exit 128 vvault show nope >out 2>err &&
	test ! -s out && test -s err
'

test_case 'errors are JSON on one line with --json' '
	new_vault && expect_exit 128 vvault show --json nope >out 2>err &&
	test ! -s out && test "$(wc -l <err)" -eq 1 && error_is not-found
'

test_case 'control characters in an error are escaped' '
	new_vault && expect_exit 128 vvault show "$(printf "a\033[31mb")" 2>err &&
	! grep "$(printf "\033")" err
'

test_case 'text from outside is escaped on a terminal, and only there' '
	command -v script >/dev/null || skip_case "script is not here" &&
	new_vault --plain &&
	vvault add --new nova memory:create \
		"{\"content\":\"\\u001b[31mred\\u202e\\u0007\"}" >/dev/null &&
	vvault ls nova >plain &&
	script -qec "vvault ls --no-pager nova" typescript >/dev/null &&
	! grep "$(printf "\033")" typescript &&
	! grep "$(printf "\342\200\256")" typescript &&
	grep red typescript &&
	grep red plain
'

test_case 'colours are for terminals, and can be asked for' '
	new_vault --plain &&
	vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault log >plain && ! grep "$(printf "\033")" plain &&
	vvault log --color >coloured && grep "$(printf "\033")" coloured &&
	vvault log --color=never >never && cmp plain never
'

test_case 'the words behind -- are operands' '
	new_vault --plain &&
	expect_exit 128 vvault show -- --json 2>err &&
	grep "no construct or version .--json." err
'

test_case 'no HOME and no VVAULT_KEYS is said so' '
	unset VVAULT_KEYS XDG_DATA_HOME HOME &&
	expect_exit 128 vvault init v 2>err &&
	grep "set VVAULT_KEYS or HOME" err && test ! -e v
'

test_case 'keys lie below XDG_DATA_HOME, else below HOME' '
	unset VVAULT_KEYS &&
	vvault init a >/dev/null &&
	test -f "$XDG_DATA_HOME/vvault/keys/device" &&
	unset XDG_DATA_HOME && rm -rf "$HOME/.local" &&
	vvault init b >/dev/null &&
	test -f "$HOME/.local/share/vvault/keys/device"
'

test_case 'an error in the words is JSON wherever --json stands' '
	expect_exit 129 vvault log --nope --json 2>err &&
	jq -e ".error.code == \"invalid\"" err &&
	expect_exit 129 vvault nope --json 2>err &&
	jq -e ".error.message | contains(\"nope\")" err
'

test_case 'a command tells of itself with --help' '
	vvault log --help >out && vvault help log | cmp out -
'

test_case 'version and help need no folder for keys' '
	env -i "$(command -v vvault)" version >out && grep "^vvault version" out &&
	env -i "$(command -v vvault)" help >out &&
	expect_exit 128 env -i "$(command -v vvault)" status 2>err &&
	grep "folder for keys" err
'

test_case 'a word that is nearly a command is told which' '
	for pair in statsu:status lgo:log clon:clone pushh:push exprot:export; do
		expect_exit 129 vvault "${pair%:*}" 2>err && grep "is .${pair#*:}. meant" err &&
		expect_exit 129 vvault help "${pair%:*}" 2>err && grep "is .${pair#*:}. meant" err || exit 1
	done && for word in xyz "" l; do
		expect_exit 129 vvault "$word" 2>err && grep "see .vvault help" err || exit 1
	done
'

test_case '-h and -v, as git has them' '
	vvault -h >a && vvault help >b && cmp a b &&
	vvault -v >a && vvault version >b && cmp a b
'

test_case 'the words that were not understood are named' '
	new_vault && for words in "remote rm" "member drop x" "key forget" "hooks run"; do
		set -- $words
		expect_exit 129 vvault $words 2>err && grep "$1 $2. is not known in this form" err || exit 1
	done && expect_exit 129 vvault remote add origin 2>err && grep -x "vvault: <url> is missing behind .remote add." err &&
	expect_exit 128 vvault add --new nova memory:create hello 2>err &&
	grep "must be a JSON object: no value" err &&
	expect_exit 128 vvault member add bob 2>err && grep "did:key" err
'

done_testing
