#!/bin/sh
# What prove shows, and what it gives away.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../proof/lib.sh"

test_case 'a record is shown to whoever has nothing of the vault' '
	new_vault && vvault add --new nova memory:create "{\"content\":\"before\"}" >/dev/null &&
	id=$(add nova "the user likes rain") && vvault prove "$id" >proof 2>err &&
	grep "check-proof" err && both_hold proof "$id" &&
	jq -e ".role == \"owner\" and .admitted_by == null and .sealed and
		.data.content == \"the user likes rain\" and .vault == \"$(cat v/vvault/id)\"" out &&
	bare vvault check-proof proof >out 2>err && test ! -s err &&
	grep "^the proof holds" out && grep "^it says  *the user likes rain" out &&
	bare vvault check-proof --vault "$(cat v/vvault/id)" - <proof >/dev/null &&
	expect_exit 1 vvault check-proof --vault "$id" proof >out && grep "of the vault" out &&
	expect_exit 129 vvault check-proof --vault nova proof &&
	expect_exit 128 vvault check-proof nowhere 2>/dev/null &&
	expect_exit 128 vvault prove nova 2>err && grep "is a version" err &&
	vvault ls nova >/dev/null && vvault prove @1 >handle 2>/dev/null &&
	vvault check-proof handle >/dev/null && test "$(wc -c <proof)" -le 4096
'

test_case 'it names the plain construct and device of a plain vault' '
	new_vault --plain --name laptop && id=$(vvault add --new nova memory:create "{\"content\":\"x\"}") &&
	vvault prove "$id" >proof 2>/dev/null && both_hold proof "$id" &&
	jq -e ".construct == \"nova\" and .name == \"laptop\" and (.sealed | not)" out &&
	vvault check-proof proof | grep "^signed by  *laptop, did:key:" &&
	vvault prove --json "$(cat v/vvault/id)" >proof 2>/dev/null &&
	both_hold proof "$(cat v/vvault/id)" && jq -e ".construct == \"vault\"" out
'

test_case 'nothing of a neighbour is in it' '
	new_vault && { for i in $(seq 40); do
		echo "{\"content\":\"zaphod $i\",\"tags\":[\"beeblebrox$i\"]}"
	done; } >lines && vvault add --new nova memory:create - <lines >ids &&
	vvault add nova session:create --entity session:t:secret "{\"title\":\"trillian\"}" >/dev/null &&
	vvault prove "$(sed -n 7p ids)" >proof 2>/dev/null && both_hold proof "$(sed -n 7p ids)" &&
	sed 7d ids >others && test "$(wc -l <others)" -eq 39 && ! grep -F -f others proof &&
	vvault ls --json nova | jq -r .entity | grep -v "$(jq -r .entity out)" >entities &&
	! grep -F -f entities proof &&
	test "$(grep -o "zaphod [0-9]*" proof | sort -u)" = "zaphod 7" &&
	! grep -e trillian -e secret -e nova -e "\"memory\"" proof &&
	git -C v for-each-ref --format="%(refname)" refs/heads |
		while read -r ref; do git -C v ls-tree -r --format="%(objectname)" "$ref"; done |
		sort -u | while read -r blob; do
			git -C v cat-file blob "$blob" | tail -n +2 | base64 -w 0 | cut -c 9-52
			echo
		done | grep . >sealed && test -s sealed && ! grep -F -f sealed proof
'

done_testing
