#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

# say <session> <key> <role> <day> <content, as JSON>
say() {
	vvault add nova message:create --entity "message:t:$1/$2" \
		"{\"content\":\"$5\",\"created\":\"2024-05-0$4T10:00:00.000000Z\",
		\"index\":$4,\"role\":\"$3\",\"session\":\"session:t:$1\"}" >/dev/null
}

new_talk() {
	new_vault "$@" && vvault add --new nova session:create --entity session:t:1 \
		'{"title":"The garden"}' >/dev/null &&
	vvault add nova session:create --entity session:t:2 '{}' >/dev/null &&
	say 1 a user 1 'When shall we plant the tomatoes?' &&
	say 1 b assistant 2 'In May.\r\nBehind the old greenhouse (by the tomato).\nOr not.' &&
	say 1 c user 3 'Tomatoes, tomatoes!' &&
	say 2 d user 4 'a.b is not axb; caf\u00e9 \u56fe\u4e66\u9986' &&
	vvault add nova memory:create --entity memory:m \
		'{"content":"likes tomato soup"}' >/dev/null
}

found() {
	vvault grep --json "$@" | jq -r .entity | tr '\n' ' '
}

test_case 'lines below their session, the newest first' '
	new_talk && vvault grep tomato nova >out 2>err && test ! -s err &&
	sed "s/^[0-9-]* /DAY /" out >got &&
	printf "%s\n" "DAY  memory  nova" "@1   likes tomato soup" \
		"DAY  The garden  nova" \
		"@2   user: When shall we plant the tomatoes?" \
		"@3   assistant: Behind the old greenhouse (by the tomato)." \
		"@4   user: Tomatoes, tomatoes!" >want && diff want got &&
	vvault show @3 | grep "message:t:1/b"
'

test_case 'the shape of the JSON, and where it matches' '
	new_talk && vvault grep --json "o" --session t:1 --role assistant >out &&
	keys_are "at construct entity kind lines marks matches nth ref role session snippet title version" <out &&
	jq -e ".lines == [2,3] and .nth == 1 and .title == \"The garden\" and
		.snippet == \"Behind the old greenhouse (by the tomato).\nOr not.\" and
		.marks == [[11,12],[21,22],[35,36],[39,40],[47,48]] and
		.matches == [[20,21],[30,31],[44,45],[48,49],[56,57]] and
		.at == \"2024-05-02T10:00:00.000000Z\" and .session == \"session:t:1\"" out &&
	vvault show --json "$(jq -r .ref out)" | jq -e ".entity == \"message:t:1/b\"" &&
	vvault grep --json -n 1 -c tomato nova >out && keys_are \
		"at construct entity first hits lines session title" <out
'

test_case 'a text as it stands, or with -E an expression' '
	new_talk && test "$(found a.b)" = "message:t:2/d " &&
	vvault grep --json a.b | jq -e ".marks == [[0,3]]" &&
	vvault grep --json -E a.b | jq -e ".marks == [[0,3],[11,14]]" &&
	vvault grep --json -F a.b | jq -e ".marks == [[0,3]]" &&
	test "$(found "(by the")" = "message:t:1/b " &&
	test "$(found -E "^Or|soup$")" = "memory:m message:t:1/b " &&
	test "$(found -E "tomato\)\.$")" = "message:t:1/b " &&
	test "$(found -E "^In May\.$")" = "message:t:1/b " &&
	test "$(found -E "May.*Behind")" = "" &&
	test "$(found -E "caf\w .{3}$")" = "message:t:2/d " &&
	test "$(found "书馆")" = "message:t:2/d "
'

