#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

data=$VV_TOP/tests/data/agents
export data

test_case 'threads of Zed: what is cut is told, and the others come in' '
	new_vault && sqlite3 threads.db <"$data/sql/zed.sql" && expect_exit 3 vvault import --json threads.db >out && cat out &&
	jq -e ".sources[0] | .format == \"zed\" and .imported == 13 and
		(.malformed | map(.reason) | sort == [\"a thread whose data are cut or damaged\", \"a thread without messages\"])" out &&
	talk zed t-1 >got && cat got &&
	jq -e "map([.role, .visibility]) == [[\"user\", \"visible\"], [\"assistant\", \"tool\"], [\"tool\", \"tool\"],
		[\"assistant\", \"visible\"], [\"user\", \"meta\"], [\"user\", \"meta\"]] and all(.created == null)" got &&
	jq -e ".[0] | .content == \"Which ferns like shade?\" and .parts[1].type == \"image\" and .parts[1].data.size == 8" got &&
	jq -e ".[1].parts | (.[0] | .input.path == \"fern.md\" and (has(\"native\") | not)) and
		.[1].native == {is_input_complete: false, raw_input: \"{\"}" got &&
	jq -e ".[2] | .content == \"# Ferns\n\ntorn\" and (.parts[0].native == {tool_name: \"read_file\"}) and
		(.parts[1] | .is_error and .tool_use_id == \"call-2\" and .native.output.code == 1)" got &&
	jq -e ".[3].content == \"Most of them.\n\na kind that nobody knows\" and
		(map(.entity | sub(\".*/\"; \"\")) == [\"u-1\", \"u-1+1\", \"u-1+2\", \"u-1+3\", \"u-1+4\", \"u-1+5\"])" got &&
	session zed t-1 ".title == \"Ferns\" and .model == \"demo-model\" and .native.cwd == \"/srv/b\" and
		.created == \"2026-05-04T09:00:00.000000Z\" and .updated == \"2026-05-04T09:01:01.000000Z\" and
		(.native | has(\"summary\") or has(\"data\") or has(\"updated_at\") | not)"
'

test_case 'what was asked before version 0.2, whose results came in the next message' '
	new_vault && sqlite3 threads.db <"$data/sql/zed.sql" && expect_exit 3 vvault import threads.db >/dev/null &&
	talk zed t-2 >got && cat got &&
	jq -e "map([.role, .visibility]) == [[\"system\", \"hidden\"], [\"user\", \"visible\"], [\"assistant\", \"visible\"],
		[\"tool\", \"tool\"], [\"assistant\", \"visible\"]]" got &&
	jq -e ".[1].parts[1] == {type: \"injected\", text: \"a file that was attached\"} and
		.[2].parts[1].type == \"tool_use\" and .[3].content == \"# Ferns\" and
		(.[4].entity | endswith(\"/2~4\"))" got &&
	session zed t-2 ".title == \"Older\" and .native.summary == \"Told again\" and .parent == \"session:zed:t-1\" and
		.updated == \"2025-05-04T08:00:00.000000Z\" and .native.updated_at == \"2026-05-04T08:00:00Z\""
'

test_case 'a thread that was exported grows by what is new' '
	new_vault && sqlite3 threads.db <"$data/sql/zed.sql" &&
	sqlite3 threads.db "SELECT CAST(data AS TEXT) FROM threads WHERE id = \"t-1\"" >all.json &&
	jq -c ".messages |= .[:2]" all.json >thread.json && vvault import --json thread.json >out && cat out &&
	jq -e ".sources[0] | .format == \"zed\" and .imported == 4" out && cp all.json thread.json &&
	vvault import --json thread.json >out && jq -e ".sources[0] | .imported - .known == 4" out &&
	talk zed u-1 "length == 6" && twice zed thread.json
'

# Its answers have no ids of their own: they are told by their places behind
# what was asked. Nothing of Zed puts one between others; if something does, the
# vault shows what the file says now, and has what it said before.
test_case 'a thread that was changed in its midst reads as it stands now' '
	new_vault && printf "%s" "{\"title\":\"t\",\"updated_at\":\"2026-05-01T10:00:00Z\",\"messages\":[
		{\"User\":{\"id\":\"u-1\",\"content\":[{\"Text\":\"one?\"}]}}, {\"Agent\":{\"content\":[{\"Text\":\"first\"}]}},
		{\"Agent\":{\"content\":[{\"Text\":\"last\"}]}}, {\"User\":{\"id\":\"u-2\",\"content\":[{\"Text\":\"two?\"}]}}]}" | jq -c . >old.json &&
	jq -c ".updated_at = \"2026-05-02T10:00:00Z\" | .messages |= .[:2] + [{Agent: {content: [{Text: \"between\"}]}}] + .[2:]" \
		old.json >new.json && vvault import old.json >/dev/null &&
	vvault import new.json >/dev/null &&
	talk zed u-1 "map(.content) == [\"one?\", \"first\", \"between\", \"last\", \"two?\"]" && talk zed u-1 >got &&
	vvault init w >/dev/null && vvault -C w import new.json >/dev/null &&
	VVAULT_DIR=$PWD/w talk zed u-1 | cmp got - && vvault ls --json zed~1 message | grep -c content | grep -qx 4
'

test_case 'the five columns of older releases, compressed or not' '
	new_vault && sqlite3 threads.db "CREATE TABLE threads(id TEXT PRIMARY KEY, summary TEXT NOT NULL, updated_at TEXT NOT NULL,
		data_type TEXT NOT NULL, data BLOB NOT NULL)" &&
	echo "{\"summary\":\"Ferns\",\"updated_at\":\"2025-05-04T08:00:00Z\",\"messages\":[{\"id\":1,\"role\":\"user\",\"text\":\"hello\"}]}" |
		zstd -q >thread.zst && sqlite3 threads.db "INSERT INTO threads VALUES(\"t\",\"Ferns\",\"2025-05-04T08:00:00Z\",\"zstd\",readfile(\"thread.zst\"))" &&
	vvault import --json threads.db >out && jq -e ".sources[0].imported == 2" out &&
	talk zed t ".[0].content == \"hello\"" && session zed t ".title == \"Ferns\""
'

done_testing
