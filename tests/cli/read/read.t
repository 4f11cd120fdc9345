#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

s=session:t:1

# say <key> <role> <index> <content> [<more fields>]: a message of session t:1.
say() {
	jq -nc --arg c "$4" --argjson more "${5:-{\}}" --argjson i "$3" \
		"{content: \$c, index: \$i, role: \"$2\", session: \"$s\",
		created: \"2024-05-0$(($3 + 1))T10:00:00.000000Z\", visibility: \"visible\"} + \$more" |
		vvault add nova message:create --entity "message:t:1/$1" - >/dev/null
}

# A question with two answers, of which the second goes on.
new_talk() {
	new_vault "$@" && vvault add --new nova session:create --entity $s \
		"{\"title\":\"The garden\",\"created\":\"2024-05-01T10:00:00.000000Z\",
		\"active\":\"message:t:1/d\",\"provider\":\"test\"}" >/dev/null &&
	say a user 0 "When shall we plant?" &&
	say b assistant 1 "In March." "{\"parent\":\"message:t:1/a\",\"model\":\"m-1\"}" &&
	say c assistant 2 "In **May**." "{\"parent\":\"message:t:1/a\",\"model\":\"m-2\",\"name\":\"Ada\"}" &&
	say d user 3 "Thanks." "{\"parent\":\"message:t:1/c\"}"
}

