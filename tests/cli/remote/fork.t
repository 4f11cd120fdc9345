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

# Half a minute of syncing.
test -z "${VV_NIGHTLY:-}" ||
test_case 'more heads than a version has parents do not stop a device' '
	new_vault --plain
	vvault add --new nova memory:create --as-is "{}" >/dev/null
	ref=$(git -C v for-each-ref --format="%(refname)" refs/heads/nova)
	base=$(git -C v rev-parse "$ref")
	for i in $(seq 258); do
		vvault add nova memory:create "{\"content\":\"$i\"}" >/dev/null
		git -C v rev-parse "$ref" >>lines
		git -C v update-ref "$ref" "$base"
	done
	sed "s|.*|create refs/forks/&/${ref#refs/heads/} &|" lines |
		git -C v update-ref --stdin
	for i in 1 2; do
		vvault add nova memory:create --as-is "{}" >/dev/null
	done
	vvault log -n 1 --json nova | jq -e ".parents | length == 3"
	test "$(vvault ls nova --json | wc -l)" -eq 261
'

done_testing
