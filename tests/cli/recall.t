#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

# say <key> <role> <index> <content> [<more fields>]: a message of session t:1.
say() {
	vvault add nova message:create --entity "message:t:1/$1" \
		"{\"content\":\"$4\",\"created\":\"2024-05-0$3T10:00:00.000000Z\",
		\"index\":$3,\"role\":\"$2\",\"session\":\"session:t:1\"${5:-}}"
}

new_talk() {
	new_vault "$@" && vvault add --new nova session:create --entity session:t:1 \
		'{"title":"The garden"}' >/dev/null &&
	say a user 1 'When shall we plant the tomatoes?' >/dev/null &&
	say b assistant 2 'In the middle of May, behind the old greenhouse.' \
		',"model":"m-1","name":"Ada"' >/dev/null &&
	say c user 3 'The roses were planted yesterday.' >/dev/null &&
	say d assistant 4 'planning roses in silence' \
		',"visibility":"thinking"' >/dev/null
}

found() {
	vvault recall --json "$@" | jq -r .entity | tr '\n' ' '
}

# the same in the order of names
found_sorted() {
	found "$@" | tr ' ' '\n' | sort | tr '\n' ' '
}

test_case 'hits stand below their session, with who said it' '
	new_talk && vvault recall nova roses >out 2>err && test ! -s err &&
	printf "%s\n" "2024-05-03  The garden  nova" \
		"@1   user: The roses were planted yesterday." >want &&
	cmp want out
'

test_case 'what has no title is headed by what was said first, or by its kind' '
	new_vault && vvault add --new nova memory:create "{\"content\":\"likes roses\"}" >/dev/null &&
	say z assistant 1 "Hello, how can I help?" >/dev/null &&
	say h user 2 "roses of the system" ",\"visibility\":\"hidden\"" >/dev/null &&
	say a user 3 "When do\\n  we plant?" >/dev/null && say b assistant 4 "The roses? In May." >/dev/null &&
	vvault recall nova roses >out && vvault grep roses nova | cat >lines &&
	for file in out lines; do
		grep -x "2024-05-04  When do we plant?  nova" $file && grep "^[0-9-]*  memory  nova$" $file &&
		! grep -e session: -e memory: $file || exit 1
	done &&
	vvault recall --json nova may | jq -e ".title == null and .first == \"When do we plant?\""
'

test_case 'on a terminal: lines that fit it, broken between words, not many' '
	command -v script >/dev/null || skip_case "script is not here" &&
	words="one two three four five six seven eight nine ten eleven twelve" &&
	new_vault && vvault add --new nova session:create --entity session:t:1 \
		"{\"title\":\"$words\"}" >/dev/null &&
	say a user 1 "$words $words $words $words" >/dev/null &&
	vvault recall nova --kind message four | cat >out && test "$(wc -l <out)" -eq 2 && ! grep " $" out &&
	LC_ALL=C.UTF-8 COLUMNS=50 TERM=xterm script -qec \
		"vvault recall nova --no-pager --kind message four" typescript >/dev/null &&
	sed "s/\x1b\[[0-9;]*m//g; s/\r//g" typescript | grep -v "^Script" >out &&
	grep -x "1 May 2024 10:00   one two three four five …  nova" out &&
	grep "^@1   user: one two three four five six seven eight$" out &&
	test "$(grep -c "^     [^ ]" out)" -eq 2 && grep "^     .* …$" out &&
	test "$(LC_ALL=C.UTF-8 wc -L <out)" -le 50
'

test_case 'the shape of the JSON' '
	new_talk && vvault recall --json -n 1 nova roses >out &&
	keys_are "at construct entity from kind marks nth rank ref role score session snippet title version" <out &&
	jq -e --arg version "$(version_of nova)" ".at == \"2024-05-03T10:00:00.000000Z\" and
		.construct == \"nova\" and .entity == \"message:t:1/c\" and
		.kind == \"message\" and .marks == [[4,9]] and .nth == 1 and
		.role == \"user\" and .score > 0 and .session == \"session:t:1\" and
		.title == \"The garden\" and .version == \$version" out &&
	vvault show --json "$(jq -r .ref out)" | jq -e ".entity == \"message:t:1/c\"" &&
	vvault recall --json nova greenhouse -n 1 |
		jq -e ".name == \"Ada\" and .model == \"m-1\""
