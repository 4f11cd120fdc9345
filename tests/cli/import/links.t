#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# line <type> <uuid> <parent: a uuid, - for null, nothing for none> <text>
# [<further members>]: of a session of Claude Code.
line() {
	jq -nc --arg type "$1" --arg uuid "$2" --arg parent "$3" \
		--arg text "$4" --argjson more "{${5:-}}" '
		{type: $type, uuid: $uuid, sessionId: "5e55", timestamp:
		 "2026-03-01T10:00:00.000Z"} +
		(if $parent == "" then {}
		 elif $parent == "-" then {parentUuid: null}
		 else {parentUuid: $parent} end) +
		(if $type == "user" then {message: {role: "user", content: $text}}
		 elif $type == "assistant" then {requestId: ("req_" + $uuid),
			message: {id: ("msg_" + $uuid), role: "assistant",
				model: "claude-test-1", content:
				[{type: "text", text: $text}]}}
		 else {content: $text} end) + $more'
}
user() { line user "$@"; }
answer() { line assistant "$@"; }
system() { line system "$@"; }

# boundary <uuid> <logicalParentUuid> <uuid of the summary>: a compaction.
boundary() {
	system "$1" - "Compacted" "\"subtype\":\"compact_boundary\",\"logicalParentUuid\":\"$2\"" &&
	user "$3" "$1" "SUMMARY" "\"isCompactSummary\":true"
}

# shown <construct> [<end of its session>]: what is said on the shown branch.
shown() {
	vvault ls --json "$1" >all.shown || return
	jq -rs --arg s "${2:-}" 'map(select(.kind != "source")) as $all |
		($all | map({key: .entity, value: .state}) | from_entries) as $of |
		[$all[] | select(.kind == "session" and (.entity | endswith($s)))][0].state.active |
		[recurse($of[.].parent; . != null) | $of[.]] | reverse |
		map(select(.visibility == "visible") | .content) | join(" ")' all.shown
}

# reads <file> <what is shown> <guessed sessions> [<mended messages>]
reads() {
	rm -rf v && new_vault && { vvault import --json "$1" >out || test $? -eq 3; } &&
	construct=$(jq -r ".sources[0].construct // .construct" out) &&
	test "$(shown "$construct")" = "$2" || {
		echo "shown: $(shown "$construct")"
		return 1
	}
	jq -e --argjson n "$3" ".sources[0].guessed == \$n" out || { cat out; return 1; }
	test -z "${4:-}" || jq -e --argjson n "$4" '.sources[0].notes |
		any(test("^\($n) messages? whose link"))' out
}

test_case 'Claude Code: a parent that is not there, and what it hid' '
	{ user u1 - U1 && answer a1 u1 A1 && user u2 gone U2 &&
	  answer a2 u2 A2; } >lost.jsonl && reads lost.jsonl "U1 A1 U2 A2" 1 1 &&
	vvault ls --json claude-code message |
		jq -se "map(select(.entity | endswith(\"u2\")))[0].state |
			.native.record.parentUuid == \"gone\" and (.parent | endswith(\"a1\"))" &&
	vvault ls --json claude-code session | jq -e ".state.guessed == true" &&
	{ user u1 - U1 && answer a1 u1 A1 && line progress p1 gone "" &&
	  line progress p2 p1 "" && user u2 p2 U2 && answer a2 u2 A2; } >lost.jsonl &&
	reads lost.jsonl "U1 A1 U2 A2" 1 1 &&
	{ user u1 - U1 && echo "{\"type\":\"assistant\",\"uuid\":\"a1\",\"paren" &&
	  user u2 a1 U2; } >lost.jsonl && reads lost.jsonl "U1 U2" 1 1 &&
	{ user u1 - U1 && echo null && user u2 - U2; } >lost.jsonl &&
	reads lost.jsonl "U1 U2" 1 1
'

