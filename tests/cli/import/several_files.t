#!/bin/sh
# A source is more than its main file: what lies beside it is read with it.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# state_of <construct> <end of an entity> [<filter>]: or whether that is true.
state_of() {
	vvault ls --json "$1" | jq -nc${3:+e} --arg e "$2" \
		"inputs | select(.entity | endswith(\$e)) | .state${3:+ | $3}"
}

# brings <path>...: what is there comes in, and once more adds nothing.
brings() {
	vvault import --json "$@" >out && cat out &&
	vvault import --json "$@" >again && jq -se "map(.version) | unique == [null]" again
}

# secrets <folder>...: files that must never be read, with a word to find.
secrets() {
	for folder in "$@"; do
		for name in .credentials.json oauth_creds.json google_accounts.json auth.json; do
			echo "{\"sessionId\":\"s\",\"startTime\":\"2026-01-01T00:00:00Z\",\"messages\":[],
				\"token\":\"SECRET-WORD\"}" >"$folder/$name"
		done
		echo "{\"user\":{\"phone_number\":\"+1 555 SECRET-WORD\"}}" >"$folder/user.json"
		echo "{\"env\":{\"API_KEY\":\"SECRET-WORD\"}}" >"$folder/settings.json"
	done
}

# keeps_secrets: nothing of them is in the vault or was told.
keeps_secrets() {
	vvault export --format jsonl "$1" >all && ! grep -c SECRET-WORD all out again
}

chat=11111111-aaaa-4000-8000-00000000c4a7
agent=22222222-bbbb-4000-8000-00000000a9e7

# gemini_home <folder>: a session of Gemini CLI and one of its agent.
gemini_home() {
	mkdir -p "$1/tmp/fern/chats/$chat" &&
	printf %s /srv/fern >"$1/tmp/fern/.project_root" &&
	cat >"$1/tmp/fern/chats/session-2026-05-01T08-00-11111111.jsonl" <<-END &&
	{"sessionId":"$chat","projectHash":"f","startTime":"2026-05-01T08:00:00.000Z","lastUpdated":"2026-05-01T08:00:00.000Z","kind":"main"}
	{"\$set":{"messages":[{"id":"c","timestamp":"2026-05-01T08:00:01.000Z","type":"user","content":[{"text":"<session_context>\nA TREE\n</session_context>"}]}]}}
	{"id":"u","timestamp":"2026-05-01T08:00:02.000Z","type":"user","content":[{"text":"Ask the agent"}]}
	{"id":"g","timestamp":"2026-05-01T08:00:03.000Z","type":"gemini","content":"It says: moss","model":"m"}
	END
	cat >"$1/tmp/fern/chats/$chat/$agent.jsonl" <<-END
	{"sessionId":"$agent","projectHash":"f","startTime":"2026-05-01T08:00:02.100Z","lastUpdated":"2026-05-01T08:00:02.900Z","kind":"subagent"}
	{"id":"a","timestamp":"2026-05-01T08:00:02.200Z","type":"user","content":"What grows there?"}
	{"id":"b","timestamp":"2026-05-01T08:00:02.900Z","type":"gemini","content":"moss"}
	END
}