'

test_case 'whose word it is: by the signature, over merges and compactions' '
	two_devices &&
	from() { as a vvault -C a recall --json --construct nova "$1" -n 1 | jq -r "$2"; } &&
	as a vvault -C a member rename "$(as b did)" tablet >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	as b vvault -C b add nova memory:create "{\"content\":\"heron\",\"source\":\"walk\"}" >/dev/null &&
	as a vvault -C a add nova memory:create "{\"content\":\"otter\"}" >/dev/null &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null &&
	test "$(from heron .from.signer)" = "$(as b did)" &&
	test "$(from heron "[.from.name, .from.source, .from.via] | join(\" \")")" = "tablet walk cli" &&
	test "$(from otter .from.signer)" = "$(as a did)" &&
	as b vvault -C b import --construct nova "$VV_TOP/tests/data/codex/rollout.jsonl" >/dev/null 2>&1 &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null &&
	for i in $(seq 40); do
		as a vvault -C a add nova memory:create "{\"content\":\"filler $i\"}" >/dev/null || exit 1
	done &&
	as a vvault -C a log --json --all | grep -q "\"change\":\"compact\"" &&
	test "$(from centimetres "[.from.via, .from.source, .from.name] | join(\" \")")" = "import codex tablet" &&
	test "$(from heron .from.signer)" = "$(as b did)" &&
	test "$(from otter .from.signer)" = "$(as a did)"
'

test_case 'where was looked, and from where a hit is, as JSON and in words' '
	new_talk && vvault add --new vega memory:create "{\"content\":\"roses\"}" >/dev/null &&
	vvault recall --json roses --searched >out && tail -n 1 out >last &&
	keys_are "complete searched" <last &&
	jq -e --arg v "$(version_of nova)" --arg r "$(vvault show --json nova | jq -r .root)" \
		".complete and (.searched | length) == 2 and
		(.searched[] | select(.construct == \"nova\") | keys == [\"complete\",\"construct\",\"held\",\"root\",\"version\"] and .complete and
		.held == 0 and .version == \$v and .root == \$r)" last &&
	vvault recall --json --searched zzzz >out 2>err && test "$(wc -l <out)" -eq 1 &&
	vvault recall roses --searched >out && ! grep complete out &&
	tail -n 1 out | grep -x -e "looked in nova, vega" -e "looked in vega, nova" &&
	vvault recall roses --construct vega --from >out &&
	tail -n 1 out | grep -x "     signed by .*, by cli" &&
	vvault recall zzzz --construct vega --searched >out 2>err && test "$(cat out)" = "looked in vega"
'

test_case 'other forms of a word, in the language of the text' '
	new_talk && test "$(found -n 1 nova planting rose)" = "message:t:1/c " &&
	vvault add nova memory:create --entity memory:de \
		"{\"content\":\"Die Katzen schlafen auf dem Sofa und sind zufrieden\"}" >/dev/null &&
	test "$(found nova Katze)" = "memory:de " &&
	vvault add nova memory:create --entity memory:big \
		"{\"content\":\"ÄRGER mit ÉCOLE\"}" >/dev/null &&
	test "$(found nova ärger)" = "memory:big " &&
	test "$(found nova école)" = "memory:big " &&
	vvault add nova memory:create --entity memory:road \
		"{\"content\":\"Die Größe der Straße ist dem Müller bekannt\"}" >/dev/null &&
	for word in groesse Strasse mueller Größe; do
		test "$(found nova "$word")" = "memory:road " || { echo "$word"; exit 1; }
	done && test "$(vvault recall --json nova mueller | jq -c .marks)" = "[[32,39]]"
'

test_case 'phrases, words that may not be there, beginnings' '
	new_talk &&
	test "$(found nova "\"old greenhouse\"")" = "message:t:1/b " &&
	test "$(found nova "\"greenhouse old\"")" = "" &&
	test "$(found nova "\"the old\"")" = "message:t:1/b " &&
	found -n 1 nova "green*" | grep -q "message:t:1/b" &&
	found nova "roses -yesterday" >got && ! grep "message:t:1/c" got &&
	found nova -- roses -yesterday >got && ! grep "message:t:1/c" got &&
	expect_exit 129 vvault recall nova "\"never ends" 2>err &&
	grep "phrase does not end" err &&
	expect_exit 129 vvault recall nova "?!" 2>err && grep "no word" err
