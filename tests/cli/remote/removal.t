#!/bin/sh
# Members who go: what the others see, what the one who went can still do.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

forge() {
	"$VV_BUILD/tests/tools/forge" "$@"
}

# in_<device> <command>...: in that device's vault.
in_a() { as a vvault -C a "$@"; }
in_b() { as b vvault -C b "$@"; }
in_c() { as c vvault -C c "$@"; }

# three [<option of init>...]: a owns the vault, b is the writer "phone", c the
# writer "desk"; all have the same, with one memory of each.
three() {
	once make_three "$@"
}

make_three() {
	make_two_devices "$@"
	in_a member rename "$(as b did)" phone >/dev/null
	as c vvault clone "$PWD/r" c >/dev/null 2>&1
	in_a member add --name desk "$(as c did)" >/dev/null
	in_a push >/dev/null
	in_c pull >/dev/null
	say b "by phone" && in_b push >/dev/null
	in_c pull >/dev/null && say c "by desk" && in_c push >/dev/null
	in_a pull >/dev/null
}

say() {
	as "$1" vvault -C "$1" add nova memory:create "{\"content\":\"$2\"}" \
		>/dev/null
}

# holds <device> <content>...: these memories of nova and no other.
holds() {
	d=$1
	shift
	as "$d" vvault -C "$d" ls nova memory --json | jq -r .state.content |
		sort >held
	printf '%s\n' "$@" | sort | diff - held
}

# roles <device>: who is what there.
roles() {
	as "$1" vvault -C "$1" member list --json |
		jq -r '.did + " " + .role' | sort
}

test_case 'a lost laptop is shut out: its past stays, what is written then it cannot read' '
	three && in_a member remove --yes phone >out 2>err &&
	grep "^vvault: nova: 1 version of .phone. stays, the newest of " err &&
	head -n 1 out | grep -x "removed phone: $(as b did)" &&
	grep "a new key went to 2 members" out &&
	in_a push >/dev/null && in_c pull >pulled && grep "phone.*: writer -> removed" pulled &&
	holds c "the first" "by phone" "by desk" &&
	say c "the plan of tomorrow" && in_c push >/dev/null && in_a pull >/dev/null &&
	holds a "the first" "by phone" "by desk" "the plan of tomorrow" &&
	{ in_b pull >out 2>&1 || test $? -eq 1; } &&
	for words in "ls nova" "log nova" "recall tomorrow" "export --format markdown nova"; do
		in_b $words >out 2>&1 || test $? -eq 1 || exit 1
		! grep tomorrow out || exit 1
	done && expect_exit 128 in_b add nova memory:create --as-is "{}" 2>err &&
	in_a verify --full >/dev/null && in_c verify --full >/dev/null &&
	as d vvault clone "$PWD/r" d >/dev/null 2>&1 && in_a member add "$(as d did)" >/dev/null &&
	in_a push >/dev/null && as d vvault -C d pull >/dev/null &&
	holds d "the first" "by phone" "by desk" "the plan of tomorrow"
'

for form in '' --plain; do
	test_case "a stolen key after its removal: named, and kept apart${form:+ (plain)}" '
		three '$form' && cp -R b old && say b "seen" && in_b push >/dev/null &&
		in_a pull >/dev/null && in_c pull >/dev/null &&
		in_a member remove --yes phone >/dev/null 2>&1 && in_a push >/dev/null &&
		in_c pull >/dev/null && say b "beyond the cut" && in_b push >/dev/null &&
		expect_exit 1 in_c pull >out 2>&1 && grep "^refused  nova  phone" out &&
		holds c "the first" "by phone" "by desk" "seen" &&
		in_c status >out && grep "^removed    phone .*still signs" out &&
		says ".shut_out[0].name == \"phone\"" in_c status --json &&
		in_c quarantine list | grep phone &&
		as b vvault -C old add nova memory:create "{\"content\":\"a line from before\"}" >/dev/null &&
		git init -q --bare s && git -C old push -q "$PWD/s" "refs/heads/*:refs/heads/*" &&
		in_a remote add s "$PWD/s" && expect_exit 1 in_a pull s >out 2>&1 &&
		grep "^refused  nova  phone" out && holds a "the first" "by phone" "by desk" "seen" &&
		say c "after" && { in_c push >/dev/null || test $? -eq 1; } &&
		{ in_a pull origin >/dev/null 2>&1 || test $? -eq 1; } &&
		holds a "the first" "by phone" "by desk" "seen" "after" &&
		in_a verify --full >/dev/null && in_c verify --full >/dev/null
	'