test_case 'Claude Code: a file that begins in the middle has no guess' '
	{ user u1 before U1 && answer a1 u1 A1; } >part.jsonl &&
	reads part.jsonl "U1 A1" 0 &&
	vvault ls --json claude-code message | jq -se \
		"any(.[]; .state.parent // \"\" | endswith(\"/before\"))" &&
	{ system s1 before "" "\"subtype\":\"turn_duration\"" && user u1 s1 U1 &&
	  answer a1 u1 A1; } >part.jsonl && reads part.jsonl "U1 A1" 0
'

test_case 'Claude Code: no links at all, as in logs that others write' '
	{ user u1 "" U1 && answer a1 "" A1 && user u2 "" U2; } >bare.jsonl &&
	reads bare.jsonl "U1 A1 U2" 0 &&
	sed "s/\"uuid\":\"[a-z0-9]*\",//" bare.jsonl >bare && mv bare bare.jsonl &&
	jq -sc "{loglines: .}" bare.jsonl >web.json &&
	reads web.json "U1 A1 U2" 0
'

test_case 'Claude Code: itself, a circle, and what comes before its parent' '
	{ user u1 - U1 && answer a1 a1 A1 && user u2 a1 U2; } >odd.jsonl &&
	reads odd.jsonl "U1 A1 U2" 1 1 &&
	{ user u1 - U1 && answer a1 u2 A1 && user u2 a1 U2; } >odd.jsonl &&
	reads odd.jsonl "U1 A1 U2" 1 1 &&
	{ user u1 - U1 && line attachment t2 u2 "" && answer a1 u1 A1 &&
	  user u2 a1 U2 && answer a2 t2 A2; } >odd.jsonl &&
	reads odd.jsonl "U1 A1 U2 A2" 0
'

test_case 'Claude Code: compactions, the second too' '
	{ user u1 - U1 && answer a1 u1 A1 && boundary b1 nowhere s1 &&
	  user u2 s1 U2; } >one.jsonl && reads one.jsonl "U1 A1 U2" 1 1 &&
	{ user u1 - U1 && answer a1 u1 A1 && line attachment t1 a1 "" &&
	  answer a1b t1 A1b && boundary b1 a1b s1 && user u2 s1 U2 &&
	  answer a2 u2 A2 && user u1 - U1 && answer a1 u1 A1 &&
	  boundary b2 a1 s2 && user u3 t1 U3 && answer a3 u3 A3; } >two.jsonl &&
	reads two.jsonl "U1 A1 A1b U2 A2 U3 A3" 1 2 &&
	{ user u1 - U1 && answer a1 u1 A1 && user u2 a1 U2 && answer a2 u2 A2 &&
	  boundary b1 a2 s1 && user u3 a1 U3; } >back.jsonl &&
	reads back.jsonl "U1 A1 U2 A2 U3" 1 1 &&
	{ user u1 - U1 && answer a1 u1 A1 && boundary b1 a1 s1 &&
	  user u2 s1 U2 && answer a2 u2 A2; } >well.jsonl &&
	reads well.jsonl "U1 A1 U2 A2" 0
'

test_case 'Claude Code: an answer that came after an error' '
	{ user u1 - U1 && system e1 u1 "" "\"subtype\":\"api_error\"" &&
	  answer a1 u1 A1 && user u2 e1 U2; } >error.jsonl &&
	reads error.jsonl "U1 A1 U2" 1 1 &&
	{ user u1 - U1 && answer a1 u1 A1 &&
	  system e1 u1 "" "\"subtype\":\"api_error\"" && user u2 e1 U2; } >error.jsonl &&
	reads error.jsonl "U1 A1 U2" 1 1
'