'

test_case 'words inside a run: Chinese, Japanese; one character' '
	new_vault && vvault add --new nova memory:create --entity memory:zh \
		"{\"content\":\"我昨天在北京大学图书馆看书\"}" >/dev/null &&
	vvault add nova memory:create --entity memory:ja \
		"{\"content\":\"明日は東京タワーに行きます\"}" >/dev/null &&
	test "$(found nova 图书馆)" = "memory:zh " &&
	test "$(found nova 书)" = "memory:zh " &&
	test "$(found nova 東京)" = "memory:ja " &&
	test "$(found nova タワー)" = "memory:ja "
'

test_case 'names of programs: whole and in parts' '
	new_vault && vvault add --new nova memory:create --entity memory:a \
		"{\"content\":\"call read_file from src/loader.c and parseHTTPHeader\"}" >/dev/null &&
	for word in read_file file loader.c src/loader.c parsehttpheader header http; do
		test "$(found nova "$word")" = "memory:a " || { echo "$word"; exit 1; }
	done &&
	filler="$(seq -f "word%g" 150 | tr "\n" " ")" && vvault add nova memory:create --entity memory:long \
		"{\"content\":\"$filler then read_file and src/loader.c or parseHTTPHeader\"}" >/dev/null &&
	for i in 1 2 3; do
		vvault add nova memory:create --entity "memory:p$i" "{\"content\":\"read file\"}" >/dev/null &&
		vvault add nova memory:create --entity "memory:q$i" "{\"content\":\"src loader c\"}" >/dev/null &&
		vvault add nova memory:create --entity "memory:r$i" "{\"content\":\"parse http header\"}" >/dev/null ||
			exit 1
	done &&
	for word in read_file parseHTTPHeader src/loader.c; do
		found nova "$word" | grep "^memory:a memory:long memory:[pqr]" || { echo "$word"; exit 1; }
	done
'

test_case 'what may be a hit' '
	new_talk && vvault add nova memory:create --entity memory:m \
		"{\"content\":\"likes roses\"}" >/dev/null &&
	test "$(found --kind memory nova roses)" = "memory:m " &&
	test "$(found --role user --kind message -n 1 nova roses)" = "message:t:1/c " &&
	test "$(found --model m-1 nova greenhouse)" = "message:t:1/b " &&
	test "$(found --model M nova greenhouse)" = "message:t:1/b " &&
	test "$(found --model m-2 nova greenhouse 2>err)" = "" &&
	grep "no model begins with .m-2.; there are: m-1" err &&
	test "$(found --provider T --role User -n 1 nova roses)" = "message:t:1/c " &&
	vvault recall --provider x --role tool nova roses 2>err && grep "no session is from provider .x." err &&
	grep "nothing found in .*; looked for was what role .tool. says" err &&
	vvault recall -n 0 nova roses >out 2>err && test ! -s out && test ! -s err &&
	expect_exit 1 vvault grep --model x roses 2>err && grep "no model begins with .x." err &&
	test "$(found --session t:1 -n 1 nova roses)" = "message:t:1/c " &&
	expect_exit 128 vvault recall --session t:2 nova roses 2>err &&
	grep "no session .t:2.; .vvault session list. shows them" err &&
	test "$(found --kind session nova garden)" = "session:t:1 " &&
	expect_exit 129 vvault recall --kind acu nova roses 2>err
'

two_talks() {
	new_talk && vvault add nova session:create --entity session:u:ab8c-2 \
		"{\"title\":\"The pond\"}" >/dev/null &&
	vvault add nova message:create --entity message:u:ab8c-2/x \
		"{\"content\":\"roses float\",\"role\":\"user\",\"session\":\"session:u:ab8c-2\"}" >/dev/null
}