done

test_case 'a removed owner takes nothing over' '
	three && in_a member role phone owner >/dev/null && in_a push >/dev/null && in_b pull >/dev/null &&
	in_c pull >/dev/null && cp -R b old && x=$(forge key keys-x) && m=$(forge key "$tap_case/keys-m") &&
	in_b member add --role reader "$x" >/dev/null && in_b push >/dev/null && in_a pull >/dev/null &&
	in_a member remove --yes phone >out 2>err && grep "^vvault: members and keys: 1 version of .phone. stays" err &&
	in_a push >/dev/null && in_c pull >/dev/null && roles c >before && grep "$x reader" before &&
	as b vvault -C old member add --role owner --name mallory "$m" >/dev/null &&
	git init -q --bare s && git -C old push -q "$PWD/s" "refs/heads/*:refs/heads/*" &&
	in_c remote add s "$PWD/s" && expect_exit 1 in_c pull s >out 2>&1 && grep "^refused  vault  phone" out &&
	roles c | cmp before - && cp -R old m && as m vvault -C m member list | grep mallory &&
	as m vvault -C m member add "$(forge key keys-z)" >/dev/null &&
	git -C m push -q "$PWD/s" "refs/heads/vault/*:refs/heads/vault/*" &&
	expect_exit 1 in_c pull s >/dev/null 2>&1 && roles c | cmp before - && in_c verify --full >/dev/null
'

test_case 'an owner that was lowered admits nobody' '
	three && in_a member role phone owner >/dev/null && in_a push >/dev/null && in_b pull >/dev/null &&
	in_a member role --yes phone reader >/dev/null 2>&1 && in_a push >/dev/null && in_c pull >/dev/null &&
	roles c >before && in_b member add --role owner "$(forge key keys-m)" >/dev/null &&
	in_b push >/dev/null && expect_exit 1 in_c pull >/dev/null 2>&1 && roles c | cmp before - &&
	say b "by a reader" && in_b push >/dev/null && expect_exit 1 in_c pull >/dev/null 2>&1 &&
	holds c "the first" "by phone" "by desk" && in_c verify --full >/dev/null
'

test_case 'who leaves leaves the work, and --keep-until says up to where' '
	three && in_b add --new own memory:create "{\"content\":\"kept\"}" >/dev/null &&
	in_b add own memory:create "{\"content\":\"the last day\"}" >/dev/null &&
	in_b push >/dev/null && in_a pull >/dev/null &&
	in_a member remove --yes --keep-until own/phone~ phone >out 2>err &&
	grep "^vvault: own: 1 version of .phone. stays, the newest of .*; 1 newer one counts no more" err &&
	grep "^vvault: nova: 1 version" err &&
	in_a ls own memory --json | jq -r .state.content | grep -x kept &&
	! in_a ls own | grep "the last day" && in_a push >/dev/null &&
	{ in_c pull >/dev/null 2>&1 || test $? -eq 1; } &&
	in_c ls own memory --json | jq -r .state.content >out && echo kept | cmp - out &&
	in_c log own | grep phone &&
	in_c verify --full >/dev/null
'

