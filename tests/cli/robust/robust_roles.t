#!/bin/sh
# Rights that change while a command is under way.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

test_case 'a device that becomes a reader meanwhile writes nothing' '
	two_devices
	mkfifo lines
	as b vvault -C b add nova memory:create - <lines >out 2>err & writer=$!
	exec 3>lines
	sleep 1
	as a vvault -C a member role --yes "$(as b did)" reader >/dev/null
	as a vvault -C a push >/dev/null
	as b vvault -C b fetch >/dev/null
	echo "{\"content\":\"too late\"}" >&3
	exec 3>&-
	expect_exit 128 wait $writer
	grep -F "this device is no writer" err
	as b vvault -C b verify
'

done_testing