test_case 'a session by a handle, or by the begin of its name' '
	two_talks && vvault recall float >list && grep -q "@1" list &&
	for word in @1 session:u:ab8c-2 session:u:ab8 u:ab8c ab8 message:u:ab8c-2/x; do
		test "$(found --session $word roses)" = "message:u:ab8c-2/x " &&
		test "$(vvault grep --json --session $word roses | jq -r .entity)" = \
			message:u:ab8c-2/x || { echo "$word"; exit 1; }
	done &&
	test "$(found --session session:u:ab8c-2 --history roses)" = "message:u:ab8c-2/x " &&
	expect_exit 128 vvault recall --session session: roses 2>err &&
	grep "2 sessions begin with .session:.: .*session:u:ab8c-2 \"The pond\"" err &&
	expect_exit 128 vvault grep --session uab8 roses 2>err &&
	grep "no session .uab8." err &&
	vvault add nova memory:create --entity memory:m "{\"content\":\"m\"}" >/dev/null &&
	expect_exit 128 vvault recall --session memory:m roses 2>err &&
	grep "is .memory:m., which is of no session" err
'

test_case 'who cannot read is told what is sealed' '
	new_talk && vvault add --new vega memory:create "{\"content\":\"roses\"}" >/dev/null &&
	as b vvault init other >/dev/null &&
	for how in "recall roses" "grep roses" "session list"; do
		expect_exit 1 as b vvault $how >out 2>err && test ! -s out &&
		grep "2 constructs are sealed for this device: .*; .vvault status. tells more" err || {
			echo "$how"
			exit 1
		}
	done &&
	expect_exit 1 as b vvault recall --json --searched roses >out 2>err &&
	jq -e ".complete == false" out && vvault recall roses 2>err &&
	! grep sealed err
'

test_case 'a day before all that there is' '
	new_talk && vvault recall --as-of 2001 roses >out 2>err && test ! -s out &&
	grep "nothing is as old as .2001." err
'

test_case 'when it was said' '
	new_talk &&
	test "$(found --since 2024-05-03 nova greenhouse roses)" = "message:t:1/c " &&
	test "$(found --until 2024-05-02 nova greenhouse -n 1)" = "message:t:1/b " &&
	test "$(found --until 2024-04-30 nova greenhouse)" = "" &&
	expect_exit 129 vvault recall --since soon nova roses 2>err
'

test_case 'when, as a range in the words' '
	new_talk &&
	test "$(found nova greenhouse roses 2024-05-03..2024-05)" = "message:t:1/c " &&
	test "$(found nova greenhouse ..2024-05-02 -n 1)" = "message:t:1/b " &&
	test "$(found nova greenhouse 2025..)" = "" &&
	test "$(found nova greenhouse yesterday..)" = "" &&
	for bad in 2023-99..2024 2024..2023 2024-02-30..; do
		expect_exit 129 vvault recall nova greenhouse "$bad" 2>err || exit 1
	done && vvault recall nova roses 1..2 >/dev/null &&
	test "$(found --until 2024-05-01 nova roses 2024..2025)" = "" &&
	expect_exit 129 vvault recall nova 2024-01..2024-02 2>err && grep "no word" err
'

test_case 'in sessions of a title; titles alone' '
	new_talk && vvault add nova session:create --entity session:t:2 \
		"{\"title\":\"A desert\"}" >/dev/null &&
	vvault add nova message:create --entity message:t:2/a \
		"{\"content\":\"roses of the garden\",\"session\":\"session:t:2\"}" >/dev/null &&
	found nova title:gardens roses >got && grep "message:t:1/c" got && ! grep "t:2" got &&
	test "$(found nova roses title:desert)" = "message:t:2/a " &&
	test "$(found nova title:garden)" = "session:t:1 " &&
	test "$(found nova "title:\"a desert\"")" = "session:t:2 " &&
	test "$(found nova title:roses)" = "" &&
	vvault recall nova --kind session garden | cat >out && grep "^@1   title: The garden$" out &&
	test "$(vvault recall --json nova roses title:desert | jq -c .marks)" = "[[0,5]]"
