#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

make_nova() {
	new_vault "$@" && for n in 1 2; do
		vvault add --new nova memory:create --entity memory:$n "{\"content\":\"rain $n\"}"
	done && vvault add nova session:create --entity session:t:1 '{"title":"Talk"}' &&
	for n in 1 2 3; do
		vvault add nova message:create --entity message:t:1/$n \
			"{\"content\":\"snow $n\",\"role\":\"user\",\"session\":\"session:t:1\"}"
	done
}

nova() {
	once make_nova "$@" >/dev/null && export VVAULT_DIR="$PWD/v"
}

kept="vvault: the history keeps it, on each device that has it: 'vvault undo' brings it back"

# left <n>: so many things are there.
left() {
	test "$(vvault ls --json nova | wc -l)" -eq "$1"
}

test_case 'a memory goes, the history keeps it, and undo brings it back' '
	nova && vvault ls --json nova >before && vvault rm memory:1 >out 2>err &&
	echo "deleted in nova: memory '"'rain 1'"'  memory:1" | cmp - out && echo "$kept" | cmp - err && left 5 &&
	expect_exit 1 grep -c "rain 1" <<-END &&
	$(vvault recall rain 2>&1)
	END
	vvault log -n 1 nova | grep "rm: memory .rain 1.  (1 new)" &&
	vvault undo >/dev/null && vvault ls --json nova | jq -c .state >now &&
	jq -c .state before | cmp - now
'

test_case 'the record has seen what stood' '
	nova && id=$(vvault edit --json memory:1 --content other | jq -r ".records[0]") &&
	vvault rm --json memory:1 >out 2>err && echo "$kept" | cmp - err &&
	keys_are "construct deleted named records version" <out &&
	jq -e ".deleted == [\"memory:1\"] and .named == [{entity: \"memory:1\", what: \"memory '"'other'"'\"}] and .construct == \"nova\"" out &&
	vvault cat "$(jq -r ".records[0]" out)" | jq -e --arg id "$id" ".prev == [\$id] and
		.type == \"memory:delete\" and .data == {}"
'

test_case 'several, by handle, by the begin of an id; of each once; one version' '
	nova && id=$(vvault ls --json nova memory | jq -r "select(.entity == \"memory:2\").records[0]" |
		cut -c10-19) && vvault ls nova memory >/dev/null &&
	vvault rm @1 @2 "$id" memory:1 >out 2>err && cat >want <<-END && cmp want out &&
	2 deleted in nova
	  memory '"'rain 1'"'  memory:1
	  memory '"'rain 2'"'  memory:2
	END
	left 4 && vvault log -n 1 --json nova | jq -e ".records == 2" &&
	vvault undo --list -n 1 >list && grep "rm @1 @2 .* (1 more) (2 memories)  -> nova$" list &&
	! grep rain list && vvault undo >out && grep "^undone #.* (2 memories)$" out
'

test_case 'of two constructs: a version and a line for each' '
	nova && vvault add --new wren memory:create --entity memory:w "{\"content\":\"x\"}" >/dev/null &&
	vvault rm memory:1 memory:w >out 2>err && echo "$kept" | cmp - err &&
	cat >want <<-END && cmp want out
	deleted in nova: memory '"'rain 1'"'  memory:1
	deleted in wren: memory '"'x'"'  memory:w
	END
'

test_case 'a session goes with its messages when that is said' '
	nova && expect_exit 128 vvault rm session:t:1 >out 2>err && test ! -s out &&
	echo "vvault: what is in it would go as well, 3 messages: --yes says that they may" |
		cmp - err && left 6 && vvault rm --yes session:t:1 >out 2>err &&
	printf "4 deleted in nova\n  session '"'Talk'"'  session:t:1\n" | cmp - out && left 2 && vvault session list >list &&
	test ! -s list && vvault undo >/dev/null && left 6
'

test_case 'or answered, at a terminal' '
	command -v script >/dev/null || skip_case "script is not here" &&
	nova && { echo n | script -qec "vvault rm session:t:1" said >/dev/null && exit 1; test $? -eq 1; } &&
	grep "Delete what is in it as well, 3 messages? .y/N." said && left 6 &&
	echo y | script -qec "vvault rm session:t:1" said >/dev/null && left 2
'

test_case 'a session of messages alone goes as well' '
	nova && vvault rm session:t:1 --yes >/dev/null 2>&1 &&
	vvault add nova message:create --entity message:u:2/1 "{\"content\":\"x\"}" >/dev/null &&
	vvault rm --yes session:u:2 >out 2>err && printf "1 deleted in nova\n  session  session:u:2\n" | cmp - out
'

test_case 'what is deleted already is named, the others go' '
	nova && vvault rm memory:1 >/dev/null 2>&1 && version_of nova >before &&
	expect_exit 1 vvault rm memory:1 >out 2>err && test ! -s out &&
	echo "vvault: '"'memory:1'"' is deleted already" | cmp - err && version_of nova | cmp - before &&
	expect_exit 1 vvault rm memory:1 memory:2 >out 2>err &&
	echo "deleted in nova: memory '"'rain 2'"'  memory:2" | cmp - out && left 4
'

test_case 'if one never was, nothing is deleted; a construct is not deleted' '
	nova && expect_exit 128 vvault rm --json memory:1 memory:none 2>err && error_is not-found &&
	left 6 && expect_exit 128 vvault rm nova 2>err &&
	echo "vvault: '"'nova'"' is a construct: rm deletes what is in one" | cmp - err && left 6 &&
	vvault add nova construct:update "{\"name\":\"Nova\"}" >/dev/null &&
	vvault construct list >/dev/null && expect_exit 128 vvault rm @1 2>err &&
	echo "vvault: '"'@1'"' is a construct: rm deletes what is in one" | cmp - err && left 7 &&
	vvault rm construct:nova >/dev/null 2>&1 && left 6 &&
	expect_exit 129 vvault rm 2>err
'

test_case 'a change that another device made meanwhile is a conflict, not a loss' '
	two_devices && as a vvault -C a add nova memory:create --entity memory:m \
		"{\"content\":\"x\"}" >/dev/null && as a vvault -C a push >/dev/null 2>&1 &&
	as b vvault -C b pull >/dev/null 2>&1 && as a vvault -C a rm memory:m >/dev/null 2>&1 &&
	as b vvault -C b edit memory:m --content y >/dev/null && as a vvault -C a push >/dev/null 2>&1 &&
	as b vvault -C b pull >/dev/null 2>&1 &&
	as b vvault -C b conflicts --json | jq -s -e ".[0].entity == \"memory:m\""
'

test_case 'who may not write deletes nothing' '
	nova && as r vvault init other >/dev/null &&
	vvault member add --role reader "$(as r did)" >/dev/null &&
	expect_exit 128 as r vvault rm --json memory:1 2>err && error_is denied && left 6 &&
	expect_exit 128 as stranger vvault rm --json memory:1 2>err && test -s err && left 6
'

done_testing
