#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

data=$VV_TOP/tests/data
export data

# pages <folder>: every page in it stands alone, and each session has one.
pages() {
	find "$1" -name "*.html" | sort | xargs perl "$VV_TOP/tests/page_check.pl"
}

# say <entity> <parent> <index> <role> <content> [<visibility>]
say() {
	vvault add --entity "message:t:1/$1" nova message:create \
		"$(jq -nc --arg p "$2" --argjson i "$3" --arg r "$4" --arg c "$5" \
		--arg v "${6:-visible}" '{session: "session:t:1", index: $i,
		parent: (if $p == "" then null else "message:t:1/" + $p end),
		role: $r, content: $c, visibility: $v}')" >/dev/null
}

test_case 'each session has a page, and the index leads there' '
	new_vault && vvault import "$data/chatgpt/export" >/dev/null &&
	vvault export chatgpt --format html -o out >said &&
	grep -F "out/index.html  conversations:" said && pages out &&
	vvault ls chatgpt session --json | wc -l >n &&
	test "$(ls out/conversations | wc -l)" -eq "$(cat n)" &&
	test "$(grep -c "<li><a " out/index.html)" -eq "$(cat n)" &&
	grep -oE "href=\"conversations/[^\"]*" out/index.html | sort -u | wc -l |
		grep -qx "$(tr -d " " <n)" &&
	test "$(stat -c %a out out/index.html | tr "\n" " ")" = "700 600 "
'

test_case 'the newest stands first, those without a date last' '
	new_vault && for s in "a 2024-01-05" "c 2025-03-01" "b 2024-12-31"; do
		vvault add --new --entity "session:t:${s%% *}" nova session:create \
			"{\"title\":\"T-${s%% *}\",\"created\":\"${s#* }T10:00:00.000000Z\"}" || exit 1
	done >/dev/null && vvault add --entity session:t:z nova session:create \
		"{\"title\":\"T-z\",\"created\":\"long ago\"}" >/dev/null &&
	vvault export nova --format html -o out >/dev/null && pages out &&
	grep -oE ">(T-.|[A-Z][a-z]+ [0-9]{4}|Without a date)<" out/index.html |
		tr -d "<>" | paste -sd" " >got && cat got &&
	echo "March 2025 T-c December 2024 T-b January 2024 T-a Without a date T-z" | cmp - got
'

