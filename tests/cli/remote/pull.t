#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

same_on_both() {
	as a vvault -C a show --json nova | jq -c "del(.version, .heads)" >sa &&
	as b vvault -C b show --json nova | jq -c "del(.version, .heads)" >sb &&
	cmp sa sb &&
	as a vvault -C a ls --json nova | sort >la &&
	as b vvault -C b ls --json nova | sort >lb && cmp la lb &&
	as a vvault -C a verify --full --json | jq -c .sets >va &&
	as b vvault -C b verify --full --json | jq -c .sets >vb && cmp va vb
}

sync() {
	as a vvault -C a push >/dev/null && as b vvault -C b push >/dev/null &&
	as a vvault -C a pull >/dev/null && as b vvault -C b pull >/dev/null
}

# short <device>: how its did is written beside a name.
short() {
	as "$1" did | cut -c9-20
}

# told_is <file>: what was told, but for the bytes, is standard input.
told_is() {
	sed "s/, [0-9.]* kB\$//" "$1" | cmp - /dev/fd/3 3<&0
}

test_case 'what is new arrives, and lines say what and by whom' '
	two_devices && as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	entity=$(as a vvault -C a ls --json nova | head -n 1 | jq -r .entity) &&
	as a vvault -C a add --entity "$entity" nova memory:update \
		"{\"x\":1}" >/dev/null &&
	as a vvault -C a add --new wren session:create "{}" >/dev/null &&
	as a vvault -C a member rename "$(short a)" laptop >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >out 2>err &&
	test ! -s err && told_is out <<-end && same_on_both
	members and keys: 1 version, by laptop ($(short a))
	nova: 1 memory, 1 change in 2 versions, by laptop ($(short a))
	wren, new: 1 session in 1 version, by laptop ($(short a))
	from origin: 2 constructs (1 new), 3 records in 4 versions
	end
'

test_case 'who came is told, and whose role is another' '
	two_devices && as c vvault init c >/dev/null &&
	as a vvault -C a member add --name cellar "$(as c did)" >/dev/null &&
	as a vvault -C a member role --yes "$(as b did)" reader >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >out &&
	told_is out <<-end
	members and keys: 2 versions, by $(short a)
	  $(short b): writer -> reader
	  cellar ($(short c)): a new member, writer
	from origin: 2 versions
	end
'

test_case 'what two devices wrote is counted apart' '
	two_devices && as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	as b vvault -C b add nova memory:create --as-is "{}" >/dev/null &&
	as b vvault -C b add nova memory:create --as-is "{\"x\":1}" >/dev/null &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null &&
	as a vvault -C a add nova memory:create --as-is "{\"x\":2}" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault clone "$PWD/r" c >out \
		2>/dev/null && grep -x "nova, new: 5 memories in 5 versions, by $(
		short a) and $(short b)" out &&
	as b vvault -C c pull --json >out && jq -s -e --arg a "$(as a did)" \
		"all(.versions == 0 and .records == 0)" out &&
	rm -rf c && as b vvault clone --json "$PWD/r" c >out 2>/dev/null &&
	jq -s -e --arg a "$(as a did)" "[.[] | select(.construct == \"nova\") |
		[.device == \$a, .versions, .records]] | sort ==
		[[false, 2, 2], [true, 3, 3]]" out
'

test_case 'the shape of the JSON' '
	two_devices && as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull --json >out &&
	head -n 1 out | keys_are "construct device from name records result to versions" &&
	jq -s -e "[.[] | select(.result == \"forward\")] | length == 1 and
		.[0].construct == \"nova\"" out
'

test_case 'nothing new says so' '
	two_devices && as b vvault -C b pull >out &&
	echo "everything is up to date" >want && cmp want out
'

test_case 'both write at once, both come to the same' '
	two_devices && for i in 1 2 3; do
		as a vvault -C a add nova memory:create --as-is "{\"a\":$i}" >/dev/null &&
		as b vvault -C b add nova memory:create --as-is "{\"b\":$i}" >/dev/null || exit 1
	done && sync && same_on_both &&
	test "$(as a vvault -C a ls nova | wc -l)" -eq 7 &&
	as a vvault -C a show --json nova | jq -e ".version == null and
		(.heads | length) == 2"
'

