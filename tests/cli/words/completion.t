#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

test_case 'completion for bash is a script that bash accepts' '
	vvault completion bash >out && command -v bash >/dev/null &&
	bash -n out && grep -q "complete .* vvault" out
'

# complete <word>...: what the last one may become, in order.
complete() {
	command -v bash >/dev/null || skip_case "bash is not here"
	vvault completion bash >script.bash &&
	bash -c '. ./script.bash; COMP_WORDS=(vvault "$@"); COMP_CWORD=$#; _vvault
		test ${#COMPREPLY[@]} = 0 || printf "%s\n" "${COMPREPLY[@]}"' - "$@" |
		LC_ALL=C sort >got
}

# offers <word>...: just those.
offers() {
	printf "%s\n" "$@" | LC_ALL=C sort >want && diff want got
}

test_case 'it completes the first word to commands' '
	complete ve && offers verify version
'

test_case 'constructs are offered by name, and the last list stays' '
	new_vault && for name in nova orion; do
		vvault add --new $name memory:create "{\"content\":\"one\"}" >/dev/null || exit 1
	done &&
	vvault ls nova >out && cp v/vvault/last before &&
	complete log "" && grep -x nova got && grep -x orion got && ! grep @ got &&
	complete recall --construct "" && offers nova orion &&
	complete import --construct n && offers nova && cmp before v/vvault/last
'

test_case 'it works behind -C, with the vault that is named there' '
	vvault init "a vault" >/dev/null && vvault -C "a vault" add --new nova memory:create \
		"{\"content\":\"one\"}" >/dev/null &&
	complete -C "a vault" ve && offers verify version &&
	complete -C "a vault" ls no && offers nova &&
	complete -C "" && test ! -s got
'

test_case 'options with one capital letter, and values that are known' '
	complete grep - && grep -x -e -E got && grep -x -e -F got &&
	complete read --format "" && offers text markdown html json &&
	expect_exit 129 vvault export nova 2>err &&
	complete export --format "" &&
	offers $(sed "s/.*missing: //; s/,//g; 1q" err) &&
	complete import --format chat && offers chatgpt chatty &&
	complete recall --kind "" && offers message memory session &&
	complete grep --role "" && offers user assistant &&
	complete member --role "" && offers owner writer reader &&
	complete recall -n "" && test ! -s got
'

test_case 'behind help are the commands' '
	complete help re && offers $(vvault help | sed -n "s/^  \(re[a-z]*\) .*/\1/p")
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
