#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

test_case 'the version is one line' '
	vvault version >out && grep -xE "vvault version [0-9]+\.[0-9]+\.[0-9]+" out &&
	test "$(wc -l <out)" -eq 1
'

test_case 'vvault --version is the same' '
	vvault version >a && vvault --version >b && cmp a b
'

test_case 'the version as JSON' '
	vvault version --json >out && keys_are version <out &&
	test "vvault version $(jq -r .version out)" = "$(vvault version)"
'

test_case 'more words are a usage error' '
	expect_exit 129 vvault version now >out 2>err && test ! -s out &&
	grep -x "vvault: too many words: .now." err
'

test_case 'it needs no vault, no keys and no home' '
	unset HOME VVAULT_KEYS XDG_DATA_HOME &&
	export VVAULT_KEYS=/nowhere && vvault version >/dev/null
'

done_testing