'

test_case 'a title stands above the hits of its session, and is one of its own only without them' '
	new_talk && vvault recall nova garden roses -n 2 >out && printf "%s\n" "2024-05-03  The garden  nova" \
		"@1   user: The roses were planted yesterday." >want && cmp want out &&
	vvault recall nova garden roses --color always | head -n 1 | grep "The .*31m.*garden" &&
	vvault recall --json nova garden roses >out && test "$(wc -l <out)" -eq 1 &&
	jq -e ".title_marks == [[4,10]] and .marks == [[4,9]] and .nth == 1" out &&
	vvault recall --json nova garden >out && jq -e ".kind == \"session\" and (has(\"title_marks\") | not)" out &&
	vvault add nova session:create --entity session:t:2 "{\"title\":\"roses\"}" >/dev/null &&
	vvault recall --json nova garden roses -n 2 | jq -r .entity | sort >out &&
	printf "%s\n" message:t:1/c session:t:2 >want && cmp want out
'

test_case 'where an agent worked' '
	vvault init v >/dev/null && export VVAULT_DIR="$PWD/v" &&
	for p in /w/a /w/ab /w/a/b; do
		new=; test "$p" != /w/a || new=--new
		vvault add $new nova session:create --entity "session:x:$(basename $p)" \
			"{\"native\":{\"cwd\":\"$p\"}}" >/dev/null &&
		vvault add nova message:create --entity "message:x:$(basename $p)/1" \
			"{\"content\":\"roses\",\"session\":\"session:x:$(basename $p)\"}" \
			>/dev/null || exit 1
	done &&
	test "$(found --project /w/ab nova roses)" = "message:x:ab/1 " &&
	test "$(found_sorted --project /w/a/ nova roses)" = "message:x:a/1 message:x:b/1 " &&
	test "$(found --project /w/c nova roses)" = "" &&
	mkdir p && vvault add nova session:create --entity session:x:here \
		"{\"cwd\":\"$(pwd -P)/p/q\"}" >/dev/null &&
	vvault add nova message:create --entity message:x:here/1 \
		"{\"content\":\"roses\",\"session\":\"session:x:here\"}" >/dev/null &&
	test "$(found --project p nova roses)" = "message:x:here/1 " &&
	test "$(found --project . roses)" = "message:x:here/1 "
'

test_case 'texts with code alone' '
	new_vault && vvault add --new nova memory:create --entity memory:a \
		"{\"content\":\"rain falls\"}" >/dev/null &&
	vvault add nova memory:create --entity memory:b \
		"{\"content\":\"rain:\\n\`\`\`c\\nint main(void);\\n\`\`\`\"}" >/dev/null &&
	vvault add nova memory:create --entity memory:c \
		"{\"content\":\"rain calls \`fall\`\"}" >/dev/null &&
	vvault add nova memory:create --entity memory:d \
		"{\"content\":\"rain in fall_down\"}" >/dev/null &&
	vvault add nova memory:create --entity memory:e \
		"{\"content\":\"rain \`\`and\\nrain\`\"}" >/dev/null &&
	test "$(found_sorted --code nova rain)" = "memory:b memory:c memory:d "
'

test_case 'what the vault knew then' '
	new_vault && add() { vvault add "$@" >/dev/null; } &&
	add --new nova memory:create --entity memory:a "{\"content\":\"apples\"}" &&
	then=$(version_of nova) &&
	add nova memory:create --entity memory:b "{\"content\":\"apples too\"}" &&
	add --new vega memory:create --entity memory:v "{\"content\":\"apples\"}" &&
	day=$(date -u +%F) && before=$(date -u -d yesterday +%F) &&
	test "$(found --as-of "$before" apples)" = "" &&
	test "$(found --as-of "$before" nova apples)" = "" &&
	test "$(found --as-of "$before" --construct nova apples)" = "" &&
	test "$(found --as-of "$day" apples | wc -w)" -eq 3 &&
	test "$(found --as-of "$day" nova apples | wc -w)" -eq 2 &&
	test "$(found --as-of "$then" apples)" = "memory:a " &&
	test "$(found --as-of nova~1 apples)" = "memory:a " &&
	test "$(found --as-of "$then" --construct nova apples)" = "memory:a " &&
	expect_exit 128 vvault recall --as-of "$then" --construct vega apples 2>err &&
	grep "no version of .vega" err &&
	expect_exit 128 vvault recall --as-of nobody apples 2>err
