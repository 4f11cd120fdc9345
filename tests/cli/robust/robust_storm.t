#!/bin/sh
# Everything at once, and kill -9 at random: two devices and the remote between
# them, each device adding, importing, collecting, pushing and pulling side by
# side. What was said to be written is there in the end, on both.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../robust.sh"

# maybe <microseconds> <command>...: killed within that time, or run to its end
maybe() {
	span=$1 && shift && random 10
	test "$drawn" -lt 6 || span=60000000
	strike "$@"
}

# Of a line that the kill cut off nothing was said.
adds() {
	n=$((n + 1)) && random 2
	if test "$drawn" -eq 0; then
		maybe 60000 vvault add nova memory:create \
			"{\"content\":\"$tag $n\"}"
	else
		seq 50 | sed "s/.*/{\"content\":\"$tag $n &\"}/" >lines
		maybe 150000 vvault add nova memory:create - <lines
	fi || return
	grep -xE 'bagaaiera[a-z2-7]{52}' strike.out >>acked || :
}

imports() {
	n=$((n + 1)) && random 400 && lines "$tag-$n" $((drawn + 10)) >lines
	maybe 300000 vvault import --construct nova lines || return
	test "$strike_got" -eq 0 ||
		vvault import --construct nova lines >/dev/null || return
	sed 's/.*"entity":"\([^"]*\)".*/\1/' lines >>imported
}

collects() {
	maybe 400000 vvault gc && sleep 0.1
}

pushes() {
	maybe 300000 vvault push && sleep 0.1
}

pulls() {
	maybe 300000 vvault pull && sleep 0.1
}

# loop <device> <what> <number>: again and again until there was enough of it
loop() (
	export VVAULT_KEYS="$tap_case/keys-$1" VVAULT_DIR="$PWD/$1"
	tag=$1$2 n=0 hits=0 tries=0 drawn_from=$((seed + $3))
	mkdir "loop-$tag" && cd "loop-$tag"
	: >acked && : >imported
	while test ! -e ../enough; do
		"$2" || { echo "$2 failed on $1" >&2 && touch ../enough failed; }
	done
	echo "$hits" >hits
)

# storm <seconds>
storm() {
	random 1
	loops= i=0
	for device in a b; do
		for what in adds imports collects pushes pulls; do
			i=$((i + 1))
			loop $device $what $i & loops="$loops $!"
		done
	done
	at_end "touch enough; wait $loops || :"
	for i in $(seq "$1"); do test -e enough || sleep 1; done
	touch enough
	for pid in $loops; do wait "$pid"; done
	test -z "$(ls loop-*/failed 2>/dev/null)"
}

# settle: what a killed one has left goes with the next of its kind.
settle() {
	for round in 1 2; do for device in a b; do
		as $device vvault -C $device add nova memory:create --as-is "{}"
		as $device vvault -C $device pull
		as $device vvault -C $device push
		as $device vvault -C $device gc
	done; done
	as a vvault -C a pull
}

test_case 'nothing that was said to be written is lost, and nothing left over' '
	two_devices && storm "$(size 6 600)"
	test "$(awk "{ n += \$1 } END { print n }" loop-*/hits)" -ge \
		"$(size 8 1000)"
	settle >settled 2>settled.err && test ! -s settled.err
	sort loop-*/acked >acked && test -s acked && test -z "$(uniq -d acked)"
	sort loop-*/imported >imported && test -s imported
	for device in a b; do
		as $device vvault -C $device ls --json nova memory >all
		jq -r ".records[]" all | sort | comm -13 - acked >lost
		jq -r .entity all | sort | comm -13 - imported >>lost
		test ! -s lost || { wc -l $device lost && false; }
	done
	as a verified a && as b verified b
	test "$(as a set_of a nova)" = "$(as b set_of b nova)"
	git_is_content a b r && no_leftovers a b r
'

done_testing
