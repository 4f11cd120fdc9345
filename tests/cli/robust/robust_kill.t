#!/bin/sh
# kill -9 at random moments: the vault is sound, and the same command run
# again finishes the work without doing any of it twice. Each case goes on
# until enough kills have hit a running process.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../robust.sh"

kills=$(size 4 60 2)
many=$(size 5000 20000 5000)		# records: no fewer, or no pack is made

# enough: were there? Gives up when hardly any strike hits.
enough() {
	test "$tries" -lt $((kills * 20)) || { echo "no hits" >&2; exit 1; }
	test "$hits" -ge "$kills" && echo "$hits" >>"$tap_root/hits"
}

# sound: what stands, with all its bytes, is accepted.
sound() {
	vvault -C "$1" verify --full >sound.out 2>&1 || {
		cat sound.out >&2
		return 1
	}
}

test_case 'init' '
	span_of vvault init v
	hits=0 tries=0
	until enough; do
		rm -rf v keys && strike vvault init v
		test ! -d v/vvault || ! vvault -C v status >/dev/null 2>&1 ||
			sound v
		vvault -C v status >/dev/null 2>&1 || vvault init v
		sound v
		vvault -C v add --new nova memory:create --as-is "{}"
		git_is_content v
	done
'

# half_born <file>...: v as an init leaves it that is killed when it has moved
# all but those files into place.
half_born() {
	vvault init v >/dev/null && mkdir -p v/.vvault-init/repo
	touch v/.vvault-init/moving
	for file; do mv v/$file v/.vvault-init/repo; done
}

test_case 'init takes back what a killed one had moved' '
	half_born vvault && vvault init v && sound v && test ! -e v/.vvault-init
	rm -r v && half_born vvault objects refs && vvault init v && sound v
	rm -r v && half_born vvault refs && touch v/mine
	expect_exit 128 vvault init v 2>err && grep "not empty" err
	test -f v/mine
'

test_case 'init leaves alone what it did not move' '
	git init -q --bare v && mkdir -p v/.vvault-init/repo
	expect_exit 128 vvault init v 2>err && grep "not empty" err
	git -C v rev-parse --is-bare-repository
'

test_case 'add: what was said to be written is there' '
	new_vault && add_new() {
		vvault add --new --entity "memory:e$1" nova memory:create \
			"{\"content\":\"number $1\"}"
	}
	add_new 0 >acked
	span_of add_new 1
	hits=0 tries=0
	until enough; do
		strike vvault add --entity memory:k$tries nova memory:create \
			"{\"content\":\"number $tries\"}"
		cat strike.out >>acked
		sound v
	done
	vvault ls --json nova | jq -r ".records[]" | sort >have
	sort acked | comm -13 have - >lost && test ! -s lost
	for i in $(seq 0 $((tries - 1))); do
		vvault add --entity memory:k$i nova memory:create \
			"{\"content\":\"number $i\"}" >/dev/null
	done
	test "$(entities_in v nova memory)" -eq $((tries + 2))
	verified v && no_locks v && git_is_content v
'

test_case 'import of lines' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null
	lines nova $many >lines.jsonl
	cp -a v v0 && span_of vvault import --construct nova lines.jsonl
	hits=0 tries=0
	until enough; do
		rm -rf v && cp -a v0 v
		strike vvault import --construct nova lines.jsonl
		sound v
		now=$(entities_in v nova memory)
		test "$now" -eq 1 || test "$now" -eq $((many + 1))
		vvault import --construct nova lines.jsonl
		test "$(records_in v nova)" -eq $((many + 1))
		verified v && git_is_content v
	done
'

test_case 'import of a capsule with blobs' '
	new_vault
	capsule Nova 1 $((many / 3)) >one.capsule
	capsule Nova 2 $((many / 3 + 1)) >two.capsule
	vvault import one.capsule && cp -a v v0
	span_of vvault import two.capsule
	want=$(fold_of v nova)
	set=$(set_of v nova)
	hits=0 tries=0
	until enough; do
		rm -rf v && cp -a v0 v
		strike vvault import two.capsule
		sound v
		vvault import two.capsule
		test "$(fold_of v nova)" = "$want"
		test "$(set_of v nova)" = "$set"
		git_is_content v
	done
'

# apart: two devices, of which a is far ahead
apart() {
	once make_apart
	export VVAULT_KEYS="$tap_case/keys-a"
}

make_apart() {
	two_devices
	export VVAULT_KEYS="$tap_case/keys-a"
	lines nova $many >lines.jsonl
	vvault -C a import --construct nova lines.jsonl
	capsule Luna 1 $((many / 10)) >luna.capsule
	vvault -C a import luna.capsule
}

test_case 'push' '
	apart
	cp -a a a0 && cp -a r r0
	span_of vvault -C a push
	refs=$(git -C r for-each-ref)
	hits=0 tries=0
	until enough; do
		rm -rf a r && cp -a a0 a && cp -a r0 r
		strike vvault -C a push
		git_is_content r
		as b vvault clone "$PWD/r" c >/dev/null 2>&1
		rm -rf c
		vvault -C a push
		test "$(git -C r for-each-ref)" = "$refs"
		git_is_content r
		sound a
	done
	as b vvault clone "$PWD/r" c
	test "$(as b set_of c nova)" = "$(set_of a nova)"
	test "$(as b set_of c luna)" = "$(set_of a luna)"
