#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# say <session> <key> <role> <time> <content> [<more fields>]: a message.
say() {
	vvault add nova message:create --entity "message:t:$1/$2" \
		"{\"content\":\"$5\",\"created\":\"$4Z\",\"role\":\"$3\",
		\"session\":\"session:t:$1\"${6:-}}" >/dev/null
}

# Two sessions: with words, a tool, thoughts, and one that nobody dated.
new_talks() {
	new_vault &&
	vvault add --new nova session:create --entity session:t:1 \
		'{"native":{"cwd":"/srv/ann/garden"},"provider":"claude-code",
		"title":"The garden"}' >/dev/null &&
	vvault add nova session:create --entity session:t:2 '{"provider":"t"}' >/dev/null &&
	say 1 a user 2024-01-31T23:30:00 'When shall we plant?' &&
	say 1 b assistant 2024-01-31T23:31:00 'In May.' ',"model":"m-2","native":{"usage":{"input_tokens":7,
		"output_tokens":3}},"parts":[{"name":"look","type":"tool_use"}]' &&
	say 1 c assistant 2024-02-01T10:00:00 'In June, <b>maybe</b>.' ',"model":"m-1","parent":"message:t:1/a"' &&
	say 1 d assistant 2024-02-01T10:00:01 'Let me see' ',"visibility":"thinking"' &&
	say 1 e tool 2024-02-01T10:00:02 'of a tool' ',"visibility":"tool"' &&
	say 2 a user 2024-04-05T10:00:00 'It rains.'
}

made() {
	once new_talks && export VVAULT_DIR="$PWD/v"
}

