#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/begun.sh"

# Every writing action: what it did is undone, or it says why not.

test_case 'nothing was done yet' '
	new_vault && expect_exit 128 vvault undo >out 2>err && test ! -s out &&
	grep "there is nothing to undo" err && vvault undo --list >out 2>err && test ! -s out &&
	grep "nothing was done here yet" err && expect_exit 128 vvault undo --redo 2>err &&
	grep "there is no undo" err
'

test_case 'the last command, then the one before, and forth again' '
	once begun && export VVAULT_DIR="$PWD/v" && vvault undo >out 2>err &&
	echo "vvault: '"'vvault undo --redo'"' takes the undo back" | diff - err &&
	printf "%s\n" "undone #2 add nova memory:create" \
		"  nova: 1 deleted, as version $(version_of nova | cut -c1-10)" >want && diff want out &&
	has nova one && vvault undo >out && has nova "" &&
	tail -n 1 out >got && echo "  nova is empty now, and keeps its history" | diff - got &&
	expect_exit 128 vvault undo 2>err && vvault undo --redo >out 2>err && has nova one &&
	echo "vvault: '"'vvault undo 1'"' undoes it again" | diff - err &&
	head -n 1 out >got && echo "redone #1 add --new nova memory:create" | diff - got &&
	vvault undo --redo >/dev/null && has nova "one two" &&
	expect_exit 128 vvault undo --redo 2>err && vvault undo >/dev/null && has nova one &&
	vvault verify >/dev/null && vvault log nova --json | jq -r .subject | head -n 1 >got &&
	echo "undo #2: add: 1 memory:create" | diff - got
'

test_case 'one of the list by its number, and twice is refused' '
	once begun && export VVAULT_DIR="$PWD/v" && vvault undo 1 >out && has nova two &&
	! grep "is empty now" out &&
	expect_exit 128 vvault undo 1 2>err && grep "undone already, by 4: .vvault undo 4. takes" err &&
	vvault undo 4 >out && has nova "one two" && grep "^redone #1 add" out &&
	vvault undo 6 >/dev/null && has nova two &&
	expect_exit 128 vvault undo 99 2>err && grep "there is no operation 99" err &&
	expect_exit 129 vvault undo --list 1 2>err && expect_exit 129 vvault undo --list --redo 2>err &&
	expect_exit 129 vvault undo -n 1 2>err
'

test_case 'the list' '
	once begun && export VVAULT_DIR="$PWD/v" && vvault undo >/dev/null && vvault undo --list >out &&
	sed "s/ 20[-0-9T:Z]*  / WHEN  /" out >got && cat >want <<-\END &&
		#4    WHEN  undo  -> nova  (undid #2)
		#2    WHEN  add nova memory:create  -> nova  undone by #4
		#1    WHEN  add --new nova memory:create  -> nova
	END
	diff want got && vvault undo --list -n 1 --json >out && test $(wc -l <out) = 1 &&
	keys_are "command construct_count constructs cut_off failed operation remotes time undoes undone_by versions why_not" <out &&
	jq -e ".undoes == 2 and .versions == 1 and .constructs == [\"nova\"]" out
'

test_case 'the objects of an undo' '
	once begun && export VVAULT_DIR="$PWD/v" && of=$(version_of nova) && vvault undo --json >out &&
	keys_are "changed command construct deleted did is_emptied left left_count of operation records restored version" <out &&
	jq -e ".deleted == 1 and .did == \"undo\" and .of == \"$of\"" out
'

lines() {
	cat <<-\END
		{"at":"2026-01-01T00:00:01.000000Z-0000-00000000","data":{"content":"hello"},"entity":"memory:x/1","prev":[],"type":"memory:create"}
		{"at":"2026-01-01T00:00:01.000000Z-0000-00000000","data":{"content":"there"},"entity":"memory:x/2","prev":[],"type":"memory:create"}
	END
}

test_case 'an import: the construct stays, empty; the same import brings it back' '
	new_vault && lines >talk.jsonl &&
	vvault import --construct nova --format jsonl talk.jsonl >/dev/null && has nova "hello there" &&
	vvault undo >out && has nova "" && grep "nova: 2 deleted" out &&
	grep "nova is empty now" out && vvault undo --redo >/dev/null && has nova "hello there" &&
	vvault undo >/dev/null && vvault import --construct nova --format jsonl talk.jsonl --json >out &&
	jq -e ".records == {known: 0, new: 2}" out && has nova "hello there" &&
	vvault import --construct nova --format jsonl talk.jsonl --json >out &&
	jq -e ".records == {known: 2, new: 0} and .version == null" out &&
	vvault undo >/dev/null && vvault gc >/dev/null && has nova "" &&
	vvault import --construct nova --format jsonl talk.jsonl >/dev/null && has nova "hello there"
'

