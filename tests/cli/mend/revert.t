#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# A vault with one memory, and its entity in the file e.
one_memory() {
	new_vault "$@" && vvault add --new nova memory:create \
		'{"content":"one","tags":["a"],"x":{"y":1}}' >id &&
	entity_of "$(cat id)" >e
}

update() {
	vvault add nova memory:update --entity "$(cat e)" "$1" >/dev/null
}

# state <json>: what the memory says.
state() {
	vvault ls nova --json | jq -c .state >got && echo "$1" >want && diff want got
}

test_case 'an update is set back, and the version stays in the log' '
	one_memory && update "{\"content\":\"two\",\"tags\":[\"a\",\"b\"],\"x\":{\"y\":2},\"z\":5}" &&
	of=$(version_of nova) && vvault revert nova >out 2>err && test ! -s err &&
	now=$(version_of nova) &&
	echo "nova: 1 set back, as version $(echo $now | cut -c1-10)" >want && diff want out &&
	state "{\"content\":\"one\",\"tags\":[\"a\"],\"x\":{\"y\":1}}" &&
	vvault log nova --json | jq -r .subject >log && head -n 2 log >got &&
	printf "%s\n" "revert: add: 1 memory:update" "add: 1 memory:update" >want && diff want got &&
	vvault revert "$of" >out && echo "nova: nothing to take back" >want && diff want out &&
	test "$(version_of nova)" = $now && vvault verify >/dev/null
'

test_case 'the revert of a revert is what was' '
	one_memory && update "{\"content\":\"two\",\"z\":5}" && vvault revert nova >/dev/null &&
	vvault revert nova >/dev/null &&
	state "{\"content\":\"two\",\"tags\":[\"a\"],\"x\":{\"y\":1},\"z\":5}"
'

test_case 'what was made goes, what was deleted comes back' '
	one_memory && vvault revert nova >out && grep "^nova: 1 deleted, as version" out &&
	vvault ls nova >out && test ! -s out &&
	vvault revert nova >out && grep "^nova: 1 brought back, as version" out &&
	state "{\"content\":\"one\",\"tags\":[\"a\"],\"x\":{\"y\":1}}" &&
	vvault add nova memory:delete --entity "$(cat e)" "{}" >/dev/null &&
	vvault revert nova >out && grep "^nova: 1 brought back, as version" out &&
	state "{\"content\":\"one\",\"tags\":[\"a\"],\"x\":{\"y\":1}}"
'

test_case 'a value becomes an object and back' '
	one_memory && update "{\"x\":7}" && vvault revert nova >/dev/null &&
	state "{\"content\":\"one\",\"tags\":[\"a\"],\"x\":{\"y\":1}}" &&
	update "{\"content\":{\"a\":1,\"b\":{\"c\":2}}}" && vvault revert nova >/dev/null &&
	state "{\"content\":\"one\",\"tags\":[\"a\"],\"x\":{\"y\":1}}"
'

test_case 'a blob comes back whole' '
	one_memory && perl -e "print q({\"content\":\"), q(a) x 300000, q(\"})" >big &&
	perl -e "print q({\"content\":\"), q(b) x 300000, q(\"})" >bigger &&
	vvault add nova memory:update --entity "$(cat e)" - <big >/dev/null &&
	vvault ls nova --json | jq -c .state >big.state &&
	vvault add nova memory:update --entity "$(cat e)" - <bigger >/dev/null &&
	vvault revert nova >/dev/null && vvault ls nova --json | jq -c .state | diff big.state - &&
	vvault revert nova~2 >/dev/null &&
	state "{\"content\":\"one\",\"tags\":[\"a\"],\"x\":{\"y\":1}}" && vvault verify --full >/dev/null
'

test_case 'what a later version changed stays, and is named' '
	one_memory && update "{\"content\":\"two\",\"x\":{\"y\":2}}" && of=$(version_of nova) &&
	update "{\"content\":\"three\"}" && since=$(version_of nova | cut -c1-10) &&
	vvault revert "$of" >out && tail -n 1 out >got &&
	echo "  left: $(cat e) /content, changed since by this device in $since" >want &&
	diff want got && grep "^nova: 1 set back" out &&
	state "{\"content\":\"three\",\"tags\":[\"a\"],\"x\":{\"y\":1}}" &&
	vvault revert "$(vvault log nova --json | jq -r .version | tail -n 1)" >out &&
	grep "^nova: nothing to take back" out && grep "left: $(cat e), changed since by" out
'

# Two devices; b has written to the memory that a made, and a has pulled.
both_wrote() {
	two_devices && as a vvault -C a member rename "$(as b did)" tablet >/dev/null &&
	as a vvault -C a add nova memory:create "{\"content\":\"mine\",\"tags\":[\"a\"]}" >id &&
	as a vvault -C a cat "$(cat id)" | jq -r .entity >e &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	as a vvault -C a log nova --json | jq -r .version | head -n 1 >of
}

