#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

test_case 'what is no verb of it is told, and which one is meant' '
	new_vault && expect_exit 129 vvault mcp instal 2>err && cat err && grep "is .mcp install. meant" err
'

done_testing