chat() {
	printf "%s" "[{\"id\":\"c1\",\"title\":\"T\",\"create_time\":1.7e9,\"update_time\":1.7e9,\"current_node\":\"b\",\"mapping\":{" \
		"\"r\":{\"id\":\"r\",\"parent\":null,\"children\":[\"a\"]}," \
		"\"a\":{\"id\":\"a\",\"parent\":\"r\",\"children\":[\"b\"],\"message\":{\"id\":\"a\",\"author\":{\"role\":\"user\"},\"create_time\":1.7e9,\"content\":{\"content_type\":\"text\",\"parts\":[\"hello\"]}}}," \
		"\"b\":{\"id\":\"b\",\"parent\":\"a\",\"children\":[],\"message\":{\"id\":\"b\",\"author\":{\"role\":\"assistant\"},\"create_time\":1.7e9,\"content\":{\"content_type\":\"text\",\"parts\":[\"$1\"]}}}}}]"
}

test_case 'a conversation, too, and it grows on as before' '
	new_vault && chat hi >c.json && vvault import --construct nova c.json >/dev/null &&
	fold nova >before && vvault undo >/dev/null && vvault ls nova >out && test ! -s out &&
	vvault session list >out && test ! -s out &&
	vvault import --construct nova c.json >out && ! grep " 0 new" out && fold nova | diff before - &&
	vvault undo >/dev/null && vvault undo --redo >/dev/null && fold nova | diff before - &&
	chat "hi there" >c.json && vvault import --construct nova c.json >out 2>err && cat err &&
	fold nova >after && grep "hi there" after && test $(wc -l <after) = $(wc -l <before) &&
	vvault verify --full >/dev/null
'

many_lines() {
	for n in $(seq 60); do
		printf '{"at":"2026-01-01T00:00:%02d.000000Z-0000-00000000","data":{"content":"m%s"},"entity":"memory:x/%s","prev":[],"type":"memory:create"}\n' $((n % 60)) $n $n
	done
}

many_chats() {
	printf "["
	for n in $(seq 40); do
		test $n = 1 || printf ","
		chat "$1 $n" | sed "s/^\[//; s/\]$//; s/\"id\":\"c1\"/\"id\":\"c$n\"/"
	done
	printf "]"
}

test_case 'much is told of before, and asked about at a terminal' '
	new_vault && for n in $(seq 101); do
		printf "{\"at\":\"2026-01-01T00:00:00.000000Z-0000-00000000\",\"data\":{\"content\":\"m\"},\"entity\":\"memory:x/$n\",\"prev\":[],\"type\":\"memory:create\"}\n"
	done >talk.jsonl && vvault import --construct nova --format jsonl talk.jsonl >/dev/null &&
	vvault undo >out 2>err && head -n 1 err >got &&
	echo "vvault: undoing #1 import --construct nova --format jsonl talk.jsonl, with 101 records" | diff - got &&
	vvault undo --redo >/dev/null 2>err && ! grep undoing err &&
	{ command -v script >/dev/null || skip_case "script is not here"; } &&
	{ echo n | script -qec "vvault undo" said >/dev/null && exit 1; test $? -eq 1; } &&
	grep "Undo #1 import .*, with 101 records? .y/N." said && fold nova >out && test -s out &&
	script -qec "vvault undo --yes" said </dev/null >/dev/null && grep "101 deleted" said && fold nova >out && test ! -s out
'

test_case 'many come back at once, and what was said since stands' '
	new_vault && many_lines >talk.jsonl && vvault import --construct nova --format jsonl talk.jsonl >/dev/null &&
	fold nova >before && vvault undo >/dev/null &&
	vvault add nova memory:update --entity memory:x/1 "{\"content\":\"mine\"}" >/dev/null &&
	vvault import --construct nova --format jsonl talk.jsonl >/dev/null && fold nova >after &&
	test "$(wc -l <after)" -eq 60 && grep -q mine after && ! grep -q "\"m1\"" after &&
	grep -v "memory:x/1\"" before >want && grep -v "memory:x/1\"" after | diff want - &&
	vvault import --construct nova --format jsonl talk.jsonl >out && grep " 0 new" out && vvault verify --full >/dev/null
'

test_case 'many conversations, of which each grew meanwhile' '
	new_vault && many_chats hi >c.json && vvault import --construct nova c.json >/dev/null &&
	fold nova >before && vvault undo >/dev/null && fold nova >out && test ! -s out &&
	vvault import --construct nova c.json >/dev/null && fold nova | diff before - &&
	vvault undo >/dev/null && many_chats bye >c.json && vvault import --construct nova c.json >/dev/null &&
	fold nova >after && test "$(grep -c "bye" after)" -eq 40 && test $(wc -l <after) = $(wc -l <before)
'