'

test_case 'a lock of a ref that a killed push left is waited for and broken' '
	two_devices
	export VVAULT_KEYS="$tap_case/keys-a"
	vvault -C a add nova memory:create --as-is "{}" >/dev/null
	ref=$(git -C r for-each-ref --format="%(refname)" | grep -v /vault/)
	touch "r/$ref.lock" && vvault -C a push && no_locks r
	test "$(git -C r rev-parse "$ref")" = "$(git -C a rev-parse "$ref")"
	vvault -C a add nova memory:create --as-is "{}" >/dev/null
	touch "a/$ref.lock" && vvault -C a add nova memory:create --as-is "{}"
	no_locks a
'

test_case 'pull' '
	apart
	vvault -C a push
	sets="$(set_of a nova) $(set_of a luna)"
	export VVAULT_KEYS="$tap_case/keys-b"
	cp -a b b0 && span_of vvault -C b pull
	hits=0 tries=0
	until enough; do
		rm -rf b && cp -a b0 b
		strike vvault -C b pull
		sound b
		vvault -C b add nova memory:create --as-is "{}"
		vvault -C b pull
		sound b && git_is_content b
		test "$(entities_in b nova memory)" -eq $((many + 2))
		test "$(set_of b luna)" = "${sets#* }"
	done
'

test_case 'clone' '
	apart
	vvault -C a push
	export VVAULT_KEYS="$tap_case/keys-b"
	span_of vvault clone "$PWD/r" c
	sets="$(set_of c nova) $(set_of c luna)"
	hits=0 tries=0
	until enough; do
		rm -rf c
		strike vvault clone "$PWD/r" c
		test -e c || vvault clone "$PWD/r" c
		sound c && git_is_content c
		test "$(set_of c nova) $(set_of c luna)" = "$sets"
	done
'

test_case 'what a killed clone left is swept by a later one, no living one' '
	two_devices
	mkdir .vvault-clone-dead1 .vvault-clone-live1 .vvault-clone-young \
		.vvault-clone-other
	touch .vvault-clone-young/lock
	for left in dead1 live1; do
		mkdir .vvault-clone-$left/vault
		touch -d "2 minutes ago" .vvault-clone-$left/lock
	done
	flock .vvault-clone-live1/lock sleep 20 & living=$!
	at_end "kill $living 2>/dev/null || :"
	sleep 0.2
	as b vvault clone "$PWD/r" c && as b verified c
	test ! -e .vvault-clone-dead1
	test -e .vvault-clone-live1/vault && test -e .vvault-clone-young
	test -e .vvault-clone-other
	test "$(ls -d .vvault-clone-* | wc -l)" -eq 3
'

test_case 'member add' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null
	cp -a v v0
	as b vvault init other >/dev/null
	did=$(as b did)
	span_of vvault member add "$did"
	hits=0 tries=0
	until enough; do
		rm -rf v && cp -a v0 v
		strike vvault member add "$did"
		sound v
		vvault member list --json | grep -q "$did" ||
			vvault member add "$did"
		test "$(vvault member list --json | grep -c "$did")" -eq 1
		verified v && git_is_content v
	done
'

test_case 'import of many constructs: each is as before or as after' '
	mkdir many && for i in $(seq 150); do
		printf "{\"\$vvault\":\"jsonl-1\",\"construct\":\"c%03d\"}\n{\"at\":\"2024-01-01T00:00:00.000000Z-0000-00000000\",\"data\":{\"content\":\"%d\"},\"entity\":\"memory:m\",\"prev\":[],\"type\":\"memory:create\"}\n" $i $i >many/$i.jsonl
	done
	vvault init v >/dev/null && cp -r v empty
	span_of vvault -C v import many
	hits=0 tries=0
	until enough; do
		rm -rf v && cp -r empty v
		strike vvault -C v import many >/dev/null
		sound v && vvault -C v import many >/dev/null && sound v
		vvault -C v construct list --json >listed
		jq -se "length == 150 and all(.versions == 1 and .records == 1)" listed
		no_leftovers v
	done
'

test_case 'forget: all of it stands as before, or nothing shows it' '
	new_vault && lines nova 2000 >lines.jsonl &&
	vvault import --construct nova lines.jsonl >/dev/null
	vvault ls --json nova memory | jq -r .entity >all
	span_of vvault forget --yes "$(tail -n 1 all)"
	hits=0 tries=0 left=$(($(wc -l <all) - 1))
	until enough; do
		one=$(sed -n "$((tries + 1))p" all)
		strike vvault forget --yes "$one"
		sound v
		now=$(entities_in v nova memory)
		if test "$now" -eq "$left"; then
			vvault forget --yes "$one"
		else
			test "$now" -eq $((left - 1))
		fi
		left=$((left - 1))
		test "$(entities_in v nova memory)" -eq "$left"
	done
	verified v && git_is_content v
'

test_case 'a write takes away the files that a killed one had not finished' '
	vvault init v >/dev/null && : >v/vvault/.tmp-0123456789abcdef
	: >v/vvault/cache/.tmp-0123456789abcdef
	vvault -C v add --new nova memory:create --as-is "{}" && no_leftovers v
'

test_case 'enough kills hit a running process' '
	test "$(awk "{ n += \$1 } END { print n }" "$tap_root/hits")" -ge \
		"$(size 20 400 10)"
'

done_testing