test_case '-i, -w, -n' '
	new_talk && test "$(found Tomato)" = "message:t:1/c " &&
	vvault grep --json -i tomatoes --kind message -n 9 >out &&
	test "$(wc -l <out)" -eq 2 && sed -n 2p out | jq -e ".marks == [[0,8],[10,18]]" &&
	test "$(found -w tomato)" = "memory:m message:t:1/b " &&
	test "$(found -w "(by the")" = "message:t:1/b " &&
	test "$(found -w -E "tom.*")" = "memory:m message:t:1/a message:t:1/b message:t:1/c " &&
	test "$(found -w caf)" = "" && test "$(found -w café)" = "message:t:2/d " &&
	test "$(found -i CAFÉ)" = "message:t:2/d " &&
	test "$(found -n 2 tomato)" = "memory:m message:t:1/a "
'

test_case '-c counts, -l lists' '
	new_talk && vvault grep -c tomato | sed "s/20[0-9-]*/DAY/" >out &&
	printf "%s\n" "@1      1  DAY  likes tomato soup  nova" \
		"@2      3  DAY  The garden  nova" >want && diff want out &&
	vvault grep -l -E "[xy]b|May" | sed "s/20[0-9-]*/DAY/" >out &&
	printf "%s\n" "@1   DAY  a.b is not axb; café 图书馆  nova" "@2   DAY  The garden  nova" >want &&
	diff want out && vvault show @2 | grep "session:t:1" &&
	expect_exit 1 vvault grep -c nothing >out && test ! -s out
'

test_case 'exit status: 0 found, 1 not, 129 wrong' '
	new_talk && vvault grep tomato >out && expect_exit 1 vvault grep potato >out 2>err &&
	test ! -s out && grep "nothing matches" err && expect_exit 1 vvault grep --json -E "^$" &&
	for bad in "-E [" "-E (" "-E -F x" "-c -l x" "-n x y" "--since soon x" \
		"--kind acu x" "--construct nova x nova" ""
	do
		expect_exit 129 vvault grep $bad 2>err || { echo "$bad"; exit 1; }
	done &&
	expect_exit 129 vvault grep "" 2>err && grep "pattern is empty" err &&
	expect_exit 129 vvault grep -E "a(b" 2>err && grep "not a pattern: .*at byte 3" err &&
	expect_exit 129 vvault grep -E -w "a)|(b" 2>err &&
	expect_exit 129 vvault grep "$(printf "\377")" 2>err && grep "not UTF-8" err &&
	expect_exit 128 vvault grep x nobody 2>err && grep nobody err
'

test_case 'what would try for ever ends with an error' '
	new_talk && say 1 e user 5 "$(printf "%0200d" 0 | tr 0 a)b" &&
	expect_exit 128 timeout 20 vvault grep -E "(a+)+$" 2>err &&
	grep "takes too many steps" err &&
	expect_exit 129 vvault grep -E "((a{1,500}){1,500}){1,500}" 2>err
'

test_case 'as of a version, in a time, in the history' '
	new_talk && vvault add nova memory:update --entity memory:m \
		"{\"content\":\"likes potato soup\"}" >/dev/null &&
	test "$(found "tomato soup")" = "" && test "$(found "potato soup")" = "memory:m " &&
	test "$(found "tomato soup" nova~1)" = "memory:m " &&
	test "$(found --construct nova~1 "tomato soup")" = "memory:m " &&
	vvault grep --json --history "to soup" | jq -s -e "length == 2" &&
	test "$(found --since "may 2, 2024" --until 2024-05-02 tomato)" = "message:t:1/b " &&
	test "$(found --stored --since yesterday "by the")" = "message:t:1/b " &&
	test "$(found --stored --until yesterday "by the")" = ""
'

test_case 'hidden texts with --all alone; all constructs without a name' '
	new_talk && vvault add nova message:create --entity message:t:1/z \
		"{\"content\":\"tomato thoughts\",\"role\":\"assistant\",
		\"session\":\"session:t:1\",\"visibility\":\"thinking\"}" >/dev/null &&
	test "$(found "tomato thoughts")" = "" &&
	test "$(found --all "tomato thoughts")" = "message:t:1/z " &&
	vvault add --new vega memory:create --entity memory:v "{\"content\":\"tomato pie\"}" >/dev/null &&
	test "$(found "tomato p")" = "memory:v " && test "$(found "tomato p" nova)" = ""
'

test_case 'in a plain vault, and without the index, the same' '
	new_talk --plain && found -i -E "TOMATO" >want && test -s want &&
	chmod 500 v/vvault/index/* && rm -rf v/vvault/index &&
	found -i -E "TOMATO" | cmp want - && found -i -E "(TOMATO)" | cmp want - &&
	find v/vvault/index -type f -size +0 | while read -r file; do
		printf "spoiled" | dd of="$file" bs=1 seek=100 conv=notrunc 2>/dev/null
	done && found -i -E "TOMATO" | cmp want -
'

test_case 'a long line is cut for a person, and text from outside escaped' '
	command -v script >/dev/null || skip_case "script is not here" &&
	new_vault && vvault add --new nova memory:create \
		"{\"content\":\"$(printf "%0900d" 0)needle$(printf "%0900d" 0)\u001b[2J\"}" >/dev/null &&
	vvault grep needle >out && test "$(wc -c <out)" -gt 1800 &&
	script -qec "vvault grep --no-pager needle" typescript >/dev/null &&
	grep "\.\.\.0*.*needle.*0*.*…" typescript && test "$(wc -c <typescript)" -lt 900 &&
	script -qec "vvault grep --no-pager 2J" typescript >/dev/null &&
	grep "2J" typescript && ! grep "$(printf "\033\[2J")" typescript
'

test_case 'many hits of one session, some of them changed since' '
	new_talk && for i in 1 2 3 4 5 6; do say 2 "m$i" user "$i" "rose $i" || exit 1; done &&
	vvault add nova message:update --entity message:t:2/m3 "{\"content\":\"rose three\"}" >/dev/null &&
	vvault add nova message:update --entity message:t:2/m4 "{\"content\":\"gone\"}" >/dev/null &&
	vvault grep -E "r.s." nova --session t:2 | sed 1d >out &&
	for i in "1   user: rose 1" "2   user: rose 2" "3   user: rose three" "4   user: rose 5" "5   user: rose 6"; do
		echo "@$i"
	done >want && cmp want out && vvault grep -c -E "r.s." nova | grep "^@1 *5  " &&
	test "$(found --history -E "r.s." nova | wc -w)" -eq 7
'

done_testing