test_case 'what was deleted on purpose does not come back with an import' '
	new_vault && lines >talk.jsonl && vvault import --construct nova --format jsonl talk.jsonl >/dev/null &&
	vvault add nova memory:delete --entity memory:x/1 "{}" >/dev/null &&
	vvault import --construct nova --format jsonl talk.jsonl >/dev/null && has nova there
'

test_case 'remotes' '
	new_vault && vvault remote add origin "$PWD/r.git" && vvault undo >out &&
	printf "%s\n" "undone #1 remote add origin" "  remote origin: forgotten" | diff - out &&
	vvault remote list >out && test ! -s out && vvault undo --redo >out &&
	echo "  remote origin: $PWD/r.git" >want && tail -n 1 out | diff want - &&
	vvault remote remove origin && vvault undo >/dev/null && vvault remote list >out &&
	printf "origin\t%s\n" "$PWD/r.git" | diff - out &&
	vvault remote remove origin && vvault remote add origin "$PWD/other.git" &&
	vvault undo 1 >out && grep "origin: left, it was set to another address since" out &&
	vvault remote list | grep other
'

test_case 'remotes that got another name or address' '
	new_vault && vvault remote add origin "$PWD/r.git" && vvault remote rename origin home &&
	vvault remote set-url home "$PWD/s.git" && vvault undo >/dev/null && vvault undo >/dev/null &&
	vvault remote list >out && printf "origin\t%s\n" "$PWD/r.git" | diff - out &&
	vvault undo --redo >/dev/null && vvault undo --redo >/dev/null &&
	vvault remote list >out && printf "home\t%s\n" "$PWD/s.git" | diff - out
'

. "$(dirname "$0")/apart.sh"

test_case 'a resolution: the value that stood stands again' '
	apart && as a vvault -C a ls nova memory --json | jq -cS "select(.entity == \"memory:m\").state" >before &&
	as a vvault -C a resolve memory:m --take desk >out 2>err || cat err &&
	as a vvault -C a undo >out && grep "^undone #.* resolve memory:m" out &&
	as a vvault -C a ls nova memory --json | jq -cS "select(.entity == \"memory:m\").state" | diff before - &&
	as a vvault -C a conflicts --json >out && test -s out && ! grep "memory:m\"" out &&
	as a vvault -C a log memory:m >out && grep " undo #.*: resolve: 3 fields of a memory" out
'

test_case 'constructs that were renamed, merged, split' '
	new_vault && vvault add --new nova memory:create "{\"content\":\"n\"}" >/dev/null &&
	vvault add --new wren memory:create "{\"content\":\"w\"}" >/dev/null &&
	vvault construct rename nova orion >/dev/null && vvault undo >/dev/null && has nova n &&
	vvault construct list --json | jq -r .construct | sort | tr "\n" " " >got && test "$(cat got)" = "nova wren " &&
	vvault undo --redo >/dev/null && vvault construct list | grep " orion " &&
	vvault construct merge wren orion >/dev/null && vvault undo >out && test $(grep -c "^undone #.* construct merge wren orion" out) = 2 &&
	has wren w && vvault ls orion memory --json | jq -r .state.content >got && test "$(cat got)" = n &&
	vvault construct list --json | jq -r .construct | grep wren && vvault verify >/dev/null
'

test_case 'remember, edit, tag and rm' '
	new_vault && vvault remember --new nova the user likes rain >/dev/null 2>&1 &&
	e=$(vvault ls nova --json | jq -r .entity) && vvault tag $e garden >/dev/null 2>&1 &&
	vvault edit $e --content "the user likes snow" >/dev/null 2>&1 && has nova "the user likes snow" &&
	vvault rm $e >/dev/null 2>&1 && vvault undo --list >out && ! grep "likes" out &&
	has nova "" && vvault undo >/dev/null && has nova "the user likes snow" &&
	vvault undo >out && grep "^undone #3 edit memory:" out && has nova "the user likes rain" &&
	vvault ls nova --json | jq -ce ".state.tags == [\"garden\"]" &&
	vvault undo >out && grep "^undone #2 tag memory:" out && vvault ls nova --json | jq -ce ".state | has(\"tags\") | not" &&
	vvault undo >out && grep "^undone #1 remember --new nova$" out && has nova ""
'

talk() {
	cat <<-\END
		{"at":"2026-01-01T00:00:01.000000Z-0000-00000000","data":{"content":"How do I sort?\n\nI like C.","index":1,"parent":null,"role":"user"},"entity":"message:x:one/m1","prev":[],"type":"message:create"}
	END
}

