#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

test_case 'a new vault' '
	new_vault && vvault status >out &&
	printf "vault    %s\nconstructs 0, quarantined 0, forks 0\n" \
		"$(cat v/vvault/id)" >want && cmp want out
'

test_case 'the shape of the JSON' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault status --json >out &&
	keys_are "ahead behind conflicts constructs forks quarantined vault" <out &&
	jq -e --arg id "$(cat v/vvault/id)" "del(.conflicts) == {ahead: {}, behind: {},
		constructs: 1, forks: 0, quarantined: 0, vault: \$id}" out
'

test_case 'a remote that has nothing yet' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	git init -q --bare r && vvault remote add origin "$PWD/r" &&
	vvault status --json | jq -e ".ahead == {origin: 2} and
		.behind == {origin: 0}" &&
	vvault status | grep -x "remote   origin: 2 to push, 0 to pull"
'

test_case 'ahead and behind, by what was last seen' '
	two_devices && as a vvault -C a status --json | jq -e \
		".ahead.origin == 0 and .behind.origin == 0" &&
	as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	as a vvault -C a status --json | jq -e \
		".ahead.origin == 2 and .behind.origin == 0" &&
	as a vvault -C a push >/dev/null &&
	as a vvault -C a status --json | jq -e ".ahead.origin == 0" &&
	as b vvault -C b status --json | jq -e ".behind.origin == 0" &&
	as b vvault -C b pull >/dev/null &&
	as b vvault -C b status --json | jq -e \
		".ahead.origin == 0 and .behind.origin == 0"
'

test_case 'a restored copy that goes on writing is a fork' '
	two_devices && cp -R a old &&
	as a vvault -C a add nova memory:create --as-is "{\"n\":1}" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	rm -rf a && mv old a &&
	as a vvault -C a add nova memory:create --as-is "{\"n\":2}" >/dev/null &&
	as a vvault -C a pull >/dev/null 2>&1 &&
	as a vvault -C a add nova memory:create --as-is "{\"n\":3}" >/dev/null &&
	as a vvault -C a ls nova --json | jq -s -e "[.[].state.n] |
		contains([1, 2, 3])" &&
	as a vvault -C a status --json | jq -e ".forks == 1"
'

test_case 'a device that is no member may ask' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	as stranger vvault init other >/dev/null &&
	as stranger vvault -C "$PWD/v" status --json | jq -e ".constructs == 1"
'

test_case 'wrong words are usage errors' '
	new_vault && expect_exit 129 vvault status now 2>err &&
	expect_exit 129 vvault status --nope 2>err
'

done_testing
