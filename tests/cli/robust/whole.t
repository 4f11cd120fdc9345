#!/bin/sh
# A ref moves only when everything that it reaches is there.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../robust.sh"
. "$(dirname "$0")/../../servers.sh"

export VVAULT_AUTO_GC=0

# back_and_forth: in a and r, folders of nova go from one state to another and
# back within one range of versions: two devices import the same records, cut
# differently, and a collects before and after it has seen what b wrote.
back_and_forth() {
	two_devices && cp -a b behind
	lines nova 3000 >all.jsonl && awk "NR % 2" all.jsonl >half.jsonl
	as b vvault -C b import --construct nova half.jsonl
	as b vvault -C b push
	export VVAULT_KEYS="$tap_case/keys-a"
	vvault -C a import --construct nova all.jsonl
	vvault -C a gc && vvault -C a pull
	vvault -C a add nova memory:create --as-is "{}" && vvault -C a gc
	vvault -C a push
	git_is_content a r
}

test_case 'folders that go back and forth arrive whole at those who pull' '
	back_and_forth
	for vault in b behind; do
		as b vvault -C $vault pull
		git_is_content $vault
		as b verified $vault
		test "$(as b set_of $vault nova)" = "$(set_of a nova)"
	done
'

test_case 'and at those who clone, by path and by wire' '
	back_and_forth
	as b vvault clone r c
	serve_git && cp -a r srv/r
	as b vvault clone "$url/r" d
	git_is_content c d
	as b verified c d
'

test_case 'git gc --prune=now beside an import drops nothing of it' '
	new_vault && lines nova 20000 >lines.jsonl
	test "$(git -C v config extensions.preciousObjects)" = true
	git -C v config --unset extensions.preciousObjects
	git -C v config --unset gc.auto
	vvault import --construct nova lines.jsonl >out & import=$!
	while kill -0 $import 2>/dev/null; do
		git -C v gc -q --prune=now 2>/dev/null || :
	done
	wait $import && verified v && git_is_content v
	test "$(git -C v config extensions.preciousObjects)" = true
	test "$(git -C v config gc.auto)" = 0
'

test_case 'git gc --prune=now at a path remote drops no pack on its way there' '
	two_devices && export VVAULT_KEYS="$tap_case/keys-a"
	while test ! -e enough; do
		if git -C r gc -q --prune=now; then echo >>collected; fi
	done >/dev/null 2>&1 & gc=$!
	at_end "touch enough; wait $gc || :"
	for i in 1 2 3 4 5 6 7 8; do
		lines "n$i" 300 >lines.jsonl
		vvault -C a import --construct nova lines.jsonl
		vvault -C a push
	done
	touch enough && wait $gc && test -s collected
	git_is_content r
	find r -name "*.keep" >kept && test ! -s kept
'

test_case 'nor one of the same bytes as a pack that it saw before' '
	two_devices && export VVAULT_KEYS="$tap_case/keys-a"
	ref=$(git -C r for-each-ref --format="%(refname)" | grep -v /vault/)
	old=$(git -C r rev-parse "$ref")
	vvault -C a add nova memory:create --as-is "{}" && vvault -C a push
	git -C r update-ref "$ref" "$old"
	seen=$(ls r/objects/pack/*.pack) && git -C r repack -q -a
	vvault -C a push
	for pack in $seen; do rm -f "$pack" "${pack%.pack}.idx"; done
	git_is_content r && as b vvault -C b pull && as b verified b
'

test_case 'what git, rsync and archives drop is made anew' '
	two_devices && export VVAULT_KEYS="$tap_case/keys-a"
	vvault -C a gc >/dev/null && git -C a pack-refs --all
	find a -type d -empty -delete
	test ! -e a/refs && test ! -e a/vvault/tmp
	vvault -C a status && test -d a/refs/heads && test -d a/vvault/tmp
	vvault -C a add nova memory:create --as-is "{}"
	find a -type d -empty -delete && vvault -C a pull
	vvault -C a push && verified a && git_is_content a r
'

test_case 'a side repository that is damaged, and a lost pin' '
	two_devices && export VVAULT_KEYS="$tap_case/keys-b"
	side=b/vvault/remotes/origin.git
	again() {
		vvault -C b pull && vvault -C b push && verified b
		test "$(cat $side/objects/info/alternates)" = \
			../../../../objects
		test -z "$(find $side/objects -type f ! -name alternates)"
	}
	rm $side/objects/info/alternates && again
	echo "x" >$side/packed-refs && again
	rm $side/HEAD && vvault -C b status && again
	echo "[[[" >$side/config && again
	rm -r $side/refs $side/objects && again
	cp b/vvault/id id && rm b/vvault/id && again && cmp id b/vvault/id
'

test_case 'stale locks of the configuration and of packed refs' '
	two_devices && export VVAULT_KEYS="$tap_case/keys-a"
	touch a/config.lock a/packed-refs.lock
	vvault -C a remote add two "$PWD/r" && vvault -C a push two
	vvault -C a remote remove two
	no_locks a
'

done_testing
