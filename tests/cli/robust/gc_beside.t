#!/bin/sh
# Collecting beside everything else: writers, readers, kill -9, a full disk.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../robust.sh"

many=$(size 5000 8000 5000)		# no fewer, or no pack is made

# adds <construct> <tag> <n>: so many one after the other; ids to <tag>.ids
adds() {
	for i in $(seq "$3"); do
		vvault add --new "$1" memory:create \
			"{\"content\":\"$2 $i\"}" || return
	done >"$2.ids"
}

# until_done <command>...: over and over, until a file "done" is there
until_done() {
	rounds=0
	until test -e "done"; do
		"$@" || { echo "round $rounds: $*" >&2; return 1; }
		rounds=$((rounds + 1))
	done
	echo "$rounds" >>rounds
}

# all_there <construct> <ids>...: each id is a record.
all_there() {
	construct=$1 && shift
	vvault ls --json "$construct" | jq -r '.records[]' | sort >have &&
		sort "$@" | comm -13 have - >lost && test ! -s lost
}

read_all() {
	vvault show --json nova >"$1.show" && vvault log nova >"$1.log" &&
		vvault ls --json nova >"$1.ls" &&
		test "$(wc -l <"$1.ls")" -ge "$2"
}

test_case 'writers lose nothing while it runs over and over' '
	new_vault && lines nova 3000 >lines.jsonl
	vvault add --new nova memory:create --as-is "{}" >first.ids
	until_done vvault gc >gc.out & gc=$!
	adds nova one $(size 40 400) & one=$!
	vvault import --construct nova lines.jsonl >/dev/null & two=$!
	adds luna three $(size 40 400)
	wait $one && wait $two && touch "done" && wait $gc
	test "$(cat rounds)" -gt 3
	all_there nova first.ids one.ids && all_there luna three.ids
	test "$(entities_in v nova memory)" -eq $((3001 + $(wc -l <one.ids)))
	verified v && no_leftovers v && git_is_content v
'

test_case 'readers see all of it at any moment' '
	new_vault && lines nova $many >lines.jsonl
	vvault import --construct nova lines.jsonl >/dev/null
	until_done read_all one $many & one=$!
	until_done vvault verify --full >/dev/null & two=$!
	for i in $(seq $(size 12 100)); do
		vvault add nova memory:create --as-is "{\"n\":$i}" >/dev/null
		vvault gc >/dev/null
	done
	touch "done" && wait $one && wait $two
	verified v
'

test_case 'two at once wait for each other' '
	new_vault && adds nova one 20
	vvault gc >one & one=$!
	vvault gc >two && wait $one
	verified v && test "$(ls v/objects/pack/*.pack | wc -l)" -eq 1
	git_is_content v
'

test_case 'a pull and a push beside it' '
	two_devices && export VVAULT_DIR=a
	as a until_done vvault gc >/dev/null & one=$!
	as b until_done vvault -C b gc >/dev/null & two=$!
	for i in $(seq $(size 6 60)); do
		as a vvault add nova memory:create --as-is "{\"n\":$i}" >/dev/null
		as a vvault push >/dev/null && as b vvault -C b pull >/dev/null
	done
	touch "done" && wait $one && wait $two
	as b vvault -C b pull >/dev/null
	test "$(as a entities_in a nova memory)" -eq $(($(size 6 60) + 1))
	test "$(as b entities_in b nova memory)" -eq $(($(size 6 60) + 1))
	as a verified a && as b verified b && git_is_content a b
'

kills=$(size 8 200 3)

test_case 'killed at any moment it leaves a good vault' '
	new_vault && lines nova $many >lines.jsonl
	vvault import --construct nova lines.jsonl >/dev/null
	adds nova one 30 && set=$(set_of v nova)
	git -C v cat-file --batch-check --batch-all-objects >before
	cp -a v v0 && span_of vvault gc
	hits=0 tries=0
	until test "$hits" -ge "$kills"; do
		test "$tries" -lt $((kills * 20))
		rm -rf v && cp -a v0 v
		strike vvault gc
		test "$(set_of v nova)" = "$set" && git_is_content v
		git -C v cat-file --batch-check --batch-all-objects >after
		comm -23 before after >lost && test ! -s lost
		# A pack that has lost its index is left to its writer at first.
		touch -d "1 hour ago" v/objects/pack/*.pack
		vvault gc >/dev/null
		test "$(ls v/objects/pack/*.pack | wc -l)" -eq 1
		test "$(set_of v nova)" = "$set" && verified v
	done
'

test_case 'a full disk drops nothing' '
	small_disk d 16384
	vvault init d/v >/dev/null && export VVAULT_DIR="$PWD/d/v"
	lines nova $many >lines.jsonl
	vvault import --construct nova lines.jsonl >/dev/null
	adds nova one 20 && set=$(set_of d/v nova)
	cp -a d/v v0
	failed=0 worked=0
	for room in $({ seq 0 16 100; seq 100 200 4000; } | some); do
		test "$worked" -lt 3 || break
		rm -r d/v && cp -a v0 d/v
		leave d $room
		full d vvault gc
		rm -f d/filler
		test "$(set_of d/v nova)" = "$set" && git_is_content d/v
		no_leftovers d/v
		vvault gc >/dev/null && verified d/v
		test "$(ls d/v/objects/pack/*.pack | wc -l)" -eq 1
	done
	test "$failed" -ge "$full_least"
'

done_testing
