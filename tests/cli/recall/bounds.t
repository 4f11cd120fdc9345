#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# What a recall does not look through, it says.

# trees <from> <to>: so many memories of trees, a line each.
trees() {
	seq "$1" "$2" | while read -r i; do
		echo "{\"at\":\"2023-01-01T00:00:00.000000Z-0000-00000000\",\"data\":{\"content\":\"a tree $i\"},\"entity\":\"memory:t/$i\",\"prev\":[],\"type\":\"memory:create\"}"
	done
}

test_case 'words that stand everywhere are looked for where there is little, else that is said' '
	vvault init v >out && export VVAULT_DIR=v &&
	vvault add --new nova memory:create "{\"content\":\"what is to be\"}" &&
	vvault recall to be >out && grep "is to be" out &&
	trees 1 10001 >many.jsonl &&
	vvault import --construct nova many.jsonl >out 2>err &&
	expect_exit 1 vvault recall --json --searched to be >out 2>err &&
	jq -e -s "length == 1 and (.[0].complete | not) and (.[0].searched[0].complete | not)" out &&
	grep "looked for in few texts alone, and here are 10002: add one" err &&
	vvault recall to be tree 77 >out 2>err && grep "a tree 77" out && test ! -s err
'

test_case 'an index is made no longer than is asked for, and goes on from there' '
	vvault init v >out && export VVAULT_DIR=v &&
	vvault add --new nova memory:create "{\"content\":\"a tree\"}" >out &&
	for i in $(seq 11); do
		vvault add nova memory:create "{\"content\":\"a tree $i\"}" >out || return 1
	done &&
	rm -rf v/vvault/index &&
	expect_exit 1 vvault recall --json --searched --within 0 tree >out 2>err &&
	jq -e -s "length == 2 and .[0].kind == \"memory\" and (.[1].complete | not)" out &&
	grep "vvault: 92 % of .nova. is not looked through yet" err &&
	while ! vvault recall --json --searched --within 0 tree >out 2>err; do
		jq -e -s "last.complete | not" out || return 1
	done &&
	jq -e -s "length == 11 and last.complete" out && test ! -s err &&
	rm -rf v/vvault/index && vvault recall --json -n 20 tree >out && jq -e -s "length == 12" out
'

done_testing
