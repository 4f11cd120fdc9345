#!/bin/sh
# Importing again, elsewhere, in another order: the same set, the same fold.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../robust.sh"

# on <device> <command of vvault>...
on() {
	on_device=$1 && shift
	as "$on_device" vvault -C "$on_device" "$@"
}

test_case 'capsules imported in any order give the same fold' '
	for i in 1 2 3; do capsule Nova $i $((20 + 10 * i)) >$i.capsule; done
	sed -i "s/memory 3 of/changed 3 of/" 3.capsule
	for order in "1 2 3" "1 3 2" "2 1 3" "2 3 1" "3 1 2" "3 2 1"; do
		rm -rf v && vvault init v >/dev/null
		for i in $order; do vvault -C v import $i.capsule; done
		echo "$(fold_of v nova) $(set_of v nova)" \
			"$(vvault -C v show --json nova | jq -c .persona)" \
			>>folds
	done
	vvault init w && vvault -C w import 1.capsule 2.capsule 3.capsule
	echo "$(fold_of w nova) $(set_of w nova)" \
		"$(vvault -C w show --json nova | jq -c .persona)" >>folds
	test "$(wc -l <folds)" -eq 7 && test "$(sort -u folds | wc -l)" -eq 1
	grep -F "\"warmth\":0.3" folds
	test "$(entities_in w nova memory)" -eq 50
	grep -q "changed 3 of" entities.out && ! grep -q "memory 3 of" entities.out
'

test_case 'the real capsules in any order as well' '
	need_shared
	history=$VV_SHARED/data/vvault/history
	for order in "1 2 3" "3 2 1" "2 3 1"; do
		rm -rf v && vvault init v >/dev/null
		for i in $order; do
			vvault -C v import "$history/Nova_v$i.capsule"
		done
		echo "$(fold_of v nova) $(set_of v nova)" >>folds
	done
	test "$(wc -l <folds)" -eq 3 && test "$(sort -u folds | wc -l)" -eq 1
'

test_case 'importing the same file again makes no version' '
	for kind in "" --plain; do
		rm -rf v && new_vault $kind
		capsule Nova 1 50 >one.capsule && lines nova 500 >lines.jsonl
		vvault import one.capsule
		vvault import --construct nova lines.jsonl
		git -C v for-each-ref >before && find v/objects -type f |
			sort >files
		vvault import one.capsule
		cp one.capsule renamed && vvault import renamed
		vvault import --construct nova lines.jsonl
		vvault import --json one.capsule >out
		jq -e ".version == null and .records.new == 0 and
			.records.known > 50" out
		git -C v for-each-ref | cmp - before
		find v/objects -type f | sort | cmp - files
	done
'

test_case 'two devices import one file before they sync: each record once' '
	two_devices
	capsule Nova 1 60 >one.capsule && lines nova 2000 >lines.jsonl
	for d in a b; do
		as $d vvault -C $d import one.capsule
		as $d vvault -C $d import --construct nova lines.jsonl
		as $d vvault -C $d push || as $d vvault -C $d pull
	done
	as b vvault -C b pull && as b vvault -C b push && as a vvault -C a pull
	for d in a b; do
		test "$(as $d entities_in $d nova memory)" -eq 2061
		jq -r ".records[]" entities.out | sort | uniq -d >doubles
		test ! -s doubles
		as $d vvault -C $d import --json one.capsule >again
		jq -e ".version == null" again
		as $d verified $d
	done
	test "$(as a set_of a nova)" = "$(as b set_of b nova)"
	test "$(as a fold_of a nova)" = "$(as b fold_of b nova)"
	test "$(as a records_in a nova)" -eq "$(as b records_in b nova)"
	as b vvault -C b add nova memory:create --as-is "{}"
	as b vvault -C b push && as a vvault -C a pull
	on a ls --json nova | jq -r ".records[]" | sort >ids.a
	test "$(as a records_in a nova)" -eq "$(wc -l <ids.a)"
	test "$(sort -u ids.a | wc -l)" -eq "$(wc -l <ids.a)"
'

# reaches <device>: the remotes that it knows
reaches() {
	case $1 in
	a) echo left ;;
	b) echo left right ;;
	c) echo right ;;
	esac
}

# something <device>: an edit, or a meeting with one of its remotes
something() {
	random 10
	case $drawn in
	0 | 1 | 2)
		random 20
		seq $((drawn + 1)) | sed "s/.*/{\"content\":\"$1 & $drawn\"}/" |
			on "$1" add nova memory:create -
		;;
	3)
		for _ in 1 2 3 4; do on "$1" add nova memory:create --as-is "{}"; done
		;;
	4 | 5)
		random 3 && entity=$drawn && random 9
		on "$1" add --entity "memory:shared$entity" nova \
			memory:update --as-is "{\"content\":\"$drawn\",
				\"tags\":[\"$1$drawn\"]}"
		;;
	6)
		random 9
		on "$1" add nova construct:update \
			"{\"persona\":{\"traits\":{\"warmth\":0.$drawn}}}"
		;;
	*)
		random 2
		remote=$(reaches "$1" | cut -d" " -f$((drawn + 1)))
		test -n "$remote" || remote=$(reaches "$1")
		random 3
		test "$drawn" -eq 0 || on "$1" pull "$remote"
		test "$drawn" -eq 1 || on "$1" push "$remote"
		;;
	esac
}

test_case 'three devices and two remotes in random order end in one mind' '
	for round in $(seq "$(size 2 20)"); do
		rm -rf a b c left right keys-* && git init -q --bare left
		git init -q --bare right
		as a vvault init a && on a add --new nova memory:create --as-is "{}"
		on a remote add left "$PWD/left" && on a push left
		for d in b c; do
			as $d vvault clone "$PWD/left" $d >/dev/null 2>&1
			on $d remote remove origin
			on a member add "$(as $d did)"
		done
		on b remote add left "$PWD/left"
		on b remote add right "$PWD/right"
		on c remote add right "$PWD/right"
		on a push && on b pull left && on b push right && on c pull
		for step in $(seq 30); do
			random 3
			something "$(echo a b c | cut -d" " -f$((drawn + 1)))"
		done >/dev/null
		on a push && on c push && on b pull left && on b pull right
		on b push left && on b push right && on a pull && on c pull
		for d in a b c; do
			as $d verified $d
			echo "$(as $d set_of $d nova) $(as $d fold_of $d nova)" \
				"$(on $d show --json nova | jq -r .root)"
		done >minds.$round
		cat minds.$round && test "$(wc -l <minds.$round)" -eq 3
		test "$(sort -u minds.$round | wc -l)" -eq 1
		git_is_content a b c left right
	done
'

done_testing