# What an agent does: a thought, a tool, its result, a picture, what is meta.
new_work() {
	new_vault && cat >s1.jsonl <<-END &&
	{"parentUuid":null,"isSidechain":false,"type":"user","cwd":"/w","sessionId":"s1","version":"2","uuid":"u1","timestamp":"2026-01-01T00:00:00.000Z","message":{"role":"user","content":[{"type":"text","text":"look"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="}}]}}
	{"parentUuid":"u1","isSidechain":false,"type":"assistant","cwd":"/w","sessionId":"s1","version":"2","uuid":"a1","timestamp":"2026-01-01T00:00:01.000Z","message":{"id":"m1","type":"message","role":"assistant","model":"c-1","content":[{"type":"thinking","thinking":"hm","signature":"x"},{"type":"tool_use","id":"t1","name":"Bash","input":{"command":"ls -l"}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":1}}}
	{"parentUuid":"a1","isSidechain":false,"type":"user","cwd":"/w","sessionId":"s1","version":"2","uuid":"u2","timestamp":"2026-01-01T00:00:02.000Z","message":{"role":"user","content":[{"tool_use_id":"t1","type":"tool_result","content":"total 0"}]}}
	{"parentUuid":"u2","isSidechain":false,"type":"assistant","cwd":"/w","sessionId":"s1","version":"2","uuid":"a2","timestamp":"2026-01-01T00:00:03.000Z","message":{"id":"m2","type":"message","role":"assistant","model":"c-1","content":[{"type":"text","text":"nothing there"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}}
	END
	vvault import --construct nova s1.jsonl >/dev/null && w=session:claude-code:s1
}

on_terminal() {
	TERM=dumb script -qec "$1" typescript >/dev/null
}

read_plain() {
	TZ=UTC vvault read "$@"
}

test_case 'a conversation for a person' '
	new_talk && read_plain $s >out && cat >want <<-END &&
	The garden
	2024-05-01T10:00:00Z  test  m-2  4 messages, 2 branches

	user  2024-05-01T10:00:00Z
	When shall we plant?

	Ada  2024-05-03T10:00:00Z  m-2  branch 2 of 2
	In May.

	user  2024-05-04T10:00:00Z
	Thanks.
	END
	cmp want out || { cat out; exit 1; }
'

test_case 'the shape of the JSON' '
	new_talk && vvault read --json $s >out && head -n 1 out |
	keys_are "after before branches construct created left_out messages models named provider session title turns updated version" &&
	sed -n 2p out | keys_are "branch created entity files model name named nth parts ref role text thinking tools visibility" &&
	head -n 1 out | jq -e --arg v "$(version_of nova)" ". == {after: 0, before: 0, branches: 2,
		construct: \"nova\", created: \"2024-05-01T10:00:00.000000Z\",
		left_out: {hidden: 0, thinking: 0}, messages: 4, models: [\"m-2\"], named: null,
		provider: \"test\", session: \"session:t:1\", title: \"The garden\", turns: 3,
		updated: null, version: \$v}" &&
	sed -n 3p out | jq -e --arg ref "$(vvault show --json message:t:1/c | jq -r ".records[0]")" ". == {
		branch: {n: 2, of: 2}, created: \"2024-05-03T10:00:00.000000Z\",
		entity: \"message:t:1/c\", files: [], model: \"m-2\", name: \"Ada\",
		named: false, nth: 2, parts: [], ref: \$ref, role: \"assistant\",
		text: \"In **May**.\", thinking: null, tools: [], visibility: \"visible\"}"
'

test_case 'the shape of what tools, files and thoughts are' '
	new_work && vvault read --json --images $w | tail -n +2 >out &&
	jq -s -e "(map(.role) | join(\" \")) == \"user assistant tool assistant\" and
		.[1].thinking == \"hm\" and (.[1].parts | length) == 2 and
		.[1].tools == [{gist: \"ls -l\", input: {command: \"ls -l\"}, kind: \"call\", name: \"Bash\"}] and
		.[2].tools == [{bytes: 7, error: false, kind: \"result\"}] and .[2].text == \"total 0\"" out &&
	jq -s ".[0].files[0]" out >file && keys_are "blob data media name size" <file &&
	jq -e ".media == \"image/png\" and .size == 70" file &&
	vvault cat "$(jq -r .blob file)" >bytes && jq -r .data file | base64 -d | cmp - bytes &&
	vvault read --json $w | sed -n 2p | jq ".files[0]" | keys_are "blob media name size"
'

test_case 'what a tool says of its failure' '
	new_work && sed "/u2/s/\"content\":\"total 0\"/\"is_error\":true,\"content\":\"Exit code 2\\\\n\\\\nls: no such folder\"/" s1.jsonl >s2.jsonl &&
	sed -i "s/\"s1\"/\"s2\"/; s/\"\([ua][12]\)\"/\"\1-2\"/g" s2.jsonl && vvault import --construct nova s2.jsonl >/dev/null &&
	w=session:claude-code:s2 && vvault read --json $w | jq -s -e ".[3].tools ==
		[{bytes: 31, error: true, gist: \"Exit code 2 ls: no such folder\", kind: \"result\"}]" &&
	read_plain $w >out && grep -x "◂ 31 bytes, an error: Exit code 2 ls: no such folder" out &&
	vvault read --format markdown $w >out && grep -x -e "- \*result\*: 31 bytes, an error: Exit code 2 ls: no such folder" out &&
	vvault read --format markdown session:claude-code:s1 >out && grep -x -e "- \*result\*: 7 bytes" out
'

test_case 'another branch, at the first fork or at the message that is named' '
	new_talk && read_plain $s --branch 1 >out && grep "^In March" out && ! grep Thanks out &&
	grep "branch 1 of 2" out && vvault read $s --branch 2 >out && grep Thanks out &&
	vvault read message:t:1/b >out && grep "^» assistant .*branch 1 of 2" out &&
	vvault read message:t:1/b --branch 2 >out && grep "^» Ada .*branch 2 of 2" out &&
	for bad in 3 9; do
		expect_exit 128 vvault read $s --branch $bad 2>err && grep "there are 2" err || exit 1
	done &&
	expect_exit 128 vvault read message:t:1/d --branch 2 2>err && grep "does not fork" err
'

test_case 'without parents all is one branch, in the order of the source' '
	new_vault && vvault add --new nova session:create --entity $s "{}" >/dev/null &&
	say x user 2 third && say y user 0 first && say z user 1 second &&
	vvault read --json $s | jq -r "select(.entity).text" >out &&
	printf "first\nsecond\nthird\n" | cmp - out &&
	vvault read --json $s | jq -e -s ".[0].branches == 1 and .[1].branch == null"
'

test_case 'one turn that was said in several ways is no chain of them' '
	new_vault && vvault add --new nova session:create --entity $s "{\"active\":\"message:t:1/y\"}" >/dev/null &&
	say x assistant 0 Hello && say y assistant 0 Hi && say z assistant 0 Hey &&
	vvault read --json $s | jq -e -s "length == 2 and .[0].branches == 3 and
		.[1].text == \"Hi\" and .[1].branch == {n: 2, of: 3}" &&
	vvault read --json $s --branch 3 | jq -e -s ".[1].text == \"Hey\""
'

test_case 'the message that is named, and so many turns around it' '
	new_vault && vvault add --new nova session:create --entity $s "{}" >/dev/null &&
	for n in 0 1 2 3 4 5 6 7; do
		say m$n user $n "turn $n" || exit 1
	done && vvault read --json message:t:1/m3 >out && test "$(wc -l <out)" -eq 9 &&
	head -n 1 out | jq -e ".named == \"message:t:1/m3\" and .before == 0" &&
	test "$(jq -r "select(.named == true).text" out)" = "turn 3" &&
	vvault read --json message:t:1/m3 --around 1 >out &&
	jq -r "select(.entity).text" out >got && printf "turn %s\n" 2 3 4 | cmp - got &&
	head -n 1 out | jq -e ".before == 2 and .after == 3 and .turns == 8" &&
	test "$(jq -r "select(.named == true).text" out)" = "turn 3" &&
	test "$(vvault read --json message:t:1/m3 --around 0 | wc -l)" -eq 2 &&
	vvault read message:t:1/m3 --around 1 >out &&
	grep "2 turns before and 3 behind these: read $s" out &&
	expect_exit 128 vvault read $s --around 1 2>err && grep "name a message" err &&
	expect_exit 129 vvault read $s --around 1000001 2>err
'

test_case 'a handle, an id and a version name what is read' '
	new_talk && vvault recall Thanks >/dev/null && vvault read @1 --around 0 >out &&
	grep "^Thanks" out && id=$(vvault show --json message:t:1/c | jq -r ".records[0]") &&
	vvault read "$(echo "$id" | cut -c10-20)" --around 0 >out && grep "^In May" out &&
	vvault read nova~1 $s >out && ! grep Thanks out && grep "^In May" out &&
	expect_exit 128 vvault read --json nova 2>err && error_is invalid &&
	vvault add nova memory:create --as-is --entity memory:a "{}" >/dev/null &&
	expect_exit 128 vvault read memory:a 2>err && grep "neither a session nor a message" err &&
	expect_exit 128 vvault read --json session:t:none 2>err && error_is not-found &&
	expect_exit 129 vvault read 2>err && expect_exit 129 vvault read $s --format pdf 2>err &&
	grep "text, markdown, html, json" err
'

test_case 'tools are folded to a line each, thoughts and what is hidden left out and told' '
	new_work && read_plain $w >out && cat >want <<-END &&
	look
	2026-01-01T00:00:00Z  claude-code  c-1  4 messages
	1 thought left out: --thinking

	user  2026-01-01T00:00:00Z
	look
	▫ image  image/png  70 bytes  bafkreidlp6sdj6jkroakvmbntpy2clsj77foijheae5byt3iwz7d2k542a

	▸ Bash ls -l
	◂ 7 bytes

	assistant  2026-01-01T00:00:03Z  c-1
	nothing there
	END
	cmp want out || { cat out; exit 1; }
	vvault read $w --tools >out && grep "^  {\"command\":\"ls -l\"}" out && grep "^  total 0" out &&
	! grep hm out && vvault read $w --thinking >out && grep "^┊ hm" out &&
	! grep "left out" out && ! grep "total 0" out
'

test_case 'what is hidden is told with --all, and where it is named' '
	new_vault && vvault add --new nova session:create --entity $s "{}" >/dev/null &&
	say a system 0 "be kind" "{\"visibility\":\"hidden\",\"parent\":\"message:t:1/root\"}" &&
	vvault add nova message:create --as-is --entity message:t:1/root \
		"{\"session\":\"$s\",\"visibility\":\"meta\"}" >/dev/null &&
	say b user 1 "hello" "{\"parent\":\"message:t:1/a\"}" &&
	say c assistant 2 "let me see" "{\"visibility\":\"thinking\",\"parent\":\"message:t:1/b\"}" &&
	vvault read $s >out && ! grep -e kind -e "let me" out &&
	grep "1 hidden message left out: --all" out && grep "1 thought left out: --thinking" out &&
	vvault read $s --format markdown >out && ! grep -e kind -e "let me" out &&
	grep -Fx "*1 thought left out: \`--thinking\`*" out &&
	grep -Fx "*1 hidden message left out: \`--all\`*" out &&
	vvault read $s --format markdown --all --thinking >out && ! grep "left out" out &&
	vvault read $s --all --thinking >out && grep "be kind" out && grep "let me see" out &&
	vvault read message:t:1/a --around 0 >out && grep "be kind" out &&
	vvault read --json $s | jq -s -e "length == 4"
'

test_case 'in other formats' '
	new_talk && vvault read $s --format json >out &&
	vvault read --json $s | jq -c "del(.parts)" >want && jq -c "del(.parts)" out | cmp want - &&
	vvault read $s --format markdown >out && grep "^# The garden" out &&
	grep "^## assistant Ada · 2024-05-03T10:00:00.000000Z · 2 of 2" out &&
	grep -F "In **May**." out && vvault read $s --format html >out &&
	head -n 1 out | grep -i "^<!doctype html>" && grep "The garden" out && grep "In March" out &&
	new_work_markdown=1 && rm -rf v && new_work && vvault read $w --format markdown >out &&
	grep -F -e "- *call* **Bash** ls -l" out && grep -F "vvault cat bafkrei" out
'

test_case 'Markdown is set for the width that there is' '
	new_vault && vvault add --new nova session:create --entity $s "{\"title\":\"T\"}" >/dev/null &&
	cat >text <<-END &&
	# One

	Some *emphasis*, **strong**, \`code\` and [a link](https://example.org/x) &amp; &#65;.
	Its own line.

	- one
	- two is longer than what fits into a line of forty
	  1. deep
	- [x] done

	> quoted words that go on and on and on and on
	>
	> > deeper

	| Name | Number | 中文 |
	|:-----|------:|:---:|
	| a long cell that is broken | 12 | 你好 |
	| b | 3456 | x |

	\`\`\`sh
	echo "a line of code is never broken, however long it may be"

	exit
	\`\`\`

	***
	<b>raw</b> &unknown;
	END
	say a user 0 "$(cat text)" && COLUMNS=40 vvault read $s | tail -n +5 >out && cat >want <<-END &&
	# One

	Some emphasis, strong, \`code\` and a link
	<https://example.org/x> & A.
	Its own line.

	• one
	• two is longer than what fits into a
	  line of forty
	  1. deep
	☑ done

	│ quoted words that go on and on and on
	│ and on
	│ 
	│ │ deeper

	Name                        Number  中文
	──────────────────────────  ──────  ────
	a long cell that is broken      12  你好
	b                             3456   x

	sh
	  echo "a line of code is never broken, however long it may be"

	  exit

	────────────────────────────────────────

	<b>raw</b> &unknown;
	END
	cmp want out || { diff want out; exit 1; }
'

test_case 'wide characters take two columns, and a table shrinks' '
	new_vault && vvault add --new nova session:create --entity $s "{\"title\":\"T\"}" >/dev/null &&
	say a user 0 "$(printf "你好世界%.0s" 1 2 3 4 5 6 7 8 9)" &&
	say b user 1 "$(printf "| a | b |\n|---|---|\n| some words that are long | and some more of them here |\n")" &&
	COLUMNS=30 vvault read $s >out && grep -x "你好世界你好世界你好世界你好世" out &&
	grep -x "界你好世界你好世界你好世界你好" out &&
	perl -CSD -ne "chomp; s/[\\x{3000}-\\x{9fff}]/xx/g; exit 1 if length > 30 && !/^user/" out &&
	grep -x "some words      and some more" out && grep -x "that are long   of them here" out || {
		cat out
		exit 1
	}
'

test_case 'a word that fits nowhere stands out whole, a folded line is cut' '
	new_work && url=https://example.org/$(printf "%060d" 0) &&
	vvault add --new nova session:create --entity $s "{}" >/dev/null &&
	say a user 0 "see $url now" && COLUMNS=30 vvault read $s >out && grep -x "$url" out &&
	vvault add nova message:create --entity message:t:1/t "$(jq -nc --arg c "$url$url" \
		"{index: 1, role: \"assistant\", visibility: \"tool\", session: \"session:t:1\", content: \"\",
		parts: [{type: \"tool_use\", name: \"Get\", input: {url: \$c}}]}")" >/dev/null &&
	COLUMNS=30 vvault read $s >out && grep -x "▸ Get https://example.org/000…" out
'

test_case 'what Markdown cannot be is shown as it stands' '
	new_vault && vvault add --new nova session:create --entity $s "{}" >/dev/null &&
	perl -e "print \"word *of* it \" x 12000" >long &&
	jq -Rsc "{content: ., role: \"user\", session: \"session:t:1\"}" long |
		vvault add nova message:create --entity message:t:1/a - >/dev/null &&
	vvault read $s >out && grep -q "of\* it word" out &&
	for text in "" "   " "> > > > > > > > > > > > > > > > > > > > > > > > > > > deep" "\`\`\`" "| a |" "[x]: y" "- " "1." "# " \
		"<script>alert(1)</script>" "&#0; &#x110000; &#xd800;"; do
		rm -rf v && new_vault && vvault add --new nova session:create --entity $s "{}" >/dev/null &&
		say a user 0 "$text" && COLUMNS=40 vvault read $s >out || { echo "$text"; exit 1; }
	done
'

test_case 'no word is lost: definitions, titles, cells too many; a growing one stands as it is' '
	new_vault && vvault add --new nova session:create --entity $s "{}" >/dev/null &&
	printf "%s\n" "See [this][d] and [that](https://e.org/a \"its title\")." "" \
		"[d]: https://e.org/defined" "[e]: https://e.org/unused" "" \
		"| a | b |" "|---|---|" "| one | two | three |" >text &&
	say a user 0 "$(cat text)" && vvault read $s >out &&
	for word in this defined unused title one two three; do
		grep -q "$word" out || { echo "$word"; cat out; exit 1; }
	done && { printf "%02000d\n" 0 | sed "s,^,[x]: https://e.org/,"; echo
	perl -e "print \"[x] \" x 2000"; } >text && say a user 0 "$(cat text)" &&
	vvault read $s >out && test "$(wc -c <out)" -lt 100000
'

test_case 'nothing of the samples is left out in silence' '
	data=$VV_SHARED/data
	test -n "$VV_SHARED" && test -d "$data/claude-ai" || skip_case "there are no samples here" &&
	new_vault && for sample in claude-ai letta-af; do
		vvault import --construct $sample "$data/$sample" >report 2>&1
		vvault ls --json $sample session | jq -r .entity | head -n 12 >sessions &&
		test -s sessions && while read -r one; do
			vvault read $sample "$one" --tools --thinking --all >out &&
			vvault read $sample "$one" --json | jq -r "select(.nth).text // empty" >said &&
			perl -CSD -ne "
				BEGIN { open my \$in, q(<), q(out); local \$/; \$have{\$_} = 1
					for <\$in> =~ /([\\p{L}\\p{N}]+)/g }
				s/&#?\\w+;//g; s/^[\\s>*+-]*\\d+[.)]//;
				\$have{\$_} or print qq(\$_\n) for /([\\p{L}\\p{N}]+)/g" said >lost &&
			test ! -s lost || { head -3 lost; echo "$sample $one"; exit 1; }
		done <sessions || exit 1
	done
'

test_case 'on a terminal: roles in color, nothing that steers it, links where it follows them' '
	command -v script >/dev/null || skip_case "script is not here" &&
	new_vault && vvault add --new nova session:create --entity $s \
		"{\"title\":\"T\\u001b[2J\"}" >/dev/null &&
	say a user 0 "$(printf "a\033[2Jb \342\200\256c [x](https://e.org/) [y](javascript:x) [z](https://e.org/\007)")" \
		"{\"name\":\"N\\u001b[2J\"}" &&
	on_terminal "vvault read --color --no-pager $s" && ! grep "$(printf "\033\[2J")" typescript &&
	! grep "$(printf "\342\200\256")" typescript && grep -F "a\\e[2Jb" typescript &&
	grep "$(printf "\033\[32m")" typescript && ! grep "$(printf "\033]8")" typescript &&
	on_terminal "env TERM=xterm-kitty vvault read --color --no-pager $s" &&
	grep -F "$(printf "\033]8;;https://e.org/\033\\\\")" typescript &&
	! grep -F "]8;;javascript" typescript &&
	on_terminal "env TERM=xterm-kitty vvault read --no-pager $s" &&
	! grep "$(printf "\033")" typescript &&
	GIT_PAGER="sed s/^/paged:/" on_terminal "vvault read $s" && grep "paged:.*T" typescript
'

test_case 'the pager opens at the message that is named' '
	command -v script >/dev/null || skip_case "script is not here" &&
	new_talk && printf "#!/bin/sh\necho \"told:\$LESS\"\ncat\n" >pager && chmod +x pager &&
	GIT_PAGER=./pager on_terminal "vvault read message:t:1/c" &&
	grep "told:FRX +/^»" typescript && grep "When shall we" typescript &&
	LESS=-S GIT_PAGER=./pager on_terminal "vvault read message:t:1/c" &&
	grep "told:-S +/^»" typescript && GIT_PAGER=./pager on_terminal "vvault read $s" &&
	grep "told:FRX.\?$" typescript
'

test_case 'pictures, where the terminal can show them' '
	command -v script >/dev/null || skip_case "script is not here" &&
	new_work && on_terminal "env TERM=xterm-kitty vvault read --images $w" &&
	grep -F "$(printf "\033_Ga=T,f=100,m=0;iVBORw0")" typescript && ! grep "▫" typescript &&
	on_terminal "env TERM_PROGRAM=iTerm.app vvault read --images $w" &&
	grep -F "$(printf "\033]1337;File=inline=1")" typescript &&
	on_terminal "vvault read --images $w" && grep "▫ image" typescript &&
	on_terminal "env TERM=xterm-kitty vvault read --no-pager $w" && grep "▫ image" typescript &&
	TERM=xterm-kitty vvault read --images $w >out && grep "▫ image" out
'

# on_sixel_terminal <command>: of a terminal that answers what it is; as tmux
# and others it says what it knows behind its kind.
on_sixel_terminal() {
	{ printf "\033[?62;4;22c"; sleep 1; } |
		TERM=xterm script -qec "$1; stty -a" typescript >/dev/null
}

# img2sixel <what it does>: the one on PATH.
img2sixel() {
	mkdir -p bin && printf "#!/bin/sh\n%s\n" "$1" >bin/img2sixel && chmod +x bin/img2sixel
}

with_sixel() {
	on_sixel_terminal "env PATH=$PWD/bin:$PATH vvault read --images $w"
}

sixel="$(printf "\033P0;1;8q\"1;1;1;1#0;2;0;0;0#0@\033\\\\")"
test_case 'pictures by img2sixel, where the terminal says that it knows sixels' '
	command -v script >/dev/null || skip_case "script is not here" &&
	new_work && vvault cat "$(vvault read --json $w | jq -r "select(.files[0]).files[0].blob")" >picture &&
	img2sixel "cat >$PWD/given; printf %s \"\$*\" >$PWD/args; printf \"\\033P0;1;8q\\\"1;1;1;1#0;2;0;0;0#0@\\033\\\\\\\\\"" &&
	with_sixel && grep -F "$sixel" typescript && ! grep "▫" typescript &&
	cmp picture given && grep -x -e -S args && grep -F "$(printf "\033[c")" typescript &&
	grep -w icanon typescript | grep -w isig && grep -w echo typescript &&
	! grep -e -icanon -e " -echo " -e -isig typescript &&
	on_sixel_terminal "env PATH=$PWD/bin:$PATH vvault read --no-pager $w" &&
	grep "▫ image" typescript && ! grep -F "$(printf "\033[c")" typescript
'

test_case 'no picture is shown, and the terminal not steered, where img2sixel is odd or not there' '
	command -v script >/dev/null || skip_case "script is not here" && new_work &&
	for odd in "exit 1" "printf \"%s\\033]0;x\\a\" \"\$(cat)\"" "printf \"\\033Pq#0@\\033[2J\\033\\\\\\\\\"" \
		"printf \"\\033Pq#0@\\033\\\\\\\\\"; exit 3" "yes" ; do
		img2sixel "$odd" && with_sixel && grep "▫ image.*img2sixel cannot show it" typescript &&
		! grep -F "$(printf "\033[2J")" typescript && ! grep "$(printf "\033]0")" typescript || exit 1
	done && rm bin/img2sixel && mkdir only && ln -s "$(command -v vvault)" only/vvault &&
	on_sixel_terminal "env PATH=$PWD/only vvault read --images $w" &&
	grep "▫ image.*shown once img2sixel" typescript
'

test_case 'a terminal that knows no sixels is told of, one that says nothing is not waited for' '
	command -v script >/dev/null || skip_case "script is not here" && new_work &&
	img2sixel "touch $PWD/ran" && printf "\033[?4;2c" |
		TERM=xterm script -qec "env PATH=$PWD/bin:$PATH vvault read --images $w" typescript >/dev/null &&
	grep "▫ image.*shown by kitty" typescript &&
	TERM=xterm script -qec "env PATH=$PWD/bin:$PATH vvault read --images $w; stty -a" typescript \
		>/dev/null </dev/null && grep "▫ image.*shown by kitty" typescript &&
	! grep -e -icanon -e " -echo " -e -isig typescript && ! test -e ran &&
	on_terminal "env PATH=$PWD/bin:$PATH vvault read --images $w" &&
	! grep -F "$(printf "\033[c")" typescript && grep "▫ image.*shown by kitty" typescript &&
	PATH=$PWD/bin:$PATH vvault read --images $w >out && grep "▫ image" out && ! grep "shown by" out
'

test_case 'a session without a record, and one whose messages go in a circle' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	say a user 0 "alone" && vvault read $s >out && grep "^alone" out &&
	head -n 1 out | grep -x alone && say b user 1 "round" "{\"parent\":\"message:t:1/c\"}" &&
	say c user 2 "and round" "{\"parent\":\"message:t:1/b\"}" &&
	vvault read message:t:1/b >out && grep round out && expect_exit 128 vvault show $s 2>err &&
	grep "not there" err
'

test_case 'what has no title is headed by what the person said first' '
	new_vault && vvault add --new nova message:create --entity message:t:7/b \
		"{\"content\":\"Sow them now.\",\"index\":2,\"role\":\"assistant\",\"session\":\"session:t:7\"}" >/dev/null &&
	vvault add nova message:create --entity message:t:7/a \
		"{\"content\":\"When do I sow\\nbeans?\",\"index\":1,\"role\":\"user\",\"session\":\"session:t:7\"}" >/dev/null &&
	vvault read session:t:7 >out && test "$(head -n 1 out)" = "When do I sow beans?" &&
	vvault read --json session:t:7 | head -n 1 | jq -e ".title == null and .first == \"When do I sow beans?\"" &&
	vvault read --format markdown session:t:7 >out && test "$(head -n 1 out)" = "# When do I sow beans?"
'

# titled <key> <title>: a session with a message.
titled() {
	printf "{\"at\":\"2026-01-01T00:00:01.000000Z-0000-00000000\",\"data\":{\"content\":\"in %s\",\"role\":\"user\"},\"entity\":\"message:x:%s/m\",\"prev\":[],\"type\":\"message:create\"}\n" "$1" "$1" &&
	printf "{\"at\":\"2026-01-01T00:00:02.000000Z-0000-00000000\",\"data\":{\"title\":\"%s\"},\"entity\":\"session:x:%s\",\"prev\":[],\"type\":\"session:create\"}\n" "$2" "$1"
}

test_case 'a session by its title, or by how that alone begins' '
	new_vault && { titled one "Machine: what it is" && titled two "Frank" && titled three "Frank and I" &&
		titled four "Rain in May" && titled five "Rain in June"; } >all.jsonl &&
	vvault import --construct nova all.jsonl >/dev/null &&
	vvault read Machine | grep -q "in one" && vvault read "machine: what" | grep -q "in one" &&
	vvault read Frank | grep -q "in two" && vvault show "Frank and" --json | jq -e ".entity == \"session:x:three\"" &&
	expect_exit 128 vvault read Rain 2>err &&
	grep "2 sessions have the title .Rain., or one that begins so: session:x:.* \"Rain in " err &&
	expect_exit 128 vvault read Snow 2>err && grep "no construct or version .Snow." err &&
	expect_exit 128 vvault rm Machine 2>err && grep "no construct or version .Machine." err &&
	vvault construct split nova --session "Rain in J" --into june >out &&
	echo "2 records of 2 entities are in june and no more in nova" | cmp - out &&
	expect_exit 128 vvault construct split nova --session "Rain in J" --into june 2>err &&
	vvault read "Rain in M" | grep -q "in four"
'

test_case 'half a character of a text that was cut hides none of it' '
	cat >s.jsonl <<-\END &&
	{"type":"user","uuid":"a1","parentUuid":null,"sessionId":"s","timestamp":"2026-01-01T00:00:00Z","message":{"role":"user","content":"heron \ud83d pond"}}
	{"type":"assistant","uuid":"a2","parentUuid":"a1","sessionId":"s","timestamp":"2026-01-01T00:00:05Z","message":{"role":"assistant","content":[{"type":"thinking","thinking":"deep \ud83d"},{"type":"text","text":"reeds \udc00 there"},{"type":"tool_use","id":"t","name":"Bash","input":{"command":"echo \ud83d"}}]}}
	{"type":"custom-title","customTitle":"Dawn \ud83d here","sessionId":"s"}
	END
	new_vault && vvault import s.jsonl >/dev/null &&
	vvault session list >list && grep "Dawn � here" list &&
	vvault read --thinking @1 >read && head -n 1 read | grep "^Dawn � here$" &&
	grep "^heron � pond$" read && grep "^reeds � there$" read &&
	grep "deep �" read && grep "Bash echo �" read &&
	vvault recall pond | grep "heron � pond" &&
	vvault recall dawn | grep "Dawn � here" &&
	vvault grep reeds | grep "reeds � there" &&
	vvault ls claude-code | grep "user: heron � pond" &&
	vvault ls --json claude-code >ls && grep -F "\"title\":{\"\$raw\":" ls
'

done_testing
