#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

PATH="$VV_BUILD/tests/tools:$PATH"

# What becomes of the index of recall when the vault under it changes.

# found <vault> <words>...: whether device a, or the one in $who, finds it.
found() {
	vault=$1
	shift
	test "$(as "${who:-a}" vvault -C "$vault" recall --json "$@" | wc -l)" -gt 0
}

# shards <vault>: the files that say which words stand where.
shards() {
	find "$1/vvault/index" -type f ! -name lock ! -name cover | sort
}

# gone <list>: none of the files that it names is there any more.
gone() {
	test -s "$1" && while read -r file; do
		test ! -e "$file" || { echo "$file is still there"; return 1; }
	done <"$1"
}

test_case 'found at once: what was imported, also while another process looks' '
	new_vault && vvault import --construct nova "$VV_TOP/tests/data/codex/rollout.jsonl" \
		>/dev/null 2>&1 &&
	test "$(vvault recall --json pond | wc -l)" -gt 0 &&
	for i in 1 2 3 4 5; do
		vvault add nova memory:create "{\"content\":\"heron$i\"}" >/dev/null &&
		(vvault recall nova heron >/dev/null & vvault recall nova "heron$i" |
			grep -q "heron$i" && wait) || exit 1
	done
'

test_case 'what is forgotten is not found, and its shards are deleted' '
	for mode in --plain --name=x; do
		rm -rf a && as a vvault init $mode a >/dev/null &&
		as a vvault -C a add --new nova memory:create "{\"content\":\"heron\"}" >/dev/null &&
		id=$(as a vvault -C a add nova memory:create "{\"content\":\"otter\"}") &&
		as a vvault -C a add nova memory:create "{\"content\":\"newt\"}" >/dev/null &&
		before=$(as a vvault -C a show --json nova | jq -r .version) &&
		found a otter && shards a >list &&
		as a vvault -C a forget --yes "$id" >/dev/null &&
		! found a otter && gone list && found a heron && ! found a --history otter &&
		test "$(shards a | wc -l)" -eq 1 && found a --as-of "$before" newt &&
		! found a --as-of "$before" otter && ! found a otter || exit 1
	done
'

test_case 'what was rejected is not found, and its shards are deleted' '
	two_devices && as b vvault -C b add nova memory:create "{\"content\":\"otter\"}" >/dev/null &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null &&
	found a otter && shards a >list &&
	head=$(as a vvault -C a log --json nova -n 1 | jq -r .version) &&
	as a vvault -C a reject "$head" >/dev/null && gone list &&
	! found a otter && found a first && ! found a --history otter &&
	! found a --as-of "$head" otter 2>/dev/null
'

test_case 'what stays in quarantine is not found' '
	two_devices && found a first && as a vvault -C a member role --yes "$(as b did)" reader >/dev/null &&
	as b vvault -C b add nova memory:create "{\"content\":\"otter\"}" >/dev/null &&
	as b vvault -C b push >/dev/null && expect_exit 1 as a vvault -C a pull >/dev/null 2>&1 &&
	says -s "length == 1" as a vvault -C a quarantine list --json &&
	! found a otter && found a first &&
	says -s ".[0].searched[0].held == 1" as a vvault -C a recall --json --searched otter
'

test_case 'a new content key makes all of it anew' '
	as a vvault init a >/dev/null && add="as a vvault -C a add nova memory:create" &&
	as a vvault -C a add --new nova memory:create "{\"content\":\"heron\"}" >/dev/null &&
	$add "{\"content\":\"otter\"}" >/dev/null && found a otter && shards a >list &&
	as a vvault -C a key rotate >/dev/null &&
	found a otter && found a heron && gone list && test "$(shards a | wc -l)" -eq 1
'

done_testing
