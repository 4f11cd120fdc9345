#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

data=$VV_TOP/tests/data/agents
export data

test_case 'conversations of Warp, whose tasks are bytes' '
	new_vault && sqlite3 warp.sqlite <"$data/sql/warp.sql" && expect_exit 3 vvault import --json warp.sqlite >out && cat out &&
	jq -e ".construct == \"warp\" and (.sources[0] | .format == \"warp\" and .imported == 18 and
		(.malformed | map(.reason) == [\"a task that cannot be read\"]))" out &&
	talk warp c-1 >got && cat got &&
	jq -e "map([.role, .visibility]) == [[\"user\", \"visible\"], [\"system\", \"meta\"], [\"assistant\", \"thinking\"],
		[\"assistant\", \"visible\"], [\"assistant\", \"tool\"], [\"tool\", \"tool\"], [\"assistant\", \"tool\"],
		[\"tool\", \"tool\"], [\"assistant\", \"visible\"], [\"assistant\", \"tool\"]]" got &&
	jq -e ".[0] | .content == \"Which ferns like shade?\" and .created == \"2026-05-04T09:00:00.500000Z\"" got &&
	jq -e ".[2].parts[0].text == \"The list is in a file.\" and
		(.[4].parts[0] | .id == \"call-1\" and .name == \"run_shell_command\" and .input == {command: \"cat fern.md\", is_read_only: true}) and
		(.[5] | .content == \"# Ferns\n\" and .native.result.command_finished.command_id == \"cmd-1\" and
			(.native.result.command_finished | has(\"output\") | not)) and
		.[6].parts[0].input == {name: \"garden__water\", args: {litres: 2.5, beds: [\"north\", true]}} and
		(.[7] | .content == \"no water\" and .parts[0].is_error) and .[8].native[\"99\"] == \"what nobody knows yet\"" got &&
	session warp c-1 ".title == \"Ferns in the shade\" and .native.cwd == \"/srv/garden\" and .model == \"demo-model\" and
		.created == \"2026-05-04T09:00:00.500000Z\" and .updated == \"2026-05-04T09:00:07.250000Z\"" &&
	! vvault ls --json warp | grep never-to-be-read
'

test_case 'a task of a task is a session of its own' '
	new_vault && sqlite3 warp.sqlite <"$data/sql/warp.sql" && expect_exit 3 vvault import warp.sqlite >/dev/null &&
	session warp task-2 ".parent == \"session:warp:c-1\" and .title == \"Look it up\"" &&
	talk warp task-2 "map(.content) == [\"Found.\"]"
'

test_case 'where no tasks were kept the questions come in, and that is told' '
	new_vault && sqlite3 warp.sqlite <"$data/sql/warp.sql" && expect_exit 3 vvault import --json warp.sqlite >out &&
	test "$(told "the questions alone")" -eq 2 && talk warp c-2 "map(.content) == [\"Only asked\"]" &&
	talk warp c-3 "map([.content, .created]) == [[\"Of no row\", \"2026-03-01T08:00:00.000000Z\"], [\"And more\", \"2026-03-01T08:01:00.000000Z\"]]" &&
	sqlite3 warp.sqlite "DROP TABLE agent_tasks; DROP TABLE agent_conversations" &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" && vvault import --json warp.sqlite >out &&
	jq -e ".sources[0].imported == 7" out && talk warp c-1 "length == 1"
'

test_case 'again adds nothing; tables that are not known are called by name' '
	new_vault && sqlite3 warp.sqlite <"$data/sql/warp.sql" && expect_exit 3 vvault import warp.sqlite >/dev/null &&
	expect_exit 3 vvault import --json warp.sqlite >out && jq -e ".version == null" out &&
	sqlite3 later.db "CREATE TABLE agent_conversations(id, other); CREATE TABLE ai_queries(id, words)" &&
	{ vvault import later.db >out 2>&1 || cat out; } && grep "Warp whose tables are not known" out
'

done_testing