# at_once <first> <then>: d hears of the two owners in this order.
at_once() {
	rm -rf d "$tap_case/keys-d"
	as d vvault clone "$PWD/r" d >/dev/null 2>&1 &&
	for remote in "$1" "$2"; do
		as d vvault -C d remote add "$remote" "$PWD/$remote" &&
		{ as d vvault -C d pull "$remote" >/dev/null 2>&1 || test $? -eq 1; } || return
	done && roles d
}

test_case 'two owners who would remove each other: the upper one stands, whoever is heard first' '
	three && in_a member role phone owner >/dev/null && in_a push >/dev/null && in_b pull >/dev/null &&
	x=$(forge key keys-x) && y=$(forge key keys-y) && in_b member add --name x "$x" >/dev/null &&
	in_b push >/dev/null && in_a pull >/dev/null && in_c pull >/dev/null && git init -q --bare of-a && git init -q --bare of-b &&
	in_a remote add of-a "$PWD/of-a" && in_b remote add of-b "$PWD/of-b" &&
	in_b member list >before && expect_exit 128 in_b member remove --yes "$(as a did)" 2>err &&
	grep "does not stand above the member .*only it itself can take its rights" err &&
	in_b member list | cmp before - && expect_exit 128 in_b member remove --yes desk 2>err &&
	grep "stand above the member .desk.*: .z6Mk[^ ]*, or it itself, can take its rights" err &&
	in_b member remove --yes x >/dev/null 2>&1 && in_b member add --role owner "$y" >/dev/null &&
	in_a member remove --yes phone >/dev/null 2>&1 &&
	in_a push of-a >/dev/null && in_b push of-b >/dev/null &&
	roles a >want && grep "$(as b did) removed" want && grep "$(as a did) owner" want &&
	grep "$x writer" want && ! grep "$y" want &&
	at_once of-a of-b | cmp want - && at_once of-b of-a | cmp want - &&
	in_c remote add of-b "$PWD/of-b" && in_c remote add of-a "$PWD/of-a" &&
	{ in_c pull of-b >/dev/null 2>&1 || test $? -eq 1; } && roles c | grep "$x removed" &&
	{ in_c pull of-a >/dev/null 2>&1 || test $? -eq 1; } && roles c | cmp want - &&
	{ in_b remote add of-a "$PWD/of-a" && in_b pull of-a >/dev/null 2>&1 || test $? -eq 1; } && roles b | cmp want - &&
	say c "I am still here" && { in_c push of-a >/dev/null 2>&1 || test $? -eq 1; } &&
	{ in_a pull of-a >/dev/null 2>&1 || test $? -eq 1; } &&
	in_a ls nova | grep "I am still here" && in_a verify --full >/dev/null
'

test_case 'a member that was away for long comes back with its work' '
	three && say c "away one" && in_a member remove --yes phone >/dev/null 2>&1 && in_a push >/dev/null &&
	x=$(forge key keys-x) && in_a member add --name x "$x" >/dev/null && say a "with the second key" &&
	in_a member remove --yes x >/dev/null 2>&1 && say a "with the third" && in_a push >/dev/null &&
	say c "away two" && in_c pull >/dev/null && say c "back" && in_c push >/dev/null &&
	in_a pull >/dev/null && set -- "the first" "by phone" "by desk" "away one" "away two" \
		"with the second key" "with the third" back && holds a "$@" && holds c "$@" &&
	in_a verify --full >/dev/null && in_c verify --full >/dev/null &&
	says -s "[.[].role] == [\"owner\", \"removed\", \"writer\", \"removed\"]" in_c member list --json
'

