#!/bin/sh
# A copy of a vault that was restored goes on writing: both lines are kept, and
# what is written on top of them is good for everybody.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

in_a() { as a vvault -C a "$@"; }
in_b() { as b vvault -C b "$@"; }

# add_to <device> <content>: the id of the version that it makes.
add_to() {
	as "$1" vvault -C "$1" add --json nova memory:create \
		"{\"content\":\"$2\"}" | jq -r .version
}

# above <id> <id>: does the first one sort behind the other?
above() {
	test "$1" != "$2" &&
		test "$(printf '%s\n%s\n' "$1" "$2" | sort | tail -n 1)" = "$1"
}

# The remote r has the first line of device a, the remote s the second one and
# what b built on it; of a's versions one is only a second line there.
two_lines() {
	two_devices "$@" && git clone -q --bare r s &&
		in_a remote add other "$PWD/s" && cp -R a before || return
	until above "${lost:-0}" 8; do
		rm -rf a && cp -R before a && lost=$(add_to a 'then lost')
	done
	in_a push >/dev/null && rm -rf a && mv before a &&
		add_to a 'instead' >/dev/null &&
		in_a push other >/dev/null &&
		in_b remote add other "$PWD/s" &&
		in_b fetch other >/dev/null || return
	until above "$lost" "${top:-$lost}"; do
		top=$(add_to b 'on top of it')
	done
	in_b push other >/dev/null && { in_a fetch other && in_a fetch; } \
		>/dev/null 2>&1
}

test_case 'a device whose own line is behind another still writes' '
	two_lines
	add_to a "after all" >id
	in_a verify --json >report || test $? -eq 1
	jq -e ".problems | all(.code == \"fork\")" report
	in_a push other >/dev/null
	in_b fetch other --json >moved 2>err
	jq -se "any(.device == \"$(as a did)\" and
		.to == \"$(cat id)\" and .result != \"refused\")" moved
	test "$(in_b ls nova memory --json | wc -l)" -ge 5
'

# One key in two places: both have written, the second one has pushed first.
one_key() {
	two_devices "$@" && cp -R a c && in_c add nova memory:create \
		"{\"content\":\"from c\"}" >/dev/null && in_c push >/dev/null &&
		in_a add nova memory:create "{\"content\":\"a 1\"}" >/dev/null &&
		in_a add nova memory:create "{\"content\":\"a 2\"}" >/dev/null
}

in_c() { as a vvault -C c "$@"; }

ahead_of() { "in_$1" status --json | jq .ahead.origin; }

test_case 'a push joins the two lines of its device, so that what is here goes' '
	one_key
	expect_exit 1 in_a push >out && grep "rejected .*fetch first" out
	in_a pull >/dev/null 2>&1 && test "$(ahead_of a)" -eq 2
	expect_exit 1 in_a push --dry-run >out 2>err
	grep "^rejected  nova .*what is here of it goes with the next version" out
	grep "a push first writes the version that joins them" err
	test "$(ahead_of a)" -eq 2
	in_a push >out 2>err
	grep "nova: two lines of this device, .* joined by a new version: both are kept" err
	grep "^nova: 2 memories in 3 versions$" out
	test "$(ahead_of a)" -eq 0
	in_a push >out 2>err && echo "everything is up to date" | cmp - out && test ! -s err
	in_a log nova -n 1 --json | jq -e "(.parents | length) == 2 and .records == 0"
	in_c pull >/dev/null 2>&1 && in_c ls nova memory >out
	grep "from c" out && grep "a 1" out && grep "a 2" out
	in_b pull >/dev/null 2>&1 && test "$(in_b status --json | jq .forks)" -eq 1
	in_b verify --full --json >report || test $? -eq 1
	jq -e ".problems | length == 1 and all(.code == \"fork\")" report
	expect_exit 1 in_b verify >report
	grep "^a fork loses nothing: .* one of the two devices has a key of its own; .*under .rotate --device." report
'

test_case 'two that go on with one key lose nothing, push by push' '
	one_key && in_a pull >/dev/null 2>&1 && in_a push >/dev/null 2>&1
	for i in 1 2; do
		for v in a c; do
			in_$v add nova memory:create "{\"content\":\"$v$i\"}" >/dev/null
			in_$v push >/dev/null 2>&1 || { in_$v pull && in_$v push; } >/dev/null 2>&1
		done
	done
	in_a pull >/dev/null 2>&1 && in_c pull >/dev/null 2>&1
	test "$(in_a ls nova --json | wc -l)" -eq 8 && test "$(in_c ls nova --json | wc -l)" -eq 8
	in_a push && in_c push && test "$(refs_of a)" = "$(refs_of c)"
'

