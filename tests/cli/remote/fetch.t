#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

test_case 'fetch gets and verifies what is new' '
	two_devices && as a vvault -C a add nova memory:create --as-is "{\"n\":2}" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b fetch >out 2>err &&
	test ! -s err && cat >want <<-end &&
	nova: 1 memory in 1 version, by $(as a did | cut -c9-20)
	from origin: 1 construct, 1 record in 1 version
	end
	sed "s/, [0-9.]* kB//" out | cmp - want &&
	test "$(as b vvault -C b ls nova | wc -l)" -eq 2
'

test_case 'the shape of the JSON' '
	two_devices && as b vvault -C b fetch --json >out &&
	head -n 1 out | keys_are "construct device from name records result to versions" &&
	jq -s -e "all(.result == \"same\")" out
'

test_case 'nothing new says so' '
	two_devices && as b vvault -C b fetch >out &&
	echo "everything is up to date" >want && cmp want out
'

test_case 'no hook runs' '
	two_devices && printf "#!/bin/sh\ntouch ran\n" >b/vvault/hooks/post-pull &&
	chmod 700 b/vvault/hooks/post-pull &&
	as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b fetch >/dev/null &&
	test ! -e b/ran
'

test_case 'a remote that was set back is reported and moves nothing' '
	two_devices && old=$(git -C r for-each-ref --format="%(objectname)" \
		refs/heads | head -n 1) &&
	ref=$(as a vvault -C a log nova --json -n 1 | jq -r .version) &&
	name=$(git -C r for-each-ref --format="%(objectname) %(refname)" |
		grep "^$ref" | cut -d" " -f2) &&
	as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b fetch >/dev/null &&
	git -C b for-each-ref refs/heads >before &&
	git -C r update-ref "$name" "$ref" &&
	expect_exit 1 as b vvault -C b fetch --json >out 2>err &&
	jq -s -e "any(.result == \"back\" and .construct == \"nova\")" out &&
	git -C b for-each-ref refs/heads | cmp - before
'

test_case 'a remote that lost a ref is reported' '
	two_devices && name=$(git -C r for-each-ref --format="%(refname)" |
		grep -v /vault/) && git -C r update-ref -d "$name" &&
	git -C b for-each-ref refs/heads >before &&
	expect_exit 1 as b vvault -C b fetch --json >out 2>err &&
	jq -s -e "any(.result == \"back\")" out &&
	git -C b for-each-ref refs/heads | cmp - before
'

test_case 'a version that was tampered with is refused and kept apart' '
	two_devices --plain &&
	as a vvault -C a add nova memory:create --as-is "{\"n\":2}" >/dev/null &&
	as a vvault -C a push >/dev/null &&
	name=$(git -C r for-each-ref --format="%(refname)" refs/heads/nova) &&
	git -C r cat-file commit "$name" | sed "s/^add: 1/add: 7/" >bad &&
	git -C r update-ref "$name" \
		"$(git -C r hash-object -t commit -w --stdin <bad)" &&
	git -C b for-each-ref refs/heads >before &&
	expect_exit 1 as b vvault -C b fetch --json >out 2>err &&
	jq -s -e "any(.result == \"refused\" and .construct == \"nova\")" out &&
	grep bad-signature err &&
	git -C b for-each-ref refs/heads | cmp - before &&
	as b vvault -C b status --json | jq -e ".quarantined == 1" &&
	as b vvault -C b verify
'

test_case 'another vault under the same address is refused' '
	two_devices && as x vvault init x >/dev/null && rm -rf r &&
	git init -q --bare r && as x vvault -C x remote add origin "$PWD/r" &&
	as x vvault -C x push >/dev/null && git -C b for-each-ref refs/heads >before &&
	got=0 && as b vvault -C b fetch --json >out 2>err || got=$? &&
	test $got -ne 0 && git -C b for-each-ref refs/heads | cmp - before
'

test_case 'limits can be set' '
	two_devices && as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	as a vvault -C a push >/dev/null && git -C b for-each-ref refs/heads >before &&
	expect_exit 128 as b vvault -C b fetch --max-objects 1 --json 2>err &&
	error_is limit && git -C b for-each-ref refs/heads | cmp - before
'

test_case 'refs that are known are never too many' '
	two_devices && as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b fetch --max-refs 1 &&
	test "$(refs_of a)" = "$(refs_of b)"
'

# m and b each make constructs; b has the turn, who makes few.
test_case 'who floods a remote with refs is cut and named, and blocks nobody' '
	two_devices && as m vvault clone "$PWD/r" m 2>/dev/null &&
	as a vvault -C a member add "$(as m did)" && as a vvault -C a push &&
	as m vvault -C m pull && for n in $(seq 30); do
		as m vvault -C m add --new "m$n" memory:create --as-is "{}" >/dev/null || exit 1
	done
	as m vvault -C m push && as b vvault -C b pull --max-refs 100 &&
	for n in $(seq 3); do
		as b vvault -C b add --new "b$n" memory:create --as-is "{}" >/dev/null || exit 1
	done
	as b vvault -C b push && ref_count() { git -C a for-each-ref refs/heads | wc -l; } &&
	before=$(ref_count) && as a vvault -C a add nova memory:create --as-is "{}" &&
	expect_exit 1 as a vvault -C a pull --max-refs 10 --json >out 2>err &&
	test "$(grep -c too-many-refs err)" -eq 1 &&
	grep "too-many-refs: $(as m did): .* 30 new refs; 23 were not taken" err &&
	test $(($(ref_count) - before)) -eq 10 &&
	for n in 1 2 3; do as a vvault -C a show "b$n" >/dev/null || exit 1; done
	as a vvault -C a push && expect_exit 1 as a vvault -C a pull --max-refs 10 2>err &&
	test $(($(ref_count) - before)) -eq 20 && grep " 13 were not taken\| 20 new" err &&
	as a vvault -C a pull --max-refs 50 && test "$(refs_of a)" = "$(refs_of b)"
'

test_case 'a remote that is not there changes nothing' '
	two_devices && rm -rf r && git -C b for-each-ref >before &&
	expect_exit 128 as b vvault -C b fetch 2>err && test -s err &&
	git -C b for-each-ref | cmp - before && as b vvault -C b ls nova >/dev/null
'

test_case 'no remote and wrong words' '
	new_vault && expect_exit 128 vvault fetch --json 2>err &&
	error_is not-found && expect_exit 128 vvault fetch nope 2>err &&
	expect_exit 129 vvault fetch a b 2>err &&
	expect_exit 129 vvault fetch --max-objects -5 2>err
'

done_testing
