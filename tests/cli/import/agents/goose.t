#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

data=$VV_TOP/tests/data/agents
export data

test_case 'a database of Goose: calls, results, errors, what only the model sees' '
	new_vault && sqlite3 sessions.db <"$data/sql/goose.sql" && vvault import --json sessions.db >out && cat out &&
	jq -e ".construct == \"goose\" and (.sources[0] | .format == \"goose\" and .imported == 9)" out &&
	test "$(told "torn")" -eq 1 && talk goose 20260504_1@090000 >got && cat got &&
	jq -e "map([.role, .visibility]) == [[\"user\", \"visible\"], [\"assistant\", \"tool\"], [\"tool\", \"tool\"],
		[\"assistant\", \"visible\"], [\"user\", \"hidden\"], [\"assistant\", \"visible\"]]" got &&
	jq -e ".[0] | .content == \"Which ferns like shade?\" and .created == \"2026-05-04T09:00:00.000000Z\" and
		.parts[1].type == \"image\" and .parts[1].data.size == 8 and
		(.native | has(\"metadata_json\") or has(\"session_id\") | not)" got &&
	jq -e ".[1].parts | map(.type) == [\"thinking\", \"tool_use\", \"tool_use\"] and
		(.[1] | .name == \"developer__shell\" and .input.command == \"ls\" and (has(\"native\") | not)) and
		.[2].native == {metadata: {a: 1}, id: \"call_2\", toolCall: {status: \"error\", error: \"no such tool\"},
			type: \"toolRequest\"}" got &&
	jq -e ".[1].native.metadata_json.later == 1" got &&
	jq -e ".[2] | .content == \"fern.md\n\nno such tool\n\nexit 1\" and (.parts | map(.is_error) == [null, true, true]) and
		.parts[2].native == {structuredContent: {code: 1}}" got &&
	jq -e ".[3].content == \"Most of them.\n\na kind that nobody knows\" and .[5].created == null" got &&
	jq -e ".[4].entity | endswith(\"/msg_4~4\")" got && jq -e ".[5].content | startswith(\"[{\")" got
'

test_case 'its sessions: where, by which model, and whose' '
	new_vault && sqlite3 sessions.db <"$data/sql/goose.sql" && vvault import sessions.db >/dev/null &&
	session goose 20260504_1@090000 ".title == \"Ferns in the shade\" and .native.cwd == \"/srv/garden\" and
		.model == \"demo-model\" and .created == \"2026-05-04T09:00:00.000000Z\" and (has(\"created_zone\") | not) and
		.native.extension_data[\"todo.v0\"].content == \"- [ ] water\" and (.active | test(\"/[0-9a-f]{64}$\"))" &&
	session goose 20260504_2@090005 ".parent == \"session:goose:20260504_1@090000\" and .native.session_type == \"sub_agent\" and
		(has(\"updated\") | not)"
'

test_case 'messages without ids that are written anew are the same; a session that stands twice' '
	new_vault && sqlite3 sessions.db <"$data/sql/goose.sql" && sqlite3 sessions.db "UPDATE messages SET message_id = NULL" &&
	vvault import sessions.db >/dev/null && sqlite3 sessions.db "UPDATE messages SET id = id + 100" &&
	vvault import --json sessions.db >out && jq -e ".records.new == 0" out &&
	sqlite3 twice.db <"$data/sql/goose.sql" && sqlite3 twice.db "CREATE TABLE s AS SELECT * FROM sessions; INSERT INTO s
		SELECT * FROM sessions; DROP TABLE sessions; ALTER TABLE s RENAME TO sessions" && vvault init w >/dev/null &&
	export VVAULT_DIR="$PWD/w" && expect_exit 3 vvault import --json twice.db >out &&
	jq -e ".sources[0] | (.malformed | map(.reason | test(\"whose id another one has\")) | all and length == 2) and .imported == 11" out
'

test_case 'the first session of a day, of two machines' '
	new_vault && sqlite3 a.db <"$data/sql/goose.sql" && sqlite3 b.db <"$data/sql/goose.sql" &&
	sqlite3 b.db "UPDATE sessions SET created_at = \"2026-05-04 10:30:00\" WHERE id = \"20260504_1\";
		UPDATE messages SET message_id = \"other_\" || id" &&
	vvault import a.db b.db >/dev/null && talk goose 20260504_1@090000 "length == 6" && talk goose 20260504_1@103000 "length == 6" &&
	session goose 20260504_2@090005 ".parent | test(\"20260504_1@\")"
'

test_case 'again adds nothing, and what has grown only what is new' '
	new_vault && sqlite3 sessions.db <"$data/sql/goose.sql" && vvault import sessions.db >/dev/null &&
	vvault import --json sessions.db >out && jq -e ".version == null" out &&
	sqlite3 sessions.db "UPDATE messages SET tokens = NULL" && vvault import --json sessions.db >out &&
	jq -e ".version == null" out &&
	sqlite3 sessions.db "INSERT INTO messages(message_id,session_id,role,content_json,created_timestamp)
		VALUES(\"msg_9\",\"20260504_1\",\"user\",\"[{\"\"type\"\":\"\"text\"\",\"\"text\"\":\"\"more\"\"}]\",1777885300)" &&
	vvault import --json sessions.db >out && cat out &&
	jq -e ".sources[0] | .imported - .known == 2" out && talk goose 20260504_1@090000 ".[6].content == \"more\""
'

test_case 'the logs that were before: one of no id goes by its first message' '
	new_vault && cat >old.jsonl <<-\END &&
	{"working_dir":"/srv/garden","description":"Older ferns","message_count":2}
	{"id":"m1","role":"user","created":1753351201,"content":[{"type":"text","text":"Which ferns like shade?"}]}
	{"role":"assistant","created":1753351202,"content":"Most of them."}
	oops
	END
	expect_exit 3 vvault import --json old.jsonl >out && cat out &&
	jq -e ".sources[0] | .format == \"goose\" and .imported == 3 and (.malformed | length) == 1" out &&
	session goose m1 ".title == \"Older ferns\" and .native.cwd == \"/srv/garden\"" &&
	talk goose m1 "map(.content) == [\"Which ferns like shade?\", \"Most of them.\"] and
		.[1].created == \"2025-07-24T10:00:02.000000Z\"" && twice goose old.jsonl
'

test_case 'an older database has fewer columns' '
	new_vault && sqlite3 old.db "CREATE TABLE sessions(id TEXT PRIMARY KEY, working_dir TEXT);
		CREATE TABLE messages(session_id TEXT, role TEXT, content_json TEXT);
		INSERT INTO sessions VALUES(\"s\",\"/srv\"); INSERT INTO messages VALUES(\"s\",\"user\",NULL);
		INSERT INTO messages VALUES(\"s\",NULL,\"{}\"); INSERT INTO messages VALUES(\"s\",\"user\",\"[7,null,\"\"x\"\"]\");" &&
	vvault import --json old.db >out && cat out && jq -e ".sources[0].imported == 4" out &&
	talk goose s "map(.role) == [\"user\", \"assistant\", \"user\"] and .[2].content == \"x\""
'

# lost_session <database>: of three messages one has its session, and a byte
# that is no text.
lost_session() {
	sqlite3 "$1" <<-\END
	create table sessions(id text primary key, name text, working_dir text, created_at text, updated_at text);
	create table messages(id integer primary key, message_id text, session_id text, role text, content_json text, created_timestamp integer);
	insert into sessions values ('20260504_1', 'n', '/p', '2026-05-04 09:00:00', '2026-05-04 09:00:00');
	insert into messages values (1, 'm1', '20260504_1', 'user', cast(cast('[{"type":"text","text":"a ' as blob) || x'ff' ||
		cast(' heron"}]' as blob) as text), 1777885200), (2, 'm2', 'gone', 'user', '[]', 1777885200), (3, 'm3', null, 'user', '[]', 1777885200);
	END
}

test_case 'Goose: messages whose session is gone are told, and bytes that are no text hide no message' '
	new_vault && lost_session sessions.db && expect_exit 3 vvault import sessions.db >out && cat out &&
	grep "2 messages that belong to no session" out && vvault grep heron | grep "a � heron"
'

done_testing
