#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# with_remote [<option of init>...]: a vault, a construct, an empty remote.
with_remote() {
	new_vault "$@" && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	git init -q --bare r && vvault remote add origin "$PWD/r"
}

me() {
	did | sed s/did:key://
}

test_case 'every head is sent, vault and constructs' '
	with_remote --plain && vvault push >out && cat >want <<-end &&
	members and keys: 1 version
	nova, new: 1 memory in 1 version
	to origin: 1 construct (1 new), 1 record in 2 versions
	end
	sed "s/, [0-9.]* kB//" out | cmp - want &&
	git -C v for-each-ref refs/heads >a && git -C r for-each-ref >b && cmp a b
'

test_case 'the shape of the JSON, vault first' '
	with_remote && vvault push --json >out && test "$(wc -l <out)" -eq 2 &&
	jq -s -e --arg did "$(did)" "all(.device == \$did and .from == null and
		(.to | test(\"^[0-9a-f]{40}\$\")) and .result == \"new\")" out &&
	head -n 1 out | keys_are "construct device from name records result to versions" &&
	jq -s -e "[.[].construct] | sort == [\"nova\", \"vault\"]" out
'

test_case 'nothing to send says so' '
	with_remote && vvault push >/dev/null && vvault push >out &&
	echo "everything is up to date" >want && cmp want out &&
	vvault push --json | jq -s -e "length == 2 and all(.result == \"same\")"
'

test_case 'of many constructs the largest are told, and how many others' '
	new_vault && git init -q --bare r && vvault remote add origin "$PWD/r" &&
	for i in 01 02 03 04 05 06 07 08 09 10 11 12 13; do
		yes "{\"content\":$i}" | head -n $((100 - ${i#0})) |
			jq -c ".i = input_line_number" |
			vvault add --new "c$i" memory:create - >/dev/null || exit 1
	done && vvault push >out && cat >want <<-end &&
	members and keys: 1 version
	c01, new: 99 memories in 1 version
	c02, new: 98 memories in 1 version
	c03, new: 97 memories in 1 version
	c04, new: 96 memories in 1 version
	c05, new: 95 memories in 1 version
	c06, new: 94 memories in 1 version
	c07, new: 93 memories in 1 version
	c08, new: 92 memories in 1 version
	and 5 other constructs: 445 memories in 5 versions
	to origin: 13 constructs (13 new), 1,209 records in 14 versions
	end
	sed "s/, [0-9.]* kB//" out | cmp - want
'

test_case 'a second push moves forward' '
	with_remote && vvault push >/dev/null && old=$(version_of nova) &&
	vvault add nova memory:create --as-is "{}" >/dev/null &&
	vvault push --json | jq -s -e --arg old "$old" \
		--arg new "$(version_of nova)" "any(.construct == \"nova\" and
		.from == \$old and .to == \$new and .result == \"forward\")"
'

test_case 'git is content with what arrived' '
	with_remote && vvault push >/dev/null &&
	git -C r symbolic-ref HEAD "refs/heads/vault/$(me)" &&
	git -C r fsck --strict --no-dangling >out 2>&1 && test ! -s out
'

test_case 'the remote is named, or origin, or the only one' '
	with_remote && git init -q --bare r2 &&
	vvault remote add two "$PWD/r2" && vvault push two >/dev/null &&
	test -n "$(git -C r2 for-each-ref)" && test -z "$(git -C r for-each-ref)" &&
	vvault push >/dev/null && test -n "$(git -C r for-each-ref)" &&
	vvault remote remove origin && vvault push >/dev/null &&
	git init -q --bare r3 && vvault remote add three "$PWD/r3" &&
	expect_exit 128 vvault push 2>err &&
	grep "there are several remotes: name one" err
'

test_case 'no remote at all says how to add one' '
	new_vault && expect_exit 128 vvault push --json 2>err &&
	error_is not-found && grep "remote add" err &&
	expect_exit 128 vvault push nope 2>err
'

test_case 'a remote that is not there changes nothing' '
	new_vault && vvault remote add origin "$PWD/nowhere" &&
	git -C v for-each-ref >before &&
	expect_exit 128 vvault push 2>err && test -s err &&
	git -C v for-each-ref | cmp - before && test ! -e nowhere
'

test_case 'what another device has pushed meanwhile is no refusal' '
	two_devices && as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	as b vvault -C b add nova memory:create --as-is "{}" >/dev/null &&
	as a vvault -C a push >/dev/null &&
	as b vvault -C b push --json >out &&
	jq -s -e "[.[] | select(.construct == \"nova\") | .result] | sort ==
		[\"new\", \"same\"]" out &&
	as a vvault -C a pull >/dev/null && as b vvault -C b pull >/dev/null &&
	test "$(as a vvault -C a show --json nova | jq -r .root)" = \
		"$(as b vvault -C b show --json nova | jq -r .root)"
'

test_case 'what goes is told where the remote has moved on since' '
	two_devices && as a vvault -C a add nova memory:create "{\"content\":\"1\"}" >/dev/null &&
	as b vvault -C b pull >/dev/null && as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	as a vvault -C a add nova memory:create "{\"content\":\"2\"}" >/dev/null && as a vvault -C a push >/dev/null &&
	as b vvault -C b add nova memory:create "{\"content\":\"3\"}" >/dev/null &&
	as b vvault -C b push --dry-run --json 2>/dev/null >would && as b vvault -C b push >out &&
	jq -se "any(.construct == \"nova\" and .result == \"new\" and .versions == 1 and .records == 1)" would &&
	cat >want <<-end && sed "s/, [0-9.]* kB//" out | cmp - want
	nova: 1 memory in 1 version
	to origin: 1 construct, 1 record in 1 version
	end
'

test_case 'heads of others are relayed to a remote that lacks them' '
	two_devices && as a vvault -C a add nova memory:create --as-is "{\"x\":1}" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	git init -q --bare r2 && as b vvault -C b remote add two "$PWD/r2" &&
	as b vvault -C b push two >/dev/null &&
	git -C r2 for-each-ref >x && git -C r for-each-ref >y && cmp x y
'

test_case 'pre-push may refuse, and nothing is sent' '
	with_remote && printf "#!/bin/sh\ncat >input\nexit 3\n" >v/vvault/hooks/pre-push &&
	chmod 700 v/vvault/hooks/pre-push &&
	vvault hooks approve pre-push >/dev/null &&
	expect_exit 128 vvault push --json 2>err && error_is canceled &&
	test -z "$(git -C r for-each-ref)" &&
	jq -e ".hook == \"pre-push\" and .remote == \"origin\"" v/input
'

test_case 'an encrypted vault pushes nothing readable' '
	new_vault --name Trillian && vvault add --new zaphod memory:create \
		"{\"content\":\"beeblebrox\"}" >/dev/null &&
	git init -q --bare r && vvault remote add origin "$PWD/r" &&
	vvault push >/dev/null &&
	{ git -C r cat-file --batch-all-objects --batch; git -C r for-each-ref; } >all &&
	! grep -a -i -e zaphod -e beeblebrox -e trillian all
'

test_case 'wrong words are usage errors' '
	new_vault && expect_exit 129 vvault push a b 2>err &&
	expect_exit 129 vvault push --force 2>err
'

test_case 'a dry run tells what would go, and sends nothing' '
	two_devices && export VVAULT_KEYS="$PWD/../keys-a" VVAULT_DIR="$PWD/a" &&
	add nova "more" >/dev/null && git -C r for-each-ref >before && find a -type f | sort >files &&
	vvault push --dry-run --json >would 2>err && grep "nothing was sent: this is what would go" err &&
	git -C r for-each-ref | cmp - before && find a -type f | sort | cmp - files &&
	jq -es "map(select(.construct == \"nova\" and .result == \"forward\")) | length == 1" would &&
	vvault push --dry-run 2>/dev/null | grep "^nova: 1 memory in 1 version" &&
	vvault undo --list >list && ! grep dry-run list && vvault push --json >did && diff would did &&
	vvault push --dry-run 2>/dev/null | grep "up to date" &&
	expect_exit 128 vvault push --dry-run nope 2>err && grep "no remote .nope." err
'

test_case '--all sends to every remote, tells each, and goes on behind one that fails' '
	with_remote --plain && git init -q --bare s && vvault remote add spare "$PWD/s" && vvault push origin >/dev/null &&
	vvault push --all --dry-run 2>err >out && grep "^to spare: 1 construct" out && grep "origin: up to date" err &&
	git -C s for-each-ref >refs && test ! -s refs &&
	vvault push --all >out 2>err && grep "^to spare: 1 construct (1 new)" out && ! grep "^to origin" out &&
	grep -x "vvault: origin: up to date" err && git -C r for-each-ref >a && git -C s for-each-ref | cmp a - &&
	vvault push --all --json | jq -es "map(.remote) | unique == [\"origin\", \"spare\"]" &&
	vvault add nova memory:create "{\"content\":\"more\"}" >/dev/null && vvault remote add away "$PWD/nowhere" &&
	expect_exit 128 vvault push --all >out 2>err && grep "^to origin:" out && grep "^to spare:" out &&
	grep "^vvault: away: " err && grep -x "vvault: 1 of 3 remotes failed" err &&
	git -C r for-each-ref >a && git -C s for-each-ref | cmp a - &&
	expect_exit 129 vvault push --all spare 2>err && grep "name none beside it" err
'

test_case 'pull --all and fetch --all ask each' '
	with_remote --plain && git init -q --bare s && vvault remote add spare "$PWD/s" && vvault push --all >/dev/null &&
	vvault fetch --all >out 2>err && grep -x "vvault: origin: up to date" err && grep -x "vvault: spare: up to date" err &&
	rm -rf r && expect_exit 128 vvault pull --all --json >out 2>err && jq -es "length == 2 and all(.remote == \"spare\")" out &&
	grep "1 of 2 remotes failed" err && vvault remote remove origin && vvault remote remove spare &&
	expect_exit 128 vvault push --all 2>err && grep "there is no remote yet" err
'

done_testing
