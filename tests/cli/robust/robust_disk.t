#!/bin/sh
# A full disk, at every step of a command: a clear error, nothing lost, and
# the work can be done when there is room again.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../robust.sh"

# Memories, of some 400 bytes each: so many that a pack is made. And the KiB of
# a disk that has room for the work; what is free on it grows by steps of a 9th
# part of what they take, and some small ones before.
many=$(size 5000 8000 5000)
disk=$((many * 2))
rooms() {
	{
		seq 0 8 80
		seq 100 $((many / 20)) $((many * 7 / 16))
	} | some
}

test_case 'init' '
	small_disk d 1024
	failed=0 worked=0
	for room in $(seq 0 4 200 | some); do
		test "$worked" -lt 3 || break
		leave d $room
		full d vvault init d/v
		test "$full_got" -eq 0 || test ! -e d/v
		rm -f d/filler
		test -e d/v || vvault init d/v >/dev/null
		verified d/v && no_leftovers d/v
		rm -r d/v
	done
	test "$failed" -ge "$full_least" && test "$failed" -lt 40
'

test_case 'add' '
	small_disk d 4096
	vvault init d/v >/dev/null && export VVAULT_DIR="$PWD/d/v"
	add_one() { vvault add --new nova memory:create "{\"content\":\"$1\"}"; }
	add_one first
	failed=0 worked=0 n=1
	for room in $(seq 0 4 160 | some); do
		test "$worked" -lt 3 || break
		leave d $room
		full d add_one "$room"
		test "$full_got" -ne 0 || n=$((n + 1))
		verified d/v
		test "$(entities_in d/v nova memory)" -eq "$n"
		rm -f d/filler
		add_one "$room again" >/dev/null
		n=$((n + 1))
		test "$(entities_in d/v nova memory)" -eq "$n"
	done
	verified d/v && no_leftovers d/v && git_is_content d/v
	test "$failed" -ge "$full_least" && test "$failed" -lt 40
'

test_case 'import' '
	small_disk d $disk
	lines nova $many >lines.jsonl
	capsule Luna 1 $((many / 10)) >luna.capsule
	vvault init d/v >/dev/null && export VVAULT_DIR="$PWD/d/v"
	vvault add --new nova memory:create --as-is "{}" >/dev/null
	cp -a d/v v0
	failed=0 worked=0
	for room in $(rooms); do
		test "$worked" -lt 3 || break
		rm -r d/v && cp -a v0 d/v
		leave d $room
		full d vvault import --construct nova lines.jsonl luna.capsule
		verified d/v
		test "$full_got" -eq 0 ||
			test "$(entities_in d/v nova memory)" -eq 1 ||
			test "$(entities_in d/v nova memory)" -eq $((many / 10 + 1))
		rm -f d/filler
		vvault import --construct nova lines.jsonl luna.capsule
		test "$(entities_in d/v nova memory)" -eq $((many * 11 / 10 + 1))
		test "$(records_in d/v nova)" -eq $((many * 11 / 10 + 3))
		verified d/v && no_leftovers d/v && git_is_content d/v
	done
	test "$failed" -ge "$full_least" && test "$failed" -lt 28
'

# far_apart: two devices, of which a is ahead by some MB
far_apart() {
	two_devices
	lines nova $many >lines.jsonl
	as a vvault -C a import --construct nova lines.jsonl
	export VVAULT_KEYS="$tap_case/keys-$1"
}

test_case 'pull' '
	far_apart b
	as a vvault -C a push
	small_disk d $disk
	failed=0 worked=0
	for room in $(rooms); do
		test "$worked" -lt 3 || break
		rm -rf d/b && cp -a b d/b
		leave d $room
		full d vvault -C d/b pull
		verified d/b
		test "$(vvault -C d/b status --json | jq .quarantined)" -eq 0
		rm -f d/filler
		vvault -C d/b pull
		test "$(entities_in d/b nova memory)" -eq $((many + 1))
		verified d/b && git_is_content d/b
	done
	test "$failed" -ge "$full_least" && test "$failed" -lt 28
'

test_case 'clone' '
	far_apart b
	as a vvault -C a push
	small_disk d $disk
	failed=0 worked=0
	for room in $(rooms | awk "NR % 3 != 2"); do
		test "$worked" -lt 3 || break
		leave d $room
		full d vvault clone "$PWD/r" d/c
		test "$full_got" -eq 0 || test "$(ls -A d)" = filler
		rm -f d/filler
		test -e d/c || vvault clone "$PWD/r" d/c
		test "$(entities_in d/c nova memory)" -eq $((many + 1))
		verified d/c && rm -r d/c
	done
	test "$failed" -ge "$full_least" && test "$failed" -lt 21
'

test_case 'push to a full disk, and from one' '
	far_apart a
	small_disk d $disk
	failed=0 worked=0
	for room in $(rooms | awk "NR < 12 || NR % 3 != 2"); do
		test "$worked" -lt 3 || break
		rm -rf d/r d/a && cp -a r d/r && cp -a a d/a
		vvault -C d/a remote remove origin
		vvault -C d/a remote add origin "$PWD/d/r"
		leave d $room
		full_got=0
		vvault -C d/a push >full.out 2>full.err || full_got=$?
		case $full_got in
		0) worked=$((worked + 1)) ;;
		1 | 128) failed=$((failed + 1)) worked=0 ;;
		*) exit 1 ;;
		esac
		verified d/a && git_is_content d/r
		rm -f d/filler
		vvault -C d/a push
		git_is_content d/r
		test "$(git -C d/r for-each-ref)" = "$(git -C d/a \
			for-each-ref refs/heads)"
	done
	test "$failed" -ge "$full_least" && test "$failed" -lt 21
'

# Where no disk can be mounted this limit stands for one: a file that grows
# past it fails to be written.
test_case 'a limit on the size of files' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null
	lines nova $many >lines.jsonl
	got=0
	(trap "" XFSZ && ulimit -f 512 &&
		exec vvault import --construct nova lines.jsonl) \
		>out 2>err || got=$?
	test "$got" -eq 128 && test ! -s out
	grep "too large" err
	verified v && test "$(entities_in v nova memory)" -eq 1
	vvault import --construct nova lines.jsonl
	test "$(entities_in v nova memory)" -eq $((many + 1))
	verified v && no_leftovers v && git_is_content v
'

done_testing