# Count by jq what an export says: $tz decides days, $by what the groups are.
cat >"$tap_root/count.jq" <<'EOP'
def folded: group_by(.entity) | map(sort_by(.at) | {entity: .[0].entity, at: .[-1].at,
	construct: .[0].construct, state: (reduce .[] as $r ({}; if ($r.type | endswith(":delete"))
	then null else (. // {}) * $r.data end))});
def is_root: .visibility == "meta" and .parent == null and (.content // "") == "" and
	(has("parts") or has("native") or has("created") | not);
def letters: "(?:(?![\\p{Han}\\p{Hiragana}])[\\p{L}\\p{N}])+";
def words: [scan("[\\p{Han}\\p{Hiragana}]|[\\x{2600}-\\x{27bf}\\x{1f000}-\\x{1faff}]|" +
	letters + "(?:[-_./:@'+]" + letters + ")*")] | length;
def micros: (.[0:19] + "Z" | fromdateiso8601) * 1000000 + (.[20:26] | tonumber);
def calls: [.parts[]? | objects | .type // "" | strings |
	select(test("^(tool_use|tool_call|server_tool_use|mcp_tool_use|local_shell_call|web_search_call)"))] | length;
def results: [.parts[]? | objects | .type // "" | strings | select(test("^(tool_result|tool_output|tool_return)"))] | length;
def usage: if .copy_of then null else (.native as $n | ($n.message?.usage? // $n.usage? // $n.tokens?) as $u |
	if $u then {input: (($u.input_tokens // $u.input // 0) + ($u.cache_creation_input_tokens // 0) +
		($u.cache_read_input_tokens // 0) + ($u.tool // 0)),
		cached: ($u.cache_read_input_tokens // $u.cached_input_tokens // $u.cached // 0),
		output: (($u.output_tokens // $u.output // 0) + ($u.thoughts // 0))}
	elif ([$n.chunks[]?.tokenCount?] | map(numbers) | length) > 0 then
		([$n.chunks[].tokenCount?] | map(numbers) | add) as $sum |
		if .role == "user" then {input: $sum, cached: 0, output: 0}
		else {input: 0, cached: 0, output: $sum} end
	else null end) end;
def stretch($how): if . == null then null else ((. / 1000000 | floor) as $s | $s | strflocaltime($how)) end;

[inputs] | map(select(.type)) | group_by(.construct) | map(folded) | add |
(map(select(.entity | startswith("session:"))) | map({key: (.construct + .entity), value: .state}) | from_entries) as $sessions |
map(select((.entity | startswith("message:")) and .state != null)) | map(select(.state | is_root | not)) |
map(("session:" + (.entity | ltrimstr("message:") | sub("/[^/]*$"; ""))) as $home | (.construct + $home) as $key |
	select(($sessions | has($key) | not) or $sessions[$key] != null) |
	($sessions[$key] // {}) as $s | .state as $m |
	(if $m.created then $m.created elif .at[0:4] != "0000" then .at[0:27] else null end) as $time |
	($time | if . then micros else null end) as $when | ($m.visibility // "visible") as $seen | {
	session: $key, when: $when, seen: $seen, role: $m.role,
	group: (if $by == "month" then $when | stretch("%Y-%m") elif $by == "day" then $when | stretch("%Y-%m-%d")
		elif $by == "week" then $when | stretch("%G-W%V") elif $by == "weekday" then $when | stretch("%A")
		elif $by == "hour" then $when | stretch("%H") elif $by == "year" then $when | stretch("%Y")
		elif $by == "model" then $m.model elif $by == "role" then $m.role
		elif $by == "provider" then ($s.provider // ($home | split(":")[1]))
		elif $by == "project" then ($s.cwd // $s.native?.cwd?) else .construct end),
	words: (if $seen == "visible" then ($m.content | if type == "string" then words else 0 end) else 0 end),
	tools: (($m | calls) as $c | if $c == 0 and ($m | results) == 0 and $m.role == "assistant" and $seen == "tool"
		then 1 else $c end),
	usage: ($m | usage)}) |
group_by(.group) | map({by: $by, group: .[0].group,
	messages: (map(select(.seen == "visible")) | length),
	users: (map(select(.seen == "visible" and .role == "user")) | length),
	apart: (map(select(.seen != "visible")) | length),
	words: (map(.words) | add), tools: (map(.tools) | add), sessions: (map(.session) | unique | length),
	tokens: (map(.usage | select(.)) | if length == 0 then null else
		{input: (map(.input) | add), cached: (map(.cached) | add), output: (map(.output) | add), n: length} end),
	first: (map(.when | numbers) | min), last: (map(.when | numbers) | max),
	longest: ([group_by(.session)[] | map(select(.seen == "visible")) | length] | max)}) | sort_by(.group // "~") | .[]
EOP

# What `stats` says, in the same form; sessions without messages have no place there.
cat >"$tap_root/told.jq" <<'EOP'
def micros: (.[0:19] + "Z" | fromdateiso8601) * 1000000 + (.[20:26] | tonumber);
[inputs] | map({by, group, messages, users: .roles.user, apart: (.apart.tool + .apart.thinking + .apart.hidden), words,
	tools: .tool_calls, sessions, tokens: (.tokens | if . then {input, cached, output, n: .messages} else null end),
	first: (.first | if . then micros else null end), last: (.last | if . then micros else null end),
	longest: (.longest.messages // 0)}) | sort_by(.group // "~") | .[]
EOP

# exported: all constructs, each record with the name of its own.
exported() {
	for construct in $(vvault construct list --json | jq -r .construct); do
		vvault export "$construct" --format jsonl | jq -c --arg c "$construct" \
			"select(.type) | .construct = \$c" || return 1
	done
}

# Sources of several kinds on two devices that have both gone on, one with edits
# and deletions; what an importer dates at 1970 is of no use to a calendar here.
lived() {
	data=$VV_TOP/tests/data
	two_devices || return
	as a vvault -C a import "$data/claude-code" "$data/gemini" >/dev/null 2>&1
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null || return
	as b vvault -C b import "$data/chatgpt/export" "$data/codex" >/dev/null 2>&1
	export VVAULT_DIR="$PWD/b"
	as b vvault add nova message:create --entity message:t:9/1 '{"content":"図書館で read_file 🌱 안녕 하세요 don'"'"'t",
		"created":"2024-12-31T23:30:00.500000Z","role":"user","session":"session:t:9"}' >/dev/null
	as b vvault add nova message:create --entity message:t:9/2 '{"content":"gone","created":"2025-01-01T00:00:00Z",
		"role":"user","session":"session:t:9"}' >/dev/null
	as b vvault add nova session:create --entity session:t:8 '{"title":"gone"}' >/dev/null
	as b vvault add nova message:create --entity message:t:8/1 '{"content":"gone, too","role":"user",
		"session":"session:t:8"}' >/dev/null
	as b vvault push >/dev/null && as a vvault -C a pull >/dev/null || return
	as b vvault add nova message:delete --entity message:t:9/2 '{}' >/dev/null
	as b vvault add nova session:delete --entity session:t:8 '{}' >/dev/null
	as a vvault -C a add nova message:update --entity message:t:9/1 '{"content":"so many more words, of a"}' >/dev/null
	as b vvault push >/dev/null; as a vvault -C a pull >/dev/null; as a vvault -C a push >/dev/null
	as b vvault pull >/dev/null
}

test_case 'the same as jq counts in an export: sources, branches, two devices, deleted ones, zones' '
	once lived && export VVAULT_DIR="$PWD/b" VVAULT_KEYS="$tap_case/keys-b" &&
	exported >all.jsonl && for by in month:UTC day:America/New_York hour:Asia/Kolkata week:Europe/Berlin \
			weekday:Australia/Lord_Howe year:UTC model:UTC role:UTC provider:UTC project:UTC construct:UTC; do
		export TZ=${by#*:} && by=${by%:*} &&
		jq -nc --arg by "$by" -f "$tap_root/count.jq" all.jsonl >want &&
		vvault stats --by "$by" --json --local >json && test -s want &&
		jq -nc -f "$tap_root/told.jq" json | jq -c "select(.messages + .apart > 0)" >told &&
		{ diff want told || { echo "by $by" && exit 1; }; } || exit 1
	done && test "$(wc -l <all.jsonl)" -gt 150
'

test_case 'in sum: sentences, and a curve of the months' '
	made && vvault stats | sed "s/, [0-9.]* kB/, N kB/" >out && cat >want <<-"E" &&
		from 2024-01-31 to 2024-04-05
		4 messages: 2 from people, 2 answers
		13 words
		2 sessions
		the longest: The garden, 3 messages
		1 tool call
		tokens: 7 in, 3 out, of 1 message
		apart: 1 message of tools, 1 thought, 0 hidden messages
		8 records, N kB
		2024-01 █▄ ▄ 2024-04
	E
	cmp want out && LC_ALL=C vvault stats | tail -n 1 | grep -Fx "2024-01 #- - 2024-04"
'

test_case 'by month: a line for each, those between, and one for all' '
	made && vvault stats --by month >out && cat >want <<-"E" &&
		month        messages        words  sessions   tools  tok in    out
		2024-01             2            6         1       1       7      3
		2024-02             1            5         1       0       0      0
		2024-03             0            0         0       0       0      0
		2024-04             1            2         1       0       0      0
		all                 4           13         2       1       7      3
	E
	cmp want out && vvault stats --by month -n 1 --since 2024-02 >out && cat >want <<-"E" &&
		month        messages        words  sessions    tools
		2024-04             1            2         1        0
		  (1 more; -n tells how many)
		all                 2            7         2        0
	E
	cmp want out && TZ=Asia/Kolkata vvault stats --by month | grep "^2024-02  *3 " &&
	TZ=Asia/Kolkata vvault stats --by month --json | head -n 1 | jq -e ".messages == 2"
'

test_case 'bars, of # where there is no UTF-8, in the columns that there are' '
	made && vvault stats --by month --plot >out && cat >want <<-"E" &&
		2024-01             2  ████████████████████████████████████████████████████████
		2024-02             1  ████████████████████████████
		2024-03             0  
		2024-04             1  ████████████████████████████
	E
	cmp want out && vvault stats --plot | cmp want - && LC_ALL=C COLUMNS=40 vvault stats --plot >out &&
	grep -Fx "2024-02             1  ########" out && grep -Fx "2024-01             2  ################" out &&
	vvault stats --by weekday --plot >out && test "$(wc -l <out)" = 7 && head -n 1 out | grep "^Monday  *0 "
'

test_case 'no line is wider than 80 columns' '
	made && say 1 w assistant 2024-02-01T10:00:00 "x" ",\"model\":\"a-model-whose-name-is-longer-than-any-column-could-be\",
		\"native\":{\"usage\":{\"input_tokens\":1234567,\"output_tokens\":98765}}" &&
	for by in year month week day weekday hour model provider project construct role kind; do
		vvault stats --by $by >out && vvault stats --by $by --plot >>out && test -s out &&
		test "$(wc -L <out)" -le 80 || { wc -L out && cat out && exit 1; }
	done && vvault add nova session:update --entity session:t:1 "{\"native\":{\"cwd\":\"/srv/ann/much/further/down/in/the/garden\"}}" >/dev/null &&
	vvault stats --by project | grep "^\.\.\./down/in/the/garden  *4 " && vvault stats --by model | grep -F "a-model-whose-name-..." | grep -F "1.2M    98k"
'

test_case 'the shape of the JSON, and exact numbers' '
	made && vvault stats --by role --json >out && vvault stats --by role --format json | cmp out - &&
	test "$(wc -l <out)" = 3 && jq -s -e ".[0] | .group == \"assistant\" and .messages == 2 and .words == 7 and
		.apart == {hidden: 0, thinking: 1, tool: 0} and .tool_calls == 1 and .sessions == 1 and
		.tokens == {cached: 0, input: 7, messages: 1, output: 3} and .roles == {assistant: 2, other: 0, user: 0} and
		.first == \"2024-01-31T23:31:00.000000Z\" and .last == \"2024-02-01T10:00:01.000000Z\" and
		.longest == {construct: \"nova\", messages: 2, session: \"session:t:1\", title: \"The garden\"}" out &&
	jq -s -e ".[2] | .group == \"tool\" and .messages == 0 and .apart.tool == 1 and .tokens == null and .longest == null" out &&
	vvault stats --json >out && test "$(wc -l <out)" = 1 &&
	jq -e ".by == null and .group == null and .messages == 4 and .records == 8 and .entities == 8 and .bytes > 0" out &&
	vvault stats --by kind --json | jq -c "[.group, .entities, .records]" >out &&
	printf "%s\n" "[\"message\",6,6]" "[\"session\",2,2]" | cmp - out &&
	vvault stats --by model --json | jq -c "[.group, .messages]" >out &&
	printf "%s\n" "[null,2]" "[\"m-1\",1]" "[\"m-2\",1]" | cmp - out
'

test_case 'what counts: the options that narrow it' '
	made && counts() { want=$1 && shift && got=$(vvault stats --json "$@" | jq .messages) && test "$got" = "$want" ||
		{ echo "$*: $got"; return 1; }; } &&
	counts 2 --role user && counts 1 --model m-1 && counts 2 --model m && counts 3 --provider claude-code &&
	counts 3 --session t:1 && counts 1 --session session:t:2 && counts 3 --project garden && counts 3 --project /srv/ann &&
	counts 2 --since 2024-02 && counts 2 --until 2024-01 && counts 1 --since 2024-01-31T23:31 --until 2024-01-31T23:31 &&
	counts 6 --all && counts 4 nova && counts 4 --construct nova && counts 0 --model nobody &&
	counts 4 --stored --since yesterday && counts 0 --stored --until 2024 && counts 1 --role user --since 2024-04 &&
	before=$(version_of nova) && sleep 1 && now=$(date -u +%Y-%m-%dT%H:%M:%S) &&
	sleep 1 && say 1 z user 2020-01-01T10:00:00 "one more word" &&
	vvault add nova message:update --entity message:t:1/a "{\"content\":\"changed\"}" >/dev/null &&
	counts 1 --stored --since "$now" && counts 4 --stored --until "$now" && counts 4 "$before" &&
	counts 4 --as-of "$before" && counts 5
'

test_case 'nothing that matches, nothing there, wrong words' '
	made && vvault stats --by month --model nobody >out 2>err && test ! -s out &&
	grep "nothing was said that matches" err && grep "nobody" err &&
	for words in "--by moon" "--format png" "--by kind --since 2024" "--construct nova nova" "--since never" \
			"--said --stored" "-n x" "a b"; do
		expect_exit 129 vvault stats $words 2>err && test -s err || { echo "$words"; exit 1; }
	done && expect_exit 129 vvault stats --by moon 2>err && grep "none of year, month, week" err &&
	expect_exit 128 vvault stats nobody 2>err && vvault init e >/dev/null &&
	vvault -C e stats 2>err && grep "nothing to count yet" err && vvault -C e stats --by month --json >out && test ! -s out
'

# many <from> <to>: sessions of 40 messages.
many() {
	awk -v from="$1" -v to="$2" 'BEGIN {
		end = ",\"prev\":[],\"type\":\""
		for (s = from; s < to; s++) {
			at = "\"at\":\"2023-01-" sprintf("%02d", 1 + s % 28) "T10:00:00.000000Z-0000-00000000\""
			print "{" at ",\"data\":{\"title\":\"Zanzibar " s "\"},\"entity\":\"session:m:" s "\"" end "session:create\"}"
			for (i = 0; i < 40; i++)
				print "{" at ",\"data\":{\"content\":\"of " i "\",\"index\":" i ",\"role\":\"user\"},\"entity\":" \
					"\"message:m:" s "/" i "\"" end "message:create\"}"
		}
	}'
}

test_case 'the second time nothing is folded; what came since counts; what does not open is made anew' '
	new_vault && many 0 60 >in.jsonl && vvault import --construct nova in.jsonl >/dev/null &&
	vvault --progress stats --by day --json >out 2>err && grep -q listing err &&
	vvault --progress stats --by day --json 2>err | cmp out - && ! grep listing err &&
	jq -s -e "(map(.messages) | add) == 2400 and length == 28" out &&
	say m x user 2023-02-01T10:00:00 "and more" &&
	vvault --progress stats --by day --json 2>err >out && ! grep listing err &&
	jq -s -e "(map(.messages) | add) == 2401 and .[28].group == \"2023-02-01\"" out &&
	! grep -raq -e Zanzibar -e session:m v/vvault/index &&
	for file in v/vvault/index/*/lists/*; do
		size=$(stat -c %s "$file") && dd if=/dev/zero of="$file" bs=1 count=64 seek=$((size / 2)) conv=notrunc 2>/dev/null
	done && vvault stats --by day --json | cmp out - && vvault stats --by day --json | cmp out -
'

test_case 'a chart: whole XML that stands alone, with what is told of each bar, and nothing that is markup' '
	made && say 1 w assistant 2024-02-03T10:00:00 "x" ",\"model\":\"<script>&\\\"m\"" &&
	for by in month day week weekday hour year model role construct kind; do
		vvault stats --by $by --format svg >$by.svg || exit 1
		xmllint --noout $by.svg 2>/dev/null || ! command -v xmllint >/dev/null || { echo "$by"; exit 1; }
		! grep -qiE "<script|javascript|href|@import|url\(" $by.svg && grep -q "prefers-color-scheme:dark" $by.svg || exit 1
	done && vvault stats --format svg | cmp month.svg - &&
	grep -F "<title id=\"title\">Messages by month: nova</title>" month.svg &&
	grep -F "<title>2024-01: 2 messages, 6 words, 1 conversation, 1 tool call, 10 tokens</title></rect>" month.svg &&
	test "$(grep -c "<rect class=.bar" month.svg)" = 3 && grep -F "&lt;script&gt;&amp;&quot;m: 1 message" model.svg &&
	for n in 0 1 2; do grep -F "class=\"end\"" month.svg | grep ">$n</text>" || exit 1; done &&
	test "$(grep -c "class=.mid" month.svg)" = 4 && test "$(grep -c "class=.mid" weekday.svg)" = 7
'

test_case 'names below a chart have room, however many there are' '
	new_vault && vvault add --new nova session:create --entity session:t:1 "{}" >/dev/null &&
	say 1 a user 2011-03-01T10:00:00 "a" && say 1 b user 2024-12-01T10:00:00 "b" &&
	for by in year month week day; do
		vvault stats --by $by --format svg | sed -n "s/.*class=.mid. x=.\([0-9.]*\).*>\(.*\)<.text>/\1 \2/p" >at &&
		awk -v by=$by "NR > 1 && \$1 - last < 6.8 * length(\$2) { bad = 1 }
			{ last = \$1 } END { if (bad || NR < 2 || NR > 60) { print by, NR; exit 1 } }" at || exit 1
	done
'

# hurt_newest: damage the segment that the newest version of nova brought.
hurt_newest() {
	blob=$(git -C v diff-tree -r "$(version_of nova~1)" "$(version_of nova)" | awk "\$5 == \"A\" { print \$4 }") &&
	file=v/objects/$(echo "$blob" | cut -c1-2)/$(echo "$blob" | cut -c3-) &&
	chmod u+w "$file" && printf garbage >"$file"
}

test_case 'what is damaged is told, and the rest counts' '
	new_vault && many 0 6 >in.jsonl && vvault import --construct nova in.jsonl >/dev/null &&
	say 7 40 user 2024-01-01T10:00:00 "later" && hurt_newest &&
	for i in 1 2; do
		expect_exit 1 vvault stats --json >out 2>err && grep "unreadable-segment" err &&
		jq -e ".messages == 240 and .sessions == 6" out || exit 1
	done
'

test_case 'what is sealed for this device is told' '
	two_devices && as a vvault -C a add --new other memory:create "{\"content\":\"x\"}" >/dev/null &&
	export VVAULT_KEYS=$tap_case/keys-c && vvault clone "$PWD/r" c >/dev/null 2>&1 &&
	expect_exit 1 vvault -C c stats >out 2>err && grep -i "sealed" err
'

done_testing
