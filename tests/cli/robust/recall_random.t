#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../robust.sh"

# Recall finds what a scan of the fold finds, whatever was done before.

test_case 'after additions, deletions, merges and kills at random' '
	two_devices &&
	perl "$VV_TOP/tests/recall_random.pl" "$(size 20 1000)" 20261129 "$PWD" &&
	as a vvault -C a verify --full >/dev/null && as b vvault -C b verify --full >/dev/null
'

test_case 'no word of the records stands in a file of the index, nor after kills' '
	new_vault && printf "%s\n" xylophone quartzite wombat >words &&
	for i in $(seq 300); do
		printf "%s\n" "{\"content\":\"xylophone quartzite wombat $i\",\"tags\":[\"wombat$i\"]}"
	done >lines && vvault add --new nova memory:create - <lines >/dev/null &&
	killed=0 &&
	for i in $(seq "$(size 12 400)"); do
		rm -rf v/vvault/index
		code=0
		perl "$VV_TOP/tests/strike.pl" "$((i * 400 % 20000 + 100))" vvault recall nova wombat \
			>/dev/null 2>&1 || code=$?
		test "$code" -ne 137 || killed=$((killed + 1))
		expect_exit 1 env LC_ALL=C grep -raoiFf words v/vvault ||
			{ echo "after $i"; exit 1; }
	done && echo "killed $killed" && test "$killed" -gt 0 &&
	test "$(vvault recall --json nova wombat -n 1000 | wc -l)" -eq 300 &&
	vvault recall nova wombat >/dev/null && ! grep -raqi wombat v/vvault &&
	test -z "$(find v/vvault/index -name ".tmp*" -o -name "*.tmp")"
'

test_case 'a file of the index that was changed, cut or swapped changes no answer' '
	new_vault && for i in $(seq 12); do
		vvault add $(test $i -gt 1 || echo --new) nova memory:create --entity "memory:$i" \
			"{\"content\":\"heron number$i of the pond\"}" >/dev/null &&
		vvault recall nova heron >/dev/null || exit 1
	done && vvault add --new vega memory:create "{\"content\":\"otter\"}" >/dev/null &&
	vvault recall vega otter >/dev/null &&
	ask() { vvault recall --json --construct nova "$@" -n 99 && vvault recall --json vega otter; } &&
	ask pond number7 heron >want && test "$(wc -l <want)" -eq 13 &&
	n=$(find v/vvault/index -type f -size +0 | wc -l) && test "$n" -gt 2 &&
	for file in $(find v/vvault/index -type f -size +0); do
		for how in flip cut grow empty swap; do
			cp -r v/vvault/index keep &&
			perl "$VV_TOP/tests/spoil.pl" "$how" "$file" v/vvault/index &&
			ask pond number7 heron >got 2>err && cmp want got && test ! -s err ||
				{ echo "$how $file"; exit 1; }
			rm -rf v/vvault/index && mv keep v/vvault/index
		done
	done
'

done_testing
