#!/bin/sh
# A vault made anew: what was forgotten is nowhere, and nothing else is gone.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../robust.sh"

secret=banana-7f3a

# A line of a case that is no chain ends it by itself; in what runs before "||"
# or "&&", as the helpers and what once() makes, only a chain does.

# bare_of <device> <vault> [<repository>]: every object, inflated and opened
# with every key, and every byte of every file, but for the holes of caches.
bare_of() {
	"$VV_BUILD/tests/tools/open_all" "$2" "$tap_case/keys-$1" "${3:-$2}" &&
		tar --sparse -cf - "${3:-$2}"
}

# clean <device> <vault> [<repository>]: the secret is nowhere in it.
clean() {
	bare_of "$@" >bare || return
	! grep -ac "$secret" bare
}

# dirty <device> <vault> [<repository>]: it is.
dirty() {
	bare_of "$@" >bare && grep -aq "$secret" bare
}

forget() {
	as "$1" vvault -C "$2" forget --yes "$3" >/dev/null
}

note_in() {
	vvault -C "$1" add "$2" memory:create "{\"content\":\"$3\"}"
}

# secrets <device>: in the vault that is called so, and forgotten since; one
# is so large that it is a blob.
secrets() {
	as "$1" note_in "$1" nova "a $secret" >secret.id &&
	yes "$secret" | head -c 300000 | tr "\n" " " |
		sed "s/.*/{\"content\":\"&\"}/" >large.json &&
	as "$1" vvault -C "$1" add nova memory:create - <large.json >large.id
}

forget_all() {
	forget "$1" "$1" "$(cat secret.id)" &&
	forget "$1" "$1" "$(cat large.id)"
}

# lone: a alone.
lone() {
	as a vvault init --plain a &&
	as a vvault -C a remember --new nova "keep apple" &&
	secrets a &&
	as a vvault -C a remember nova "a pear" &&
	forget_all a
}

# three [<option of init>...]: a, b and c, each of whom wrote something. All
# have seen the secrets that a has forgotten since; b has not sent all it wrote.
three() {
	as a vvault init "$@" a && git init -q --bare r &&
	as b vvault init x && as c vvault init y &&
	as a vvault -C a remote add origin "$PWD/r" &&
	as a vvault -C a member add --role writer --name bee "$(as b did)" &&
	as a vvault -C a member add --role owner --name cee "$(as c did)" &&
	as a vvault -C a remember --new nova "keep apple" &&
	secrets a && as a vvault -C a push &&
	as b vvault clone "$PWD/r" b && as c vvault clone "$PWD/r" c &&
	as b vvault -C b remember nova "a pear" && as b vvault -C b push &&
	as c vvault -C c remember nova "a plum" &&
	as c vvault -C c remember --new luna "a moon" && as c vvault -C c push &&
	as a vvault -C a pull && as a vvault -C a remember nova "a joint" &&
	forget_all a && as a vvault -C a push && as b vvault -C b pull &&
	as b vvault -C b remember nova "unsent fig" &&
	as b vvault -C b remember --new mars "unsent rock"
}

# signed <vault> <construct>: who wrote what, and when.
signed() {
	vvault -C "$1" log --json "$2" >signed.raw && test -s signed.raw &&
	jq -c "[.change, .device, .time]" signed.raw >signed.list &&
	sort signed.list
}

# agrees <vault>: git verifies each version, and has no complaint.
agrees() {
	git_is_content "$1" &&
	as a vvault -C a key allowed-signers >signers &&
	git -C "$1" -c gpg.format=ssh \
		-c gpg.ssh.allowedSignersFile="$PWD/signers" \
		verify-commit $(git -C "$1" rev-list --all)
}

# moves <device> <repository>: its vault has that address now.
moves() {
	as "$1" vvault -C "$1" remote set-url origin "$PWD/$2"
}

for kind in $(size sealed "sealed plain"); do
option=$(test $kind = sealed || echo --plain)

