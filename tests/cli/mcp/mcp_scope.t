#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/lib.sh"

test_case 'where messages are out of scope a session is its title and its counts' '
	a_talk && for kinds in session memory,session; do
		tool read "{\"ref\":\"session:t:1\"}" --kinds $kinds &&
		gives ".turns == [] and .turns_in_all == 3 and (.title | test(\"About spring\")) and .next_cursor == null" &&
		! grep -a "harbour\|March\|boats" all || exit
	done && { begin; ask resources/read "{\"uri\":\"vvault://nova/session:t:1\"}"; } | served --kinds session &&
	sed -n 2p out | jq -e ".result.contents[0].text | test(\"About spring\")" && ! grep "harbour\|March" out &&
	tool read "{\"ref\":\"message:t:1/b\"}" --kinds session && refuses "no .message:t:1/b." &&
	tool read "{\"ref\":\"session:t:1\"}" --kinds message && gives "(.turns | length) == 3"
'

test_case 'a memory of a session tells no title where sessions are out of scope' '
	a_talk && vvault add nova memory:create "{\"content\":\"quince jam\",\"session\":\"session:t:1\"}" >/dev/null &&
	tool recall "{\"query\":\"quince\"}" --kinds memory && gives "(.hits | length) == 1" && ! grep -a "About spring" all
'

test_case 'the last list of the command line is none of the server' '
	a_talk && VVAULT_HANDLES=1 expect_exit 0 vvault ls nova memory >/dev/null &&
	for ref in @1 @13 @0; do for name in read history; do
		tool $name "{\"ref\":\"$ref\"}" && refuses "no .$ref. here" && ! grep -a "last list\|ends at" all || exit
	done; done && tool history "{\"construct\":\"@1\"}" && refuses "no .@1. here" &&
	tool recall "{\"query\":\"harbour\",\"construct\":\"@1\"}" && refuses . && ! grep -a "last list" all
'

test_case 'under a scope nobody sees the construct `vault`, nor a name or an id in it' '
	a_talk && id=$(version_of vault) && member=$(vvault ls vault member --json | jq -r .entity | head -n 1) && test -n "$member" &&
	for scope in "--construct nova" "--as-of 2090-01-01" "--kinds memory" ""; do
		for word in vault vault~1 "vault@{now}" "$id"; do
			tool history "{\"construct\":\"$word\"}" $scope && refuses "^no (construct or version )?.(vault|$id)." &&
			! grep -a "there is: .*vault\|did:key" all || exit
		done && tool history "{\"ref\":\"$member\"}" $scope && refuses . && ! grep -a "meant" all || exit
		tool read "{\"ref\":\"vault\"}" $scope && refuses . && tool status "{}" $scope &&
		gives "all(.constructs[]; .construct != \"vault\")" || exit
	done && tool history "{\"construct\":\"nova\"}" --as-of 2020-01-01 && refuses "no construct" &&
	tool history "{\"construct\":\"nova\"}" --as-of 2090-01-01 && gives "(.versions | length) > 3"
'

done_testing
