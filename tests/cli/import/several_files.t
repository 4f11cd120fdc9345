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

done_testing