a_state() {
	as a vvault -C a ls nova --json | jq -c "select(.entity == \"$(cat e)\").state" >got &&
	echo "$1" >want && diff want got
}

test_case 'the work of another device stays' '
	both_wrote && as a vvault -C a add nova memory:update --entity "$(cat e)" \
		"{\"content\":\"two\",\"mood\":1,\"tags\":[\"a\",\"b\"]}" >/dev/null &&
	mine=$(as a vvault -C a log nova --json | jq -r .version | head -n 1) && as b vvault -C b add nova memory:update --entity "$(cat e)" \
		"{\"mood\":2,\"place\":\"sea\",\"tags\":[\"a\",\"c\"]}" >/dev/null &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null 2>&1 &&
	as a vvault -C a revert $mine >out &&
	cat out && grep "^nova: 1 set back" out &&
	grep "left: $(cat e) /mood, changed since by tablet in " out &&
	a_state "{\"content\":\"mine\",\"mood\":2,\"place\":\"sea\",\"tags\":[\"a\",\"c\"]}" &&
	as a vvault -C a revert "$(cat of)" --json >out &&
	jq -e ".version == null and .records == [] and .left_count == 1 and
		.left[0].path == null and .left[0].name == \"tablet\" and
		(.left[0].own | not)" out &&
	a_state "{\"content\":\"mine\",\"mood\":2,\"place\":\"sea\",\"tags\":[\"a\",\"c\"]}"
'

test_case 'where both have set a field, the word of the other stands then' '
	both_wrote && as b vvault -C b add nova memory:update --entity "$(cat e)" \
		"{\"mood\":2,\"content\":\"theirs\"}" >/dev/null && as b vvault -C b push >/dev/null && sleep 0.01 &&
	as a vvault -C a add nova memory:update --entity "$(cat e)" \
		"{\"content\":\"two\",\"mood\":1}" >/dev/null &&
	mine=$(as a vvault -C a log nova --json | jq -r .version | head -n 1) &&
	as a vvault -C a pull >/dev/null 2>&1 &&
	a_state "{\"content\":\"two\",\"mood\":1,\"tags\":[\"a\"]}" &&
	as a vvault -C a revert $mine >out && grep "^nova: 1 set back" out && ! grep left out &&
	a_state "{\"content\":\"theirs\",\"mood\":2,\"tags\":[\"a\"]}"
'

test_case 'an entity alone, and back to a version' '
	one_memory && printf "{\"content\":\"p\"}\n{\"content\":\"q\"}\n" |
		vvault add nova memory:create - >ids && entity_of "$(head -n 1 ids)" >p &&
	vvault revert "$(cat p)" >out && grep "^nova: 1 deleted" out &&
	vvault ls nova --json | jq -r .state.content | sort | tr "\n" " " >got &&
	echo "one q " | tr -d "\n" | diff - got &&
	update "{\"content\":\"two\"}" && update "{\"x\":null}" &&
	vvault revert "$(cat e)" "nova~3" >out && grep "^nova: 1 set back" out &&
	vvault ls nova --json | jq -c "select(.entity == \"$(cat e)\").state" >got &&
	echo "{\"content\":\"one\",\"tags\":[\"a\"],\"x\":{\"y\":1}}" | diff - got
'

test_case 'a persona is set back' '
	new_vault && vvault add --new nova construct:update "{\"persona\":{\"traits\":{\"warmth\":0.5}}}" >/dev/null &&
	vvault add nova construct:update "{\"persona\":{\"traits\":{\"warmth\":0.9}},\"name\":\"N\"}" >/dev/null &&
	vvault revert nova >/dev/null &&
	vvault show nova --json | jq -ce ".persona == {traits: {warmth: 0.5}}"
'

test_case 'the objects, and what is refused' '
	one_memory && update "{\"content\":\"two\"}" && vvault revert nova --json >out &&
	keys_are "changed construct deleted left left_count records restored version" <out &&
	jq -e ".changed == 1 and .deleted == 0 and (.records | length) == 1" out &&
	test "$(jq -r .version out)" = "$(version_of nova)" &&
	expect_exit 128 vvault revert vault 2>err && grep "cannot be taken back" err &&
	expect_exit 128 vvault revert nobody 2>err && expect_exit 129 vvault revert 2>err &&
	expect_exit 128 vvault revert nova nova 2>err && grep "an entity is named first" err
'

test_case 'a device without keys writes nothing' '
	two_devices && as c vvault clone "$PWD/r" c >/dev/null 2>&1 &&
	expect_exit 128 as c vvault -C c revert "$(as a vvault -C a log nova --json | jq -r .version)" \
		2>err && grep -v "^$" err
'

test_case 'two reverts of one version at once take it back once' '
	one_memory && update "{\"content\":\"two\"}" && of=$(version_of nova) &&
	{ vvault revert "$of" >a & vvault revert "$of" >b & wait; } &&
	state "{\"content\":\"one\",\"tags\":[\"a\"],\"x\":{\"y\":1}}" && vvault verify >/dev/null
'

done_testing
