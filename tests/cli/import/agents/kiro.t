#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

data=$VV_TOP/tests/data/agents
old=11111111-2222-4333-8444-555555555555
export data old

# about_old: what lies beside the log of the second engine.
about_old() {
	echo "{\"session_id\":\"$old\",\"cwd\":\"/srv/garden\",\"title\":\"Ferns in the shade\",
		\"created_at\":\"2026-05-04T09:00:00Z\",\"updated_at\":\"2026-05-04T09:01:00Z\",
		\"session_state\":{\"rts_model_state\":{\"model_info\":{\"model_id\":\"demo-model\"}},\"agent_name\":\"kiro_default\"}}" \
		>".kiro/sessions/cli/$old.json"
}

# brings <folder>: some of it may be torn.
brings() {
	vvault import --json "$1" >out || test $? -eq 3
	cat out
}

test_case 'conversations of the first engine, and no token beside them' '
	new_vault && sqlite3 data.sqlite3 <"$data/sql/kiro.sql" && expect_exit 3 vvault import --json data.sqlite3 >out && cat out &&
	jq -e ".construct == \"kiro\" and (.sources[0] | .format == \"kiro\" and .imported == 8 and
		(.malformed | map(.reason) == [\"a conversation that is torn\"]))" out &&
	talk kiro k-1 >got && cat got &&
	jq -e "map([.role, .visibility]) == [[\"user\", \"visible\"], [\"assistant\", \"visible\"], [\"tool\", \"tool\"],
		[\"assistant\", \"visible\"], [\"tool\", \"tool\"], [\"user\", \"visible\"], [\"assistant\", \"visible\"]]" got &&
	jq -e ".[0].created == \"2026-05-04T09:00:00.000000Z\" and .[1].created == \"2026-05-04T09:00:01.500000Z\" and
		.[1].model == \"demo-model\" and .[1].parts[1].input.path == \"fern.md\" and
		.[2].content == \"# Ferns\n\none line read\" and .[4].parts[0].is_error and .[5].content == \"Stop that\" and
		(.[0].entity | endswith(\"/a-1+asked\"))" got &&
	session kiro k-1 ".native.cwd == \"/srv/garden\" and (.native | has(\"transcript\")) and
		.created == \"2026-05-04T09:00:00.000000Z\" and .updated == \"2026-05-04T09:01:00.000000Z\"" &&
	! vvault ls --json kiro | grep never-to-be-read
'

test_case 'the table that was before, when it was called Amazon Q' '
	new_vault && sqlite3 data.sqlite3 "CREATE TABLE conversations(key TEXT PRIMARY KEY, value TEXT);
		CREATE TABLE auth_kv(key, value); CREATE TABLE state(key, value); CREATE TABLE history(id);
		INSERT INTO auth_kv VALUES(\"token\", \"never-to-be-read\");
		INSERT INTO conversations VALUES(\"/srv/garden\", \"{\"\"conversation_id\"\":\"\"q-1\"\",\"\"history\"\":[[{\"\"content\"\":{\"\"Prompt\"\":{\"\"prompt\"\":\"\"hello\"\"}}},{\"\"Response\"\":{\"\"message_id\"\":null,\"\"content\"\":\"\"world\"\"}}]]}\")" &&
	vvault import --json data.sqlite3 >out && cat out && jq -e ".sources[0] | .format == \"kiro\" and .imported == 3" out &&
	talk kiro q-1 "map([.role, .content]) == [[\"user\", \"hello\"], [\"assistant\", \"world\"]]" &&
	session kiro q-1 ".native.cwd == \"/srv/garden\"" && ! vvault ls --json kiro | grep never-to-be-read &&
	sqlite3 data.sqlite3 "CREATE TABLE conversations_v2(key TEXT, conversation_id TEXT, value TEXT, created_at INTEGER, updated_at INTEGER);
		INSERT INTO conversations_v2 SELECT key, \"q-1\", value, 1777885200000, 1777885200000 FROM conversations" &&
	vvault import --json data.sqlite3 >out && cat out && test "$(told "stands before")" -eq 1 && talk kiro q-1 "length == 2"
'

test_case 'one that was saved into a file' '
	new_vault && need_shared && vvault import --json "$VV_SHARED"/data/agents/peers/agentsview/kiro_sqlite/standard_payload.json >out &&
	cat out && jq -e ".sources[0] | .format == \"kiro\" and .imported == 5" out &&
	talk kiro sqlite-session ".[3] | .visibility == \"tool\" and .parts[0].name == \"execute_bash\"" &&
	session kiro sqlite-session ".native.cwd | endswith(\"/code/kiro-app\")"
'

test_case 'logs of the second engine, with what lies beside' '
	new_vault && mkdir -p .kiro/sessions && cp -R "$data/kiro/cli" .kiro/sessions && about_old && brings .kiro &&
	jq -e ".sources | length == 1 and .[0].imported == 6" out && talk kiro $old >got && cat got &&
	jq -e "map([.role, .visibility]) == [[\"user\", \"visible\"], [\"assistant\", \"visible\"], [\"tool\", \"tool\"],
		[\"system\", \"meta\"], [\"assistant\", \"visible\"]]" got &&
	jq -e ".[0].created == \"2026-05-04T09:00:00.000000Z\" and .[1].parts[1].name == \"read\" and
		(.[2] | .content == \"# Ferns\n\none line read\" and .parts[0].is_error) and .[3].content == \"They spoke of ferns.\" and
		(.[4].content | endswith(\"a kind that nobody knows\"))" got &&
	session kiro $old ".title == \"Ferns in the shade\" and .native.cwd == \"/srv/garden\" and .model == \"demo-model\" and
		.native.session_state.agent_name == \"kiro_default\"" && vvault import --json .kiro >out && jq -e ".version == null" out &&
	sed -i "s/Ferns in/Moss in/" .kiro/sessions/cli/*.json && brings .kiro && session kiro $old ".title == \"Moss in the shade\""
'

test_case 'logs of the third engine' '
	new_vault && brings "$data/kiro/sess_z9" && jq -e ".sources | length == 1 and .[0].imported == 6" out &&
	talk kiro z9 >got && cat got &&
	jq -e "map([.role, .visibility]) == [[\"user\", \"visible\"], [\"assistant\", \"tool\"], [\"tool\", \"tool\"],
		[\"assistant\", \"visible\"], [\"system\", \"meta\"]]" got &&
	jq -e ".[2].created == \"2026-05-04T09:00:02.000000Z\" and .[2].parts[0].is_error and .[3].model == \"demo-model\"" got &&
	session kiro z9 ".title == \"Ferns, third\" and .native.cwd == \"/srv/garden\"" &&
	cp -R "$data/kiro/sess_z9" torn && chmod -R u+w torn && echo "{\"timestamp\":1,\"payl" >>torn/messages.jsonl &&
	expect_exit 3 vvault import torn/messages.jsonl >/dev/null
'

test_case 'sessions of the editor, and what it kept before' '
	new_vault && brings "$data/kiro/workspace-sessions" && jq -e ".sources | length == 1 and .[0].imported == 3" out &&
	session kiro 22222222-2222-4333-8444-555555555555 ".title == \"Ferns, in the editor\" and
		.created == \"2026-05-04T09:00:00.000000Z\" and .native.cwd == \"/srv/garden\"" &&
	talk kiro 22222222-2222-4333-8444-555555555555 ".[1].native.promptLogs[0].completion == \"Most of them.\"" &&
	jq -e ".sources[0].notes | length == 1" out && brings "$data/kiro/ferns.chat" && talk kiro ex-7 >got && cat got &&
	jq -e "map([.role, .visibility]) == [[\"user\", \"hidden\"], [\"assistant\", \"visible\"], [\"user\", \"visible\"],
		[\"assistant\", \"visible\"], [\"tool\", \"tool\"], [\"assistant\", \"visible\"]]" got &&
	session kiro ex-7 ".model == \"demo-model\" and .updated == \"2026-05-04T09:01:00.000000Z\""
'

done_testing
