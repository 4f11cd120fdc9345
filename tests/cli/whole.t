#!/bin/sh
# A ref moves only when everything that it reaches is there.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../robust.sh"
. "$(dirname "$0")/../servers.sh"

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
	vvault -C a add nova memory:create "{}" && vvault -C a gc
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

done_testing
