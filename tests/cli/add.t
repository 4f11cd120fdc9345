#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

test_case 'a record is written and its id printed' '
	new_vault &&
	vvault add --new nova memory:create "{\"content\":\"hello\"}" >out 2>err &&
	test ! -s err && test "$(wc -l <out)" -eq 1 &&
	grep -xE "bagaaiera[a-z2-7]{52}" out &&
	vvault cat "$(cat out)" >record &&
	jq -e ".data == {content: \"hello\"} and .type == \"memory:create\" and
		.prev == [] and (.entity | test(\"^memory:[a-z2-7]{26}\$\"))" \
		record
'

test_case 'the id is the sha256 of the record' '
	new_vault --plain && id=$(vvault add --new nova memory:create --as-is "{}") &&
	vvault cat "$id" >record &&
	sha256sum record | cut -c1-64 | xxd -r -p >digest 2>/dev/null ||
		perl -ne "print pack(q(H*), substr(\$_, 0, 64))" >digest <<-END
		$(sha256sum record)
		END
	printf "\001\200\004\022\040" | cat - digest | base32 -w 0 |
		tr A-Z a-z | tr -d = | sed "s/^/b/" >again &&
	test "$(cat again)" = "$id"
'

test_case 'the same as JSON' '
	new_vault && vvault add --new --json nova memory:create --as-is "{}" >out &&
	keys_are "construct records version" <out &&
	jq -e ".construct == \"nova\" and (.records | length) == 1" out &&
	is_id "$(jq -r .version out)" &&
	test "$(jq -r .version out)" = "$(version_of nova)"
'

test_case 'many lines make one version' '
	new_vault && printf "{\"n\":1}\n\n  \n{\"n\":2}\n{\"n\":3}" |
		vvault add --new --json nova memory:create --as-is - >out &&
	jq -e "(.records | length) == 3" out &&
	vvault log nova --json | jq -s -e \
		"length == 1 and .[0].records == 3 and
		.[0].subject == \"add: 3 memory:create\"" &&
	vvault ls nova --json | jq -s -e "[.[].state.n] | sort == [1, 2, 3]"
'

test_case 'one bad line, and nothing is written' '
	new_vault --plain &&
	printf "{\"n\":1}\n{bad\n" >lines &&
	expect_exit 128 vvault add --new nova memory:create --as-is - <lines >out 2>err &&
	test ! -s out && grep "standard input, line 2" err &&
	vvault construct list >list && test ! -s list
'

test_case 'no lines write nothing' '
	new_vault && vvault add --new --json nova memory:create --as-is - </dev/null >out &&
	echo "{\"construct\":\"nova\",\"records\":[],\"version\":null}" >want &&
	cmp want out
'

test_case 'a construct must exist, or --new must say that it is new' '
	new_vault &&
	expect_exit 128 vvault add --json nova memory:create --as-is "{}" 2>err &&
	error_is not-found &&
	vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault construct list --json | jq -e ".records == 2"
'

test_case 'an entity is changed by its id, and prev names what stood' '
	new_vault &&
	one=$(vvault add --new nova memory:create "{\"content\":\"a\"}") &&
	entity=$(entity_of "$one") &&
	two=$(vvault add nova memory:update --entity "$entity" \
		"{\"content\":\"b\"}") &&
	vvault cat "$two" | jq -e --arg one "$one" ".prev == [\$one]" &&
	vvault ls nova --json | jq -e ".state.content == \"b\"" &&
	vvault add nova memory:delete --entity "$entity" "{}" >/dev/null &&
	vvault ls nova >out && test ! -s out
'

test_case 'lines for one entity follow each other' '
	new_vault --plain && printf "{\"n\":1}\n{\"n\":2}\n" |
		vvault add --new nova memory:create --as-is --entity memory:mine - >ids &&
	vvault cat "$(tail -n 1 ids)" | jq -r ".prev[]" >prev &&
	head -n 1 ids | cmp - prev
'

test_case 'a construct speaks of itself' '
	new_vault && vvault add --new nova construct:update \
		"{\"persona\":{\"traits\":{\"warmth\":0.5}}}" >/dev/null &&
	vvault add nova construct:update \
		"{\"persona\":{\"traits\":{\"wit\":1}}}" >/dev/null &&
	vvault show --json nova |
		jq -e ".persona == {traits: {warmth: 0.5, wit: 1}}" &&
	vvault ls nova --json | jq -e ".entity == \"construct:nova\""
'

test_case 'other verbs need an entity of their kind' '
	new_vault --plain &&
	expect_exit 128 vvault add --new nova memory:update "{}" 2>err &&
	grep "needs --entity" err &&
	expect_exit 128 vvault add --new nova memory:update \
		--entity session:a:b "{}" 2>err &&
	grep "is not of kind .memory." err &&
	expect_exit 128 vvault add --new nova message:create --as-is \
		--entity message:alone "{}" 2>err
'

test_case 'kinds of the vault itself are refused' '
	new_vault --plain &&
	for type in vault:create member:add member:remove key:create key:grant \
		forget:create
	do
		expect_exit 128 vvault add --json --new nova $type "{}" 2>err &&
		error_is denied || { echo $type; exit 1; }
	done
'

# refused <status> <what is said> <word>...: of add, and nothing is written.
refused() {
	want=$1
	echo "vvault: $2" >want.err
	shift 2
	vvault show --json nova >before
	expect_exit "$want" vvault add "$@" >out 2>err && test ! -s out &&
	cmp err want.err && vvault show --json nova | cmp - before
}

test_case 'what is nearly right is refused with what may be meant' '
	new_vault && vvault add --new nova memory:create --entity memory:ab \
		"{\"content\":\"x\"}" >/dev/null &&
	rest="--as-is takes it all the same" &&
	refused 128 "unknown kind of record: '"'memroy:create'; is 'memory'"' meant?" \
		nova memroy:create "{}" &&
	refused 128 "unknown verb of record: '"'memory:craete'; is 'create'"' meant?" \
		nova memory:craete "{}" &&
	refused 128 "no construct '"'nvoa' here; is 'nova'"' meant? --new makes it" \
		nvoa memory:create "{}" &&
	refused 128 "'"'contnet' is no field of a memory; is 'content'"' meant? $rest" \
		nova memory:create "{\"contnet\":\"x\"}" &&
	refused 128 "'"'titel' is no field of a session; is 'title'"' meant? $rest" \
		nova session:create "{\"titel\":\"x\"}" &&
	refused 128 "a new memory needs '"'content'"'; $rest" nova memory:create "{}" &&
	refused 128 "a new memory needs '"'content'"'; $rest" nova memory:create \
		"{\"content\":null}" &&
	refused 128 "a new message needs '"'content'"'; $rest" nova message:create \
		--entity message:t:1/a "{\"role\":\"user\"}" &&
	refused 128 "'"'nova' has no 'memory:ba'; is 'memory:ab'"' meant?" nova \
		memory:update --entity memory:ba "{\"content\":\"y\"}" &&
	refused 128 "'"'nova' has no 'memory:other'"'" nova memory:delete --entity \
		memory:other "{}"
'

test_case 'and taken as it is by those who say so; other fields are welcome' '
	new_vault && vvault add --new --as-is nova memory:create --entity memory:ab \
		"{\"contnet\":\"x\"}" >/dev/null &&
	vvault add --as-is nova memory:update --entity memory:new "{\"a\":1}" >/dev/null &&
	vvault add nova message:create --entity message:t:1/a \
		"{\"parts\":[],\"role\":\"user\"}" >/dev/null &&
	vvault add nova memory:update --entity memory:ab "{\"mood\":\"fair\"}" >/dev/null &&
	test "$(vvault ls --json nova memory | wc -l)" -eq 2 &&
	vvault ls --json nova memory | jq -se "map(select(.entity ==
		\"memory:ab\").state) == [{contnet: \"x\", mood: \"fair\"}]"
'

test_case 'a session that nearly has a message is looked through alone' '
	new_vault && for n in one two; do
		vvault add --new nova message:create --entity message:t:1/$n \
			"{\"content\":\"$n\"}" >/dev/null || exit 1
	done && refused 128 "'"'nova' has no 'message:t:1/tow'; is 'message:t:1/two'"' meant?" \
		nova message:update --entity message:t:1/tow "{}"
'

test_case 'unknown kinds and verbs are refused' '
	new_vault --plain &&
	for type in memory memory: :create nope:create memory:nope Memory:create
	do
		expect_exit 128 vvault add --new --json nova "$type" "{}" 2>err &&
		error_is invalid || { echo $type; exit 1; }
	done
'

test_case 'the construct vault is not written by add' '
	new_vault --plain &&
	expect_exit 128 vvault add vault memory:create --as-is "{}" 2>err &&
	test -s err && vvault construct list >out && test ! -s out
'

test_case 'bad names of constructs are refused' '
	new_vault --plain &&
	for name in Nova ../x .x x. x.lock a..b "a b" "" "$(printf "%065d" 1)"; do
		expect_exit 128 vvault add --new --json "$name" memory:create --as-is "{}" \
			2>err && error_is invalid || { echo "$name"; exit 1; }
	done &&
	vvault add --new "$(printf "%064d" 1)" memory:create --as-is "{}" >/dev/null
'

test_case 'data must be one JSON object' '
	new_vault --plain &&
	for data in "" "[]" "1" "null" "\"x\"" "{" "{}{}" "{\"a\":1,\"a\":2}" \
		"{\"a\":01}" "{a:1}" "$(printf "{\"a\":\"\377\"}")"
	do
		expect_exit 128 vvault add --new --json nova memory:create "$data" \
			2>err && error_is invalid || { echo "$data"; exit 1; }
	done
'

test_case 'what canonical JSON cannot hold is kept as it was' '
	new_vault --plain && vvault add --new nova memory:create --as-is \
		"{\"x\":\"\\ud800\",\"n\":123456789012345678901,\"\$d\":1}" >id &&
	vvault cat "$(cat id)" | jq -c .data >out &&
	echo "{\"\$\$d\":1,\"n\":{\"\$raw\":\"MTIzNDU2Nzg5MDEyMzQ1Njc4OTAx\"},\"x\":{\"\$raw\":\"Ilx1ZDgwMCI=\"}}" >want &&
	cmp want out
'

test_case 'a large value becomes a blob, and cat gives it back' '
	for mode in --plain --name=sealed; do
		rm -rf v && new_vault $mode &&
		perl -e "print q(x) x 700000" >big &&
		printf "{\"content\":\"%s\"}\n" "$(cat big)" |
			vvault add --new nova memory:create --as-is - >id &&
		vvault ls nova --json | jq -r ".state.content[\"\$blob\"]" >blob &&
		vvault cat "$(cat blob)" >back && cmp big back &&
		vvault ls nova --json | jq -e ".state.content.size == 700000" &&
		git -C v fsck --strict --no-dangling || exit 1
	done
'

test_case 'two processes that write at once both land' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	writer() {
		i=0
		while test $i -lt 15; do
			vvault add nova memory:create --as-is "{\"$1\":$i}" >/dev/null ||
				return 1
			i=$((i + 1))
		done
	} &&
	{ writer a & one=$!; writer b & two=$!; wait $one && wait $two; } &&
	vvault construct list --json | jq -e ".records == 31 and
		(.heads | length) == 1" &&
	vvault verify --full
'

test_case 'a device without a key of this vault cannot write' '
	new_vault --plain && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	expect_exit 128 as stranger vvault add --json nova memory:create --as-is "{}" \
		2>err && error_is no-key &&
	as stranger vvault init other >/dev/null &&
	expect_exit 128 as stranger vvault -C "$PWD/v" add --json nova \
		memory:create --as-is "{}" 2>err && error_is denied
'

test_case 'a reader cannot write' '
	new_vault --plain && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	as r vvault init other >/dev/null &&
	vvault member add --role reader "$(as r did)" >/dev/null &&
	expect_exit 128 as r vvault add --json nova memory:create --as-is "{}" 2>err &&
	error_is denied && as r vvault ls nova >/dev/null
'

test_case 'nothing readable is stored in an encrypted vault' '
	new_vault && vvault add --new zaphod memory:create \
		"{\"content\":\"beeblebrox\"}" >/dev/null &&
	git -C v cat-file --batch-all-objects --batch >all &&
	! grep -a -e zaphod -e beeblebrox all &&
	! git -C v for-each-ref | grep zaphod
'

test_case 'in a plain vault git shows the records' '
	new_vault --plain && id=$(vvault add --new nova memory:create \
		"{\"content\":\"beeblebrox\"}") &&
	ref=$(git -C v for-each-ref --format="%(refname)" refs/heads/nova) &&
	path=$(git -C v ls-tree -r --name-only "$ref") &&
	echo "$path" | grep -xE "memory/bafkrei[a-z2-7]{52}" &&
	git -C v show "$ref:$path" >shown &&
	{ vvault cat "$id"; echo; } >want && sed 1d shown | cmp want - &&
	jq -ce "keys" shown | head -n 1 |
		grep -xF "[\"leaves\",\"rest\",\"vvault\"]"
'

# rivals <n>: as many records of memory:x that have not seen each other.
rivals() {
	echo '{"$vvault":"jsonl-1","construct":"nova"}'
	awk -v n="$1" 'BEGIN {
		for (i = 0; i < n; i++) {
			printf "{\"at\":\"2026-01-01T00:%02d:%02d.000000Z-0000-", \
				i / 60 % 60, i % 60
			printf "00000000\",\"data\":{\"content\":\"v%d\",", i
			printf "\"tags\":[\"t%d\"]},\"entity\":\"memory:x\",", i
			print "\"prev\":[],\"type\":\"memory:create\"}"
		}
	}'
}

test_case 'more that stands than one record can name is all seen' '
	new_vault && rivals 5000 >rivals.jsonl &&
	vvault import --construct nova rivals.jsonl >/dev/null &&
	vvault show --json nova | jq -e ".conflicts == 1" &&
	vvault add nova memory:update --entity memory:x \
		"{\"content\":\"settled\",\"tags\":[\"one\"]}" >id &&
	test "$(wc -l <id)" -eq 1 &&
	vvault show --json nova | jq -e ".conflicts == 0" &&
	vvault ls --json nova | jq -e ".state ==
		{\"content\": \"settled\", \"tags\": [\"one\"]}" &&
	vvault add nova memory:update --entity memory:x "{\"a\":1}" >second &&
	vvault cat "$(cat second)" | jq -e --arg id "$(cat id)" ".prev == [\$id]" &&
	vvault verify --full >/dev/null
'

# update <n>: of memory:x; its record's id goes to the file last, and it must
# name the last one before alone.
update() {
	vvault add nova memory:update --entity memory:x "{\"n\":$1}" >next &&
	vvault cat "$(cat next)" |
		jq -e --arg id "$(cat last)" ".prev == [\$id]" && mv next last
}

test_case 'an edit of an entity with many records has seen the last alone' '
	new_vault && seq 700 | sed "s/.*/{\"n\":&}/" >lines &&
	vvault add --new nova memory:create --as-is --entity memory:x - <lines |
		tail -n 1 >last && update 1 && update 2 && update 3 &&
	vvault gc >/dev/null && update 4 && update 5 &&
	rm -r v/vvault/cache && mkdir v/vvault/cache && update 6 && update 7 &&
	vvault show --json nova | jq -e ".conflicts == 0" &&
	vvault ls --json nova | jq -e ".state == {\"n\": 7}" &&
	vvault verify --full
'

test_case 'and a delete takes them all' '
	new_vault && rivals 4200 >rivals.jsonl &&
	vvault import --construct nova rivals.jsonl >/dev/null &&
	vvault add nova memory:delete --entity memory:x "{}" >/dev/null &&
	test -z "$(vvault ls nova)"
'

test_case 'wrong words are usage errors' '
	new_vault --plain &&
	expect_exit 129 vvault add nova memory:create 2>err &&
	expect_exit 129 vvault add nova memory:create --as-is "{}" "{}" 2>err &&
	expect_exit 129 vvault add --entity nova memory:create --as-is "{}" 2>err
'

done_testing