test_case 'branches, tools and thinking are there, folded where they belong' '
	new_vault && vvault add --new --entity session:t:1 nova session:create \
		"{\"title\":\"About tea\",\"active\":\"message:t:1/d\"}" >/dev/null &&
	say a "" 0 user "shall we?" && say b a 1 assistant "the other answer" &&
	say b2 b 2 user "its question" && say c a 3 assistant "yes" &&
	say t c 4 tool "tool output" tool && say h t 5 system "a hidden thing" hidden &&
	say d h 6 user "good" && say w "" 7 user "a second beginning" &&
	vvault export nova --format html -o out >/dev/null && pages out &&
	sed "s/<[^>]*>/ /g" out/conversations/*.html | tr -s " \n" "  " >text && cat text &&
	grep -E "Beginning 2 of 2 1 message a second beginning.*shall we\?.*Branch 1 of 2 2 messages the other answer.*1 of 2.*its question.*2 of 2.*yes.*tool output.*a hidden thing.*good" text &&
	test "$(grep -c "class=\"branch\"" out/conversations/*.html)" -eq 2 &&
	test "$(grep -c "details class=\"message folded\"" out/conversations/*.html)" -eq 2
'

test_case 'what comes from outside is text' '
	new_vault && vvault add --new --entity session:t:1 nova session:create \
		"$(jq -nc "{title: \"</title><script>alert(1)</script>\\u202e\", provider: \"<b>\",
		created: \"\\\" onload=x\", model: \"../../etc\"}")" >/dev/null &&
	say a "" 0 "\"><img src=x onerror=y>" "<script>x</script> [l](javascript:alert(1)) ![p](http://evil.example/p.png) <http://ok.example/?a=\"b\"&c> [r](data:text/html,x)

<svg onload=alert(1)><style>*{}</style>

&#x202e;&lt;b&gt; \`<i>\` ~~~
~~~\"><script>
<iframe src=x>" &&
	vvault export nova --format html -o out >/dev/null && pages out &&
	expect_exit 1 grep -rniE "<script|<svg|<iframe|<style>\\*|onerror=y>|href=\"(javascript|data)" out &&
	expect_exit 1 grep -rlE "src=\"http" out && cat out/conversations/*.html | sed -n "/<main/,\$p" &&
	grep -F "u{202e}" out/index.html && grep -F "&lt;iframe src=x&gt;" out/conversations/*.html &&
	grep -F "href=\"http://ok.example/?a=&quot;b&quot;&amp;c\"" out/conversations/*.html
'

test_case 'names of files say nothing of what was imported' '
	new_vault && vvault add --new --entity "session:t:..%2f..%2fetc" nova session:create \
		"{\"title\":\"../../x\",\"created\":\"2024-05-01T00:00:00.000000Z\"}" >/dev/null &&
	vvault export nova --format html -o out >/dev/null && pages out &&
	ls out/conversations | grep -xE "2024-05-01-[0-9a-f]{16}\.html"
'

test_case 'a folder is whole or not there, and nothing is written over' '
	new_vault && vvault add --new nova memory:create "{\"content\":\"x\"}" >/dev/null &&
	mkdir full empty && echo mine >full/index.html &&
	expect_exit 128 vvault export --json nova --format html -o full 2>err &&
	error_is exists && grep -x mine full/index.html && ls | grep -c vvault-export | grep -x 0 &&
	vvault export --json nova --format html -o empty/ >said && jq -e "keys == [\"construct\",
		\"folder\", \"memories\", \"messages\", \"sessions\"] and .memories == 1" said &&
	test -f empty/index.html && vvault export nova --format html -o ./out/ >/dev/null &&
	test -f out/memories.html &&
	expect_exit 128 vvault export nova --format html -o none/out 2>err && test ! -e none
'

# shown <media> <bytes in base64>: a message of Claude Code that shows a file.
shown() {
	n=$((${n:-0} + 1))
	printf '{"type":"user","uuid":"u-%d","parentUuid":null,"sessionId":"s-1","cwd":"/b","version":"2.1.9","timestamp":"2026-03-01T10:00:0%d.000Z","message":{"role":"user","content":[{"type":"text","text":"see %s"},{"type":"image","source":{"type":"base64","media_type":"%s","data":"%s"}}]}}\n' \
		"$n" "$n" "$n" "$1" "$2"
}

test_case 'pictures stand in the page, what is large or alive is named' '
	new_vault && png="\211PNG\r\n\032\n" && {
		shown image/png "$(printf "${png}small" | base64 -w0)"
		shown image/svg+xml "$(printf "<svg onload=x><script>y</script></svg>" | base64 -w0)"
		shown image/gif "$(printf "<html>no picture" | base64 -w0)"
		shown image/png "$({ printf "$png"; head -c 1100000 /dev/zero; } | base64 -w0)"
		shown image/jpeg "$(printf "\377\330\377photo" | base64 -w0)"
	} >s-1.jsonl && vvault import --construct nova s-1.jsonl >report &&
	vvault export nova --format html -o out >said && pages out &&
	cat out/conversations/*.html >page && cut -c1-200 page | sed -n "/<main/,\$p" &&
	test "$(grep -c "<img " page)" -eq 2 && grep -F "src=\"data:image/png;base64,$(
		printf "${png}small" | base64 -w0)\"" page && grep -F "src=\"data:image/jpeg;base64," page &&
	grep -E "image/svg\+xml · 38 bytes <code class=\"way\">vvault cat baf" page &&
	grep -E "image/gif · 16 bytes <code" page && grep -E "image/png · 1.1 MB <code" page &&
	id=$(sed -n "s/.*1.1 MB <code class=\"way\">vvault cat \([a-z0-9]*\)<.*/\1/p" page) &&
	vvault cat "$id" | wc -c | grep -qx " *1100008"
'

# told <construct> <folder> <file>: both exports tell or count every message.
told() {
	vvault ls "$1" message --json >messages || return 1
	test ! -s messages || {
		perl "$VV_TOP/tests/told.pl" html "$2" messages &&
			perl "$VV_TOP/tests/told.pl" markdown "$3" messages
	}
}