'

test_case 'what nobody sees is found with --all alone' '
	new_talk && test "$(found nova silence)" = "" &&
	test "$(found --all -n 1 nova silence)" = "message:t:1/d " &&
	vvault recall nova silence >out 2>err && test ! -s out &&
	test "$(tail -n 1 err)" = "vvault: 1 more in tools and hidden messages: --all" &&
	vvault recall nova zzzz 2>err && ! grep hidden err && vvault recall nova roses 2>err && test ! -s err
'

test_case 'changed and deleted texts: in the history alone, or as of then' '
	new_vault && vvault add --new nova memory:create --entity memory:a \
		"{\"content\":\"apples\"}" >/dev/null &&
	vvault add nova memory:update --entity memory:a \
		"{\"content\":\"pears\"}" >/dev/null &&
	test "$(found nova pears)" = "memory:a " &&
	test "$(found nova apples)" = "" &&
	test "$(found --history nova apples)" = "memory:a " &&
	test "$(found nova~1 apples)" = "memory:a " &&
	test "$(found --construct nova~1 apples)" = "memory:a " &&
	vvault add nova memory:delete --entity memory:a "{}" >/dev/null &&
	test "$(found nova pears)" = "" &&
	vvault recall --json --history nova pears >out &&
	jq -e ".snippet == \"pears\"" out &&
	vvault recall --history nova apples >out && grep "^@1 .*apples" out &&
	vvault show @1 --json | jq -e ".type == \"memory:create\" and .data.content == \"apples\"" &&
	vvault show @1 >out && grep apples out && ! grep deleted out
'

test_case 'what a picture shows' '
	new_vault && vvault import --construct nova "$VV_TOP/tests/data/locomo/samples.json" >/dev/null &&
	vvault recall nova lamp >out && grep "Wren: Look a lamp" out
'

test_case 'turns around a hit' '
	new_talk && vvault recall --json -n 1 --around 1 nova greenhouse >out &&
	jq -e "(.before | length) == 1 and .before[0].entity == \"message:t:1/a\" and
		.before[0].text == \"When shall we plant the tomatoes?\" and
		(.after | length) == 1 and .after[0].role == \"user\"" out &&
	vvault recall -n 1 --around 1 nova greenhouse >out &&
	grep "^    user: When shall we" out
'

test_case 'the answer to a question that has the words' '
	new_talk && found nova tomatoes >got && grep -q "message:t:1/b" got
'

test_case 'in all constructs, or in one that only looks like a word' '
	new_talk && vvault add --new vega memory:create --entity memory:v \
		"{\"content\":\"nova is a star\"}" >/dev/null &&
	test "$(found star)" = "memory:v " &&
	test "$(found "nova star" -n 1)" = "memory:v " &&
	test "$(found nova star)" = "" &&
	test "$(found --construct vega nova)" = "memory:v " &&
	expect_exit 128 vvault recall nobody~1 star 2>err && grep nobody err
'

test_case 'found at once: what another process added, what came from a remote' '
	new_talk && git init -q --bare r.git && vvault remote add o "$PWD/r.git" &&
	vvault push >/dev/null 2>&1 && vvault clone "$PWD/r.git" w >/dev/null 2>&1 &&
	add nova "a heron at the pond" >/dev/null &&
	vvault recall nova heron | grep "heron at the pond" &&
	vvault push >/dev/null 2>&1 && vvault -C w recall nova heron >out 2>err &&
	test ! -s out && grep "nothing found in" err &&
	vvault -C w pull >/dev/null 2>&1 &&
	vvault -C w recall nova heron | grep "heron at the pond"