test_case 'Claude Code: an edited prompt is a branch, one typed meanwhile is none' '
	call="\"message\":{\"id\":\"m\",\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"Bash\",\"input\":{}}]}" &&
	result="\"message\":{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":\"done\"}]}" &&
	{ user u1 - U1 && answer a1 u1 A1 && user u2 a1 U2 && answer a2 u2 A2 &&
	  user u2b a1 U2b && answer a2b u2b A2b; } >edit.jsonl &&
	reads edit.jsonl "U1 A1 U2b A2b" 0 &&
	{ line progress p0 - "" && user u1 p0 U1 && answer a1 u1 A1 &&
	  user u1b p0 U1b && answer a1b u1b A1b; } >first.jsonl &&
	reads first.jsonl "U1b A1b" 0 &&
	{ user u1 - U1 && answer c1 u1 "" "$call" && user r1 c1 "" "$result" &&
	  answer a1 r1 A1 && user u2 r1 U2 && answer a2 u2 A2; } >steer.jsonl &&
	reads steer.jsonl "U1 A1 U2 A2" 1 1
'

test_case 'Claude Code: who resumes a session goes on before the command that ended it' '
	{ user u1 - U1 && answer a1 u1 A1 && user m1 a1 M "\"isMeta\":true" &&
	  user c1 m1 "<command-name>/exit</command-name>" &&
	  user o1 c1 "<local-command-stdout>Bye!</local-command-stdout>" &&
	  user u2 a1 U2 && answer a2 u2 A2; } >exit.jsonl &&
	reads exit.jsonl "U1 A1 /exit U2 A2" 1 1 &&
	{ user u1 - U1 && answer a1 u1 A1 && user c1 a1 "<command-name>/init</command-name>" &&
	  answer a2 c1 A2 && user c2 a1 "<command-name>/plan</command-name>" &&
	  answer a3 c2 A3; } >init.jsonl && reads init.jsonl "U1 A1 /plan A3" 0
'

test_case 'Claude Code: one id for many answers, and a parent within one' '
	same() { answer "$1" "$2" "$3" "\"requestId\":\"r\",\"message\":{\"id\":\"m\",\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"$3\"}]}"; } &&
	{ user u1 - U1 && same a1 u1 A1 && same b1 a1 B1 && line progress p1 b1 "" &&
	  user u2 b1 U2 && same a2 u2 A2 && same b2 a2 B2 && user u3 a2 U3 &&
	  same a3 u3 A3; } >same.jsonl &&
	reads same.jsonl "U1 A1

B1 U2 A2

B2 U3 A3" 0
'

test_case 'Claude Code: what is about the session, as a parent' '
	{ user u1 - U1 && answer a1 u1 A1 && line ai-title t1 a1 "" "\"aiTitle\":\"T\"" &&
	  user u2 t1 U2; } >about.jsonl && reads about.jsonl "U1 A1 U2" 1 1
'

test_case 'Claude Code: side chains lie beside the talk, and hide none of it' '
	side="\"isSidechain\":true" &&
	{ user u1 - U1 && answer a1 u1 A1 && user x1 - X1 "$side" &&
	  answer y1 x1 Y1 "$side" && answer y2 gone Y2 "$side" && user u2 y1 U2 &&
	  user x2 - X2 "$side" && answer a2 u2 A2; } >side.jsonl &&
	reads side.jsonl "U1 A1 U2 A2" 2 2 &&
	vvault ls --json claude-code message |
		jq -se "map(select(.entity | endswith(\"y2\")))[0].state.parent | endswith(\"y1\")"
'

