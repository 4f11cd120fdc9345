#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

test_case 'the exact bytes of a record, without a newline' '
	new_vault && vvault add --new nova memory:create --entity memory:a \
		"{ \"content\" : \"x\" }" >id &&
	vvault cat "$(cat id)" >out &&
	at=$(jq -r .at out) &&
	printf "{\"at\":\"%s\",\"data\":{\"content\":\"x\"},\"entity\":\"memory:a\",\"prev\":[],\"type\":\"memory:create\"}" \
		"$at" >want && cmp want out
'

test_case 'a record of any construct is found by its id alone' '
	new_vault && a=$(vvault add --new a memory:create --as-is "{\"n\":1}") &&
	b=$(vvault add --new b memory:create --as-is "{\"n\":2}") &&
	vvault cat "$a" | jq -e ".data.n == 1" &&
	vvault cat "$b" | jq -e ".data.n == 2"
'

test_case 'of an entity its newest record, as of any version' '
	new_vault && a=$(vvault add --new nova memory:create --as-is --entity memory:a \
		"{\"n\":1}") &&
	b=$(vvault add nova memory:update --entity memory:a "{\"n\":2}") &&
	vvault cat memory:a >out && vvault cat "$b" | cmp - out &&
	vvault cat nova~1 memory:a >out && vvault cat "$a" | cmp - out &&
	expect_exit 128 vvault cat nova memory:b 2>err &&
	grep "no .memory:b. in .nova." err
'

test_case 'of a version what was signed' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault cat nova >out && git -C v cat-file commit "$(version_of nova)" | cmp - out
'

test_case 'an old record is still there' '
	new_vault && a=$(vvault add --new nova memory:create --as-is --entity memory:a \
		"{\"n\":1}") &&
	vvault add nova memory:delete --entity memory:a "{}" >/dev/null &&
	vvault cat "$a" | jq -e ".data.n == 1"
'

test_case 'unknown ids and what is no id' '
	new_vault && a=$(vvault add --new nova memory:create --as-is "{}") &&
	for bad in nope memory:none @1 "$(echo "$a" | tr a-z A-Z)" \
		bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku \
		"$(echo "$a" | sed "s/....$/aaaa/")"; do
		expect_exit 128 vvault cat --json "$bad" >out 2>err &&
		test ! -s out && error_is not-found || { echo "$bad"; exit 1; }
	done &&
	for bad in "" "${a}a" bagaaiera bagaaierabcdef @{2026-01-01}; do
		expect_exit 128 vvault cat --json -- "$bad" 2>err &&
		error_is invalid || { echo "$bad"; exit 1; }
	done
'

test_case 'wrong words are usage errors' '
	new_vault && expect_exit 129 vvault cat 2>err &&
	expect_exit 129 vvault cat nova b 2>err && grep "vvault: " err &&
	expect_exit 129 vvault cat a memory:b c 2>err
'

done_testing
