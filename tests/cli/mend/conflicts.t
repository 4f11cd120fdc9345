#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/apart.sh"

test_case 'no conflicts' '
	new_vault && vvault conflicts >out 2>err && test ! -s out &&
	grep "no constructs yet" err &&
	vvault add --new nova memory:create "{\"content\":\"x\"}" >/dev/null &&
	vvault conflicts >out 2>err && test ! -s out &&
	test "$(cat err)" = "vvault: no conflicts" &&
	vvault conflicts --exit-code nova && vvault conflicts --json >out &&
	test ! -s out && expect_exit 128 vvault conflicts none &&
	expect_exit 128 vvault conflicts vault 2>err &&
	grep "knows no conflicts" err &&
	expect_exit 129 vvault conflicts nova nova
'

test_case 'each field with all values, the same on both' '
	apart && list a >of-a && list b >of-b && diff of-a of-b &&
	cat >want <<-end &&
	construct:nova /persona/traits/warm *desk=2 laptop=1
	memory:gone  *desk={"content":"new"} laptop=(deletes)
	memory:m /content *desk="from b" laptop="from a"
	memory:m /deep/a~1b~0 *desk={"c":2} laptop=1
	memory:m /type *laptop="project" desk=null
	session:x:1 /title *desk="Of b" laptop="Of a"
	end
	diff want of-a &&
	as a vvault -C a show nova --json | jq -e ".conflicts == 6" &&
	as a vvault -C a conflicts --json | head -n 1 |
		keys_are "construct entity field kind title values" &&
	as a vvault -C a conflicts --json nova | jq -s -e --arg a "$(as a did)" \
		"map(select(.field == \"/content\")) | .[0] |
		.title == \"from b\" and .values[1].device == \$a and
		(.values[1].at | test(\"^20.*Z\$\"))" &&
	expect_exit 1 as b vvault -C b conflicts --exit-code >/dev/null
'

test_case 'sealed and plain look alike' '
	apart --plain && list a >plain && list b | diff plain - &&
	test "$(wc -l <plain)" -eq 6
'

test_case 'for a person, with handles' '
	apart && as a vvault -C a conflicts >out &&
	sed "s/20[0-9T:.-]*Z/<time>/" out >got &&
	grep -A5 "  session  " got | sed "1s/@[0-9]* */@n  /" >session &&
	cat >want <<-end &&
	@n  nova  session  Of b
	    title
	  * 1  desk          <time>
	      Of b
	    2  laptop        <time>
	      Of a
	end
	diff want session && grep "deleted on one side, spoken of" got &&
	grep "^      (deletes it)" got && grep "^      (removes it)" got &&
	tail -n 1 got | grep "^\* stands" &&
	n=$(sed -n "s/^@\([0-9]*\) .*  session  .*/\1/p" out) &&
	as a vvault -C a show --json "@$n" | jq -e ".entity == \"session:x:1\""
'

# card <spec> <made>: of version 1.1.
card() {
	jq -nc --arg v "$1" --argjson m "$2" "{spec: \"chara_card_v2\", spec_version: \"2.0\", data:
		({name: \"Nova\", creator: \$v, character_version: \"1.1\"} + \$m)}"
}

test_case 'two sources on one device: import tells, the sources are named, numbers choose' '
	new_vault --name desk && card kara "{\"creation_date\":1700000000}" >one.json && card lee "{}" >two.json &&
	vvault import --construct nova one.json >out && expect_exit 1 grep differ out &&
	vvault import --construct nova two.json >out &&
	grep -x "  2 fields now differ between sources: .vvault conflicts nova. shows what each says" out &&
	vvault conflicts | sed -E "s/20[0-9T:.-]*Z/<time>/; s/source:[0-9a-f]{10}/source:<id>/" | sed -n "/persona/,\$p" >got && {
		echo "    persona/creator"
		echo "  * 1  desk          <time>  card, $(wc -c <one.json) bytes (source:<id>)"
		echo "      kara"
		echo "    2  desk          undated  card, $(wc -c <two.json) bytes (source:<id>)"
		echo "      lee"
		echo "* stands until it is settled: ~vvault resolve @1 --take <number or name>~, or --value, or --edit"
	} | tr "~" "\047" >want && cmp want got &&
	says -s "map(.values[].source.format) | unique == [\"card\"]" vvault conflicts --json &&
	expect_exit 128 vvault resolve construct:nova --take desk 2>err && grep -q "take the number before what is meant" err &&
	expect_exit 128 vvault resolve construct:nova --take 3 2>err && grep -q "3. says nothing of what is in conflict" err &&
	vvault resolve construct:nova --field persona/creator --take 2 >/dev/null &&
	says ".persona.creator == \"lee\" and .conflicts == 1" vvault show nova --json &&
	vvault resolve nova --take 1 >/dev/null && says ".conflicts == 0 and .persona.creator == \"lee\"" vvault show nova --json
'

test_case 'status counts them, and says what lists them' '
	apart && as a vvault -C a status >out &&
	grep -x "conflicts  6 fields: .vvault conflicts." out &&
	as b vvault -C b status --json | jq -e ".conflicts == 6"
'

test_case 'show says what is in conflict, and what settles it' '
	apart && as a vvault -C a show nova >out &&
	grep -x "6 fields in conflict: .vvault conflicts nova. shows what each says" out &&
	as a vvault -C a show memory:m >out && sed -n "/^in conflict/,\$p" out |
		sed "s/20[0-9T:.-]*Z/<time>/" >got && cat >want <<-end &&
	in conflict: content
	  * 1  desk          <time>
	      from b
	    2  laptop        <time>
	      from a
	in conflict: deep/a~1b~0
	  * 1  desk          <time>
	      c  2
	    2  laptop        <time>
	      1
	in conflict: type
	  * 1  laptop        <time>
	      project
	    2  desk          <time>
	      (removes it)
	* stands until it is settled: ~vvault resolve memory:m~
	end
	tr "~" "\047" <want | sed "s/a.1b.0/a~1b~0/" | diff - got &&
	as a vvault -C a show --json session:x:1 | jq -e ".conflicts == 1 and
		.disputed[0].field == \"/title\" and
		(.disputed[0].values | length) == 2" &&
	as a vvault -C a show --json session:x:1 | jq -e "has(\"disputed\")" &&
	as a vvault -C a show --json memory:gone | jq -e ".disputed[0].field == \"\""
'

test_case 'pull names the new ones, and those alone' '
	apart && say a session:update session:x:1 "{\"title\":\"Of a\"}" &&
	say b memory:create memory:other "{\"content\":\"more\"}" &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >out &&
	expect_exit 1 grep conflict out &&
	say a session:update session:x:1 "{\"title\":\"A talk of boats\"}" &&
	say b session:update session:x:1 "{\"title\":\"A talk of ships\"}" &&
	say a memory:update memory:m "{\"deep\":{\"x\":1}}" &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >out &&
	sed -n "/conflict/p" out >told && cat >want <<-end &&
	conflict  nova  session  A talk of ships: title
	1 new conflict: ~vvault conflicts~ shows what each says, ~vvault resolve~ settles it
	end
	tr "~" "\047" <want | diff - told && as b vvault -C b push >/dev/null &&
	as a vvault -C a fetch >out && grep -c "^conflict  nova  session" out &&
	grep "^1 new conflict" out && as b vvault -C b pull >out &&
	expect_exit 1 grep conflict out
'

test_case 'of many that came the first are named; programs ask for them' '
	two_devices && for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		echo "{\"k$i\":\"a\"}"
	done | jq -s "add" -c >a.json && sed "s/\"a\"/\"b\"/g" a.json >b.json &&
	say a memory:create memory:m "{\"content\":\"many\"}" && sync &&
	say a memory:update memory:m "$(cat a.json)" &&
	say b memory:update memory:m "$(cat b.json)" &&
	as a vvault -C a push >/dev/null && cp -a b b2 &&
	as b vvault -C b pull --json | jq -se "all(has(\"result\"))" &&
	rm -rf b && mv b2 b && as b vvault -C b pull >out &&
	test "$(grep -c "^conflict  nova  memory  many: k" out)" -eq 10 &&
	grep "^12 new conflicts: " out &&
	test "$(as b vvault -C b conflicts --json | wc -l)" -eq 12
'

test_case 'as of a version, and as known from the index' '
	apart && as a vvault -C a conflicts "nova~1" >/dev/null &&
	rm -rf a/vvault/index a/vvault/cache && list a >anew && list b |
		diff anew - && list a | diff anew -
'

test_case 'a later record that has seen both ends it everywhere' '
	apart && say a memory:update memory:m "{\"content\":\"settled\"}" &&
	say a memory:update memory:gone "{\"content\":\"stays\"}" && sync &&
	list a >of-a && list b | diff of-a - && test "$(wc -l <of-a)" -eq 4 &&
	expect_exit 1 grep -e " /content" -e "memory:gone" of-a
'

test_case 'sets are never in conflict' '
	apart && expect_exit 1 grep tags <<-end &&
	$(list a)
	end
	as a vvault -C a show --json memory:m |
		jq -e "(.state.tags | sort) == [\"a\", \"b\", \"x\"]"
'

test_case 'what is damaged is told, and the rest listed' '
	apart --plain && list b >want && as b vvault -C b add --new hurt \
		memory:create "{\"content\":\"x\"}" >/dev/null &&
	tree=$(as b vvault -C b show --json hurt | jq -r .version) &&
	blob=$(git -C b ls-tree -r --format="%(objectname)" "$tree") &&
	file=b/objects/$(echo "$blob" | cut -c1-2)/$(echo "$blob" | cut -c3-) &&
	rm -rf b/vvault/cache b/vvault/index && chmod u+w "$file" &&
	printf garbage >"$file" &&
	expect_exit 1 as b vvault -C b conflicts --json >out 2>err &&
	test "$(wc -l <out)" -eq "$(wc -l <want)" && grep "hurt" err &&
	expect_exit 128 as b vvault -C b conflicts hurt
'

test_case 'a device without keys is told' '
	apart && as a vvault -C a push >/dev/null &&
	as c vvault clone "$PWD/r" c >/dev/null 2>&1 &&
	expect_exit 1 as c vvault -C c conflicts >out 2>err && test ! -s out &&
	grep "sealed for this device" err &&
	name=$(as c vvault -C c construct list --json | jq -r .construct) &&
	expect_exit 128 as c vvault -C c conflicts "$name" 2>err &&
	grep "holds no key" err
'

done_testing
