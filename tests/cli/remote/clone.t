#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# source_vault [<option of init>...]: pushed to the bare repository r.
source_vault() {
	git init -q --bare r && as a vvault init "$@" a >/dev/null &&
	as a vvault -C a add --new nova memory:create --as-is --entity memory:m \
		"{\"n\":1}" >/dev/null &&
	as a vvault -C a remote add origin "$PWD/r" &&
	as a vvault -C a push >/dev/null
}

test_case 'a plain vault is copied, verified and read' '
	source_vault --plain && vvault clone "$PWD/r" v >out 2>err &&
	grep -x "vvault: vault $(cat a/vvault/id)" err &&
	printf "%s, by %s\n" "members and keys: 1 version" "$(as a did | cut -c9-20)" \
		"nova, new: 1 memory in 1 version" "$(as a did | cut -c9-20)" >want &&
	head -n 2 out | cmp - want &&
	tail -n +3 out | grep -xE "from $PWD/r: 1 construct \(1 new\), 1 record in 2 versions, [0-9.]+ kB" &&
	vvault -C v ls nova --json | jq -e ".state.n == 1" &&
	cmp a/vvault/id v/vvault/id && vvault -C v verify --full
'

test_case 'the shape of the JSON' '
	source_vault && vvault clone --json "$PWD/r" v >out 2>err &&
	test "$(wc -l <out)" -eq 2 &&
	head -n 1 out | keys_are "construct device from name records result to versions" &&
	jq -s -e --arg did "$(as a did)" \
		"all(.device == \$did and .result == \"new\" and .from == null)" out
'

test_case 'a device that is no member is told its did and can verify' '
	source_vault && vvault clone "$PWD/r" v >/dev/null 2>err &&
	tail -n 1 err | grep -x "vvault: vvault member add $(did)" &&
	vvault -C v verify && vvault -C v verify --full &&
	vvault -C v log >/dev/null && vvault -C v status >/dev/null &&
	test "$(vvault -C v construct list --json | jq .records)" = null
'

test_case 'what a new device is told is what an owner types' '
	source_vault && echo "vvault: this device is no member yet; an owner" \
		"lets it in with this, and a push:" >want &&
	VVAULT_DEVICE_NAME=attic vvault clone "$PWD/r" v >/dev/null 2>err &&
	echo "vvault: vvault member add --name attic $(did)" >>want &&
	tail -n 2 err | cmp - want &&
	VVAULT_DEVICE_NAME=attic vvault clone --name "O'"'"'s box" "$PWD/r" w \
		>/dev/null 2>err && tail -n 1 err | sed "s/^vvault: //" >typed &&
	cd a && as a sh ../typed && cd .. && as a vvault -C a push >/dev/null &&
	vvault -C v pull >/dev/null &&
	says -s ".[1].name == \"O'"'"'s box\"" vvault -C v member list --json
'

test_case 'a device key is made where there is none, and kept where there is' '
	source_vault && vvault clone "$PWD/r" v >/dev/null 2>&1 && one=$(did) &&
	vvault clone "$PWD/r" w >/dev/null 2>&1 && test "$one" = "$(did)"
'

test_case 'a member is not told to ask' '
	source_vault && as a vvault clone "$PWD/r" v >/dev/null 2>err &&
	! grep "no member" err && as a vvault -C v ls nova >/dev/null
'

test_case 'a name for a key that is a member already is not dropped in silence' '
	source_vault && as a vvault clone --name third "$PWD/r" v >/dev/null 2>err &&
	grep "^vvault: --name is not used: the key in .* is a member.s already, .*$(as a did)$" err &&
	grep "another device needs a key of its own, .*set VVAULT_KEYS to a new folder" err &&
	as a vvault -C v member rename "$(as a did)" third >/dev/null && as a vvault -C v push >/dev/null &&
	as a vvault clone --name third "$PWD/r" w >/dev/null 2>err && ! grep "not used" err
'

test_case '--vault takes that vault only' '
	source_vault && id=$(cat a/vvault/id) &&
	vvault clone --vault "$id" "$PWD/r" v >/dev/null 2>&1 &&
	vvault init other >/dev/null &&
	expect_exit 128 vvault clone --json --vault "$(cat other/vvault/id)" \
		"$PWD/r" w >out 2>err &&
	error_is untrusted && test ! -e w &&
	expect_exit 128 vvault clone --vault nonsense "$PWD/r" w 2>err &&
	test ! -e w
'