test_case 'Claude Code: a line that stands there twice; a uuid that two have' '
	{ user u1 - U1 && answer a1 u1 A1 && user u1 - U1 && answer a1 u1 A1 &&
	  user u2 a1 U2; } >twice.jsonl && reads twice.jsonl "U1 A1 U2" 0 &&
	jq -e "[.sources[0].skipped[] | [.reason, .count]] ==
		[[\"record whose uuid stands before in its file\", 2]]" out &&
	{ user u1 - U1 && answer a1 u1 A1 && user u1 a1 Other && answer a1 u1 Too &&
	  user u1 a1 Other && user u1 - U1 && user u2 a1 U2; } >twice.jsonl &&
	reads twice.jsonl "U1 A1 Other Too U2" 0 &&
	vvault ls --json claude-code message | jq -se "any(.[]; .state.content == \"Other\" and
		.state.native.record.uuid == \"u1\" and (.entity | endswith(\"/u1\") | not))" &&
	cp twice.jsonl again.jsonl && echo >>again.jsonl &&
	vvault import --json again.jsonl >out && jq -e ".records.new <= 1" out
'

test_case 'Claude Code: a session in several files, which goes on behind a line of an answer' '
	same() { answer "$1" "$2" "$3" "\"requestId\":\"r\",\"message\":{\"id\":\"m\",\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"$3\"}]}"; } &&
	mkdir parts && { user u1 - U1 && same a1 u1 A1 && same a2 a1 A2; } >parts/1.jsonl &&
	{ system s2 a2 "" "\"subtype\":\"turn_duration\"" && user u2 s2 U2 &&
	  same b1 u2 B1 && same b2 b1 B2; } >parts/2.jsonl &&
	{ user u3 b2 U3 && answer a3 u3 A3; } >parts/3.jsonl &&
	want="U1 A1

A2 U2 B1

B2 U3 A3" && new_vault && vvault import parts >/dev/null &&
	test "$(shown claude-code)" = "$want" && rm -rf v && new_vault &&
	for n in 1 2 3; do
		vvault import --json parts/$n.jsonl >out &&
		jq -e ".sources[0].guessed == 0" out || exit 1
	done && test "$(shown claude-code)" = "$want"
'

test_case 'Claude Code: what stands in the vault is no lost link' '
	{ user u1 - U1 && answer a1 u1 A1 && user u2 a1 U2; } >whole.jsonl &&
	{ user u1 - U1 && answer a2 u2 A2; } >part.jsonl && new_vault &&
	vvault import whole.jsonl >/dev/null &&
	vvault import --json part.jsonl >out &&
	jq -e ".sources[0].guessed == 0" out &&
	test "$(shown claude-code)" = "U1 A1 U2 A2"
'

# spliced <file> <number of its line>: where the line is cut in its middle, and
# the next one stands behind it at once.
spliced() {
	awk -v n="$2" 'NR == n { printf "%s", substr($0, 1, length($0) / 2); next } 1' "$1"
}

# recovers <file>: one record is told as cut short, and no more is missing.
recovers() {
	rm -rf v && new_vault && expect_exit 3 vvault import --json "$1" >out &&
	jq -e ".sources[0].malformed | length == 1 and
		(.[0].reason | test(\"^a record is cut short by the one that begins at line\"))" out
}

test_case 'a whole record behind a cut one on its line is read, in each kind of log' '
	data=$VV_TOP/tests/data &&
	{ user u1 - U1 && answer a1 u1 A1 && user u2 a1 U2 && answer a2 u2 A2; } >whole &&
	for n in 1 2 3; do
		spliced whole $n >cut.jsonl && recovers cut.jsonl || exit 1
		shown claude-code >>got
	done && printf "%s\n" "A1 U2 A2" "U1 U2 A2" "U1 A1 A2" | cmp - got &&
	while read -r file; do
		{ spliced "$data/$file" 3 && echo; } >cut.jsonl && echo "$file" &&
		rm -rf v && new_vault && expect_exit 3 vvault import --json \
			--construct x "$data/$file" >out || test $? -eq 1 || exit 1
		expect_exit 3 vvault import --json --construct y cut.jsonl >out &&
		jq -e "[.sources[0].malformed[].reason | select(startswith(
			\"a record is cut short by the one that begins\"))] | length == 1" out || exit 1
		for construct in x y; do
			vvault ls --json $construct | jq -r "select(.kind != \"source\") | .entity" |
				sort >$construct.all
		done
		# One line has gone, and what only it was about.
		test "$(comm -23 x.all y.all | grep -c .)" -le 1 || exit 1
	done <<-END
	codex/rollout.jsonl
	copilot/events.jsonl
	sillytavern/lantern.jsonl
	gemini/session-cli.jsonl
	oasst/flat.jsonl
	openai/chats.jsonl
	mcp-memory/plain.jsonl
	END
'

# huge_line <file> <bytes>: a session with a result of so many, said twice.
huge_line() {
	user h1 - PROMPT &&
	answer h2 h1 "" "\"message\":{\"id\":\"m2\",\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"Bash\",\"input\":{}}]}" &&
	printf "%s" "{\"type\":\"user\",\"uuid\":\"h3\",\"parentUuid\":\"h2\",\"sessionId\":\"5e55\",\"message\":{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":\"" &&
	head -c "$1" /dev/zero | tr "\0" x &&
	printf "%s" "\\n\"}]},\"toolUseResult\":{\"stdout\":\"" &&
	head -c "$1" /dev/zero | tr "\0" x && printf "%s\n" "\\n\"}}" &&
	answer h4 h3 ANSWER
}

test_case 'a result of 80 MB on a line of 160 is kept, as a blob, and hides nothing' '
	huge_line 80000000 >huge.jsonl && reads huge.jsonl "PROMPT ANSWER" 0 &&
	jq -e ".sources[0].malformed == [] and .sources[0].imported == 5" out &&
	vvault ls --json claude-code message |
		jq -c "select(.entity | endswith(\"h3\")) | .state |
			[.content, .native.toolUseResult.stdout]" >blobs &&
	jq -e ".[0] == .[1] and .[0].size == 80000001" blobs &&
	vvault cat "$(jq -r ".[0][\"\$blob\"]" blobs)" | tr -d x >rest &&
	echo | cmp - rest
'

test_case 'a line that is too long for memory is told, and its bytes are kept' '
	{ user u1 - U1 && answer a1 u1 A1 && printf "{\"type\":\"user\",\"uuid\":\"u2\""; } >long.jsonl &&
	from=$(($(wc -c <long.jsonl) - 26)) && to=$((520 * 1024 * 1024)) &&
	truncate -s "$to" long.jsonl && { echo && answer a2 u2 A2; } >>long.jsonl &&
	reads long.jsonl "U1 A1 A2" 1 1 &&
	jq -ce ".sources[0].malformed[0] | [.offset, .bytes.size,
		(.reason | test(\"longer than 512 MiB\"))]" out >told &&
	echo "[$from,$((to - from)),true]" | cmp - told &&
	tail -c +$((from + 1)) long.jsonl | head -c $((to - from)) >want &&
	vvault cat "$(jq -r ".sources[0].malformed[0].bytes[\"\$blob\"]" out)" | cmp - want
'

test_case 'ChatGPT: a lost parent, one that the other end has, a second root, a circle' '
	node() {
		jq -nc --arg k "$1" --argjson p "$2" --argjson c "$3" --argjson t "$4" "{(\$k): {id: \$k,
			parent: \$p, children: \$c, message: {id: \$k, create_time: (1700000000 + \$t),
			author: {role: \"user\"}, content: {content_type: \"text\", parts: [\$k]}}}}"
	}
	talk() {
		jq -sc "[{id: \"t\", create_time: 1700000000, current_node: \"$1\",
			mapping: ({root: {id: \"root\", parent: null, children: [\"A\"], message: null}} + add)}]"
	}
	{ node D "\"C\"" "[]" 4; node C "\"gone\"" "[\"D\"]" 3; node B "\"A\"" "[]" 2
	  node A "\"root\"" "[\"B\"]" 1; } | talk D >lost.json && reads lost.json "A B C D" 1 1 &&
	vvault ls --json chatgpt message | jq -se "any(.[]; .state.native.node.parent == \"gone\")" &&
	{ node B null "[]" 2; node A "\"root\"" "[\"B\"]" 1; } | talk B >lost.json &&
	reads lost.json "A B" 0 &&
	{ node B null "[]" 2; node A "\"root\"" "[]" 1; } | talk B >lost.json &&
	reads lost.json "A B" 1 1 &&
	{ node A "\"B\"" "[\"B\"]" 1; node B "\"A\"" "[\"A\"]" 2; } | talk B >lost.json &&
	reads lost.json "A B" 1 1 &&
	vvault export chatgpt --format chatgpt >back && vvault ls --json chatgpt >one &&
	rm -rf v && new_vault && vvault import back >/dev/null &&
	vvault ls --json chatgpt >two &&
	for n in one two; do
		jq -cS "select(.kind != \"source\") | [.entity, .state]" $n | sort >$n.all
	done && cmp one.all two.all &&
	{ node A "\"root\"" "[\"B\", \"C\"]" 1; node B "\"A\"" "[]" 2; node C "\"A\"" "[]" 3; } |
		talk B >well.json && reads well.json "A B" 0
'

test_case 'ChatGPT: what is lost is not off the shown branch, beside a circle either' '
	node() {
		jq -nc --arg k "$1" --argjson p "$2" --argjson t "$3" "{(\$k): {id: \$k, parent: \$p,
			children: [], message: {id: \$k, create_time: (1700000000 + \$t),
			author: {role: \"user\"}, content: {content_type: \"text\", parts: [\$k]}}}}"
	}
	talk() {
		jq -sc "[{id: \"t\", create_time: 1700000000, current_node: \"$1\",
			mapping: ({root: {id: \"root\", parent: null, children: [], message: null}} + add)}]"
	}
	{ node A "\"B\"" 1; node B "\"A\"" 3; node O "\"gone\"" 2; } | talk B >odd.json &&
	reads odd.json "A O B" 1 3 &&
	{ node A "\"root\"" 1; node O "\"gone\"" 2; node P "\"O\"" 3; node B "\"A\"" 4
	  node C "\"A\"" 5; } | talk B >odd.json && reads odd.json "A O P B" 1 3 &&
	{ node A "\"root\"" 1; node X "\"Y\"" 2; node Y "\"X\"" 3; node B "\"A\"" 4; } |
		talk B >odd.json && reads odd.json "A X Y B" 1 2
'

test_case 'Claude.ai: a lost parent, a circle, an edited first message' '
	said() {
		jq -nc --arg k "$1" --argjson p "$2" "{uuid: \$k, sender: \"human\", text: \$k,
			created_at: \"2026-03-01T10:00:00Z\"} + (if \$p then {parent_message_uuid: \$p} else {} end)"
	}
	talk() { jq -sc "[{uuid: \"t\", name: \"T\", chat_messages: .}]"; }
	zero="\"00000000-0000-4000-8000-000000000000\"" &&
	{ said A "$zero"; said B "\"A\""; said C "\"gone\""; said D "\"C\""; } | talk >lost.json &&
	reads lost.json "A B C D" 1 1 &&
	{ said A "$zero"; said B false; said C "\"B\""; } | talk >lost.json &&
	reads lost.json "A B C" 0 &&
	{ said A "\"A\""; said B "\"C\""; said C "\"B\""; } | talk >lost.json &&
	reads lost.json "A B C" 1 1 &&
	{ said A "$zero"; said B "$zero"; } | talk >edit.json &&
	reads edit.json "B" 1 && jq -e ".sources[0].notes | any(contains(\"link\")) | not" out
'

test_case 'Copilot CLI: events that lead nowhere, in a circle, to later ones; a prompt again' '
	event() {
		jq -nc --arg id "$1" --arg p "$2" --arg type "$3" --arg text "$4" "{type: \$type, id: \$id,
			parentId: (if \$p == \"\" then null else \$p end), timestamp: \"2026-03-01T10:00:00.000Z\",
			data: {content: \$text}}"
	}
	begin() { jq -nc "{type: \"session.start\", id: \"s\", parentId: null, timestamp: \"2026-03-01T10:00:00.000Z\", data: {sessionId: \"t\"}}"; }
	prompt() { event "$1" "$2" user.message "$3"; }
	said() { event "$1" "$2" assistant.message "$3"; }
	{ begin; prompt 1 s U1; said 2 1 A1; prompt 3 gone U2; said 4 3 A2; } >lost.jsonl &&
	reads lost.jsonl "U1 A1 U2 A2" 1 1 &&
	{ begin; prompt 1 s U1; said 2 2 A1; prompt 3 2 U2; } >lost.jsonl &&
	reads lost.jsonl "U1 A1 U2" 1 1 &&
	{ begin; prompt 1 s U1; event 5 3 session.info ""; said 2 1 A1; prompt 3 2 U2; said 4 5 A2; } >late.jsonl &&
	reads late.jsonl "U1 A1 U2 A2" 0 &&
	{ begin; prompt 1 s U1; said 2 1 A1; prompt 3 2 U2; said 4 3 A2; prompt 5 2 U3; said 6 5 A3; } >edit.jsonl &&
	reads edit.jsonl "U1 A1 U3 A3" 0 &&
	{ begin; prompt 1 s U1; said 2 1 A1; said 3 1 A2; prompt 4 3 U2; } >twice.jsonl &&
	reads twice.jsonl "U1 A1 A2 U2" 1 1
'

test_case 'Gemini CLI: a rewind to what is not there takes nothing back' '
	said() { jq -nc --arg k "$1" --arg t "$2" "{id: \$k, timestamp: \"2026-03-01T10:00:00.000Z\", type: \$t, content: \$k}"; }
	{ jq -nc "{sessionId: \"t\", projectHash: \"0\", startTime: \"2026-03-01T10:00:00.000Z\"}"
	  said U1 user; said A1 gemini; echo "{\"\$rewindTo\":\"gone\"}"; said U2 user; } >lost.jsonl &&
	reads lost.jsonl "U1 A1 U2" 1 && sed "s/gone/A1/" lost.jsonl >well.jsonl &&
	reads well.jsonl "U1 U2" 0
'

test_case 'Open Assistant, Grok: answers to what is not there, or comes later' '
	flat() {
		jq -nc --arg k "$1" --arg p "$2" --arg role "$3" "{message_id: \$k, message_tree_id: \"A\",
			text: \$k, role: \$role} + (if \$p == \"\" then {} else {parent_id: \$p} end)"
	}
	{ flat A "" prompter; flat B A assistant; flat C gone prompter; flat D C assistant; } >lost.jsonl &&
	reads lost.jsonl "A B C D" 1 1 &&
	vvault ls --json oasst message | jq -se "any(.[]; .state.native.named_parent == \"gone\")" &&
	{ flat A "" prompter; flat C B prompter; flat D C assistant; flat B A assistant; } >late.jsonl &&
	reads late.jsonl "A B C D" 0 &&
	vvault ls --json oasst message | jq -sce "map(.state.index) | sort == [0, 1, 2, 3]" &&
	{ flat A "" prompter; flat B C assistant; flat C B prompter; } >circle.jsonl &&
	reads circle.jsonl "A B C" 1 1 &&
	jq -nc "{conversations: [{conversation: {id: \"g\"}, responses: [
		{response: {_id: \"A\", message: \"A\", sender: \"human\"}},
		{response: {_id: \"B\", message: \"B\", sender: \"assistant\", parent_response_id: \"A\"}},
		{response: {_id: \"C\", message: \"C\", sender: \"human\", parent_response_id: \"gone\"}}]}]}" >grok.json &&
	reads grok.json "A B C" 1 1 &&
	vvault ls --json grok message | jq -se "any(.[]; .state.native.named_parent == \"gone\")"
'

test_case 'what a session of Claude Code lost in the field' '
	need_shared
	cases=$VV_SHARED/field/30-cc-double-compaction &&
	reads "$(echo "$cases"/second-compact/*)" "C-U1 first question C-A1 C-A1b last words before the first compaction C-U2 second question C-A2 C-U3 third question C-A3" 1 &&
	reads "$(echo "$cases"/phantom-parent/*)" "P-U1 P-A1 P-U2 P-A2" 1 1 &&
	reads "$(echo "$cases"/control/*)" "Q-U1 Q-A1 Q-U2 Q-A2" 0
'

done_testing
