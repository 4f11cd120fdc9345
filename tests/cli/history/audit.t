#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

export TZ=UTC

# lived [<option of init>...]: a vault of two devices in which something was
# done of everything that a command does.
lived() {
	two_devices "$@" && export VVAULT_KEYS="$tap_case/keys-a" &&
	vvault -C a member rename "$(as b did)" phone &&
	as b vvault -C b add nova memory:create "{\"content\":\"SECRET\"}" &&
	as b vvault -C b push && vvault -C a pull &&
	vvault -C a member role --yes "$(as b did)" reader &&
	vvault -C a import --construct nova \
		"$VV_TOP/tests/data/chatgpt/grow-1.json"
} >/dev/null 2>&1

# acts: what was done, in words, without times and versions.
acts() {
	vvault -C a audit >audit.out &&
	sed "s/^[^ ]*  //; s/  (version [0-9a-f]\{10\})\$//" audit.out
}

test_case 'who did what, the newest first, with the version that proves it' '
	lived --name laptop && acts >out && cat out && {
	grep -x "laptop  made the vault" out &&
	grep -x "laptop  admitted phone as writer" out &&
	grep -x "laptop  gave a name to phone" out &&
	grep -x "laptop  made phone reader" out &&
	grep -x "phone  wrote 1 record to nova" out &&
	grep -x "laptop  wrote 1 record to nova" out &&
	grep "^laptop  imported .* into nova, from" out; } >/dev/null &&
	! grep -i secret audit.out && head -n 1 audit.out | grep imported &&
	vvault -C a audit --json | jq -r .version | sort -u |
	while read -r id; do
		test "$(git -C a cat-file -t "$id")" = commit || exit 1
	done
'

test_case 'as JSON' '
	lived --name laptop &&
	vvault -C a audit --json >out && b=$(as b did) &&
	jq -se --arg b "$b" "
		(map(.act) | unique == [\"admit\", \"grant\", \"import\", \"key\",
			\"make\", \"rename\", \"role\", \"write\"]) and
		(map(select(.act == \"admit\" and .member.did == \$b)) |
			length == 1 and .[0].role == \"writer\" and
			.[0].member.name == \"phone\" and .[0].name == \"laptop\") and
		(map(select(.act == \"write\" and .device == \$b)) |
			length == 1 and .[0].records == 1 and
			.[0].construct == \"nova\") and
		(map(select(.act == \"import\")) | length == 1 and
			.[0].sources == 1 and (.[0].source | has(\"format\")))
	" out >/dev/null || { cat out; false; }
'

test_case 'a plain vault has no keys to tell of' '
	lived --plain && vvault -C a audit --json |
		jq -se "map(.act) | index(\"key\") == null and
			index(\"admit\") != null" >/dev/null
'

test_case 'a table for a spreadsheet, in which nothing is a formula' '
	lived --name laptop && vvault -C a member rename "$(as b did)" \
		"=SUM(\"1\")" >/dev/null && vvault -C a audit --csv >out &&
	head -n 1 out | grep "^time,device,act,member,role," &&
	grep "\"admit\",\"'\''=SUM(\"\"1\"\")\",\"writer\"" out &&
	test "$(wc -l <out)" -eq $(($(vvault -C a audit --json | wc -l) + 1)) &&
	! grep -v "$(printf "\r")\$" out
'

test_case 'of a time alone; nothing is an empty list' '
	lived --name laptop && vvault -C a audit --since 2199-01-01 >out &&
	test ! -s out || grep "nothing was done" out &&
	vvault -C a audit --until 2001-01-01 --json >out && test ! -s out &&
	vvault -C a audit --since 2001-01-01 >out && test -s out &&
	expect_exit 129 vvault -C a audit --since never 2>err
'

test_case 'who holds no key counts no records, and is told the rest' '
	lived --name laptop && vvault -C a push >/dev/null &&
	as c vvault clone "$PWD/r" c >/dev/null 2>&1 &&
	as c vvault -C c audit --json >out &&
	jq -se "(map(select(.act == \"write\")) | length > 0 and
		all(.records == null)) and any(.act == \"make\")" out >/dev/null
'

test_case 'how much was forgotten, and not what' '
	two_devices --name laptop && export VVAULT_KEYS="$tap_case/keys-a" &&
	for i in 1 2 3; do vvault -C a add nova memory:create "{\"content\":\"ZAPHOD $i\"}"; done >/dev/null &&
	vvault -C a forget --yes --match ZAPHOD >/dev/null && acts >out &&
	grep -x "laptop  forgot 3 records of nova" out && ! grep ZAPHOD audit.out &&
	vvault -C a audit --json | jq -se "map(select(.act == \"forget\") | .records) == [3]" &&
	vvault -C a push >/dev/null && as c vvault clone "$PWD/r" c >/dev/null 2>&1 &&
	as c vvault -C c audit --json |
		jq -se "map(select(.act == \"forget\") | .records) == [null]"
'

test_case 'what an owner made anew is told of who wrote it' '
	lived --name laptop && acts | grep -c "^phone  wrote" >before &&
	vvault -C a renew >/dev/null && acts >out &&
	grep -x "laptop  made the vault anew, without what was forgotten" out &&
	grep "^phone  wrote 1 record to nova  (version [0-9a-f]*, signed anew by " out &&
	test "$(grep -c "^phone  wrote" out)" = "$(cat before)" &&
	vvault -C a audit --json >out && jq -se --arg a "$(as a did)" --arg b "$(as b did)" "
		(map(select(.act == \"write\" and .device == \$b)) |
			length == 1 and .[0].name == \"phone\" and
			.[0].renewed_by == \$a) and
		(map(select(.act == \"renew\")) | length == 1 and
			(.[0] | .device == \$a and (has(\"renewed_by\") | not)))
	" out && vvault -C a audit --csv | grep "\"phone\".*\"$(as a did)\""
'

done_testing
