#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

# segment_file <construct>: the loose object of its first segment.
segment_file() {
	blob=$(git -C v ls-tree -r --format="%(objectname)" \
		"$(version_of "$1")" | head -n 1)
	echo "v/objects/$(echo "$blob" | cut -c1-2)/$(echo "$blob" | cut -c3-)"
}

test_case 'a sound vault' '
	new_vault --plain && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault verify --full | tail -n 1 >out &&
	echo "all is well: 2 versions, 3 segments, 3 records" >want &&
	cmp want out && vvault verify | grep "^all is well: 2 versions,"
'

test_case 'what was not looked at is said' '
	two_devices && as b vvault -C b verify >out && cat >want <<-end &&
	not looked at: what segments and blobs hold; '"'vvault verify --full'"' reads every byte
	all is well: 3 versions, 3 segments, 7 records
	end
	sed "s/, [0-9]* segments, [0-9]* records/, 3 segments, 7 records/" out | cmp - want &&
	as b vvault -C b verify --full | grep -c "not looked" | grep -x 0 &&
	as c vvault clone "$PWD/r" c >/dev/null 2>&1 &&
	as c vvault -C c verify --full >out && cat >want <<-end &&
	not looked at: what is in 1 construct sealed for this device; hashes, signatures and form were checked
	end
	grep "^not looked" out | cmp - want &&
	says ".blind == 1 and .unread == false" as c vvault -C c verify --full --json &&
	cp -R a old && as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	as b vvault -C b reject "$(as a vvault -C a show --json nova | jq -r .version)" >/dev/null &&
	as b vvault -C b verify --full >out && cat >want <<-end &&
	not looked at: 1 head in quarantine, no part of the vault; '"'vvault quarantine list'"'
	end
	grep "^not looked" out | cmp - want
'

test_case 'how far a full verification is, is told in parts of all' '
	new_vault && for i in 1 2 3 4 5; do
		vvault add --new nova memory:create --as-is "{\"n\":$i}" >/dev/null || exit 1
	done && vvault verify --full --progress >out 2>err &&
	tr "\r" "\n" <err | grep -E "^verifying segments: +[0-9]+ % \([0-9]+ of [0-9]+\)" &&
	! tr "\r" "\n" <err | grep -E "1[0-9][1-9] %" &&
	vvault verify --progress 2>err >out && tr "\r" "\n" <err | grep "^verifying versions: " &&
	vvault verify --full 2>err >out && test ! -s err
'

test_case 'the shape of the JSON' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault verify --json >out &&
	keys_are "ok problems quarantined records segments unread versions" <out &&
	jq -e ".ok == true and .problems == [] and .versions == 2" out &&
	vvault verify --json --full >out &&
	keys_are "ok problems quarantined records segments sets unread versions" <out &&
	jq -e "(.sets | keys) == [\"nova\", \"vault\"]" out
'

test_case 'a set is the sha256 of the sorted ids of all records' '
	new_vault && printf "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n" |
		vvault add --new nova memory:create --as-is - >ids &&
	vvault add nova memory:create --as-is "{}" >>ids &&
	LC_ALL=C sort ids | sha256sum | cut -c1-64 >want &&
	vvault verify --full --json | jq -r .sets.nova >got && cmp want got
'

test_case 'a set does not depend on grouping' '
	new_vault --plain && i=0 && while test $i -lt 40; do
		vvault add --new nova memory:create --as-is "{\"n\":$i}" || exit 1
		i=$((i + 1))
	done >ids &&
	vvault log nova --json | grep "\"compact\"" >/dev/null &&
	LC_ALL=C sort ids | sha256sum | cut -c1-64 >want &&
	vvault verify --full --json | jq -r .sets.nova | cmp - want
'

