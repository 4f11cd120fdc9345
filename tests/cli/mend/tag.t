#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

make_nova() {
	new_vault "$@" && vvault add --new nova memory:create --entity memory:m \
		'{"content":"rain","tags":["sea"]}' &&
	vvault add nova session:create --entity session:t:1 '{"title":"Talk"}'
}

nova() {
	once make_nova "$@" >/dev/null && export VVAULT_DIR="$PWD/v"
}

test_case 'tags come and go, each once' '
	nova && vvault tag memory:m tea sea tea >out 2>err && test ! -s err &&
	echo "memory:m: sea, tea" | cmp - out && vvault tag memory:m >out &&
	echo "memory:m: sea, tea" | cmp - out &&
	vvault tag memory:m --remove sea nothing >out && echo "memory:m: tea" | cmp - out &&
	vvault tag --remove memory:m tea >out && echo "memory:m has no tags" | cmp - out &&
	state_of nova memory:m ".content == \"rain\""
'

test_case 'what is so already writes nothing' '
	nova && version_of nova >before && vvault tag memory:m sea >out 2>err &&
	echo "memory:m: sea" | cmp - out &&
	echo "vvault: its tags are so already: nothing is written" | cmp - err &&
	vvault tag --json memory:m --remove other >out 2>/dev/null &&
	jq -e ". == {construct: \"nova\", entity: \"memory:m\", records: [], tags: [\"sea\"],
		version: null}" out && version_of nova | cmp - before
'

test_case 'those in use, with how often; recall finds by them' '
	nova && vvault tag session:t:1 sea "two words" >/dev/null && vvault tag >out &&
	printf "     2  sea\n     1  two words\n" | cmp - out && vvault tag --json >out &&
	printf "%s\n" "{\"count\":2,\"tag\":\"sea\"}" "{\"count\":1,\"tag\":\"two words\"}" | cmp - out &&
	vvault recall sea | grep -c rain && vvault rm memory:m >/dev/null 2>&1 && vvault tag >out &&
	printf "     1  sea\n     1  two words\n" | cmp - out
'

test_case 'none at all is said' '
	new_vault && vvault tag >out 2>err && test ! -s out &&
	echo "vvault: no tags yet; '"'vvault tag <what> <tag>'"' puts one on" | cmp - err
'

test_case 'what two devices add at once is both there' '
	two_devices && as a vvault -C a add nova memory:create --entity memory:m \
		"{\"content\":\"x\",\"tags\":[\"o\"]}" >/dev/null && as a vvault -C a push >/dev/null 2>&1 &&
	as b vvault -C b pull >/dev/null 2>&1 && as a vvault -C a tag memory:m one >/dev/null &&
	as b vvault -C b tag memory:m two >/dev/null && as b vvault -C b tag memory:m --remove o >/dev/null &&
	as a vvault -C a push >/dev/null 2>&1 && as b vvault -C b pull >/dev/null 2>&1 &&
	as b vvault -C b tag memory:m >out && echo "memory:m: one, two" | cmp - out &&
	as b vvault -C b conflicts >out && test ! -s out
'

test_case 'what is not there, deleted, or not to be written to' '
	nova && expect_exit 128 vvault tag --json memory:none x 2>err && error_is not-found &&
	vvault rm memory:m >/dev/null 2>&1 && expect_exit 128 vvault tag --json memory:m x 2>err &&
	error_is not-found && expect_exit 129 vvault tag --remove session:t:1 2>err &&
	as r vvault init other >/dev/null && vvault member add --role reader "$(as r did)" >/dev/null &&
	expect_exit 128 as r vvault tag --json session:t:1 x 2>err && error_is denied
'

done_testing