test_case 'nothing of the samples is left out in silence' '
	new_vault && for sample in "$data"/*; do
		name=$(basename "$sample") && test -d "$sample" || continue
		vvault import --construct "$name" "$sample" >report 2>&1
		vvault show "$name" >shown 2>&1 || continue
		vvault export "$name" --format html -o "out-$name" >said &&
			vvault export "$name" --format markdown >"$name.md" &&
			pages "out-$name" && told "$name" "out-$name" "$name.md" || exit 1
	done && test "$(ls -d out-* | wc -l)" -ge 20
'

# forest <messages>: records of a session that forks without end: orphans,
# circles, tools side by side, thoughts, files.
forest() {
	jq -ncS --argjson n "$1" 'def pick($i; $of): $of[($i * 7919 + ($i / 3 | floor) * 31) % ($of | length)];
		def id: "message:t:1/\(.)";
		range($n) as $i | {at: "2024-01-01T00:00:00.000000Z-0000-00000000", prev: [],
		type: "message:create", entity: ($i | id), data: {session: "session:t:1", index: $i,
		parent: (if $i == 0 then null elif $i % 97 == 0 then "message:t:1/gone"
			elif $i % 101 == 0 then ([$i + 1, $n - 1] | min | id)
			elif $i % 3 == 0 then ($i * 48271 % 65537 % $i | id) else ($i - 1 | id) end),
		role: pick($i; ["user", "assistant", "tool"]), content: "says\($i)",
		visibility: pick($i; ["visible", "visible", "tool", "thinking", "hidden", "meta", "visible"]),
		parts: (if $i % 5 == 0 then [{type: "tool_use", name: "Bash", input: {command: "part\($i)"}}] else [] end)}}'
}

test_case 'nothing of a thousand branches is left out' '
	new_vault && forest 1200 >lines && vvault import --construct nova lines >said &&
	vvault export nova --format html -o out >said && vvault export nova --format markdown >nova.md &&
	pages out && vvault ls nova message --json | wc -l | grep -qx " *1200" &&
	told nova out nova.md && cat out/conversations/*.html >page &&
	test "$(grep -oE "part[0-9]+<" page | sort -u | wc -l)" -eq 240 &&
	perl -ne "while (m{<(/?)details}g) { \$d += \$1 ? -1 : 1; \$m = \$d if \$d > \$m }
		END { print \"deepest \$m\n\"; exit !(\$m > 6 && \$m < 12) }" page
'

test_case 'a deep chain of branches costs no more than its messages' '
	new_vault && jq -ncS "range(6000) as \$i | {at: \"2024-01-01T00:00:00.000000Z-0000-00000000\",
		prev: [], type: \"message:create\", entity: \"message:t:1/\(\$i)\", data: {index: \$i,
		session: \"session:t:1\", role: \"user\", content: \"m\(\$i)\",
		parent: (if \$i < 2 then null else \"message:t:1/\(\$i - 1 - \$i % 2)\" end)}}" >lines &&
	vvault import --construct nova lines >said && vvault export nova --format html -o out >said &&
	vvault export nova --format markdown >nova.md && pages out && told nova out nova.md
'

test_case 'messages of no session are told, those of a deleted one counted' '
	new_vault && vvault add --new nova memory:create "{\"content\":\"x\",\"rating\":5}" >/dev/null &&
	say a "" 0 user "an orphan" && vvault export nova --format html -o one >said && pages one &&
	grep -F "an orphan" one/conversations/*.html && grep -F "rating" one/memories.html &&
	vvault export nova --format markdown >one.md && grep -xF "> an orphan" one.md &&
	grep -xF "*Not told here: what else is known of 1 memory. \`vvault ls nova memory --json\` has it.*" one.md &&
	vvault add --entity session:t:1 nova session:create "{\"title\":\"Gone\"}" >/dev/null &&
	vvault add --entity session:t:1 nova session:delete "{}" >/dev/null &&
	vvault export nova --format html -o two >said && pages two && test -z "$(ls two/conversations)" &&
	grep -F "On no page: 1 message of sessions that were deleted" two/index.html &&
	vvault export nova --format markdown >two.md && expect_exit 1 grep -F orphan two.md &&
	grep -F "of sessions that were deleted, 1 message" two.md
'

test_case 'one session goes to standard output as a page that stands alone' '
	new_vault && vvault import "$data/chatgpt/export" >/dev/null && mkdir one &&
	vvault ls chatgpt session --json | jq -r .entity | while read -r session; do
		vvault read "$session" --format html >"one/$(printf %s "$session" | sha256sum |
			cut -c1-16).html" || exit 1
	done && pages one && expect_exit 1 grep -rl "index.html" one &&
	test "$(ls one | wc -l)" -eq "$(vvault ls chatgpt session --json | wc -l)"
'

test_case 'wrong words' '
	new_vault && expect_exit 129 vvault export nova --format html 2>err && grep -F -e "-o" err &&
	expect_exit 129 vvault export nova --format jsonl -o out 2>err && test ! -e out
'

done_testing
