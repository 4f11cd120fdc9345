#!/bin/sh
# An older copy of a vault is put back and goes on writing: the device has
# then said two things under one number. Both are kept, on every device, the
# fork is reported, and all come to the same state.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../robust.sh"

# on <device> <command of vvault>...: in the vault of that name
on() {
	on_device=$1 && shift
	as "$on_device" vvault -C "$on_device" "$@"
}

# tell <device> <content>: one memory, its id to said
tell() {
	on "$1" add nova memory:create "{\"content\":\"$2\"}" >>said
}

# all_said <device>: every record that any device acknowledged is there
all_said() {
	on "$1" ls --json nova | jq -r ".records[]" | sort >have.$1
	sort said | comm -13 have.$1 - >lost.$1
	test ! -s lost.$1 || { echo "$1 lost:" && cat lost.$1; return 1; } >&2
}

# alike <device>...: hold the same set, fold to the same
alike() {
	for alike_device; do
		echo "$(as "$alike_device" set_of "$alike_device" nova)" \
			"$(as "$alike_device" fold_of "$alike_device" nova)"
	done | sort -u >alike.out
	test "$(wc -l <alike.out)" -eq 1 || { cat alike.out >&2; return 1; }
}

# forked <device>: it says so, in status and in verify, and nothing else.
forked() {
	test "$(on "$1" status --json | jq .forks)" -ge 1
	expect_exit 1 on "$1" verify --full --json >forked.out
	jq -e "[.problems[].code] | length > 0 and all(. == \"fork\")" \
		forked.out || { cat forked.out >&2; return 1; }
}

test_case 'a restored copy that has not pushed: a fork, nothing lost' '
	two_devices
	tell a "before the copy" && on a push && on b pull
	cp -a a old
	tell a "after the copy, one" && tell a "after the copy, two"
	on a push && on b pull
	rm -rf a && mv old a
	tell a "from the restored copy" && tell a "and another"
	expect_exit 1 on a push
	on a pull
	forked a
	all_said a
	tell b "meanwhile elsewhere" && on b push
	on a pull
	tell a "after the pull"
	on a push
	on b pull
	all_said a && all_said b && alike a b
	forked a && forked b
	test "$(on a ls --json nova memory | wc -l)" -eq 8
	tell b "goes on" && on b push
	on a pull
	alike a b && all_said a
	git_is_content a b r
	as c vvault clone "$PWD/r" c
	forked c
	test "$(git -C c for-each-ref refs/heads)" = \
		"$(git -C r for-each-ref refs/heads)"
'

test_case 'a restored copy that pulls first goes on without a fork' '
	two_devices
	cp -a a old
	tell a "after the copy" && on a push
	rm -rf a && mv old a
	on a pull && all_said a
	tell a "more" && on a push && on b pull
	all_said b && alike a b
	as a verified a && as b verified b
	test "$(on a status --json | jq .forks)" -eq 0
'

test_case 'both lines were pushed, to two remotes' '
	two_devices
	git init -q --bare s
	on a remote add second "$PWD/s" && on a push second
	on b remote add second "$PWD/s"
	cp -a a old
	tell a "first line" && on a push origin
	mv a lost && mv old a
	tell a "second line" && on a push second
	on b pull origin && on b pull second
	forked b && all_said b
	expect_exit 1 on b push origin
	expect_exit 1 on b push second
	on a pull origin
	all_said a
	tell a "and on" && on a push origin && on a push second
	on b pull origin
	on b pull second
	all_said a && all_said b && alike a b
	git_is_content a b r s
'

test_case 'the vault goes on when its newest state was never pushed' '
	two_devices
	tell a "one" && on a push && cp -a a old
	tell a "only here" && cp said said.all && rm -rf a && mv old a
	sed -i "\$d" said
	tell a "two" && on a push && on b pull
	all_said a && all_said b && alike a b
	as a verified a && as b verified b
'

test_case 'a copied folder that writes beside the first' '
	two_devices
	cp -a a a2
	tell a "from the first"
	as a vvault -C a2 add nova memory:create "{\"content\":\"copy\"}" >>said
	on a push
	expect_exit 1 as a vvault -C a2 push
	as a vvault -C a2 pull
	as a vvault -C a2 add nova memory:create "{\"content\":\"more\"}" >>said
	as a vvault -C a2 push
	on a pull
	on b pull
	all_said a && all_said b && alike a b
	forked a && forked b
'

done_testing
