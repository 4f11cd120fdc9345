#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/written.sh"
. "$(dirname "$0")/story.sh"

agent=codex place=.codex checker=check_codex.pl accepted=${VV_SHARED:+$VV_SHARED/tools/resume/codex}
id=5eed0000-0000-4000-8000-000000000001
rollout=sessions/2026/05/04/rollout-2026-05-04T09-00-00-$id.jsonl
export agent place checker accepted id rollout

test_case 'what is written is what Codex takes up, the same each time' '
	makes && checks made told && as_sample told && makes again && diff -r made again &&
	grep -qx "command codex resume $id" made.said
'

test_case 'shared: a rollout that Codex itself took up is right' '
	test -n "${VV_SHARED:-}" || skip_case "no shared data here"
	checks_accepted
'

test_case 'the checker finds what Codex would not take up' '
	mkdir -p made/.codex && echo "model = \"m\"" >made/.codex/config.toml && refuses $rollout <<-"END"
	s/"openai"/"anthropic"/                           :: has a provider that the settings do not know
	s/"cwd":"[^"]*",//                                :: has no cwd
	s/("cwd":)"[^"]*"/$1"\/srv\/other"/               :: goes on in another folder
	s/"model_provider":"openai",//                    :: has no model_provider
	s/"source":"cli"/"source":"exec"/                 :: is not listed: its source is not cli
	s/5eed0000/5eed0001/                              :: has another id than its file
	s/("timestamp":)"[^"]*"/${1}1777885200/           :: has no time of its begin
	s/.*\n//                                          :: does not begin with session_meta
	s/(.*\n)/$1$1/                                    :: does not begin with session_meta
	s/\n\z//                                          :: does not end with a line
	s/\z/{"type\n/                                    :: is no JSON object
	s/.*"user_message".*\n//g                         :: is not listed: nobody asks in it
	s/("message":")Thank you/$1Thanks/                :: is asked without an event that says the same
	s/("type":")function_call"/$1local_shell_call"/   :: has an item that is not known: local_shell_call
	s/"arguments":"\{\}"/"arguments":{}/              :: has arguments that are no text
	s/"arguments":"\{\}"/"arguments":"[]"/            :: calls with what is no object
	s/.*"call_1".*output".*\n//                       :: comes before the results of: call_1
	s/(.*"call_1".*output".*\n)/$1$1/                 :: has a result of no call that is open
	s/call_2/call_1/g                                 :: calls twice by one id: call_1
	s/toolu_3/toolu.3/g                               :: has an id that a program may refuse: toolu.3
	s/"role":"assistant"/"role":"developer"/          :: is said by another than person and model: developer
	s/Thank you\./<environment_context>x/g            :: a block is of the old machine
	s/"output_text"/"summary_text"/                   :: has a block that is not known: summary_text
	s/data:image/date:image/                          :: has a picture that is none
	s/09:02:01\.000Z(","type":"event_msg"\}\n)\z/09:01:59.000Z$1/ :: is earlier than one above it
	s/\.000Z(","type":"response_item")/Z$1/           :: has no time to the millisecond
	s/("type":)"response_item"/$1"item"/              :: is of a type that is not known: item
	s/"agent_message"/"task_started"/                 :: has an event that is not known: task_started
	s/"type":"function_call"/"status":1,$&/           :: has a member that is not known: status
	END
'

test_case 'the checker finds what is wrong around a rollout' '
	refuses session_index.jsonl <<-"END" &&
	s/5eed/5eee/                  :: names the session 0 times
	s/(.*\n)/$1$1/                :: names the session 2 times
	s/"thread_name":"[^}]*","u/"u/ :: has no title
	s/("updated_at":)"[^"]*"/${1}1777885321/ :: has no time
	END
	refuses_name $rollout $(echo $rollout | sed s/rollout-//) "is not found by its name" &&
	refuses_name $rollout $(echo $rollout | sed s,05/04,05/05,) "is not found by its name"
'

test_case 'the provider is the one that the person has set' '
	mkdir -p made/.codex && cat >made/.codex/config.toml <<-"END" &&
	# model_provider = "no"
	model = "m"
	model_provider  =  "mine"   # so
	[model_providers.mine]
	name = "Mine"
	model_provider = "not this"
	END
	makes && checks made && head -n 1 made/$place/$rollout | jq -e ".payload.model_provider == \"mine\"" &&
	printf "[profiles.x]\nmodel_provider = \"x\"\n" >made/.codex/config.toml && makes &&
	head -n 1 made/$place/$rollout | jq -e ".payload.model_provider == \"openai\""
'

test_case 'the title goes behind the names of other sessions, once' '
	mkdir -p made/.codex && printf "{\"id\":\"a\",\"thread_name\":\"A\",\"updated_at\":\"2026-01-01T00:00:00Z\"}" >made/.codex/session_index.jsonl &&
	makes && test "$(jq -r .thread_name made/.codex/session_index.jsonl)" = "A
The \"Tuesday\" bug" && cp made/.codex/session_index.jsonl once && makes && cmp once made/.codex/session_index.jsonl
'

test_case 'not while Codex has it open; a lock that it left behind holds nobody' '
	new_vault && new_home && mkdir -p here && vvault import "$VV_TOP/tests/resume/sessions/claude-code.jsonl" >/dev/null &&
	vvault resume "$story" --as codex --in "$PWD/here" --dry-run --json >out && lock="$HOME/.codex/thread-writer-locks/$(jq -r .id out).lock" &&
	mkdir -p "$(dirname "$lock")" && : >"$lock" && expect_exit 128 flock "$lock" vvault resume "$story" --as codex --in "$PWD/here" 2>err &&
	grep "is open in Codex" err && test ! -e "$HOME/.codex/sessions" && vvault resume "$story" --as codex --in "$PWD/here" >/dev/null
'

test_case 'a session of Claude Code goes on in Codex, and what comes of it is in the same session' '
	goes_on exec_command mcp__x__see Edit && cat >>"$file" <<-"END" && comes_back
	{"timestamp":"2026-11-30T10:42:32.600Z","type":"event_msg","payload":{"type":"task_started","turn_id":"01a22c0c-9858-72d1-980d-30f8673afbf7"}}
	{"timestamp":"2026-11-30T10:42:32.610Z","type":"response_item","payload":{"type":"message","id":"msg_01a22c0c-986d-7dd0-8ddf-adbf01763978","role":"developer","content":[{"type":"input_text","text":"<skills_instructions>x</skills_instructions>"}]}}
	{"timestamp":"2026-11-30T10:42:32.620Z","type":"response_item","payload":{"type":"message","id":"msg_01a22c0c-986d-7dd0-8ddf-adc5863b6e17","role":"user","content":[{"type":"input_text","text":"<environment_context><cwd>/srv</cwd></environment_context>"}],"internal_chat_message_metadata_passthrough":{"content_item_metadata":[{"provenance":{"type":"harness"}}]}}}
	{"timestamp":"2026-11-30T10:42:32.630Z","type":"turn_context","payload":{"turn_id":"01a22c0c-9858-72d1-980d-30f8673afbf7","cwd":"/srv","approval_policy":"never","sandbox_policy":{"type":"read-only"},"model":"gpt-5.2","summary":"auto"}}
	{"timestamp":"2026-11-30T10:42:32.640Z","type":"response_item","payload":{"type":"message","id":"msg_01a22c0c-9873-7c73-9c46-9d1641ebca1d","role":"user","content":[{"type":"input_text","text":"go on"}],"internal_chat_message_metadata_passthrough":{"content_item_metadata":[{"provenance":{"type":"user"}}]}}}
	{"timestamp":"2026-11-30T10:42:32.640Z","type":"event_msg","payload":{"type":"user_message","message":"go on","images":[],"local_images":[],"text_elements":[]}}
	{"timestamp":"2026-11-30T10:42:32.700Z","type":"event_msg","payload":{"type":"agent_message","message":"As before.","phase":null}}
	{"timestamp":"2026-11-30T10:42:32.700Z","type":"response_item","payload":{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"As before.","annotations":[]}]}}
	{"timestamp":"2026-11-30T10:42:32.710Z","type":"event_msg","payload":{"type":"token_count","info":{"last_token_usage":{"input_tokens":10,"output_tokens":3,"total_tokens":13}}}}
	{"timestamp":"2026-11-30T10:42:32.720Z","type":"event_msg","payload":{"type":"task_complete","turn_id":"01a22c0c-9858-72d1-980d-30f8673afbf7","last_agent_message":"As before."}}
	END
'

done_testing
