#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

# say <session> <key> <role> <day> <content> [<more fields>]: a message.
say() {
	vvault add nova message:create --entity "message:t:$1/$2" \
		"{\"content\":\"$5\",\"created\":\"2024-05-0$4T10:00:00.000000Z\",
		\"index\":$4,\"role\":\"$3\",\"session\":\"session:t:$1\"${6:-}}" >/dev/null
}

# Two sessions: one with a title and an agent's folder, one without either.
new_talks() {
	new_vault "$@" &&
	vvault add --new nova session:create --entity session:t:1 \
		'{"native":{"cwd":"/srv/ann/garden"},"provider":"claude-code",
		"title":"The garden"}' >/dev/null &&
	vvault add nova session:create --entity session:t:2 '{"provider":"t"}' >/dev/null &&
	say 1 a user 1 'When shall we plant?' &&
	say 1 b assistant 2 'In May.' ',"model":"m-2","parent":"message:t:1/a"' &&
	say 1 c assistant 3 'In June.' ',"model":"m-1","parent":"message:t:1/a"' &&
	say 2 a system 4 'Be kind.' && say 2 b user 5 'Is it\n  raining?'
}

listed() {
	vvault session list --json "$@" | jq -r .session | tr '\n' ' '
}

test_case 'for a person: the newest first, a title or what was said first' '
	new_talks && vvault session list >out &&
	printf "%s\n" "@1   2024-05-05T10:00:00Z  Is it raining?  2 messages  t  nova" \
		"@2   2024-05-03T10:00:00Z  The garden  3 messages, 2 branches  claude-code m-1 m-2  nova  /srv/ann/garden" \
		>want && cmp want out && vvault session list nova | cmp want - &&
	vvault show @2 --json | jq -e ".entity == \"session:t:1\""
'

test_case 'the root of a tree, where nobody has said anything, is no message' '
	new_talks && vvault add nova message:create --entity message:t:2/root \
		"{\"content\":\"\",\"parent\":null,\"role\":\"system\",\"session\":\"session:t:2\",
		\"visibility\":\"meta\"}" >/dev/null &&
	vvault session list >out && grep "raining?  2 messages  t  nova$" out &&
	vvault read session:t:2 --all >out && grep -F "2 messages" out && ! grep -i meta out &&
	vvault read session:t:2 --json | jq -s -e "length == 3 and .[0].messages == 2" &&
	vvault read session:t:2 --format html >out && ! grep -e "System</b> <i>meta" -e "a program to itself" out &&
	grep -F ">2 messages<" out
'

test_case 'on a terminal: columns that fit it, and nothing that steers it' '
	command -v script >/dev/null || skip_case "script is not here"
	new_talks && say 3 a user 6 "図書館の \\u001b[31m and it does not fit" &&
	LC_ALL=C.UTF-8 COLUMNS=80 TERM=xterm script -qec \
		"vvault session list --no-pager -n 2" typescript >/dev/null &&
	sed "s/\x1b\[[0-9;]*m//g" typescript | tr -d "\r" >out &&
	grep -x "@1   6 May 2024 10:00   図書館の .e.31m and it doe\.\.\.  1 message  t  nova *" out &&
	grep -x "@2   5 May 2024 10:00   Is it raining?                 2 messages  t  nova *" out
'

test_case 'columns that have no room are left out whole, the last ones first' '
	command -v script >/dev/null || skip_case "script is not here" &&
	new_vault && vvault add --new claude session:create --entity session:t:1 \
		"{\"provider\":\"claude\",\"title\":\"The garden\"}" >/dev/null &&
	vvault add claude message:create --as-is --entity message:t:1/a "{\"model\":\"<synthetic>\",\"session\":\"session:t:1\"}" >/dev/null &&
	vvault add claude message:create --as-is --entity message:t:1/b \
		"{\"model\":\"a-model-of-some-length\",\"session\":\"session:t:1\"}" >/dev/null &&
	for columns in 80 140; do
		LC_ALL=C.UTF-8 COLUMNS=$columns TERM=xterm script -qec "vvault session list --no-pager" typescript >/dev/null &&
		sed "s/\x1b\[[0-9;]*m//g" typescript | tr -d "\r" >"out-$columns" || exit 1
	done && grep "The garden   *2 messages  claude *$" out-80 &&
	grep "The garden   *2 messages a-model-of-some-length  claude *$" out-140
'

test_case 'the shape of the JSON' '
	new_talks && vvault session list --json >out &&
	head -n 1 out | keys_are "branches construct created first messages models project provider session title updated" &&
	jq -e -s ". == [{
		branches: 1, construct: \"nova\", created: \"2024-05-04T10:00:00.000000Z\",
		first: \"Is it raining?\", messages: 2, models: [], project: null,
		provider: \"t\", session: \"session:t:2\", title: null,
		updated: \"2024-05-05T10:00:00.000000Z\"
	}, {
		branches: 2, construct: \"nova\", created: \"2024-05-01T10:00:00.000000Z\",
		first: \"When shall we plant?\", messages: 3, models: [\"m-1\", \"m-2\"],
		project: \"/srv/ann/garden\", provider: \"claude-code\",
		session: \"session:t:1\", title: \"The garden\",
		updated: \"2024-05-03T10:00:00.000000Z\"
	}]" out
