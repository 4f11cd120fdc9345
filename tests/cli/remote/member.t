#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# other <device>: the did of another device, which gets a key.
other() {
	as "$1" vvault init "$1.vault" >/dev/null && as "$1" did
}

test_case 'whoever makes a vault is its owner' '
	new_vault --name laptop && vvault member list >out &&
	echo "laptop            owner    $(did)  this device" >want && head -n 1 out | cmp want - &&
	vvault member list --json >out && keys_are "admitted did last name role self" <out &&
	jq -e --arg did "$(did)" "del(.admitted, .last) == {did: \$did, name: \"laptop\",
		role: \"owner\", self: true}" out
'

test_case 'a member is added as writer, unless told otherwise' '
	new_vault && one=$(other one) && two=$(other two) && three=$(other three) &&
	vvault member add "$one" >out && echo "added $one as writer" >want &&
	cmp want out &&
	vvault member add --role reader "$two" >/dev/null &&
	vvault member add --role=owner --name "The third" "$three" >/dev/null &&
	vvault member list --json | jq -r ".did + \" \" + .role + \" \" +
		(.name // \"-\")" >out &&
	printf "%s owner -\n%s writer -\n%s reader -\n%s owner The third\n" \
		"$(did)" "$one" "$two" "$three" >want && cmp want out
'

test_case 'a device goes by the name of its machine, where nobody says another' '
	export VVAULT_DEVICE_NAME=attic && new_vault &&
	says ".name == \"attic\"" vvault member list --json &&
	vvault init --name cellar c >/dev/null &&
	says ".name == \"cellar\"" vvault -C c member list --json &&
	vvault init --name "" n >/dev/null &&
	says ".name == null" vvault -C n member list --json &&
	vvault init --plain p >/dev/null &&
	says ".name == null" vvault -C p member list --json &&
	unset VVAULT_DEVICE_NAME && vvault init h >/dev/null &&
	vvault -C h member list --json | jq -r .name >out &&
	uname -n | sed "s/[.].*//" | cmp - out
'

test_case 'a member is renamed by its name, its did, or how that begins' '
	new_vault --name laptop && one=$(other one) && two=$(other two) &&
	vvault member add --name server "$one" >out &&
	echo "added server as writer: $one" >want && cmp want out &&
	vvault member rename server cellar >out &&
	echo "$one: now named cellar" >want && cmp want out &&
	vvault member rename "$one" "my cellar" >/dev/null &&
	vvault member rename "$(echo "$one" | cut -c9-18)" attic >/dev/null &&
	says -s ".[1].name == \"attic\"" vvault member list --json &&
	vvault member rename laptop desk >out &&
	echo "$(did): now named desk" >want && cmp want out &&
	vvault member role --yes attic reader >out &&
	echo "$one: writer -> reader" >want && cmp want out &&
	vvault member list | grep -v "^ " >out && cat >want <<-end &&
	desk              owner    $(did)  this device
	attic             reader   $one
	end
	cmp want out && expect_exit 128 vvault member rename nobody x 2>err &&
	echo "vvault: neither a did:key nor a member: .nobody." >want &&
	grep -xf want err && expect_exit 128 vvault member rename "$two" x 2>err &&
	grep -x "vvault: .$two. is no member" err &&
	vvault member add --name attic "$two" >/dev/null &&
	expect_exit 128 vvault member rename attic x 2>err &&
	grep "^vvault: several members are called .attic.: z6Mk.* (reader), z6Mk.* (writer)$" err && vvault verify
'

test_case 'adding as JSON' '
	new_vault && one=$(other one) &&
	vvault member add --json --role reader --name N "$one" >out &&
	keys_are "did name role" <out &&
	jq -e --arg did "$one" \
		". == {did: \$did, name: \"N\", role: \"reader\"}" out
'

test_case 'adding again changes nothing and says so' '
	new_vault && one=$(other one) && vvault member add "$one" >/dev/null &&
	git -C v for-each-ref >before &&
	vvault member add "$one" >out &&
	echo "nothing to change: $one is writer" >want && cmp want out &&
	git -C v for-each-ref | cmp - before
'

test_case 'an owner changes the role of a member below' '
	new_vault && one=$(other one) && vvault member add "$one" >/dev/null &&
	vvault member role --yes "$one" reader >out &&
	echo "$one: writer -> reader" >want && cmp want out &&
	vvault member list --json | jq -s -e ".[1].role == \"reader\"" &&
	vvault member role "$one" owner >out &&
	echo "$one: reader -> owner" >want && cmp want out &&
	vvault member list --json | jq -s -e ".[1].role == \"owner\"" &&
	vvault verify
'

for form in '' --plain; do
	test_case "only what is named changes${form:+ in a plain vault}" '
		new_vault '$form' && one=$(other one) &&
		vvault member add --role reader --name first "$one" >/dev/null &&
		vvault member rename "$one" second >out &&
		echo "$one: now named second" >want && cmp want out &&
		says -s ".[1] | .role == \"reader\" and .name == \"second\"" \
			vvault member list --json &&
		vvault member role "$one" writer >/dev/null &&
		says -s ".[1] | .role == \"writer\" and .name == \"second\"" \
			vvault member list --json &&
		git -C v for-each-ref >before &&
		vvault member add --name second --role writer "$one" >out &&
		echo "nothing to change: $one is writer" >want && cmp want out &&
		vvault member add "$one" >out && cmp want out &&
		says ".role == \"writer\" and .name == \"second\"" \
			vvault member add --json "$one" &&
		vvault member role "$one" writer >out && cmp want out &&
		git -C v for-each-ref | cmp - before &&
		expect_exit 128 vvault member add --role owner "$one" 2>err &&
		expect_exit 128 vvault member add --name third "$one" 2>err &&
		git -C v for-each-ref | cmp - before && vvault verify --full
	'
done

test_case 'equal names of two members look different' '
	new_vault && one=$(other one) && two=$(other two) &&
	vvault member add --name same "$one" >/dev/null &&
	vvault member add --name same "$two" >/dev/null &&
	git -C v cat-file --batch-all-objects --batch |
		grep -a "member:add" | jq -r "select(.data.name) | .data.name.sealed" \
		>sealed && test "$(sort -u sealed | wc -l)" -eq "$(wc -l <sealed)" &&
	test "$(wc -l <sealed)" -eq 2 &&
	says -s "[.[].name] == [null, \"same\", \"same\"]" vvault member list --json
'

test_case 'a member reads what was written before it came' '
	new_vault && vvault add --new nova memory:create --as-is "{\"n\":1}" >/dev/null &&
	one=$(other one) &&
	expect_exit 128 as one vvault -C v ls nova 2>err &&
	vvault member add "$one" >/dev/null &&
	as one vvault -C v ls nova --json | jq -e ".state.n == 1"
'

test_case 'nobody lowers a member above, and the vault stays as it was' '
	two_devices && a=$(as a did) && as a vvault -C a member role \
		"$(as b did)" owner && as a vvault -C a push &&
	as b vvault -C b pull && as b vvault -C b member list >before &&
	heads=$(git -C b for-each-ref refs/heads/vault) &&
	expect_exit 128 as b vvault -C b member role --yes "$a" reader 2>err &&
	grep "does not stand above the member" err &&
	test "$heads" = "$(git -C b for-each-ref refs/heads/vault)" &&
	as b vvault -C b member list | cmp before - &&
	as b vvault -C b member add --role writer "$(other c)" &&
	as b vvault -C b push && as a vvault -C a pull
'

test_case 'only owners add members' '
	new_vault && one=$(other one) && two=$(other two) &&
	expect_exit 128 as one vvault -C v member add --json "$two" 2>err &&
	error_is denied && vvault member add "$one" >/dev/null &&
	expect_exit 128 as one vvault -C v member add --json "$two" 2>err &&
	error_is denied && test "$(vvault member list --json | wc -l)" -eq 2
'

test_case 'names are sealed in an encrypted vault, and null without keys' '
	new_vault --name Zaphod && one=$(other one) &&
	git -C v cat-file --batch-all-objects --batch >all &&
	! grep -a Zaphod all &&
	as one vvault -C v member list --json | jq -e ".name == null"
'

test_case 'what is no did is refused' '
	new_vault && good=$(other one) &&
	for bad in "" nope "did:key:" "$(echo "$good" | sed s/z6Mk/z6Mj/)" \
		"${good}x" " $good" "$(echo "$good" | cut -c1-55)" \
		did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc \
		did:web:example.com
	do
		expect_exit 128 vvault member add --json -- "$bad" 2>err &&
		error_is invalid || { echo "$bad"; exit 1; }
	done && test "$(vvault member list --json | wc -l)" -eq 1
'

test_case 'unknown roles are refused' '
	new_vault && one=$(other one) &&
	expect_exit 128 vvault member add --role king "$one" 2>err &&
	grep "not a role (owner, writer, reader): .king." err &&
	expect_exit 128 vvault member add --role none "$one" 2>err
'

test_case 'wrong words are usage errors' '
	new_vault && expect_exit 129 vvault member lsit 2>err &&
	grep "usage: vvault member" err &&
	expect_exit 129 vvault member add 2>err &&
	expect_exit 129 vvault member nope 2>err &&
	expect_exit 129 vvault member list nope 2>err
'

test_case 'a word of other programs is told what it is here' '
	new_vault && for words in "member rm x" "member delete x"; do
		expect_exit 129 vvault $words 2>err && grep "is .member remove. meant?" err || exit 1
	done
'

done_testing