test_case 'Gemini CLI: folder, parent, and what the program said itself' '
	new_vault && gemini_home .gemini && secrets .gemini .gemini/tmp/fern && brings .gemini &&
	state_of gemini "session:gemini-cli:$chat" ".native.cwd == \"/srv/fern\" and .parent == null" &&
	state_of gemini "session:gemini-cli:$agent" ".native.cwd == \"/srv/fern\" and
		(.parent | endswith(\":$chat\"))" &&
	state_of gemini "$chat/c" ".role == \"user\" and .visibility == \"meta\"" &&
	state_of gemini "$chat/u" ".visibility == \"visible\"" && keeps_secrets gemini
'

test_case 'Gemini CLI: the folder by the list of projects, where it says so alone' '
	new_vault && gemini_home .gemini && rm .gemini/tmp/fern/.project_root &&
	echo "{\"projects\":{\"/srv/moss\":\"moss\",\"/srv/fern\":\"fern\"}}" >.gemini/projects.json &&
	brings .gemini && state_of gemini "session:gemini-cli:$agent" ".native.cwd == \"/srv/fern\""
'

test_case 'Gemini CLI: the session alone, then all of it, then an old copy alone' '
	new_vault && gemini_home g && cp g/tmp/fern/chats/*.jsonl alone.jsonl &&
	cp "g/tmp/fern/chats/$chat/$agent.jsonl" child.jsonl &&
	brings alone.jsonl child.jsonl && state_of gemini ":$agent" ".parent == null" &&
	brings g && brings alone.jsonl child.jsonl &&
	state_of gemini "session:gemini-cli:$chat" ".native.cwd == \"/srv/fern\"" &&
	state_of gemini ":$agent" ".parent | endswith(\":$chat\")"
'

test_case 'Gemini CLI: in an archive as in the folder' '
	new_vault && gemini_home .gemini && secrets .gemini .gemini/tmp/fern && zip -qr g.zip .gemini &&
	brings g.zip && state_of gemini ":$agent" ".native.cwd == \"/srv/fern\" and
		(.parent | endswith(\":$chat\"))" && keeps_secrets gemini
'

test_case 'Gemini CLI: what a tool gave at length, and the files that a prompt names' '
	new_vault && o=g/tmp/fern/tool-outputs/session-$chat && gemini_home g && mkdir -p $o &&
	jq -nc "{id: \"t\", timestamp: \"2026-05-01T08:00:04.000Z\", type: \"gemini\", content: \"\", model: \"m\", toolCalls: [
		{id: \"c1\", name: \"run\", args: {content: \"cat run_c1.txt\"}, status: \"success\", result: [{functionResponse: {id: \"c1\",
		name: \"run\", response: {output: \"Output too large. Showing first 2 and last 2 characters. For full output see: /h/x y/.gemini/tmp/fern/tool-outputs/session-$chat/run_c1.txt\\n1\\n...\\n9\"}}}]},
		{id: \"c2\", name: \"run\", args: {}, status: \"error\", result: [{functionResponse: {id: \"c2\", name: \"run\", response: {error: \"no such file\"}}}]}]}" \
		>>g/tmp/fern/chats/session-2026-05-01T08-00-11111111.jsonl &&
	jq -nc "{id: \"r\", timestamp: \"2026-05-01T08:00:05.000Z\", type: \"user\", content: [{text: \"Sum up @a.c and @b.c\"},
		{text: \"\\n--- Content from referenced files ---\"}, {text: \"\\nContent from @a.c:\\n\"}, {text: \"int a;\"},
		{text: \"\\nContent from @b.c:\\nint b;\"}, {text: \"\\n--- End of content ---\"}, {text: \", please\\n\\n<hook_context>\\nby a hook\\n</hook_context>\"}]}" \
		>>g/tmp/fern/chats/session-2026-05-01T08-00-11111111.jsonl &&
	seq 1 500 >$o/run_c1.txt && cp g/tmp/fern/chats/*.jsonl alone.jsonl && brings alone.jsonl && brings g && brings alone.jsonl &&
	state_of gemini "$chat/t" >got && jq -rj ".parts[2].content" got | cmp - $o/run_c1.txt &&
	jq -e ".parts[2].tool_use_id == \"c1\" and (.parts[2].preview | test(\"too large\")) and .parts[1].input.content == \"cat run_c1.txt\" and
		.parts[4].is_error and .parts[4].content == \"no such file\"" got &&
	state_of gemini "$chat/r" >got && jq -e ".content == \"Sum up @a.c and @b.c, please\" and .visibility == \"visible\" and
		(.parts | map(.name) | map(strings)) == [\"a.c\", \"b.c\"] and
		(.parts[-1] | .type == \"injected\" and (.text | test(\"by a hook\")))" got &&
	test "$(vvault cat "$(jq -r ".parts[2].data.\"\$blob\"" got)")" = "int b;"
'

test_case 'Gemini CLI: prompts of sessions that were not kept' '
	new_vault && gemini_home g && cat >g/tmp/fern/logs.json <<-END &&
	[{"sessionId":"$chat","messageId":0,"type":"user","message":"Ask the agent","timestamp":"2026-05-01T08:00:02.000Z"},
	 {"sessionId":"lost-1","messageId":0,"type":"user","message":"Is it \"gone\"?","timestamp":"2026-04-01T08:00:00.000Z"},
	 {"sessionId":"lost-1","messageId":1,"type":"user","message":"It is","timestamp":"2026-04-01T08:01:00.000Z"}]
	END
	cp g/tmp/fern/logs.json alone.json && brings g &&
	vvault ls --json gemini message | jq -se "map(select(.entity | contains(\"lost-1\")).state) | sort_by(.index) |
		map([.role, .visibility, .content]) == [[\"user\", \"visible\", \"Is it \\\"gone\\\"?\"],
		[\"user\", \"visible\", \"It is\"]]" &&
	state_of gemini session:gemini-cli:lost-1 ".native.cwd == \"/srv/fern\" and .created == \"2026-04-01T08:00:00.000000Z\"" &&
	vvault ls --json gemini message | jq -se "map(select(.state.content == \"Ask the agent\")) | length == 1" &&
	jq -e "map(.sources[].skipped[]) | length == 1 and .[0].count == 1" -s out &&
	brings alone.json g && vvault show --json gemini | jq -e ".counts.session == 3"
'

test_case 'Gemini CLI: a session that is resumed keeps its times, and what was said of it' '
	new_vault && cat >log.jsonl <<-\END &&
	{"sessionId":"again","projectHash":"f","startTime":"2026-05-02T08:00:00.000Z","lastUpdated":"2026-05-02T08:00:00.000Z"}
	{"$set":{"messages":[{"id":"0123456789abcdef0123456789abcdef","timestamp":"2026-05-02T08:00:00.500Z","type":"user","content":[{"text":"what the program says"}]}]}}
	{"id":"u","timestamp":"2026-05-02T08:00:01.000Z","type":"user","content":[{"text":"Count"}]}
	{"id":"g","timestamp":"2026-05-02T08:00:02.000Z","type":"gemini","content":"","model":"m","thoughts":[{"subject":"Plan","description":"count"}],"tokens":{"total":3},"toolCalls":[{"id":"t","name":"wc","args":{},"result":[{"functionResponse":{"id":"t","name":"wc","response":{"output":"7"}}}]}]}
	{"id":"e","timestamp":"2026-05-02T08:00:03.000Z","type":"gemini","content":"Seven","model":"m"}
	{"sessionId":"again","projectHash":"f","startTime":"2026-05-02T08:00:40.000Z","lastUpdated":"2026-05-02T08:00:40.000Z"}
	{"$set":{"messages":[{"id":"0123456789abcdef0123456789abcdef","timestamp":"2026-05-02T08:00:40.000Z","type":"user","content":[{"text":"what the program says"}]}]}}
	END
	cp log.jsonl begun.jsonl && cat >>log.jsonl <<-\END &&
	{"$set":{"messages":[{"id":"0123456789abcdef0123456789abcdef","timestamp":"2026-05-02T08:00:40.000Z","type":"user","content":[{"text":"what the program says"}]},{"id":"u","timestamp":"2026-05-02T08:00:40.100Z","type":"user","content":[{"text":"Count"}]},{"id":"g","timestamp":"2026-05-02T08:00:40.100Z","type":"gemini","content":[{"text":"Plan count","thought":true},{"functionCall":{"id":"t","name":"wc","args":{}}}]},{"id":"g_response","timestamp":"2026-05-02T08:00:40.100Z","type":"user","content":[{"functionResponse":{"id":"t","name":"wc","response":{"output":"7"}}}]},{"id":"e","timestamp":"2026-05-02T08:00:40.100Z","type":"gemini","content":[{"text":"Seven"}]}]}}
	{"id":"v","timestamp":"2026-05-02T08:00:41.000Z","type":"user","content":"And now?"}
	END
	for file in begun log; do
		brings $file.jsonl && state_of gemini again/g ".model == \"m\" and
			.created == \"2026-05-02T08:00:02.000000Z\" and .native.tokens.total == 3 and
			(.parts | map(.type)) == [\"thinking\", \"text\", \"tool_use\", \"tool_result\"] and
			.parts[3].content == \"7\"" &&
		state_of gemini again/0123456789abcdef0123456789abcdef ".visibility == \"meta\"" &&
		state_of gemini session:gemini-cli:again ".created == \"2026-05-02T08:00:00.000000Z\"" || exit 1
	done &&
	state_of gemini again/g_response ".role == \"tool\" and .visibility == \"meta\"" &&
	state_of gemini again/v ".parent | endswith(\"/e\")"
'

main=33333333-cccc-4000-8000-00000000c0de
export chat agent main

# line <uuid> <parent> <type> <message> [<more members>]: of a session.
line() {
	printf "{\"parentUuid\":%s,\"isSidechain\":%s,\"sessionId\":\"%s\",\"cwd\":\"/srv/moss\",\"type\":\"%s\",\"message\":%s,\"uuid\":\"%s\",\"timestamp\":\"2026-06-01T08:00:%02d.000Z\"%s}\n" \
		"$2" "${side:-false}" "$main" "$3" "$4" "00000000-0000-4000-8000-0000000000$1" \
		"$((0x$1 % 60))" "$5"
}

# said <text>: what a person says; called <id> <tool>; gave <call> <text>.
said() {
	printf "{\"role\":\"user\",\"content\":\"%s\"}" "$1"
}

called() {
	printf "{\"role\":\"assistant\",\"id\":\"msg_%s\",\"model\":\"m\",\"content\":[{\"type\":\"tool_use\",\"id\":\"%s\",\"name\":\"%s\",\"input\":{}}]}" "$1" "$1" "$2"
}

gave() {
	printf "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"%s\",\"content\":\"%s\"}]}" "$1" "$2"
}

id() {
	echo "\"00000000-0000-4000-8000-0000000000$1\""
}

# saved <file>: what a result says that is too long.
saved() {
	printf "%s" "<persisted-output>\\nOutput too large (9KB). Full output saved to: " \
		"/h/x/.claude/projects/-srv-moss/$main/tool-results/$1\\n\\nPreview (first 2KB):\\n" \
		"begin of $1\\n</persisted-output>"
}

# claude_home <folder>: a session of Claude Code with all that lies beside it.
claude_home() {
	p=$1/projects/-srv-moss
	mkdir -p "$p/$main/tool-results" "$p/$main/subagents/workflows/wf_1" "$p/memory" &&
	{
		line 10 null user "$(said "Read the log")"
		line 11 "$(id 10)" assistant "$(called toolu_log Bash)"
		line 12 "$(id 11)" user "$(gave toolu_log "$(saved toolu_log.txt)")" \
			",\"toolUseResult\":{\"stdout\":\"begin\",\"persistedOutputPath\":\"/h/x/.claude/projects/-srv-moss/$main/tool-results/toolu_log.txt\"}"
		line 13 "$(id 12)" assistant "$(called toolu_one Agent)"
		line 14 "$(id 13)" user "$(gave toolu_one "one is done")" ",\"toolUseResult\":{\"agentId\":\"a1\"}"
		line 15 "$(id 14)" user "$(said Thanks)"
	} >"$p/$main.jsonl" &&
	seq -f "line %g of the whole log" 1 300 >"$p/$main/tool-results/toolu_log.txt" &&
	side=true && {
		line 20 null user "$(said "First depth")" ",\"agentId\":\"a1\""
		line 21 "$(id 20)" assistant "$(called toolu_two Agent)" ",\"agentId\":\"a1\""
		line 22 "$(id 21)" user "$(gave toolu_two "two is done")" ",\"agentId\":\"a1\""
	} >"$p/$main/subagents/agent-a1.jsonl" &&
	line 30 null user "$(said "Second depth")" ",\"agentId\":\"a2\"" >"$p/$main/subagents/agent-a2.jsonl" &&
	line 40 null user "$(said "A step")" ",\"agentId\":\"a3\"" >"$p/$main/subagents/workflows/wf_1/agent-a3.jsonl" &&
	side= &&
	echo "{\"agentType\":\"Explore\",\"description\":\"looks around\",\"toolUseId\":\"toolu_one\",\"spawnDepth\":1}" >"$p/$main/subagents/agent-a1.meta.json" &&
	echo "{\"agentType\":\"general\",\"description\":\"looks deeper\",\"toolUseId\":\"toolu_two\",\"spawnDepth\":2}" >"$p/$main/subagents/agent-a2.meta.json" &&
	echo "{\"agentType\":\"step\",\"spawnDepth\":1}" >"$p/$main/subagents/workflows/wf_1/agent-a3.meta.json" &&
	printf "%s\n" "{\"type\":\"started\",\"key\":\"k\",\"agentId\":\"a3\"}" \
		"{\"type\":\"result\",\"key\":\"k\",\"agentId\":\"a3\",\"result\":\"the step came to this\"}" \
		"{\"type\":\"result\",\"key\":\"l\",\"agentId\":\"gone\",\"result\":{\"sum\":7}}" \
		>"$p/$main/subagents/workflows/wf_1/journal.jsonl" &&
	echo "{\"version\":1,\"entries\":[]}" >"$p/sessions-index.json" &&
	echo "# what it remembers" >"$p/memory/MEMORY.md"
}

# whole: the tool's message has all that lies in its file.
whole() {
	state_of claude-code "$main/${1:-00000000-0000-4000-8000-000000000012}" >message.got &&
	jq -rj .content message.got | cmp - "${2:-c/projects/-srv-moss/$main/tool-results/toolu_log.txt}" &&
	jq -e "(.parts[0] | .tool_use_id == \"toolu_log\" and (.preview | test(\"begin of toolu_log\"))) and
		.native.toolUseResult.stdout == \"begin\"" message.got
}

# family: each agent is the child of who called it, and is called so.
family() {
	state_of claude-code ":agent-a1" ".title == \"looks around\" and .native.agent.agentType == \"Explore\" and
		.native.agent.spawnDepth == 1 and (.parent | endswith(\":$main\"))" &&
	state_of claude-code ":agent-a2" ".title == \"looks deeper\" and (.parent | endswith(\":agent-a1\"))" &&
	state_of claude-code ":agent-a3" ".native.workflow == \"wf_1\" and (.parent | endswith(\":$main\"))"
}

no_conflicts() {
	vvault conflicts "$1" --json >conflicts.got && test ! -s conflicts.got
}

test_case 'Claude Code: results, agents and a journal come with their session' '
	new_vault && claude_home c && brings c/projects && whole && family && no_conflicts claude-code &&
	vvault ls --json claude-code | jq -s "map(select(.state.content == \"the step came to this\"))" >step &&
	jq -e "length == 1 and (.[0] | .state.role == \"tool\" and (.state.session | endswith(\":agent-a3\")) and
		(.state.parent | endswith(\"40\")))" step &&
	state_of claude-code "session:claude-code:$main:agent-gone" ".parent | endswith(\":$main\")" &&
	vvault ls --json claude-code | jq -se "map(select(.state.native.result.sum == 7)) | length == 1" &&
	vvault read --tools --json claude-code "session:claude-code:$main" | grep -q "line 300 of the whole log"
'

test_case 'Claude Code: what is beside a session is no report of its own' '
	new_vault && claude_home c && vvault import c/projects >said && cat said &&
	! grep -q "meta.json\|known formats\|not known" said && test "$(grep -c "" said)" -le 14 &&
	grep -q "memory/MEMORY.md" said
'

test_case 'Claude Code: the session alone, then all of it, then an old copy alone' '
	new_vault && claude_home c && mkdir old && cp c/projects/-srv-moss/$main.jsonl old &&
	find c -name "agent-*.jsonl" -exec cp {} old \; &&
	brings old && state_of claude-code "$main/00000000-0000-4000-8000-000000000012" ".content | test(\"Preview\")" &&
	state_of claude-code ":agent-a2" ".parent | endswith(\":$main\")" &&
	brings c/projects && whole && family && brings old && whole && family && no_conflicts claude-code
'

test_case 'Claude Code: the folder of a session in a later run, by itself' '
	new_vault && claude_home c && mkdir old && mv c/projects/-srv-moss/$main.jsonl old && brings old &&
	brings "c/projects/-srv-moss/$main" && whole && family && no_conflicts claude-code
'

test_case 'Claude Code: file by file, each in a run of its own, in both orders' '
	claude_home c && find c/projects -name "*.jsonl" -o -name "*.txt" | sort >files &&
	for order in "sort" "sort -r"; do
		rm -rf v && new_vault && $order files | while read -r file; do
			vvault import "$file" >>said || test $? -eq 1 || exit 1
		done && cat said && brings c/projects && whole && family && no_conflicts claude-code || exit 1
	done
'

test_case 'Claude Code: results without their session are told, and come with it' '
	new_vault && claude_home c && mkdir -p "lone/$main" && cp -R "c/projects/-srv-moss/$main/tool-results" "lone/$main" &&
	expect_exit 1 vvault import --json lone >out && cat out && jq -e ".sources[0].skipped[0].reason | test(\"comes with its session\")" out &&
	vvault import "c/projects/-srv-moss/$main.jsonl" lone >/dev/null && whole
'

test_case 'Claude Code: an agent that came in another run is the parent all the same' '
	new_vault && claude_home c && s="c/projects/-srv-moss/$main/subagents" && brings "$s/agent-a1.jsonl" &&
	brings "$s/agent-a2.jsonl" && state_of claude-code ":agent-a2" ".parent | endswith(\":agent-a1\")" &&
	side=true && line 31 "$(id 30)" user "$(said more)" ",\"agentId\":\"a2\"" >>"$s/agent-a2.jsonl" &&
	brings "$s/agent-a2.jsonl" && state_of claude-code ":agent-a2" ".parent | endswith(\":agent-a1\")"
'

test_case 'Claude Code: what is said of agents, apart from their sessions' '
	claude_home c && mkdir -p talk && find c -name "agent-*.jsonl" -exec cp {} talk \; && cp c/projects/-srv-moss/$main.jsonl talk &&
	find c -name "*.jsonl" ! -name journal.jsonl -exec rm {} + &&
	new_vault && brings talk c && family && no_conflicts claude-code && rm -rf v &&
	new_vault && brings talk && brings c && family && no_conflicts claude-code && rm -rf v &&
	new_vault && brings c && brings talk && brings c && family
'

test_case 'Claude Code: what is said of an agent later is read then' '
	new_vault && claude_home c && s="c/projects/-srv-moss/$main/subagents" && mv "$s/agent-a1.meta.json" later &&
	brings c/projects && state_of claude-code ":agent-a1" ".title == null" &&
	mv later "$s/agent-a1.meta.json" && brings c/projects && family &&
	rm "$s"/agent-a1.jsonl && echo "{\"agentType\":\"Explore\",\"note\":\"alone\"}" >"$s/agent-a1.meta.json" &&
	brings "$s" && state_of claude-code ":agent-a1" ".native.agent.note == \"alone\" and .created != null"
'

test_case 'Claude Code: two results of one message, one of them long, one no text' '
	new_vault && mkdir -p "c/$main/tool-results" && {
		line 10 null user "$(said go)"
		line 11 "$(id 10)" user "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_a\",\"content\":\"$(saved toolu_a.txt)\"},{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_b\",\"content\":[{\"type\":\"text\",\"text\":\"$(saved b7f.txt)\"}]},{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_c\",\"content\":\"$(saved toolu_c.bin)\"},{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_d\",\"content\":\"short\"}]}"
	} >"c/$main.jsonl" && seq 1 90000 >"c/$main/tool-results/toolu_a.txt" &&
	printf "Grüße\n" >"c/$main/tool-results/b7f.txt" && printf "\\377\\000x" >"c/$main/tool-results/toolu_c.bin" &&
	for n in 1 2; do
		brings c && rm -rf v/vvault/cache &&
		state_of claude-code "0000011" >message.got && vvault cat "$(jq -r ".content.\"\$blob\"" message.got)" >content.got || exit 1
	done &&
	jq -r ".parts | (.[0], .[1].content[0], .[3]) | [.start, .end - .start] | @tsv" message.got >places && cat places &&
	cut_out() { tail -c +$(($1 + 1)) content.got | head -c "$2"; } &&
	sed -n 1p places | { read -r at len && cut_out $at $len | cmp - "c/$main/tool-results/toolu_a.txt"; } &&
	sed -n 2p places | { read -r at len && cut_out $at $len | cmp - "c/$main/tool-results/b7f.txt"; } &&
	sed -n 3p places | { read -r at len && test "$(cut_out $at $len)" = short; } &&
	vvault cat "$(jq -r ".parts[2].data.\"\$blob\"" message.got)" | cmp - "c/$main/tool-results/toolu_c.bin"
'

test_case 'Claude Code: a result by the id of its call, where no words name its file' '
	new_vault && mkdir -p "c/$main/tool-results" && {
		line 10 null user "$(said go)"
		line 11 "$(id 10)" user "$(gave toolu_z "<persisted-output>begin</persisted-output>")"
	} >"c/$main.jsonl" && echo whole >"c/$main/tool-results/toolu_z.txt" && echo lone >"c/$main/tool-results/toolu_y.txt" &&
	cp "c/$main.jsonl" . && brings c && state_of claude-code "0000011" ".content == \"whole\\n\"" &&
	jq -e "map(.sources[].skipped[]) | length == 1" -s out &&
	rm -rf v && new_vault && brings "$main.jsonl" && brings c && state_of claude-code "0000011" ".content == \"whole\\n\""
'

test_case 'Claude Code: what was saved beside a result that is whole is a file of it' '
	new_vault && mkdir -p "c/$main/tool-results" && {
		line 10 null user "$(said go)"
		line 11 "$(id 10)" user "$(gave toolu_w "$(seq -s " " 3000) The page says so. Also saved to /h/x/$main/tool-results/page.md")"
	} >"c/$main.jsonl" && echo "# a page" >"c/$main/tool-results/page.md" && brings c &&
	state_of claude-code "0000011" >got && jq -e "(.content | startswith(\"1 2 3\")) and .parts[0].file == \"page.md\"" got &&
	test "$(vvault cat "$(jq -r ".parts[0].data.\"\$blob\"" got)")" = "# a page"
'

test_case 'Claude Code: in an archive as in the folder' '
	new_vault && claude_home c && (cd c && zip -qr ../c.zip projects) && brings c.zip && whole && family
'

test_case 'Claude Code: of its whole folder the sessions, and no secret' '
	for home in .claude copy-of-it; do
		rm -rf v && new_vault && claude_home $home && secrets $home "$home/projects/-srv-moss" &&
		mkdir -p $home/todos $home/plans $home/shell-snapshots "$home/file-history/$main" $home/debug &&
		echo "[{\"content\":\"NOTED\"}]" >"$home/todos/$main-agent-$main.json" &&
		echo "# NOTED" >$home/plans/a.md && echo "export K=SECRET-WORD" >$home/shell-snapshots/s.sh &&
		sed "s/Read the log/SECRET-WORD/" $home/projects/-srv-moss/$main.jsonl >"$home/file-history/$main/0a@v1" &&
		echo "{\"display\":\"SECRET-WORD\",\"timestamp\":1,\"project\":\"/srv/moss\"}" >$home/history.jsonl &&
		echo "@NOTED" >$home/CLAUDE.md && brings $home && keeps_secrets claude-code &&
		ln -sfn $home c && whole && family && rm -r v/vvault/cache && vvault import $home >said && cat said &&
		grep -q "[0-9] files: of Claude Code, and no part of its sessions" said && test "$(grep -c "" said)" -le 26 ||
			exit 1
	done
'

test_case 'Claude Code: captured as it is imported, and what came since' '
	new_vault && claude_home "$HOME/.claude" && s="$HOME/.claude/projects/-srv-moss/$main" &&
	mv "$s/tool-results/toolu_log.txt" "$s/subagents/agent-a2.meta.json" . &&
	vvault capture && state_of claude-code ":agent-a2" ".parent | endswith(\":$main\")" &&
	mv toolu_log.txt "$s/tool-results" && mv agent-a2.meta.json "$s/subagents" && vvault capture &&
	ln -s "$HOME/.claude" c && whole && family && version_of claude-code >before && vvault capture &&
	version_of claude-code | cmp - before
'

test_case 'Claude Code: older agents lie flat beside their session' '
	new_vault && claude_home c && p=c/projects/-srv-moss && mv "$p/$main/subagents"/agent-a1.* $p &&
	rm -r "$p/$main/subagents" && brings $p && whole && ! grep -q meta.json out &&
	state_of claude-code ":agent-a1" ".title == \"looks around\" and (.parent | endswith(\":$main\"))"
'

test_case 'SillyTavern: the group of a chat' '
	new_vault && mkdir -p "st/group chats" st/groups && {
		echo "{\"chat_metadata\":{\"integrity\":\"i-1\"},\"user_name\":\"unused\",\"character_name\":\"unused\"}"
		echo "{\"name\":\"You\",\"is_user\":true,\"send_date\":\"2026-06-01T08:00:00.000Z\",\"mes\":\"Hello both\"}"
		echo "{\"name\":\"Fern\",\"is_user\":false,\"send_date\":\"2026-06-01T08:00:01.000Z\",\"mes\":\"Hello\"}"
	} >"st/group chats/c-1.jsonl" && echo "not a group" >st/groups/a.json &&
	echo "{\"id\":\"g\",\"name\":\"In the wood\",\"members\":[\"Fern.png\",\"Moss.png\"],\"chat_id\":\"c-2\",\"chats\":[\"c-1\",\"c-2\"],
		\"past_metadata\":{\"c-1\":{\"note_prompt\":\"whisper\"},\"c-2\":{\"note_prompt\":\"shout\"}}}" >st/groups/g.json &&
	echo "{\"api_key_openai\":\"SECRET-WORD\"}" >st/secrets.json && cp "st/group chats/c-1.jsonl" alone.jsonl &&
	brings alone.jsonl && brings st && brings alone.jsonl && keeps_secrets fern &&
	vvault ls --json fern session | jq -e ".state | .title == \"In the wood\" and (.native.group | .members == [\"Fern.png\", \"Moss.png\"] and
		.chat_metadata.note_prompt == \"whisper\" and .past_metadata == null)" && no_conflicts fern &&
	rm -rf v && new_vault && zip -qr st.zip st && brings st.zip && vvault ls --json fern session | jq -e ".state.title == \"In the wood\"" &&
	sed -i "s/In the wood/In the park/" st/groups/g.json && brings st && vvault ls --json fern session |
		jq -e ".state.title == \"In the park\""
'

test_case 'VS Code: the folder that was open' '
	new_vault && w=User/workspaceStorage/5e && mkdir -p $w/chatSessions &&
	echo "{\"folder\":\"file:///srv/fern%20and%20moss\"}" >$w/workspace.json && echo SECRET-WORD >$w/state.vscdb &&
	echo "{\"version\":3,\"sessionId\":\"v-1\",\"creationDate\":1780300800000,\"requesterUsername\":\"x\",\"responderUsername\":\"Copilot\",
		\"requests\":[{\"requestId\":\"r\",\"timestamp\":1780300801000,\"message\":{\"text\":\"Which fern?\"},\"response\":[{\"value\":\"A tall one\"}]}]}" \
		>$w/chatSessions/v-1.json && cp $w/chatSessions/v-1.json alone.json && brings alone.json && brings User &&
	brings alone.json && keeps_secrets copilot &&
	state_of copilot session:vscode:v-1 ".native.cwd == \"/srv/fern and moss\"" && no_conflicts copilot
'

test_case 'Codex, Copilot CLI: of their whole folders the sessions, and no secret' '
	new_vault && mkdir -p .codex/sessions/2026 .codex/log .copilot/session-state/5e && secrets .codex .copilot &&
	cp "$VV_TOP/tests/data/codex/rollout.jsonl" .codex/sessions/2026 && echo SECRET-WORD >.codex/log/a.txt &&
	echo "key = SECRET-WORD" >.codex/config.toml && cp "$VV_TOP/tests/data/codex/rollout.jsonl" .codex/log/b.jsonl &&
	sed "s/\"id\":\"/&SECRET-WORD/" .codex/log/b.jsonl >.codex/log/c.jsonl &&
	printf "%s\n" "{\"type\":\"session.start\",\"id\":\"e1\",\"timestamp\":\"2026-06-01T08:00:00.000Z\",\"data\":{\"sessionId\":\"5e\"}}" \
		"{\"type\":\"user.message\",\"id\":\"e2\",\"parentId\":\"e1\",\"timestamp\":\"2026-06-01T08:00:01.000Z\",\"data\":{\"content\":\"Which fern?\"}}" \
		>.copilot/session-state/5e/events.jsonl && printf "id: 5e\nname: Ferns\n" >.copilot/session-state/5e/workspace.yaml &&
	brings .codex .copilot && keeps_secrets codex && keeps_secrets copilot &&
	jq -se "map(.sources[] | select(.format)) | length == 2" out && state_of copilot ":5e" ".title == \"Ferns\""
'

test_case 'Claude Desktop: what it says of a session that it runs' '
	new_vault && w=local-agent-mode-sessions/org/space && mkdir -p $w/local_5e && claude_home $w/local_5e/.claude &&
	mkdir -p $w/local_5e/outputs && cp "$w/local_5e/.claude/projects/-srv-moss/$main.jsonl" $w/local_5e/outputs/copy.jsonl &&
	echo "{\"sessionId\":\"local_5e\",\"title\":\"Moss and fern\",\"cwd\":\"/u/x/moss\",\"createdAt\":1780300800000,
		\"userSelectedFolders\":[\"/u/x/moss\"],\"emailAddress\":\"SECRET-WORD\",\"remoteMcpServersConfig\":[{\"token\":\"SECRET-WORD\"}]}" >$w/local_5e.json &&
	brings local-agent-mode-sessions && keeps_secrets claude-code && ln -s $w/local_5e/.claude c && whole &&
	state_of claude-code "session:claude-code:$main" ".title == \"Moss and fern\" and .native.cwd == \"/u/x/moss\" and
		.native.desktop.userSelectedFolders == [\"/u/x/moss\"]" &&
	jq -e ".title = \"Ferns\"" $w/local_5e.json >new && mv new $w/local_5e.json && brings local-agent-mode-sessions &&
	state_of claude-code "session:claude-code:$main" ".title == \"Ferns\"" && no_conflicts claude-code
'

test_case 'shared: what people found in the field of files that belong together' '
	need_shared && field=$VV_SHARED/field && new_vault && brings "$field"/03-*/projects "$field"/04-*/projects &&
	state_of claude-code 000000000303 >got && jq -rj .content got | cmp - "$field"/03-*/projects/*/*/tool-results/toolu_big.txt &&
	s=5e551000-0000-4000-8000-000000000004 &&
	for pair in a1111:$s a2222:$s:agent-a1111 a3333:$s a4444:$s; do
		state_of claude-code ":agent-${pair%%:*}" ".parent == \"session:claude-code:${pair#*:}\"" || exit 1
	done && state_of claude-code :agent-a2222 ".native.agent | .agentType == \"general-purpose\" and .spawnDepth == 2 and
		.description == \"look at level two\"" &&
	vvault ls --json claude-code | grep -c "JOURNAL-RESULT one" && vvault show --json claude-code | jq -e ".counts.session == 6" &&
	brings "$field"/13-*/tmp && for n in 1 2 3 4 5; do
		state_of gemini 9e300000-0000-4000-8000-000000000001/m$n .visibility
	done >seen && printf "\"%s\"\n" meta visible tool visible visible | cmp - seen &&
	state_of gemini 9e300000-0000-4000-8000-0000000000aa ".parent | endswith(\":9e300000-0000-4000-8000-000000000001\")" &&
	vvault ls --json gemini session | jq -se "map(.state.native.cwd) | unique == [\"/srv/heron\"]"
'

test_case 'shared: a session that was cut, grew and moved' '
	need_shared && field=$(echo "$VV_SHARED"/field/28-*) && new_vault && expect_exit 3 vvault import "$field/noon" >said &&
	vvault import "$field/evening" >said && vvault ls --json claude-code message | jq -c "[.entity, .state.content]" >before &&
	vvault import "$field/moved" >said && vvault ls --json claude-code message | jq -c "[.entity, .state.content]" >after && grep -v "LIVE-U3 after the mo" after | cmp - before &&
	test "$(wc -l <after)" -eq 5 && vvault verify && ! vvault ls --json claude-code message | jq -r .entity | sort | uniq -d | grep .
'

done_testing