test_case 'where this device may not write any more, a push says what stays' '
	two_devices && in_b pull >/dev/null && in_b add nova memory:create --as-is "{}" >/dev/null
	in_b push >/dev/null && cp -R b old && in_a pull >/dev/null
	in_b add nova memory:create "{\"content\":\"y\"}" >/dev/null && in_b push >/dev/null
	as b vvault -C old add nova memory:create "{\"content\":\"x\"}" >/dev/null
	as b vvault -C old fetch >/dev/null 2>&1
	in_a fetch >/dev/null && in_a member role --yes "$(as b did)" reader >/dev/null && in_a push >/dev/null
	as b vvault -C old fetch >/dev/null
	expect_exit 1 as b vvault -C old push >out 2>err
	grep "two lines of this device stand here, and cannot be joined: this device is no writer" err
	grep "^rejected  nova .*fork: the remote has another line of this device" out && test "$(wc -l <out)" -eq 1
'

test_case 'of the two lines of another device one stays, and a push says so' '
	two_devices && cp -R a old && git clone -q --bare r r2 &&
	in_a add nova memory:create "{\"content\":\"one\"}" >/dev/null && in_a push >/dev/null
	as a vvault -C old add nova memory:create "{\"content\":\"two\"}" >/dev/null
	as a vvault -C old remote add two "$PWD/r2" && as a vvault -C old push two >/dev/null
	in_b pull >/dev/null && in_b remote add two "$PWD/r2" && in_b fetch two >/dev/null 2>&1
	for remote in origin two; do
		expect_exit 1 in_b push $remote >out
		grep "^rejected  nova .*fork: the remote has another line of this device" out
	done
	in_b add nova memory:create --as-is "{}" >/dev/null
	in_b push origin && in_b push two && in_b push two | grep "up to date"
	in_a pull >/dev/null 2>&1 && in_a ls nova | grep two
'

# An owner lets d in; an older copy of it, which does not know, takes a new key
# in the place of the one they share. What c, another owner, wrote when it knew
# the first stays good, and so does what it writes on top of that.
test_case 'who was let in by a line that a copy took back is told; what stands on it goes on' '
	two_devices && in_c() { as c vvault -C c "$@"; } && as c vvault clone r c >out 2>&1 &&
	in_a member add "$(as c did)" --role owner >out && in_a push >out && in_c pull >out &&
	cp -a a old && cp -a "$tap_case/keys-a" "$tap_case/keys-old" &&
	as d vvault clone r d >out 2>&1 && in_a member add "$(as d did)" >out && in_a push >out &&
	as d vvault -C d pull >out && as d vvault -C d add nova memory:create "{\"content\":\"of d\"}" && as d vvault -C d push >out &&
	in_c pull >out && in_c add nova memory:create "{\"content\":\"before\"}" && in_c push >out &&
	git init -q --bare s && as old vvault -C old remote add other "$PWD/s" && as old vvault -C old key rotate --device >out &&
	as old vvault -C old push other >out && in_c remote add other "$PWD/s" && in_c pull other >out 2>err && cat out err &&
	grep "$(as d did | cut -c 9-20): writer -> no member" out &&
	in_c add nova memory:create "{\"content\":\"after\"}" &&
	{ in_c verify --full --json >out || test $? -eq 1; } && jq -e ".problems | length > 0 and all(.code == \"fork\")" out &&
	in_c ls nova >all && grep before all && grep after all && grep "of d" all
'

# Half a minute of syncing.
test -z "${VV_NIGHTLY:-}" ||
test_case 'more heads than a version has parents do not stop a device' '
	new_vault --plain && git init -q --bare all
	vvault add --new nova memory:create --as-is "{}" >/dev/null
	ref=$(git -C v for-each-ref --format="%(refname)" refs/heads/nova)
	mv v base
	for i in $(seq 258); do
		rm -rf v && cp -a base v
		vvault add nova memory:create "{\"content\":\"$i\"}" >/dev/null
		git -C v push -q "$PWD/all" "$ref:refs/lines/$i"
	done
	rm -rf v && mv base v
	git -C v fetch -q "$PWD/all" "refs/lines/*:refs/lines/*"
	git -C v for-each-ref --format="%(objectname) %(refname)" refs/lines >lines
	while read -r id line; do
		echo "create refs/forks/$id/${ref#refs/heads/} $id"
		echo "delete $line"
	done <lines | git -C v update-ref --stdin
	for i in 1 2; do
		vvault add nova memory:create --as-is "{}" >/dev/null
	done
	vvault log -n 1 --json nova | jq -e ".parents | length == 3"
	test "$(vvault ls nova --json | wc -l)" -eq 261
'

done_testing
