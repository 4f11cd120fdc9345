#!/bin/sh
# What a remote is made of is anybody's words.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

test_case 'the name of a file in a remote does not steer the terminal' '
	two_devices && as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	as a vvault -C a push >/dev/null &&
	mkdir -p r/objects/pack &&
	echo nothing >"r/objects/pack/$(printf "\033]0;steered\007").pack" &&
	as b vvault -C b fetch >out 2>err &&
	grep -F "\\e]0;steered" err &&
	expect_exit 1 grep -q "$(printf "\033")" err
'

done_testing