test_case "a $kind vault is made anew, and members follow" '
	once three '"$option"'
	dirty a a
	set=$(as a set_of a nova)
	moon=$(as a set_of a luna)
	as a signed a nova >before
	git init -q --bare fresh
	as a vvault -C a renew --json --remote "$PWD/fresh" >out
	jq -e ".constructs == 2 and .recut > 0 and .records >= 2 and
		.blobs == 1" out
	test "$(as a set_of a nova)" = "$set"
	test "$(as a set_of a luna)" = "$moon"
	as a signed a nova >after
	cmp before after
	clean a a
	as a vvault -C a log vault >out
	grep "was made anew" out

	moves b fresh
	expect_exit 1 as b vvault -C b push >out
	grep "pull" out
	as b vvault -C b pull 2>err || { cat err; exit 1; }
	grep "2 records .* carried over" err
	as b vvault -C b recall fig >out
	grep fig out
	as b vvault -C b recall rock >out
	grep rock out
	clean b b
	as b vvault -C b push

	moves c fresh
	as c vvault -C c pull
	clean c c
	as a vvault -C a pull
	for construct in nova luna mars; do
		as a set_of a $construct >a.set
		as b set_of b $construct >b.set
		as c set_of c $construct >c.set
		cmp a.set b.set
		cmp a.set c.set
	done
	clean a a fresh
	agrees fresh
'

done

test_case 'what the old remote still has comes in nowhere' '
	once three --plain
	git init -q --bare fresh
	as a vvault -C a renew --remote "$PWD/fresh"
	as a vvault -C a remote add old "$PWD/r"
	expect_exit 1 as a vvault -C a pull old >out 2>err
	cat out err
	grep "before an owner made it anew" err
	clean a a
	as a verified a
	expect_exit 1 as a vvault -C a push old >out 2>err
	expect_exit 1 as b vvault -C b pull >out 2>err
	cat out err
	grep "made this vault anew" out err
	grep "says that it is at .$PWD/fresh.:" err
	as b vvault -C b remember nova "goes on"
	as b verified b
'

test_case 'a second time, by another owner; only owners do' '
	once three --plain
	git init -q --bare one
	git init -q --bare two
	expect_exit 128 as b vvault -C b renew 2>err
	grep "only an owner" err
	expect_exit 128 as a vvault -C a renew --remote "$PWD/r" 2>err
	grep "not empty" err
	as a vvault -C a renew --remote "$PWD/one"
	moves c one
	as c vvault -C c pull
	as c note_in c nova "another $secret" >id
	as c vvault -C c push
	as a vvault -C a pull
	forget c c "$(cat id)"
	dirty c c
	as c signed c nova >before
	as c vvault -C c renew --remote "$PWD/two"
	as c signed c nova >after
	cmp before after
	as c vvault -C c forget --list --json >list
	test "$(jq -r .did list | tail -n 1)" = "$(as a did)"
	test "$(jq -r .renewed_by list | sort -u)" = "$(as c did)"
	as c vvault -C c forget --list >out
	grep "made anew, without its bytes, on devices: .*cee" out
	clean c c two
	moves a two
	as a vvault -C a pull
	clean a a
	moves b two
	as b vvault -C b pull
	clean b b
	as b verified b
	test "$(as a set_of a nova)" = "$(as c set_of c nova)"

	ref=c/refs/heads/vault/$(as c did | sed "s/did:key://")
	newest=$(cat "$ref")
	echo damaged >"$ref"
	rm c/vvault/verified
	as c vvault -C c verify --repair
	test "$(cat "$ref")" = "$newest"
'

# four: a has not seen what b wrote and pushed; w, who may write, and e, who
# may not, have.
four() {
	as a vvault init --plain a && git init -q --bare r &&
	as b vvault init b0 && as w vvault init w0 && as e vvault init e0 &&
	as a vvault -C a remote add origin "$PWD/r" &&
	as a vvault -C a member add --role writer "$(as b did)" &&
	as a vvault -C a member add --role writer "$(as w did)" &&
	as a vvault -C a member add --role reader "$(as e did)" &&
	as a vvault -C a remember --new nova "keep apple" &&
	as a vvault -C a push && as b vvault clone "$PWD/r" b &&
	as b vvault -C b remember nova "a pear" && as b vvault -C b push &&
	as w vvault clone "$PWD/r" w && as e vvault clone "$PWD/r" e
}

