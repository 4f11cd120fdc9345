#!/bin/sh
# Rights that were taken: what readers and writers make of it. What a verifier
# says to each version is in tests/unit/refs/verify/test_verify_rights.c.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

forge() {
	"$VV_BUILD/tests/tools/forge" "$@"
}

# third: device c with the vault c, a writer too.
third() {
	as c vvault clone "$PWD/r" c >/dev/null 2>&1
	as a vvault -C a member add "$(as c did)" >/dev/null
	as a vvault -C a push >/dev/null
	as c vvault -C c pull >/dev/null
}

# ref_of <vault> <device>: that device's ref of nova in the vault.
ref_of() {
	git -C "$1" for-each-ref --format='%(refname)' refs/heads |
		grep -v /vault/ | grep "$(as "$2" did | cut -d: -f3)"
}

# cut <vault> <device>: of the device's head in nova there.
cut_of() {
	ref=$(ref_of "$1" "$2")
	printf '{"construct":"%s","device":"%s","digest":"sha256:%s","seq":%s}' \
		"$(echo "$ref" | cut -d/ -f3)" "${ref##*/}" \
		"$(git -C "$1" cat-file commit "$ref" | sha256sum | cut -d' ' -f1)" \
		"$(git -C "$1" cat-file commit "$ref" |
			sed -n 's/^Vvault-Seq: //p')"
}

# takes <word> <device> <cuts>: a says it of the device: remove, or a role.
takes() {
	d=$(as "$2" did)
	role=",\"role\":\"$1\""
	verb=update
	test "$1" != remove || { role= && verb=remove; }
	printf '{"at":"@AT@","data":{"cuts":[%s],"did":"%s"%s},"entity":"member:%s","prev":[],"type":"member:%s"}\n' \
		"$3" "$d" "$role" "${d#did:key:}" $verb |
		forge write a "$tap_case/keys-a" vault 'member: taken'
	as a vvault -C a push
}

# holds <device> <content>...: these memories of nova and no other.
holds() {
	d=$1
	shift
	as "$d" vvault -C "$d" ls nova memory --json | jq -r .state.content |
		sort >held
	printf '%s\n' "$@" | sort | diff - held
}

say() {
	as "$1" vvault -C "$1" add nova memory:create "{\"content\":\"$2\"}" \
		>/dev/null
}

for form in '' --plain; do
	for word in remove reader; do
		test_case "taken in before a $word was known: left out${form:+ in a plain vault}" '
			two_devices '$form' && third &&
			say b one && say b two && as b vvault -C b push >/dev/null &&
			as a vvault -C a pull >/dev/null && cut=$(cut_of a b) &&
			say b three && as b vvault -C b push >/dev/null &&
			as c vvault -C c pull >/dev/null &&
			holds c "the first" one two three &&
			takes '$word' b "$cut" &&
			as c vvault -C c pull >/dev/null &&
			holds c "the first" one two &&
			as c vvault -C c verify --full >/dev/null &&
			say c four && as c vvault -C c push >/dev/null &&
			expect_exit 1 as a vvault -C a pull >/dev/null 2>err &&
			grep -q removed-member err &&
			holds a "the first" one two four &&
			as a vvault -C a verify --full >/dev/null
		'
	done
done

test_case 'who comes later gets what the cut names although the remote shows more' '
	two_devices &&
	say b one && as b vvault -C b push >/dev/null &&
	as a vvault -C a pull >/dev/null && cut=$(cut_of a b) &&
	say b two && say b three && as b vvault -C b push >/dev/null &&
	takes remove b "$cut" && expect_exit 1 as c vvault clone "$PWD/r" c 2>err &&
	grep removed-member err &&
	as a vvault -C a member add "$(as c did)" >/dev/null &&
	as a vvault -C a push >/dev/null &&
	expect_exit 1 as c vvault -C c pull 2>err &&
	holds c "the first" one && as c vvault -C c verify --full >/dev/null &&
	expect_exit 1 as c vvault -C c fetch --json >out 2>err &&
	jq -s -e "[.[] | .result] | sort == [\"refused\", \"same\", \"same\"]" out &&
	say b four && as b vvault -C b push >/dev/null &&
	expect_exit 1 as c vvault -C c pull 2>err && holds c "the first" one
'

test_case 'without a cut nothing of the device counts but what others built on' '
	two_devices && third &&
	say b one && as b vvault -C b push >/dev/null &&
	as c vvault -C c pull >/dev/null && say c two &&
	as c vvault -C c push >/dev/null &&
	say b three && as b vvault -C b push >/dev/null &&
	as c vvault -C c pull >/dev/null &&
	holds c "the first" one two three &&
	takes reader b "" && as c vvault -C c pull >/dev/null &&
	holds c "the first" one two && as c vvault -C c verify >/dev/null
'