test_case 'a flipped byte in a segment is found' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	file=$(segment_file nova) &&
	flip "$file" $(($(stat -c %s "$file") / 2)) &&
	expect_exit 1 vvault verify --full --json >out &&
	jq -e ".ok == false and (.problems | length) >= 1 and
		(.problems[0] | keys == [\"code\", \"message\", \"object\"])" out &&
	expect_exit 1 vvault verify --full >out &&
	tail -n 1 out | grep "^problems found: "
'

test_case 'a damaged segment is told beside what else is wrong' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	git -C v update-ref refs/heads/nova/nobody "$(version_of nova)" &&
	vvault status >/dev/null && file=$(segment_file nova) &&
	flip "$file" $(($(stat -c %s "$file") / 2)) &&
	expect_exit 1 vvault verify --json >out &&
	jq -e ".problems | map(.code) | sort ==
		[\"missing-object\", \"stray-ref\"]" out
'

test_case 'a missing segment is found' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	rm -f "$(segment_file nova)" &&
	expect_exit 1 vvault verify --full --json >out &&
	jq -e "any(.problems[]; .code == \"missing-object\")" out
'

test_case 'a missing version is found' '
	new_vault && for i in 1 2; do
		vvault add --new nova memory:create --as-is "{}" >/dev/null || exit 1
	done && id=$(version_of nova~1) &&
	rm -f "v/objects/$(echo $id | cut -c1-2)/$(echo $id | cut -c3-)" &&
	expect_exit 1 vvault verify --json >out &&
	jq -e "any(.problems[]; .code == \"missing-object\")" out
'

test_case 'a version with changed words is found' '
	new_vault --plain && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	ref=refs/heads/nova/$(did | sed s/did:key://) && cd v &&
	git cat-file commit $ref | sed "s/^add: 1/add: 2/" >../bad &&
	git update-ref $ref "$(git hash-object -t commit -w --stdin <../bad)" &&
	expect_exit 1 vvault verify --json >out &&
	jq -e "any(.problems[]; .code == \"bad-signature\")" out
'

test_case 'a ref under another name is found' '
	new_vault --plain && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	me=$(did | sed s/did:key://) &&
	git -C v update-ref refs/heads/other/$me "$(version_of nova)" &&
	expect_exit 1 vvault verify --json >out &&
	jq -e "any(.problems[]; .code == \"wrong-ref\")" out
'

test_case 'an unsigned commit of git is found' '
	new_vault --plain && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	ref=refs/heads/nova/$(did | sed s/did:key://) && old=$(version_of nova) &&
	new=$(git -C v commit-tree -p $old -m mine $old^{tree}) &&
	git -C v update-ref $ref $new &&
	expect_exit 1 vvault verify --json >out &&
	jq -e "any(.problems[]; .code == \"bad-encoding\")" out
'

test_case 'a device without keys verifies as well' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	as stranger vvault init other >/dev/null &&
	as stranger vvault -C "$PWD/v" verify &&
	as stranger vvault -C "$PWD/v" verify --full --json |
		jq -e ".ok and (.sets | keys) == [\"vault\"]" &&
	file=$(segment_file nova) && rm -f "$file" &&
	expect_exit 1 as stranger vvault -C "$PWD/v" verify --full
'

test_case 'damage is told without the command to make it worse' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	rm -f "$(segment_file nova)" &&
	expect_exit 1 vvault verify --full >out 2>&1 &&
	! grep -iE "rm |--force|delete|reset" out
'

test_case 'wrong words are usage errors' '
	new_vault && expect_exit 129 vvault verify now 2>err &&
	expect_exit 129 vvault verify --quick 2>err
'

test_case 'beside writes and pushes nothing seems to be lost' '
	two_devices && export VVAULT_KEYS="$tap_case/keys-a"
	while test ! -e enough; do
		vvault -C a add nova memory:create --as-is "{}" && vvault -C a push
	done >/dev/null 2>&1 & writer=$!
	at_end "touch enough; wait $writer || :"
	checked=0
	until test "$(git -C r rev-list --all --count)" -gt 20; do
		vvault -C a verify >out || { cat out >&2; false; }
		checked=$((checked + 1))
	done
	touch enough && wait $writer && test $checked -gt 5
'

done_testing