'

test_case 'nothing stands in the clear beside the vault' '
	for mode in --plain --name=x; do
		rm -rf v && new_vault $mode &&
		vvault add --new nova memory:create --entity memory:a \
			"{\"content\":\"xylophone quartz\",\"tags\":[\"wombat\"]}" >/dev/null &&
		vvault recall nova xylophone | grep xylophone &&
		test "$(find v/vvault/index -type f -size +0 ! -name cover | wc -l)" -eq 1 &&
		for word in xylophone xylophon quartz wombat memory:a; do
			! grep -raq "$word" v/vvault/index || { echo "$word"; exit 1; }
		done || exit 1
	done
'

test_case 'what covers the segments is made once, merged, and made anew when it is gone' '
	new_vault && add="vvault add nova memory:create" && vvault add --new nova \
		memory:create "{\"content\":\"word 0\"}" >/dev/null &&
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		$add "{\"content\":\"word $i\"}" >/dev/null &&
		test "$(found nova word -n 99 | wc -w)" -eq $((i + 1)) || exit 1
	done &&
	test "$(find v/vvault/index -type f -size +0 | wc -l)" -le 9 &&
	find v/vvault/index -type f | sort >a && found nova word -n 99 >want &&
	find v/vvault/index -type f | sort >b && cmp a b &&
	rm -r v/vvault/index && found nova word -n 99 >got && cmp want got &&
	chmod 500 v/vvault && rm -rf v/vvault/index/* &&
	found nova word -n 99 >got && chmod 700 v/vvault && cmp want got
'

test_case 'where nothing says a word: words that hold it, else what is spelled like it' '
	new_talk && vvault recall --construct nova house >out 2>err &&
	grep "behind the old greenhouse" out && ! grep roses out &&
	printf "%s\n" "vvault: nothing says '"'house'; shown is 'greenhouse'"'" | cmp - err &&
	vvault recall --json --construct nova hous >out 2>err && test -s out &&
	jq -e -s ".[0].marks == [[37,47]]" out &&
	for word in tomatoz tomaotes tomatoess tomtoes; do
		vvault recall --construct nova "$word" >out 2>err && grep -q "plant the tomatoes" out &&
		grep -q "nothing says .$word.; shown is .tomatoes." err || { echo "$word"; exit 1; }
	done &&
	vvault recall nova -- tomatoz -garden 2>err >out && grep "shown is .tomatoes." err &&
	vvault recall nova "roses tomatoz" >out 2>err && grep "The roses were" out && test ! -s err &&
	vvault recall --construct nova qqqqzzzz >out 2>err && test ! -s out &&
	grep "nothing found in" err && vvault recall --construct nova --role system hous >out 2>err &&
	test ! -s out && grep "nothing found in" err
'

test_case 'wrong words are usage errors' '
	new_vault && expect_exit 129 vvault recall 2>err &&
	expect_exit 129 vvault recall -n x word 2>err &&
	expect_exit 129 vvault recall -n 100000 word 2>err &&
	expect_exit 129 vvault recall --around 1000 word 2>err
'

test_case 'progress is shown while what words are found by is made, and not otherwise' '
	new_vault && for word in otter heron newt; do
		vvault add --new nova memory:create "{\"content\":\"$word\"}" >/dev/null || exit 1
	done && vvault recall --progress --json heron >out 2>err && grep "indexing:.* of 3)" err &&
	jq -e . out && test "$(tail -c 1 err)" = "$(printf "\r")" &&
	vvault recall --progress --json heron 2>err >again && ! grep indexing err && cmp out again &&
	rm -r v/vvault/index && vvault recall heron 2>err >/dev/null && ! grep indexing err
'

test_case 'a first word that names a construct, where that has nothing' '
	new_talk && vvault add --new roses memory:create "{\"content\":\"thorns\"}" >/dev/null &&
	vvault recall roses planted >out 2>err && test ! -s out &&
	grep "looked in .roses. alone; all words between quotes are looked for everywhere" err &&
	vvault recall "roses planted" >out 2>err && grep "planted yesterday" out && test ! -s err
'

done_testing