test_case 'a construct of which nothing counts any more is empty' '
	two_devices &&
	as b vvault -C b add --new own memory:create "{\"content\":\"x\"}" >/dev/null &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null &&
	as a vvault -C a ls own | grep -q . &&
	takes remove b "" && as a vvault -C a ls own >out && test ! -s out &&
	as a vvault -C a construct list >/dev/null &&
	as a vvault -C a status >/dev/null && as a vvault -C a log >/dev/null &&
	as a vvault -C a add own memory:create "{\"content\":\"y\"}" >/dev/null &&
	as a vvault -C a ls own --json | jq -r .state.content >out &&
	echo y | cmp - out && as a vvault -C a verify --full >/dev/null &&
	as a vvault -C a gc >/dev/null && as b vvault -C b pull >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	as b vvault -C b gc >/dev/null && as b vvault -C b verify --full >/dev/null
'

test_case 'a lowered device that knows it builds on what still counts' '
	two_devices &&
	say b one && as b vvault -C b push >/dev/null &&
	as a vvault -C a pull >/dev/null && cut=$(cut_of a b) &&
	takes reader b "$cut" && say b two && as b vvault -C b pull >/dev/null &&
	expect_exit 128 as b vvault -C b add nova memory:create --as-is "{}" 2>err &&
	grep "no writer" err && takes writer b "" &&
	as b vvault -C b pull >/dev/null && say b three &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null &&
	holds a "the first" one three && as a vvault -C a verify --full >/dev/null
'

test_case 'a writer without the newest content key writes nothing' '
	two_devices && third &&
	key=$(head -c 32 /dev/urandom | base32 | tr A-Z a-z | tr -d =) &&
	printf "{\"at\":\"@AT@\",\"data\":{\"id\":\"%s\",\"use\":\"content\"},\"entity\":\"key:%s\",\"prev\":[],\"type\":\"key:create\"}\n" \
		"$key" "$key" |
		forge write a "$tap_case/keys-a" vault "key: create" &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	git -C b for-each-ref >before &&
	expect_exit 128 as b vvault -C b add nova memory:create --as-is "{}" 2>err &&
	grep "newer content key was made that no owner holds" err &&
	expect_exit 128 as a vvault -C a add nova memory:create --as-is "{}" 2>err &&
	git -C b for-each-ref | cmp - before &&
	holds b "the first" && as b vvault -C b verify --full >/dev/null
'

test_case 'an owner grants the newest key by adding the writer once more' '
	two_devices && third &&
	forge rotate a "$tap_case/keys-a" >records &&
	forge write a "$tap_case/keys-a" vault "key: rotate" <records &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	expect_exit 128 as b vvault -C b add nova memory:create --as-is "{}" 2>err &&
	grep "$(as a did)" err && grep "adding .$(as b did)" err &&
	say a two && as a vvault -C a member add "$(as b did)" >out &&
	echo "$(as b did): granted 1 key" | cmp - out &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	holds b "the first" two && say b three &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null &&
	holds a "the first" two three && as a vvault -C a verify --full >/dev/null
'

test_case 'a kept state of members is believed only for its own heads' '
	two_devices && test -s b/vvault/cache/state &&
	cp b/vvault/cache/state older &&
	as a vvault -C a member role --yes "$(as b did)" reader >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	for state in older a/vvault/cache/state /dev/null; do
		cp "$state" b/vvault/cache/state || exit 1
		as b vvault -C b member list --json |
			jq -s -e ".[1].role == \"reader\"" || exit 1
		cp "$state" b/vvault/cache/state || exit 1
		expect_exit 128 as b vvault -C b add nova memory:create --as-is "{}" ||
			exit 1
	done && rm b/vvault/cache/state &&
	expect_exit 128 as b vvault -C b add nova memory:create --as-is "{}" &&
	test -s b/vvault/cache/state
'

for form in '' --plain; do
	test_case "lowering a role keeps what is here and no more${form:+ (plain)}" '
		two_devices '$form' && third &&
		say b one && as b vvault -C b push >/dev/null &&
		as a vvault -C a pull >/dev/null && as c vvault -C c pull >/dev/null &&
		cp -R b old && say b two && as b vvault -C b push >/dev/null &&
		as a vvault -C a pull >/dev/null &&
		as a vvault -C a member role --yes "$(as b did)" reader >out &&
		echo "$(as b did): writer -> reader" | cmp - out &&
		as a vvault -C a push >/dev/null && as c vvault -C c pull >/dev/null &&
		holds a "the first" one two && holds c "the first" one two &&
		say b three && as b vvault -C b push >/dev/null &&
		expect_exit 1 as c vvault -C c pull 2>err &&
		grep removed-member err && holds c "the first" one two &&
		git init -q --bare s && as c vvault -C c remote add s "$PWD/s" &&
		as b vvault -C old add nova memory:create \
			"{\"content\":\"a line from before\"}" >/dev/null &&
		git -C old push -q "$PWD/s" "refs/heads/*:refs/heads/*" &&
		expect_exit 1 as c vvault -C c pull s 2>err &&
		grep removed-member err && holds c "the first" one two &&
		as c vvault -C c verify --full >/dev/null
	'
done

done_testing