'

test_case 'what is asked for' '
	new_talks && one="session:t:1 " two="session:t:2 " &&
	test "$(listed -n 1)" = "$two" && test -z "$(listed -n 0)" &&
	test "$(listed --provider claude-code)" = "$one" &&
	test "$(listed --model m-2)" = "$one" && test "$(listed --model M)" = "$one" &&
	test "$(listed --provider Claude-Code)" = "$one" && test "$(listed --project ann)" = "$one" &&
	test -z "$(listed --model opus)" && vvault session list --model opus >out 2>err &&
	test ! -s out && grep "no model begins with .opus.; there are: m-1, m-2" err &&
	vvault session list --provider x --project gar >out 2>err && test ! -s out &&
	grep "no session is from provider .x.; there are: .*claude-code" err &&
	grep "no session is of project .gar.; there are: /srv/ann/garden" err &&
	test "$(listed --project /srv/ann)" = "$one" &&
	test -z "$(listed --project /srv/an)" &&
	test "$(listed --since 2024-05-04)" = "$two" &&
	test "$(listed --until 2024-05-03)" = "$one" &&
	test "$(listed --since 2024-05-02 --until 2024-05-04)" = "$two$one" &&
	test "$(listed nova~1 -n 1)" = "$two" && test "$(listed nova~6)" = "$one"
'

test_case 'of all constructs, one between the other' '
	new_talks && vvault add --new vega session:create --entity session:v:1 \
		"{\"created\":\"2024-05-04T10:00:00.000000Z\"}" >/dev/null &&
	vvault session list --json | jq -r "[.construct, .session] | join(\" \")" >out &&
	printf "%s\n" "nova session:t:2" "vega session:v:1" "nova session:t:1" | cmp - out &&
	test "$(listed vega)" = "session:v:1 "
'

test_case 'what was deleted is gone, what has no record of its own is there' '
	new_talks && vvault add nova session:delete --entity session:t:2 "{}" >/dev/null &&
	say 3 x user 6 "hello" && test "$(listed)" = "session:t:3 session:t:1 " &&
	vvault session list --json -n 1 | jq -e ".title == null and .first == \"hello\" and
		.provider == \"t\" and .messages == 1"
'

# many <from> <to>: sessions of 40 messages, as records.
many() {
	awk -v from="$1" -v to="$2" 'BEGIN {
		end = ",\"prev\":[],\"type\":\""
		for (s = from; s < to; s++) {
			day = sprintf("%02d", 1 + s % 28)
			at = "\"at\":\"2023-01-" day "T10:00:00.000000Z-0000-00000000\""
			print "{" at ",\"data\":{\"title\":\"Zanzibar " s "\"},\"entity\":\"session:m:" \
				s "\"" end "session:create\"}"
			for (i = 0; i < 40; i++)
				print "{" at ",\"data\":{\"content\":\"of " i "\",\"index\":" i \
					",\"role\":\"user\"},\"entity\":\"message:m:" s "/" i "\"" \
					end "message:create\"}"
		}
	}'
}

# told: all that lists tell, as they know it, and then anew.
told() {
	vvault session list nova --json >"$1" && vvault show nova --json >>"$1" &&
	rm -rf "$VVAULT_DIR/vvault/index" && vvault session list nova --json >"$1.anew" &&
	vvault show nova --json >>"$1.anew" && cmp "$1" "$1.anew"
}

