#!/bin/sh
# Databases of chat apps.
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

data=$VV_TOP/tests/data/apps/store
export data

test_case 'Open WebUI: chats, messages of their own table, memories, models; no accounts' '
	new_vault && sqlite3 webui.db <"$data/openwebui.sql" && expect_exit 3 vvault import --json webui.db >out &&
	jq -e ".construct == \"openwebui\" and (.sources[0] | .format == \"openwebui\" and .imported == 10 and
		(.malformed | map(.reason)) == [\"a chat without messages\", \"a chat without messages\"])" out &&
	talk openwebui c-1 "map([.role, .content, .created]) == [[\"user\", \"When?\", \"2026-11-02T08:00:01.000000Z\"],
		[\"assistant\", \"At dawn.\", \"2026-11-02T08:00:02.000000Z\"]]" &&
	session openwebui c-1 ".native.archived and .native.chat_message[0].content == \"At noon.\" and (.native | has(\"pinned\") | not) and
		.guessed == false" &&
	talk openwebui c-2 "map(.content) == [\"Which?\", \"That one.\", \"No.\\n\\ncut\"] and .[1].parent == .[0].entity and
		.[2].parent == .[0].entity and (.[1].parts | map(.type)) == [\"thinking\", \"tool_use\", \"tool_result\", \"text\"] and
		.[1].parts[0].text == \"Think of larks.\" and .[1].parts[1].id == \"call-1\" and .[1].parts[2].tool_use_id == \"call-1\" and
		.[1].model == \"reed\" and .[2].content == \"No.\\n\\ncut\" and .[2].parts[1].type == \"error\" and (.[0].native | has(\"id\") | not)" &&
	session openwebui c-2 ".active == \"message:openwebui:c-2/n2\"" &&
	state_of openwebui memory:openwebui:mem ".content == \"Likes larks.\" and .updated == \"2026-11-02T08:01:40.000000Z\"" &&
	state_of openwebui memory:openwebui:persona/lark ".name == \"Lark\" and .content == \"Sing.\" and .model == \"reed\" and
		.native.meta.description == \"sings\"" &&
	session openwebui c-1 ".native.folder == \"Birds\" and .native.folder_data.system_prompt == \"Speak of birds.\"" &&
	state_of openwebui memory:openwebui:note/no-1 ".type == \"note\" and .name == \"Nests\" and .content == \"# Nests\" and
		.native.data.content.html == \"<h1>Nests</h1>\"" &&
	vvault ls --json openwebui >all && ! grep -q SECRET all && { vvault import --json webui.db >again || test $? -eq 3; } &&
	jq -e ".records.new == 0" again
'

test_case 'Open WebUI: what is new in a database that has grown' '
	new_vault && sqlite3 webui.db <"$data/openwebui.sql" && expect_exit 3 vvault import webui.db >/dev/null &&
	sqlite3 webui.db "INSERT INTO memory VALUES(\"two\",\"u\",\"Likes wrens.\",1793606600,1793606600)" &&
	expect_exit 3 vvault import --json webui.db >out && jq -e ".records.new == 1" out
'

test_case 'AnythingLLM: workspaces with their threads, and what is left of one; no accounts' '
	new_vault && sqlite3 a.db <"$data/anythingllm.sql" && vvault import --json a.db >out &&
	jq -e ".construct == \"anythingllm\" and (.sources[0] | .format == \"anythingllm\" and .imported == 20 and .malformed == [])" out &&
	talk anythingllm pond "map([.role, .visibility, .content]) == [[\"system\", \"hidden\", \"You know ponds.\"],
		[\"user\", \"visible\", \"How deep?\"], [\"assistant\", \"visible\", \"Deep.\"]] and
		.[2].model == \"reed-1\" and .[2].native.response.sources[0].title == \"a map\" and .[2].native.feedbackScore == 1 and
		(.[1].native | has(\"response\") | not) and .[1].created == \"2026-11-02T08:00:01.000000Z\"" &&
	talk anythingllm pond%2fnewt-thread "map(.content) == [\"You know ponds.\", \"Newts?\", \"Many.\", \"Torn?\", \"{\\\"text\\\":\\\"cut\"] and
		.[1].created == \"2026-11-02T08:00:02.000000Z\" and (.[1] | has(\"created_zone\") | not) and .[1].native.include == 0 and
		.[1].parts[1].data.size == 3 and .[2].parts[0].text == \"Yes.\"" &&
	session anythingllm pond%2fnewt-thread ".title == \"Newts\" and .native.workspace.name == \"Pond\" and .updated == \"2026-11-02T08:01:40.000000Z\"" &&
	talk anythingllm pond%2fapi-1 "map(.content) == [\"You know ponds.\", \"By a program\", \"Hello.\"]" &&
	talk anythingllm workspace-9 "map(.content) == [\"Whose?\", \"Nobody\" + \"\\u0027s.\"]" &&
	talk anythingllm workspace-9%2f7 "map(.content) == [\"Still?\", \"Still.\"]" &&
	vvault ls --json anythingllm >all && ! grep -q SECRET all && vvault import --json a.db >again && jq -e ".records.new == 0" again &&
	sqlite3 a.db "INSERT INTO workspace_chats (id, workspaceId, prompt) VALUES(8,NULL,\"Of no place?\")" &&
	vvault import a.db >/dev/null && talk anythingllm workspace-none "map(.content) == [\"Of no place?\"]" &&
	sqlite3 a.db "INSERT INTO workspace_chats VALUES(7,1,\"More?\",NULL,1,1,1793606500000,NULL,NULL,NULL,NULL)" &&
	vvault import --json a.db >more && jq -e ".records.new == 2" more
'

test_case 'AnythingLLM: the oldest tables have fewer columns' '
	new_vault && sqlite3 old.db "CREATE TABLE workspaces (id INTEGER PRIMARY KEY, name TEXT, slug TEXT);
		INSERT INTO workspaces VALUES(1, NULL, \"old\");
		CREATE TABLE workspace_chats (id INTEGER PRIMARY KEY, workspaceId INTEGER, prompt TEXT, response TEXT, createdAt TEXT);
		INSERT INTO workspace_chats VALUES(1, 1, \"a\", NULL, NULL);" && vvault import old.db >out &&
	talk anythingllm old "map(.content) == [\"a\"]"
'

test_case 'AnythingLLM: exports as JSON and as comma-separated values' '
	new_vault && f=$VV_TOP/tests/data/apps/anythingllm && vvault import --json "$f/export.json" >out &&
	jq -e ".construct == \"anythingllm\" and .sources[0].imported == 7" out &&
	talk anythingllm pond "map([.role, .content]) == [[\"user\", \"Are newts frogs?\"], [\"assistant\", \"No.\"], [\"user\", \"Sure?\"]] and
		.[0].parts[1].data.size == 3 and .[1].native.rating == \"GOOD\" and .[2].native.rating == \"--\" and .[0].created == \"2026-11-02T08:00:00.000000Z\"" &&
	twice anythingllm "$f/export.json" && expect_exit 3 vvault import --json --keep-bad "$f/export.csv" >out &&
	jq -e ".sources[0] | .imported == 5 and (.malformed | length) == 1" out &&
	vvault cat "$(jq -r ".sources[0].malformed[0].bytes.\"\$blob\"" out)" >kept && sed -n 4p "$f/export.csv" | tr -d "\n" | cmp - kept &&
	talk anythingllm marsh "map([.role, .content, .created]) == [[\"user\", \"Is it \\\"wet\\\"?\", \"2026-11-02T08:00:00.000000Z\"],
		[\"assistant\", \"Yes, very.\", \"2026-11-02T08:00:00.000000Z\"], [\"user\", \"Two, lines\", \"2026-11-02T08:01:00.000000Z\"],
		[\"assistant\", \"ok\", \"2026-11-02T08:01:00.000000Z\"]]" && twice anythingllm "$f/export.csv"
'

test_case 'AnythingLLM: what is in an export and in the database meets' '
	new_vault && sqlite3 a.db "CREATE TABLE workspaces (id INTEGER PRIMARY KEY, name TEXT, slug TEXT);
		INSERT INTO workspaces VALUES(1, \"The Pond\", \"the-pond\");
		CREATE TABLE workspace_chats (id INTEGER PRIMARY KEY, workspaceId INTEGER, prompt TEXT, response TEXT, createdAt INTEGER);
		INSERT INTO workspace_chats VALUES(3, 1, \"a\", \"{\"\"text\"\":\"\"b\"\"}\", 1793606401000);" && vvault import a.db >/dev/null &&
	echo "[{\"id\":3,\"prompt\":\"a\",\"response\":\"b\",\"sent_at\":\"2026-11-02T08:00:01.000Z\",\"workspace\":\"The Pond\"}]" >a.json &&
	vvault import a.json >/dev/null && talk anythingllm the-pond "map(.content) == [\"a\", \"b\"]" &&
	vvault ls --json anythingllm session | jq -se "length == 1"
'

test_case 'Jan: a thread with its messages, which are torn at the end' '
	new_vault && cp -R "$VV_TOP/tests/data/apps/jan" jan && expect_exit 3 vvault import --json jan >out &&
	jq -e ".construct == \"jan\" and ([.sources[].imported] | sort) == [1, 5] and ([.sources[].malformed[]] | length) == 1" out &&
	talk jan th-1 "map([.role, .visibility, .created]) == [[\"system\", \"hidden\", null],
		[\"user\", \"visible\", \"2026-11-02T08:00:01.000000Z\"], [\"assistant\", \"visible\", \"2026-11-02T08:00:02.000000Z\"],
		[\"assistant\", \"visible\", null]] and .[2].content == \"I listen.\" and .[2].parts[4].content == \"a trill\" and
		(.[2].parts | map([.type, .is_error // false])) == [[\"thinking\", false], [\"text\", false], [\"annotations\", false], [\"tool_use\", false],
			[\"tool_result\", false], [\"tool_use\", false], [\"tool_result\", true]] and .[2].parts[0].text == \"Toads...\" and
		.[2].parts[3].input.at == \"pond\" and (.[3].parts | map(.type)) == [\"thinking\", \"tool_use\", \"tool_result\", \"text\"] and
		.[1].parts[1].data.size == 3 and .[2].native.metadata.usage.tokens == 4" &&
	session jan th-1 ".title == \"Toads\" and .model == \"reed-3b\" and .created == \"2026-11-02T08:00:00.000000Z\" and
		.updated == \"2026-11-02T08:01:00.000000Z\"" &&
	session jan th-2 ".title == \"Nothing yet\" and .updated == \"2026-11-02T08:01:00.000000Z\" and (has(\"created\") | not)" &&
	{ vvault import --json jan >again || test $? -eq 3; } && jq -e ".records.new == 0" again &&
	sed -i "\$d" jan/threads/th-1/messages.jsonl && echo "{\"id\":\"m5\",\"object\":\"thread.message\",\"thread_id\":\"th-1\",\"role\":\"user\",
		\"content\":[],\"created_at\":1}" | tr -d "\n\t" >>jan/threads/th-1/messages.jsonl &&
	vvault import --json jan >more && jq -e ".records.new" more && talk jan th-1 "length == 5"
'

test_case 'Jan: what is not known of a tool stays' '
	new_vault && echo "{\"id\":\"m1\",\"object\":\"thread.message\",\"thread_id\":\"th-9\",\"role\":\"assistant\",\"content\":[],
		\"metadata\":{\"tool_calls\":[{\"tool\":{\"id\":\"c-1\",\"type\":\"remote\",\"function\":{\"name\":\"dig\",\"strict\":true}},
		\"response\":{\"content\":[]},\"state\":\"ready\"}]}}" | tr -d "\n\t" >messages.jsonl && vvault import messages.jsonl &&
	talk jan th-9 ".[0].parts | map(.name) == [\"dig\", null] and .[0].native.state == \"ready\" and
		.[0].native.tool.type == \"remote\" and .[0].native.tool.function.strict and (.[0].native | has(\"response\") | not)"
'

test_case 'Jan: messages without their thread, and a thread that is torn' '
	new_vault && d=$VV_TOP/tests/data/apps/jan/threads/th-1 && mkdir alone torn && cp "$d/messages.jsonl" alone && cp "$d/messages.jsonl" torn &&
	echo "{\"id\":\"th-1\"" >torn/thread.json && expect_exit 3 vvault import alone >/dev/null &&
	talk jan th-1 "length == 3" && expect_exit 3 vvault import --json torn >out &&
	jq -e "[.sources[].skipped[].reason] == [\"a thread.json that cannot be read\"]" out && talk jan th-1 "length == 3" &&
	mkdir only && cp "$d/thread.json" only && vvault import --construct other only >/dev/null &&
	vvault ls --json other session | jq -e ".state.title == \"Toads\""
'

test_case 'capture finds what the apps keep on this machine' '
	new_vault && export HOME="$PWD/home" && d=$VV_TOP/tests/data/apps && unset XDG_CONFIG_HOME &&
	mkdir -p home/.lmstudio/conversations/Pond home/.config/Jan/data home/.config/anythingllm-desktop/storage &&
	cp "$d"/lmstudio/* home/.lmstudio/conversations/Pond && cp -R "$d/jan/threads" home/.config/Jan/data &&
	sqlite3 home/.config/anythingllm-desktop/storage/anythingllm.db <"$data/anythingllm.sql" &&
	vvault agents >agents && cat agents && for app in lmstudio jan anythingllm; do
		{ vvault capture --agent $app >said 2>&1 || test $? -eq 3; } && vvault ls $app session | grep . >/dev/null || { cat said; exit 1; }
	done && session lmstudio 1793606400000 ".native.folder == \"Pond\""
'

test_case 'databases that are compressed, in an archive, or come by a pipe' '
	for app in openwebui anythingllm; do
		new_vault && rm -rf in && mkdir in && sqlite3 "in/$app.db" <"$data/$app.sql" || exit
		{ vvault import --json "in/$app.db" >plain || test $? -eq 3; } && jq ".sources[0].imported" plain >want || exit
		tar czf in.tgz in && zstd -q -f "in/$app.db" -o db.zst && gzip -c "in/$app.db" >db.gz || exit
		for source in in.tgz db.zst db.gz -; do
			{ vvault import --json $source <"in/$app.db" >out || test $? -eq 3; } &&
			jq ".sources[0].imported" out | cmp - want || exit
		done
	done
'

done_testing
