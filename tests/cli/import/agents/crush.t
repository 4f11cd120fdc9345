#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

data=$VV_TOP/tests/data/agents
export data

# new_crush: the database of a project.
new_crush() {
	mkdir -p garden/.crush && sqlite3 garden/.crush/crush.db <"$data/sql/crush.sql"
}

test_case 'a database of Crush: parts, files, seconds' '
	new_vault && new_crush && vvault import --json garden/.crush/crush.db >out && cat out &&
	jq -e ".construct == \"crush\" and (.sources[0] | .format == \"crush\" and .imported == 9)" out &&
	test "$(told "torn")" -eq 1 && talk crush s-1 >got && cat got &&
	jq -e "map([.role, .visibility]) == [[\"user\", \"visible\"], [\"assistant\", \"visible\"], [\"tool\", \"tool\"],
		[\"assistant\", \"visible\"], [\"assistant\", \"visible\"], [\"assistant\", \"visible\"]]" got &&
	jq -e ".[0] | .created == \"2026-05-04T09:00:00.000000Z\" and (.parts | map(.type) == [\"text\", \"file\", \"finish\"]) and
		.parts[1].data.size == 8 and .parts[1].native.Path == \"leaf.png\"" got &&
	jq -e ".[1] | .model == \"demo-model\" and (.parts | map(.type) == [\"thinking\", \"text\", \"tool_use\", \"finish\"]) and
		.parts[2].input.file_path == \"fern.md\" and .parts[0].native.signature == \"opaque\"" got &&
	jq -e ".[2] | .content == \"no such file\" and .parts[0].is_error" got &&
	jq -e ".[3] | (.parts | map(select(.type == \"error\").text) == [\"Provider Error\", \"the line went dead\"]) and
		(.content | endswith(\"a kind that nobody knows\"))" got && jq -e ".[4].native.is_summary_message == 1" got
'

test_case 'its sessions: the project that it lies in, files, todos, whose they are' '
	new_vault && new_crush && vvault import garden >/dev/null &&
	session crush s-1 ".title == \"Ferns in the shade\" and .native.cwd == \"$(pwd -P)/garden\" and
		.native.files[0].content == \"# Ferns\" and .native.todos[0].status == \"pending\" and .native.summary_message_id == \"m-5\"" &&
	session crush s-2 ".parent == \"session:crush:s-1\"" && cp garden/.crush/crush.db moved.db &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" && vvault import moved.db >/dev/null &&
	session crush s-1 ".native | has(\"cwd\") | not"
'

test_case 'again adds nothing, a longer answer and a new one do' '
	new_vault && new_crush && vvault import garden >/dev/null && vvault import --json garden >out &&
	jq -e ".version == null" out &&
	sqlite3 garden/.crush/crush.db "UPDATE messages SET parts = \"[{\"\"type\"\":\"\"text\"\",\"\"data\"\":{\"\"text\"\":\"\"whole\"\"}}]\" WHERE id = \"m-7\";
		INSERT INTO messages(id,session_id,role,parts,created_at,updated_at) VALUES(\"m-8\",\"s-1\",\"user\",\"[]\",1777885300000,1777885300000)" &&
	vvault import --json garden >out && cat out && jq -e ".sources[0] | .imported - .known == 3" out &&
	talk crush s-1 ".[5].content == \"whole\" and .[6].created == \"2026-05-04T09:01:40.000000Z\""
'

done_testing