test_case 'what was known is of use, and never behind' '
	new_vault && many 0 60 >in.jsonl && vvault import --construct nova in.jsonl >/dev/null &&
	vvault session list -n 1 nova >/dev/null && ls v/vvault/index/*/lists/* >files &&
	test "$(wc -l <files)" -eq 1 && say 7 40 user 9 "later" &&
	vvault add nova session:create --entity session:m:new "{\"title\":\"New\"}" >/dev/null &&
	vvault add nova session:delete --entity session:m:5 "{}" >/dev/null &&
	vvault session list nova --json >out && ls v/vvault/index/*/lists/* | cmp - files &&
	test "$(wc -l <out)" -eq 61 && head -n 1 out | jq -e ".title == \"New\"" &&
	told told && many 60 70 >in.jsonl && vvault import --construct nova in.jsonl >/dev/null &&
	vvault gc >/dev/null && told told && test "$(wc -l <told)" -eq 72
'

test_case 'no word of it is in clear text' '
	new_vault && many 0 60 >in.jsonl && vvault import --construct nova in.jsonl >/dev/null &&
	vvault session list nova | grep -q Zanzibar && ls v/vvault/index/*/lists/* >files &&
	test -s files && ! grep -raq -e Zanzibar -e session:m v/vvault/index &&
	for file in $(cat files); do
		test "$(stat -c %a "$file")" = 600 || exit 1
	done
'

test_case 'two that add apart and join' '
	two_devices && export VVAULT_DIR="$PWD/b" VVAULT_KEYS="$tap_case/keys-b" &&
	many 0 60 >in.jsonl && vvault import --construct nova in.jsonl >/dev/null &&
	vvault show nova >/dev/null && ls b/vvault/index/*/lists/* >/dev/null &&
	vvault push >/dev/null && as a vvault -C a pull >/dev/null &&
	as a vvault -C a add nova session:create --entity session:m:a "{\"title\":\"of a\"}" >/dev/null &&
	as a vvault -C a add nova session:delete --entity session:m:3 "{}" >/dev/null &&
	as a vvault -C a push >/dev/null &&
	vvault add nova session:update --entity session:m:4 "{\"title\":\"of b\"}" >/dev/null &&
	vvault pull >/dev/null && says ".heads | length == 2" vvault show nova --json &&
	told told && test "$(grep -c title told)" -eq 60 && grep -q "of a" told && grep -q "of b" told &&
	vvault add nova memory:create --as-is "{}" >/dev/null && told told
'

# gone <list>: none of the files that it names is there any more.
gone() {
	test -s "$1" && while read -r file; do
		test ! -e "$file" || { echo "$file is still there"; return 1; }
	done <"$1"
}

test_case 'what is forgotten, and what a new key hides, is in no file' '
	new_vault && many 0 60 >in.jsonl && vvault import --construct nova in.jsonl >/dev/null &&
	id=$(vvault ls --json nova session | jq -r "select(.entity == \"session:m:5\").records[0]") &&
	before=$(version_of nova) && vvault session list nova >/dev/null &&
	ls v/vvault/index/*/lists/* >files && vvault forget --yes "$id" >/dev/null &&
	vvault session list nova --json >out && gone files && test "$(wc -l <out)" -eq 60 &&
	! grep "Zanzibar 5\"" out && jq -e -s "map(select(.title == null) | .session) == [\"session:m:5\"]" out &&
	vvault session list "$before" --json >older &&
	test "$(wc -l <older)" -eq 60 && ! grep "Zanzibar 5\"" older &&
	told told && ls v/vvault/index/*/lists/* >files &&
	vvault key rotate >/dev/null &&
	vvault session list nova --json | cmp - out && gone files
'

test_case 'what was rejected is in no file' '
	two_devices && many 0 60 >in.jsonl && as b vvault -C b import --construct nova in.jsonl >/dev/null &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null &&
	test "$(as a vvault -C a session list | wc -l)" -eq 60 && ls a/vvault/index/*/lists/* >files &&
	as a vvault -C a reject "$(as a vvault -C a show --json nova | jq -r .version)" >/dev/null &&
	gone files && as a vvault -C a session list >out && test ! -s out
'

# hurt_newest: damage the segment that the newest version of nova brought.
hurt_newest() {
	blob=$(git -C v diff-tree -r "$(version_of nova~1)" "$(version_of nova)" | awk "\$5 == \"A\" { print \$4 }") &&
	file=v/objects/$(echo "$blob" | cut -c1-2)/$(echo "$blob" | cut -c3-) &&
	chmod u+w "$file" && printf garbage >"$file"
}

test_case 'what is damaged is told, and the rest is there, known before or not' '
	new_vault && many 0 60 >in.jsonl && vvault import --construct nova in.jsonl >/dev/null &&
	vvault session list nova --json >before && say 7 40 user 9 "later" && hurt_newest &&
	expect_exit 1 vvault session list nova --json >out 2>err && grep "unreadable-segment" err &&
	cmp before out && rm -r v/vvault/index && for i in 1 2; do
		expect_exit 1 vvault session list --json >out 2>err && grep "unreadable-segment" err &&
		cmp before out || exit 1
	done && ! ls v/vvault/index/*/lists/*
'

test_case 'two at once, and one that was killed' '
	new_vault && many 0 60 >in.jsonl && vvault import --construct nova in.jsonl >/dev/null &&
	for i in 1 2 3; do vvault session list nova --json >"out-$i" & done; wait &&
	cmp out-1 out-2 && cmp out-1 out-3 && test "$(wc -l <out-1)" -eq 60 &&
	folder=$(ls -d v/vvault/index/*/lists) && rm "$folder"/* &&
	echo x >"$folder/.tmp-0123456789abcdef" && echo x >"$folder/0123456789abcdef0123456789abcdef" &&
	vvault session list nova --json | cmp out-1 - && ls -A "$folder" >files &&
	test "$(wc -l <files)" -eq 1 && ! grep -e "^.tmp-" -e "^0123456789abcdef0123456789abcdef$" files
'

test_case 'what is sealed for this device is left out, and told' '
	new_talks && as stranger vvault init other >/dev/null &&
	expect_exit 1 as stranger vvault session list >out 2>err && test ! -s out &&
	grep "sealed for this device" err
'

test_case 'wrong words are usage errors' '
	new_talks && expect_exit 129 vvault session nope 2>err &&
	expect_exit 129 vvault session list --since never 2>err &&
	expect_exit 129 vvault session list nova nova 2>err &&
	expect_exit 128 vvault session list nobody 2>err
'

done_testing