test_case 'a reader follows when others have carried over what it has' '
	four
	git init -q --bare fresh
	as a vvault -C a renew --remote "$PWD/fresh"
	moves e fresh
	expect_exit 1 as e vvault -C e pull 2>err
	grep "without 1 records .* a reader" err
	moves w fresh
	as w vvault -C w pull 2>err
	grep "1 records .* carried over" err
	grep "1 of them are of other devices" err
	as w vvault -C w push
	as e vvault -C e pull 2>err
	grep "compared and followed" err
	as e verified e
	as e vvault -C e recall pear >out
	grep pear out
'

test_case 'with nothing forgotten it says the same' '
	new_vault
	add_new() {
		vvault add --new nova memory:create "{\"content\":\"$1\"}"
	}
	add_new one
	add_new two
	set=$(set_of v nova)
	vvault log --json nova | jq -c "[.subject, .time, .device]" >before
	test -s before
	vvault renew >out
	grep "2 versions of 1 constructs" out
	vvault log --json nova | jq -c "[.subject, .time, .device]" >after
	cmp before after
	test "$(set_of v nova)" = "$set"
	add_new three
	verified v
	git_is_content v
	expect_exit 129 vvault renew nova
	expect_exit 128 vvault renew --remote "$PWD/nowhere" 2>err
'

test_case 'killed at any step it is the old vault or the new one' '
	once lone
	export VVAULT_KEYS="$tap_case/keys-a" VVAULT_DIR="$PWD/a"
	old=$(version_of nova)
	set=$(set_of a nova)
	cp -a a a0
	span_of vvault -C a renew
	hits=0 tries=0 kills=$(size 3 60 1)
	until test "$hits" -ge "$kills"; do
		test "$tries" -lt $((kills * 20))
		rm -rf a
		cp -a a0 a
		strike vvault -C a renew
		vvault -C a status >out
		test "$(set_of a nova)" = "$set"
		test ! -e a/vvault/renewing
		if test "$(version_of nova)" != "$old"; then
			clean a a
		fi
		git_is_content a
	done
'

# half <n>: a, as it stood, with a whole new one beside it, as a killed call
# leaves it when it has moved so much of that into place.
half() {
	rm -rf a && cp -a a0 a && new=a/vvault/renewing &&
	mkdir -p $new/vault $new/old && echo ready >$new/ready &&
	touch a1/packed-refs &&
	cp -a a1/objects a1/refs a1/packed-refs $new/vault &&
	mkdir $new/vault/vvault $new/old/vvault &&
	cp -a a1/vvault/verified a1/vvault/marks $new/vault/vvault || return
	n=$1
	for name in objects refs packed-refs vvault/verified vvault/marks; do
		test $((n -= 1)) -ge 0 || return 0
		test ! -e a/$name || mv a/$name $new/old/$name || return
		test $((n -= 1)) -ge 0 || return 0
		mv $new/vault/$name a/$name || return
	done
}

# is_new: a is what a1 is, and no more.
is_new() {
	test ! -e a/vvault/renewing && diff -r a/objects a1/objects &&
	diff -r a/refs a1/refs && cmp a/packed-refs a1/packed-refs &&
	cmp a/vvault/verified a1/vvault/verified &&
	diff -r a/vvault/marks a1/vvault/marks
}

test_case 'whoever opens the vault ends what a killed call had begun' '
	once lone
	export VVAULT_KEYS="$tap_case/keys-a"
	cp -a a a0
	vvault -C a renew
	mv a a1
	echo mark >a1/vvault/marks/probe
	for steps in $(seq 0 10 | some); do
		half $steps
		vvault -C a log nova >out
		is_new
	done
	verified a
	clean a a
	rm -rf a
	cp -a a0 a
	mkdir -p a/vvault/renewing/vault
	vvault -C a log nova >out
	test ! -e a/vvault/renewing
	verified a
'

done_testing