test_case 'a pull writes no version and reports no fork' '
	two_devices && as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	as b vvault -C b add nova memory:create --as-is "{}" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b push >/dev/null &&
	as a vvault -C a pull >out 2>err && test ! -s err && ! grep fork out &&
	as b vvault -C b pull >out 2>err && test ! -s err &&
	test "$(as a vvault -C a log nova | wc -l)" -eq 3 &&
	as a vvault -C a status --json | jq -e ".forks == 0"
'

test_case 'the next write joins the heads' '
	two_devices && as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	as b vvault -C b add nova memory:create --as-is "{}" >/dev/null && sync &&
	as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	as a vvault -C a log nova -n 1 --json | jq -e "(.parents | length) == 2" &&
	as a vvault -C a show --json nova | jq -e "(.heads | length) == 1" &&
	sync && same_on_both && as b vvault -C b verify --full
'

test_case 'rivals are a conflict on both, and the same one wins' '
	two_devices && as a vvault -C a add nova memory:create \
		--entity memory:m "{\"content\":\"x\"}" >/dev/null && sync &&
	as a vvault -C a add nova memory:update --entity memory:m \
		"{\"content\":\"from a\"}" >/dev/null &&
	as b vvault -C b add nova memory:update --entity memory:m \
		"{\"content\":\"from b\"}" >/dev/null && sync && same_on_both &&
	as a vvault -C a show --json nova | jq -e ".conflicts == 1" &&
	as a vvault -C a ls nova --json | grep "from b" &&
	as a vvault -C a add nova memory:update --entity memory:m \
		"{\"content\":\"settled\"}" >/dev/null && sync && same_on_both &&
	as b vvault -C b show --json nova | jq -e ".conflicts == 0" &&
	as b vvault -C b ls nova --json | grep settled
'

test_case 'heads of one construct are named by their devices' '
	two_devices && as a vvault -C a add nova memory:create --as-is "{\"a\":1}" >/dev/null &&
	as b vvault -C b add nova memory:create --as-is "{\"b\":1}" >/dev/null && sync &&
	short=$(as b did | sed s/did:key://) &&
	as a vvault -C a show --json "nova/$short" | jq -e ".version != null" &&
	test "$(as a vvault -C a ls "nova/$short" | wc -l)" -eq 2 &&
	expect_exit 128 as a vvault -C a show nova/z6Mk 2>err &&
	grep "several devices begin so" err &&
	as a vvault -C a diff "nova/$short" nova | grep memory &&
	test "$(as a vvault -C a show --json nova~1 | jq .counts.memory)" = 1
'

test_case 'the same sealed and plain' '
	two_devices --plain && as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	as b vvault -C b add nova memory:create --as-is "{}" >/dev/null && sync &&
	same_on_both
'

test_case 'a member that is added later reads what it had pulled before' '
	git init -q --bare r && as a vvault init a >/dev/null &&
	as a vvault -C a add --new nova memory:create --as-is "{\"n\":1}" >/dev/null &&
	as a vvault -C a remote add origin "$PWD/r" && as a vvault -C a push >/dev/null &&
	as b vvault clone "$PWD/r" b >/dev/null 2>&1 &&
	expect_exit 128 as b vvault -C b ls nova 2>err &&
	as a vvault -C a member add --role reader "$(as b did)" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	as b vvault -C b ls nova --json | jq -e ".state.n == 1"
'

test_case 'a version by a reader is refused, and nothing moves' '
	two_devices --plain && as c vvault init other >/dev/null &&
	as a vvault -C a member add --role reader "$(as c did)" >/dev/null &&
	as a vvault -C a push >/dev/null &&
	as c vvault clone "$PWD/r" c >/dev/null 2>&1 &&
	expect_exit 128 as c vvault -C c add nova memory:create --as-is "{}" 2>err
'

test_case 'post-pull is told how many refs moved, and cannot fail a pull' '
	two_devices && printf "#!/bin/sh\ncat >input\nexit 1\n" >b/vvault/hooks/post-pull &&
	chmod 700 b/vvault/hooks/post-pull &&
	as b vvault -C b hooks approve post-pull >/dev/null &&
	as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null 2>err &&
	grep post-pull err &&
	jq -e ".hook == \"post-pull\" and .moved == 1 and .remote == \"origin\"" b/input
'

test_case 'no remote and wrong words' '
	new_vault && expect_exit 128 vvault pull --json 2>err && error_is not-found &&
	expect_exit 129 vvault pull a b 2>err &&
	expect_exit 129 vvault pull --max-seconds x 2>err
'

done_testing