test_case 'relative paths and file:// do as well' '
	source_vault && vvault clone r v1 >/dev/null 2>&1 &&
	vvault clone "file://$PWD/r" v2 >/dev/null 2>&1 &&
	vvault -C v1 verify && vvault -C v2 verify
'

test_case 'pull works at once behind a clone' '
	source_vault --plain && vvault clone "$PWD/r" v >/dev/null 2>&1 &&
	as a vvault -C a add nova memory:create --as-is "{\"n\":2}" >/dev/null &&
	as a vvault -C a push >/dev/null && vvault -C v pull >/dev/null &&
	test "$(vvault -C v ls nova | wc -l)" -eq 2
'

test_case 'nothing is linked: the remote can go away' '
	source_vault --plain && vvault clone "$PWD/r" v >/dev/null 2>&1 &&
	rm -rf r && vvault -C v verify --full && vvault -C v ls nova >/dev/null &&
	git -C v fsck --strict --no-dangling &&
	test ! -s v/objects/info/alternates
'

test_case 'what is no vault is refused and leaves nothing' '
	git init -q --bare empty &&
	expect_exit 128 vvault clone "$PWD/empty" v 2>err && test ! -e v &&
	git init -q w && git -C w commit -q --allow-empty -m x &&
	expect_exit 128 vvault clone "$PWD/w/.git" v 2>err && test ! -e v &&
	expect_exit 128 vvault clone "$PWD/nowhere" v 2>err && test ! -e v
'

test_case 'a clone that fails leaves no key and no folders' '
	git init -q --bare empty && as a vvault init other && git init -q --bare r &&
	as a vvault -C other remote add r "$PWD/r" && as a vvault -C other push &&
	ls -A >before && for url in "$PWD/nope" "$PWD/empty" "--vault $(as a vvault -C other status \
		--json | jq -r .vault | tr a-m b-n) $PWD/r" git://127.0.0.1:1/x; do
		expect_exit 128 vvault clone $url deep/er/v 2>err && rm err && ls -A | cmp - before &&
		test ! -e "$VVAULT_KEYS" || exit 1
	done && vvault clone "$PWD/r" deep/er/v && test -e "$VVAULT_KEYS/device" &&
	vvault -C deep/er/v verify && test "$(ls -A deep/er)" = v
'

test_case 'a folder that holds something is left alone' '
	source_vault && mkdir v && echo mine >v/file &&
	expect_exit 128 vvault clone --json "$PWD/r" v 2>err &&
	test "$(ls -A v)" = file
'

test_case 'a damaged remote is refused' '
	source_vault --plain &&
	blob=$(git -C r rev-list --objects --all | grep " memory/" | cut -d" " -f1) &&
	file=r/objects/$(echo "$blob" | cut -c1-2)/$(echo "$blob" | cut -c3-) &&
	if test -f "$file"; then
		chmod u+w "$file" && printf garbage >"$file"
	else
		for pack in r/objects/pack/*.pack; do
			chmod u+w "$pack" &&
			printf garbage | dd of="$pack" bs=1 seek=100 conv=notrunc 2>/dev/null
		done
	fi &&
	{ vvault clone "$PWD/r" v >out 2>err; status=$?; } &&
	{ test $status -eq 128 || test $status -eq 1; } &&
	{ test ! -e v || ! vvault -C v ls nova; }
'

test_case 'limits can be set' '
	source_vault &&
	expect_exit 1 vvault clone --max-refs 1 "$PWD/r" v 2>err &&
	grep "too-many-refs: did:key:z6Mk" err && rm -r v &&
	expect_exit 128 vvault clone --max-objects 1 "$PWD/r" v 2>err &&
	test ! -e v
'

test_case 'wrong words are usage errors' '
	expect_exit 129 vvault clone 2>err && grep "usage: vvault clone" err &&
	expect_exit 129 vvault clone a b c 2>err &&
	expect_exit 129 vvault clone --max-refs x a b 2>err
'

test_case 'without a folder it is called as the address ends' '
	two_devices && cp -R r notes.git && unset VVAULT_DIR && as b vvault clone "$PWD/notes.git" 2>err &&
	test -f notes/vvault/id && grep "it stands in .notes." err &&
	expect_exit 128 as b vvault clone "$PWD/notes.git/" 2>err && grep "notes" err &&
	cp -R r plain && mkdir sub && (cd sub && as b vvault clone file://"${PWD%/*}"/plain// 2>/dev/null && test -f plain/vvault/id) &&
	expect_exit 128 as b vvault clone / 2>err && grep "gives no name for a folder" err
'

done_testing