test_case 'acu extract and acu derive' '
	new_vault && talk >talk.jsonl && vvault import --construct nova --format jsonl talk.jsonl >/dev/null &&
	vvault acu extract nova >/dev/null && vvault ls nova acu >out && n=$(wc -l <out) && test $n -ge 1 &&
	vvault acu derive nova "$(vvault ls nova acu --json | jq -r .entity | head -n 1)" --data "{\"content\":\"C sorts.\"}" >/dev/null &&
	vvault undo >out && grep "^undone #3 acu derive nova acu:" out && vvault ls nova acu >out && test $(wc -l <out) = $n &&
	vvault undo >/dev/null && vvault ls nova acu >out && test ! -s out &&
	vvault ls nova message >out && test -s out
'

test_case 'a revert' '
	once begun && export VVAULT_DIR="$PWD/v" && vvault revert nova >/dev/null && has nova one &&
	vvault undo >out && has nova "one two" && grep "^undone #3 revert nova" out
'

test_case 'what stays says why, and is not undone in place of another in silence' '
	two_devices && export VVAULT_DIR=$PWD/a VVAULT_KEYS="$tap_case/keys-a" &&
	vvault undo --list >out && grep "push  .*  stays" out && grep "member add .*  stays" out &&
	n=$(sed -n "s/^#\([0-9]*\) .*member add.*/\1/p" out) &&
	expect_exit 128 vvault undo $n 2>err && grep "operation $n cannot be undone: who is a member" err &&
	n=$(sed -n "s/^#\([0-9]*\) .*push.*/\1/p" out | head -n 1) &&
	expect_exit 128 vvault undo $n 2>err && grep "undo what wrote it, and push that" err &&
	expect_exit 1 vvault undo >out 2>err && test ! -s out &&
	sed "s/did:key:[a-zA-Z0-9]*/DID/; s/#5 push$/#N push/" err >got && cat >want <<-END && diff want got &&
	vvault: passed over, for what the vault says is the same without: #N push
	vvault: nothing is undone: the last was #4 member add DID, and who is a member is signed for good; '"'vvault member remove <member>'"' shuts it out
	vvault: '"'vvault undo 2'"' undoes what was done before it: remote add origin
	END
	vvault undo 2 >out && grep "^undone #2 remote add origin" out
'

test_case 'after a pull: what came in between stays' '
	two_devices && as a vvault -C a add nova memory:create "{\"content\":\"mine\"}" >/dev/null &&
	as b vvault -C b add nova memory:create "{\"content\":\"theirs\"}" >/dev/null &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null 2>&1 &&
	expect_exit 1 as a vvault -C a undo >out 2>err && test ! -s out &&
	grep "the last was #.* pull, and it only brought what others wrote" err &&
	n=$(sed -n "s/.*.vvault undo \([0-9]*\). undoes what was done before it: add nova .*/\1/p" err) &&
	as a vvault -C a undo $n >out 2>err && grep "^undone #.* add nova memory:create" out &&
	as a vvault -C a ls nova --json | jq -r .state.content | sort | tr "\n" " " >got &&
	test "$(cat got)" = "the first theirs " &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null 2>&1 &&
	as b vvault -C b ls nova --json | jq -r .state.content | sort | tr "\n" " " | diff got - &&
	as b vvault -C b verify >/dev/null
'

test_case 'what another device has imported as well stays' '
	two_devices && lines >talk.jsonl && lines | head -n 1 >first.jsonl &&
	as a vvault -C a import --construct nova --format jsonl talk.jsonl >/dev/null &&
	as b vvault -C b import --construct nova --format jsonl first.jsonl >/dev/null &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null 2>&1 &&
	n=$(as a vvault -C a undo --list | sed -n "s/^#\([0-9]*\) .*import.*/\1/p") &&
	as a vvault -C a undo $n >out 2>err && grep "nova: 1 deleted" out &&
	grep "  left: memory:x/1, written or changed by others, too" out &&
	as a vvault -C a ls nova --json | jq -r .state.content | sort | tr "\n" " " >got &&
	test "$(cat got)" = "hello the first "
'

test_case 'after a gc' '

	once begun && export VVAULT_DIR="$PWD/v" && vvault gc >/dev/null && vvault undo >out 2>err &&
	grep "passed over, for what the vault says is the same without: #3 gc$" err && has nova one && vvault gc >/dev/null && vvault undo --redo >/dev/null &&
	has nova "one two" && vvault verify --full >/dev/null
'

test_case 'another process has written in between, and two undo at once' '
	once begun && export VVAULT_DIR="$PWD/v" && for i in 1 2 3 4; do
		vvault add nova memory:create "{\"content\":\"w$i\"}" >/dev/null & done && wait &&
	vvault add nova memory:create "{\"content\":\"last\"}" >/dev/null &&
	{ vvault undo >a 2>a.err & vvault undo >b 2>b.err & wait; } && cat a b >both &&
	test "$(grep -c "^undone" both)" = 2 && test "$(sort -u both | grep -c "^undone")" = 2 &&
	has nova "$(words nova | sed "s/ $//")" && test $(words nova | wc -w) = 5 && vvault verify >/dev/null
'

done_testing
