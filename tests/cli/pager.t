#!/bin/sh
# Long results go through the pager that git would use, on a terminal only.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

on_terminal() {
	script -qec "$1" typescript >/dev/null
}

test_case 'on a terminal the pager shows what would have been printed' '
	command -v script >/dev/null || skip_case "script is not here" &&
	new_vault && vvault add --new nova memory:create "{\"content\":\"x\"}" &&
	GIT_PAGER="sed s/^/paged:/" on_terminal "vvault log" &&
	grep "paged:.*nova" typescript &&
	GIT_PAGER="sed s/^/paged:/" on_terminal "vvault log --no-pager" &&
	! grep "paged:" typescript && grep nova typescript
'

test_case 'cat is no pager, and one that cannot be run is none either' '
	command -v script >/dev/null || skip_case "script is not here" &&
	new_vault && vvault add --new nova memory:create "{\"content\":\"x\"}" &&
	GIT_PAGER=cat on_terminal "vvault log" && grep nova typescript &&
	GIT_PAGER=/none/pager on_terminal "vvault log" && grep nova typescript
'

test_case 'text from outside is escaped for the pager too' '
	command -v script >/dev/null || skip_case "script is not here" &&
	new_vault &&
	vvault add --new nova memory:create "{\"content\":\"a\\u001b[2Jb\"}" &&
	GIT_PAGER="cat -v" on_terminal "vvault show nova~0" &&
	GIT_PAGER="tee raw" on_terminal "vvault ls nova" && grep memory raw &&
	! grep "$(printf "\033\[2J")" raw
'

test_case 'what is not a terminal gets no pager' '
	new_vault && vvault add --new nova memory:create "{\"content\":\"x\"}" &&
	GIT_PAGER="sed s/^/paged:/" vvault log >out && ! grep paged: out
'

done_testing
