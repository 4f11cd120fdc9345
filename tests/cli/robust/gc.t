#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../robust.sh"

# adds <construct> <tag> <n>: so many versions of one memory each
adds() {
	for i in $(seq "$3"); do
		vvault add --new --entity "memory:$2-$i" "$1" memory:create \
			"{\"content\":\"$2 $i\"}" >/dev/null || return
	done
}

# counts <vault>: "<loose objects> <packs>", as plain git has it.
counts() {
	git -C "$1" count-objects -v |
		awk '$1 == "count:" { loose = $2 } $1 == "packs:" { packs = $2 }
			END { print loose, packs }'
}

# objects <vault>: every object that there is, with type and size.
objects() {
	git -C "$1" cat-file --batch-check --batch-all-objects
}

# root_of <construct>
root_of() {
	vvault construct list --json |
		jq -re --arg name "$1" 'select(.construct == $name).root'
}

# the_pack <vault>: the path of its largest one.
the_pack() {
	ls -S "$1"/objects/pack/*.pack | head -n 1
}

test_case 'loose objects and packs become one pack that holds the same' '
	new_vault && adds nova a 20 && lines nova 8000 >lines.jsonl &&
	vvault import --construct nova lines.jsonl >/dev/null &&
	adds nova b 20 && objects v >before && set=$(set_of v nova) &&
	vvault gc >out && grep "^packs: [1-9], now 1$" out &&
	grep "^loose objects: [1-9][0-9]*, now 0$" out &&
	test "$(counts v)" = "0 1" &&
	objects v >after && comm -23 before after >lost && test ! -s lost &&
	test "$(set_of v nova)" = "$set" && verified v && git_is_content v &&
	no_leftovers v && git verify-pack v/objects/pack/*.idx
'

test_case 'the shape of the JSON' '
	new_vault && adds nova a 3 && vvault gc --json >out &&
	keys_are "after before compacted done" <out &&
	jq -e ".before.loose > 0 and .after.loose == 0 and .after.packs == 1
		and (.before | keys == [\"bytes\", \"loose\", \"packs\"])
		and .after.bytes <= .before.bytes and .done" out &&
	jq -e ".compacted[0].construct == \"nova\"" out &&
	test "$(jq -r ".compacted[0].version" out)" = "$(version_of nova)" &&
	vvault log -n 1 --json nova | jq -e ".change == \"compact\""
'

test_case 'a second one changes nothing' '
	new_vault && adds nova a 5 && vvault gc >/dev/null &&
	find v/objects v/refs -type f | sort >before &&
	vvault gc --json >out && find v/objects v/refs -type f | sort >after &&
	cmp before after && jq -e ".compacted == [] and .before == .after" out
'

test_case 'wrong words' '
	new_vault && expect_exit 129 vvault gc now 2>err &&
	expect_exit 129 vvault gc --aggressive 2>err
'

test_case 'portions of any kind come to what one import makes' '
	lines nova 4000 >lines.jsonl && vvault init --plain one >/dev/null &&
	vvault -C one import --construct nova lines.jsonl >/dev/null &&
	one=$(VVAULT_DIR=one root_of nova) && new_vault --plain &&
	split -l 170 lines.jsonl part. && for part in part.*; do
		vvault import --construct nova $part >/dev/null || exit 1
	done && test "$(root_of nova)" != "$one" && vvault gc >/dev/null &&
	test "$(root_of nova)" = "$one" && verified v &&
	vvault -C one gc --json | jq -e ".compacted == []"
'

test_case 'two devices cut the same set into the same segments' '
	two_devices && lines nova 1500 >all && split -n l/7 all part. &&
	export VVAULT_DIR=a && for part in part.*; do
		as a vvault import --construct nova $part >/dev/null
	done && as a vvault push >/dev/null && export VVAULT_DIR=b &&
	as b vvault pull >/dev/null && as b adds nova b 9 &&
	as b vvault push >/dev/null && VVAULT_DIR=a as a vvault pull >/dev/null &&
	VVAULT_DIR=a as a vvault gc --json | jq -e ".compacted | length == 1" &&
	as b vvault gc --json | jq -e ".compacted | length == 1" &&
	test "$(VVAULT_DIR=a as a root_of nova)" = "$(as b root_of nova)" &&
	for v in a b; do
		git -C $v ls-tree -r --name-only $(VVAULT_DIR=$v as $v \
			version_of nova) >$v.names
	done && cmp a.names b.names && as b vvault push >/dev/null &&
	export VVAULT_DIR=a && as a vvault pull >/dev/null &&
	as a vvault gc --json | jq -e ".compacted == []" &&
	as a verified a && as b verified b
'

test_case 'a reader packs, and signs nothing' '
	two_devices && as c vvault clone "$PWD/r" c >/dev/null 2>&1 &&
	as a vvault -C a member add --role reader "$(as c did)" >/dev/null &&
	VVAULT_DIR=a as a adds nova a 3 && as a vvault -C a push >/dev/null &&
	as c vvault -C c pull >/dev/null &&
	for i in 1 2 3; do
		VVAULT_DIR=a as a adds nova $i 1 &&
		as a vvault -C a push >/dev/null &&
		as c vvault -C c pull >/dev/null || exit 1
	done && test "$(counts c)" != "0 1" && as c vvault -C c gc --json >out &&
	jq -e ".compacted == []" out && test "$(counts c)" = "0 1" &&
	as c verified c &&
	as d vvault clone "$PWD/r" d >/dev/null 2>&1 &&
	as d vvault -C d gc --json | jq -e ".compacted == [] and .done"
'

test_case 'what nothing refers to stays' '
	new_vault && adds nova a 3 && id=$(echo mine | git -C v hash-object -w \
		--stdin) && vvault gc >/dev/null && vvault gc >/dev/null &&
	test "$(git -C v cat-file blob $id)" = mine
'

test_case 'a pack with a flipped byte is refused, and nothing goes' '
	exact_stacks && new_vault && lines nova 8000 >lines.jsonl &&
	vvault import --construct nova lines.jsonl >/dev/null &&
	adds nova a 5 && pack=$(the_pack v) && cp $pack good &&
	for at in 15 500 $(($(wc -c <good) / 2)) $(($(wc -c <good) - 30)); do
		chmod u+w $pack && cp good $pack &&
		perl -e "open F, \"+<\", shift; seek F, shift, 0; read F, \$c, 1;
			seek F, -1, 1; print F chr(ord(\$c) ^ 4)" $pack $at &&
		find v/objects -type f | sort >before &&
		expect_exit 128 vvault gc 2>err && test -s err &&
		find v/objects -type f | sort >after &&
		comm -23 before after >lost && test ! -s lost || exit 1
	done && cp good $pack && vvault gc >/dev/null && verified v
'

test_case 'so is a damaged loose object, or a damaged index' '
	new_vault && lines nova 8000 >lines.jsonl &&
	vvault import --construct nova lines.jsonl >/dev/null &&
	adds nova a 2 && file=$(find v/objects/?? -type f | head -n 1) &&
	cp $file good && chmod u+w $file && : >$file &&
	expect_exit 128 vvault gc 2>err && grep "loose object .* damaged" err &&
	cp good $file && index=$(ls v/objects/pack/*.idx) && cp $index good &&
	flip $index 1100 &&
	expect_exit 128 vvault gc 2>err && test -s err &&
	cp good $index && vvault gc && verified v && test "$(counts v)" = "0 1"
'

test_case 'a pack that somebody keeps stays, and so does what another program writes' '
	new_vault && lines nova 8000 >lines.jsonl &&
	vvault import --construct nova lines.jsonl >/dev/null &&
	pack=$(the_pack v) && touch ${pack%.pack}.keep && adds nova a 2 &&
	touch -d "2 days ago" v/objects/pack/tmp_pack_a &&
	mkdir -p v/objects/00 && touch -d "2 days ago" v/objects/00/tmp_obj_a &&
	touch v/objects/pack/.tmp-0123456789abcdef \
		v/objects/00/tmp_obj_0123456789abcdef &&
	touch v/objects/00/tmp_obj_b v/objects/pack/tmp_pack_b &&
	vvault gc >/dev/null && test -f $pack && test "$(counts v)" = "0 2" &&
	find v -name "*tmp*" -type f | sort >left &&
	printf "%s\n" v/objects/00/tmp_obj_b v/objects/pack/tmp_pack_b >want &&
	cmp want left && rm $(cat left) ${pack%.pack}.keep && verified v
'

# scattered <vault>: as many loose objects as many adds would leave
scattered() {
	mkdir -p some && for i in $(seq 4000); do echo "$i" >some/$i; done &&
		find "$PWD/some" -type f | git -C "$1" hash-object -w \
			--stdin-paths >/dev/null && rm -r some
}

test_case 'it runs by itself when much has gathered, and not before' '
	new_vault && adds nova a 3 && test "$(counts v | cut -d" " -f2)" = 0 &&
	vvault gc --auto >out && echo "nothing to do" >want && cmp want out &&
	vvault gc --auto --json | jq -e ".done == false" &&
	scattered v && adds nova b 1 && test "$(counts v)" = "0 1" &&
	verified v && scattered v && vvault gc --auto &&
	test "$(counts v)" = "0 1"
'

test_case 'unless it is told not to' '
	new_vault && adds nova a 1 && scattered v &&
	VVAULT_AUTO_GC=0 adds nova b 1 && test "$(counts v | cut -d" " -f2)" = 0 &&
	git -C v config vvault.autogc false && adds nova c 1 &&
	test "$(counts v | cut -d" " -f2)" = 0 &&
	git -C v config vvault.autogc true && adds nova d 1 &&
	test "$(counts v)" = "0 1"
'

test_case 'what git has packed with deltas, bitmaps and an index of packs' '
	new_vault --plain && git -C v config extensions.preciousObjects false &&
	adds nova a 60 && git -C v gc -q && adds nova b 20 &&
	git -C v repack -q -d && git -C v multi-pack-index write &&
	adds nova c 3 && objects v >before && vvault gc && objects v >after &&
	comm -23 before after >lost && test ! -s lost && verified v &&
	git_is_content v && test "$(counts v)" = "0 1" && no_leftovers v
'

test_case 'a union of heads that is cut right needs no version, and is no error' '
	two_devices && as b vvault -C b pull >/dev/null &&
	as a vvault -C a add nova capsule:create --entity capsule:a "{}" >/dev/null &&
	as b vvault -C b add nova session:create --entity session:b "{}" >/dev/null &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null &&
	as a vvault -C a log --all nova --json >before &&
	as a vvault -C a gc >out && as a vvault -C a gc >out &&
	as a vvault -C a log --all nova --json >after && cmp before after &&
	as a verified a
'

test_case 'a push and a clone of what was collected' '
	two_devices && VVAULT_DIR=a as a adds nova a 40 &&
	as a vvault -C a gc >/dev/null && as a vvault -C a push >/dev/null &&
	as b vvault -C b pull >/dev/null && as b verified b &&
	as b vvault -C b gc >/dev/null && as b verified b &&
	as c vvault clone "$PWD/a" c >/dev/null 2>&1 && as c verified c
'

done_testing
