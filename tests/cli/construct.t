#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

test_case 'a new vault has no construct but its own' '
	new_vault && vvault construct list >out && test ! -s out &&
	vvault construct list --json >out && test ! -s out
'

test_case 'a line for each construct, sorted' '
	new_vault --plain && vvault add --new b memory:create --as-is "{}" >/dev/null &&
	vvault add --new a memory:create --as-is "{}" >/dev/null &&
	vvault construct list --json | jq -r .construct >out &&
	printf "a\nb\n" >want && cmp want out &&
	root=$(vvault show --json a | jq -r .root | cut -c1-12) &&
	vvault construct list | head -n 1 >out &&
	echo "@1   a  1 version, 1 record, 1 device, 1 head, root $root" >want && cmp want out
'

test_case 'the shape of the JSON' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault add nova memory:create --as-is "{}" >/dev/null &&
	vvault construct list --json >out &&
	keys_are "construct devices heads records root versions" <out &&
	jq -e --arg head "$(version_of nova)" ".construct == \"nova\" and
		.devices == 1 and .heads == [\$head] and .records == 2 and
		.versions == 2 and (.root | test(\"^[0-9a-f]{64}\$\"))" out
'

test_case 'a doctored cache makes it say nothing else' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault construct list --json >a &&
	! grep -aq nova v/vvault/cache/counts &&
	cp v/vvault/cache/counts counts &&
	perl -0777 -i -pe "s/\\x01\\x00{7}/\\x09\\x00{7}/g" v/vvault/cache/counts &&
	! cmp -s counts v/vvault/cache/counts &&
	vvault construct list --json >b && cmp a b &&
	vvault add nova memory:create --as-is "{}" >/dev/null &&
	vvault construct list --json | jq -e ".records == 2 and .versions == 2"
'

test_case 'what keys bring is seen at once' '
	git init -q --bare r && as a vvault init a >/dev/null &&
	as a vvault -C a add --new nova memory:create --as-is "{}" >/dev/null &&
	as a vvault -C a remote add origin "$PWD/r" && as a vvault -C a push >/dev/null &&
	as b vvault clone "$PWD/r" b >/dev/null 2>&1 &&
	as b vvault -C b construct list --json | jq -e ".records == null and .construct != \"nova\"" &&
	as a vvault -C a member add "$(as b did)" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	as b vvault -C b construct list --json | jq -e ".records == 1 and .construct == \"nova\""
'

test_case 'counting again from the cache gives the same' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault construct list --json >a && vvault construct list --json >b &&
	rm -rf v/vvault/cache && mkdir v/vvault/cache &&
	vvault construct list --json >c && cmp a b && cmp b c &&
	for file in v/vvault/cache/*; do
		test ! -f "$file" || printf garbage >"$file"
	done &&
	vvault construct list --json >d && cmp a d
'

test_case 'names are hidden from a device without keys' '
	new_vault && vvault add --new zaphod memory:create --as-is "{}" >/dev/null &&
	as stranger vvault init other >/dev/null &&
	as stranger vvault -C "$PWD/v" construct list --json >out &&
	jq -e "(.construct | test(\"^[a-z2-7]{26}\$\")) and .records == null" out
'

test_case 'wrong words are usage errors' '
	new_vault && expect_exit 129 vvault construct nope 2>err &&
	grep "^usage: vvault construct list \[--all\] | show <construct> | " err &&
	expect_exit 129 vvault construct list nope 2>err
'

done_testing
