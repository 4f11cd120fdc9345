#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

test_case 'versions, the newest first' '
	new_vault --plain &&
	vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault add nova memory:create --as-is "{}" >/dev/null &&
	vvault log nova --json | jq -r .seq >out &&
	printf "2\n1\n" >want && cmp want out
'

test_case 'a line for a person' '
	new_vault --plain && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault log nova --json >line &&
	printf "@1   %.10s  %s  nova  #1 %.12s  add: 1 memory:create  (1 new)\n" \
		"$(jq -r .version line)" "$(jq -r .time line)" \
		"$(did | sed s/did:key://)" >want &&
	vvault log nova >out && cmp want out
'

test_case 'the shape of the JSON' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault log nova --json >out &&
	keys_are "change construct device parents records root seq subject time version" <out &&
	jq -e --arg did "$(did)" ".change == \"add\" and .construct == \"nova\"
		and .device == \$did and .parents == [] and .records == 1
		and (.root | test(\"^[0-9a-f]{64}\$\")) and .seq == 1
		and .subject == \"add: 1 memory:create\"
		and (.time | test(\"^[0-9-]{10}T[0-9:]{8}Z\$\"))
		and (.version | test(\"^[0-9a-f]{40}\$\"))" out
'

test_case 'a device goes by its name, where it has one' '
	two_devices && as a vvault -C a member rename "$(as b did)" tablet >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	as b vvault -C b add --new rose memory:create --as-is "{}" >/dev/null &&
	as b vvault -C b log -n 1 rose >out && grep "  rose  #1 tablet  add: " out &&
	as b vvault -C b log -n 1 rose --json |
		jq -e --arg did "$(as b did)" ".device == \$did and (has(\"name\") | not)"
'

test_case 'the version is the git commit, the time its committer time' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault log nova --json | jq -r ".version + \" \" + .time" >out &&
	ref=$(git -C v for-each-ref --format="%(refname)" | grep -v /vault/) &&
	git -C v log --date=format:%Y-%m-%dT%H:%M:%SZ --format="%H %cd" "$ref" |
		cmp - out
'

test_case 'parents are those of git' '
	new_vault --plain && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault add nova memory:create --as-is "{}" >/dev/null &&
	vvault log nova --json | jq -r ".parents | join(\" \")" >out &&
	git -C v log --format=%P "nova/$(did | sed s/did:key://)" >want &&
	cmp want out
'

test_case 'without an argument all constructs, the vault itself too' '
	new_vault && vvault add --new a memory:create --as-is "{}" >/dev/null &&
	vvault add --new b memory:create --as-is "{}" >/dev/null &&
	vvault log --json | jq -r .construct | sort >out &&
	printf "a\nb\nvault\n" >want && cmp want out
'

test_case '-n limits, in all and per construct' '
	new_vault && for i in 1 2 3; do
		vvault add --new a memory:create --as-is "{}" >/dev/null &&
		vvault add --new b memory:create --as-is "{}" >/dev/null || exit 1
	done &&
	test "$(vvault log -n 2 --json | wc -l)" -eq 2 &&
	test "$(vvault log -n2 a --json | jq -s -c "[.[].seq]")" = "[3,2]" &&
	test "$(vvault log -n 100 --json | wc -l)" -eq 7 &&
	vvault log -n 0 >out && test ! -s out
'

test_case '--since leaves out what is older' '
	new_vault && vvault add --new a memory:create --as-is "{}" >/dev/null &&
	vvault log --since 2999-01-01 >out && test ! -s out &&
	test "$(vvault log --since 2000-01-01 --json | wc -l)" -eq 2 &&
	test "$(vvault log --since=2000-01-01T00:00:00Z a --json | wc -l)" -eq 1
'

test_case 'from an older version on' '
	new_vault && for i in 1 2 3; do
		vvault add --new a memory:create --as-is "{}" >/dev/null || exit 1
	done &&
	vvault log a~1 --json | jq -r .seq >out &&
	printf "2\n1\n" >want && cmp want out
'

test_case '-p tells what each version changed' '
	new_vault --plain &&
	vvault add --new nova memory:create "{\"content\":\"rain\"}" >/dev/null &&
	vvault log -p -n 1 nova >out &&
	test "$(wc -l <out)" -eq 2 && test "$(tail -n 1 out)" = "+ memory rain"
'

test_case 'a device without keys sees that there is something, not what' '
	new_vault && vvault add --new zaphod memory:create --as-is "{}" >/dev/null &&
	as stranger vvault init other >/dev/null &&
	as stranger vvault -C "$PWD/v" log --json >out &&
	test "$(wc -l <out)" -eq 2 && ! grep zaphod out &&
	jq -s -e "any(.records == null and
		(.construct | test(\"^[a-z2-7]{26}\$\")))" out &&
	as stranger vvault -C "$PWD/v" log -p >out && test -s out
'

test_case 'compactions are left out and counted, but not for scripts' '
	new_vault --plain && i=0 && while test $i -lt 40; do
		vvault add --new a memory:create --as-is "{\"n\":$i}" >/dev/null || exit 1
		i=$((i + 1))
	done &&
	vvault log a >out 2>err && test "$(wc -l <out)" -eq 40 &&
	! grep " compact" out && cat err &&
	test "$(cat err)" = "vvault: 1 compaction left out; --all lists it" &&
	vvault log --all a >out 2>err && test "$(wc -l <out)" -eq 41 &&
	test ! -s err && grep " compact" out &&
	vvault log a --json >out 2>err && test "$(wc -l <out)" -eq 41 &&
	test ! -s err
'

test_case 'unknown versions and wrong words' '
	new_vault &&
	expect_exit 128 vvault log nope >out 2>err && test ! -s out &&
	echo "vvault: no construct or version '\''nope'\''; there is: vault" >want &&
	cmp want err &&
	expect_exit 129 vvault log -n x 2>err && grep "not a number: .x." err &&
	expect_exit 129 vvault log -n 2>err &&
	expect_exit 129 vvault log -n -1 2>err &&
	expect_exit 129 vvault log --since soon 2>err &&
	grep "^vvault: --since: .soon. is not understood" err &&
	expect_exit 129 vvault log a memory:b c 2>err && expect_exit 129 vvault log a b 2>err
'

test_case 'a missing version is damage and said so' '
	new_vault --plain && for i in 1 2; do
		vvault add --new a memory:create --as-is "{}" >/dev/null || exit 1
	done &&
	old=$(version_of a~1) &&
	rm -f "v/objects/$(echo $old | cut -c1-2)/$(echo $old | cut -c3-)" &&
	expect_exit 128 vvault log a --json 2>err && error_is corrupt
'

test_case 'what was made first stands last, in one second too' '
	new_vault && for c in a b c d; do vvault add --new $c memory:create "{\"content\":\"x\"}" >/dev/null || exit 1; done &&
	vvault log --json | jq -r .construct | tail -n 1 >got && echo vault | cmp - got &&
	test "$(vvault log | wc -l)" -eq 5
'

done_testing