test_case 'owners who remove two at once: no key is left that either knows' '
	three && in_a member role desk owner >/dev/null && x=$(forge key keys-x) &&
	in_a push >/dev/null && in_c pull >/dev/null && in_c member add --name x "$x" >/dev/null &&
	in_c push >/dev/null && in_a pull >/dev/null &&
	in_a member remove --yes phone >/dev/null 2>&1 && in_c member remove --yes x >/dev/null 2>&1 &&
	in_a push >/dev/null && in_c pull >/dev/null && in_c push >/dev/null && in_a pull >/dev/null &&
	says .key_known in_c status --json && in_c status | grep "known to a removed device" &&
	y=$(forge key keys-y) && in_c member add --name y "$y" >/dev/null &&
	in_c member remove --yes y >/dev/null 2>&1 && says ".key_known == null" in_c status --json &&
	say c fresh && in_c push >/dev/null && in_a pull >/dev/null &&
	holds a "the first" "by phone" "by desk" fresh && in_a verify --full >/dev/null
'

test_case 'what is refused, and what asks' '
	three && expect_exit 128 in_a member remove phone 2>err &&
	grep "would be removed, for good: --yes says that it may" err && grep "stays, the newest" err &&
	expect_exit 128 in_a member role phone reader 2>err && grep "would lose rights" err &&
	expect_exit 128 in_a member remove --yes "$(as a did)" 2>err && grep "is the last owner" err &&
	expect_exit 128 in_a member role --yes "$(as a did)" writer 2>err && grep "is the last owner" err &&
	expect_exit 128 in_b member remove --yes desk 2>err && grep "no owner" err &&
	expect_exit 128 in_a member remove --yes nobody 2>err && grep "neither a did:key nor a member" err &&
	expect_exit 128 in_a member add --role reader phone 2>err && grep "member role <member> reader" err &&
	expect_exit 128 in_a member add --name other phone 2>err && grep "member rename" err &&
	expect_exit 128 in_a member role --keep-until nova phone owner 2>err && grep "keep-until says nothing" err &&
	roles a >before && in_a member remove --yes phone >/dev/null 2>&1 &&
	expect_exit 1 in_a member remove --yes phone 2>err && grep "was removed already" err &&
	expect_exit 128 in_a member add "$(as b did)" 2>err && grep "never returns" err &&
	expect_exit 128 in_a member role phone writer 2>err && grep "never returns" err &&
	in_a member add --name phone "$(forge key keys-x)" >/dev/null &&
	in_a member role --yes phone reader >/dev/null 2>&1 && in_a member rename desk phone >/dev/null &&
	expect_exit 128 in_a member remove --yes phone 2>err &&
	grep "several members are called .phone.: z6Mk[^ ]* (writer), z6Mk[^ ]* (reader)$" err && in_a verify --full >/dev/null
'

test_case 'on a terminal it is asked, and no is no' '
	command -v script >/dev/null || skip_case "script is not here" &&
	three && export VVAULT_DIR="$PWD/a" VVAULT_KEYS="$tap_case/keys-a" &&
	roles a >before && { echo n | script -qec "vvault member remove phone" asked >/dev/null || test $? -eq 1; } &&
	grep "Remove .phone.? It never returns" asked && grep "nova: 1 version of .phone. stays, the newest of " asked &&
	roles a | cmp before - &&
	echo y | script -qec "vvault member remove phone" asked >/dev/null && grep "removed phone" asked &&
	roles a | grep "$(as b did) removed"
'

test_case 'the list says who let in whom, when, and what each wrote last' '
	three && in_a member remove --yes phone >/dev/null 2>&1 && a=$(as a did) &&
	in_a member list --json >out && head -n 1 out | keys_are "admitted did last name role self" &&
	says -s ".[0].admitted.by == \"$a\" and .[2].admitted.by == \"$a\" and (.[2].admitted.at | fromdate > 0)
		and .[1].removed.by == \"$a\" and .[1].last.construct == \"nova\"
		and (.[2].last.version | length) == 40 and .[2].removed == null" in_a member list --json &&
	in_a member list >out && grep "^ *added by itself, .*; last wrote .*, " out &&
	grep "added by .*; removed by .*; last wrote nova, " out
'

done_testing
