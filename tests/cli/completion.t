#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

test_case 'completion for bash is a script that bash accepts' '
	vvault completion bash >out && command -v bash >/dev/null &&
	bash -n out && grep -q "complete .* vvault" out
'

test_case 'it completes the first word to commands' '
	command -v bash >/dev/null || skip_case "bash is not here" &&
	vvault completion bash >out &&
	bash -c ". ./out; COMP_WORDS=(vvault ve); COMP_CWORD=1; _vvault
		printf \"%s\n\" \"\${COMPREPLY[@]}\"" | sort >got &&
	printf "verify\nversion\n" >want && cmp want got
'

test_case 'it knows every command' '
	vvault completion bash >out &&
	for name in $(vvault help | sed -n "s/^  \([a-z]*\) .*/\1/p"); do
		grep -qw "$name" out || { echo "$name"; exit 1; }
	done
'

test_case 'other shells are a usage error' '
	expect_exit 129 vvault completion fish >out 2>err && test ! -s out &&
	grep "no completion for .fish." err &&
	expect_exit 129 vvault completion 2>err
'

done_testing
