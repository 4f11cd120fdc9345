#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

data=$VV_TOP/tests/data/agents
key=20260504_090000_aa11bb22
export data key

test_case 'a database of Hermes: what was taken back, summed up, and is no text' '
	new_vault && sqlite3 state.db <"$data/sql/hermes.sql" && vvault import --json state.db >out && cat out &&
	jq -e ".construct == \"hermes\" and (.sources[0] | .format == \"hermes\" and .imported == 12)" out &&
	talk hermes $key >got && cat got &&
	jq -e "map([.role, .visibility]) == [[\"user\", \"visible\"], [\"assistant\", \"visible\"], [\"tool\", \"tool\"],
		[\"assistant\", \"hidden\"], [\"assistant\", \"visible\"], [\"user\", \"meta\"], [\"user\", \"visible\"],
		[\"user\", \"visible\"], [\"user\", \"visible\"]]" got &&
	jq -e ".[0].created == \"2026-05-04T09:00:01.125000Z\" and
		(.[1].parts | map(.type) == [\"thinking\", \"text\", \"tool_use\"] and .[2].input.path == \"fern.md\") and
		(.[1].native | has(\"reasoning\") or has(\"tool_calls\") | not) and
		.[2].parts[0].tool_use_id == \"call-1\" and .[6].content == \"And this one?\" and .[6].parts[1].type == \"image\" and
		.[7].content == \"yes\" and .[8].content == \"yes\" and .[7].entity != .[8].entity" got
'

test_case 'its sessions, with the prompt that several share' '
	new_vault && sqlite3 state.db <"$data/sql/hermes.sql" && vvault import state.db >/dev/null &&
	session hermes $key ".title == \"Ferns in the shade\" and .native.cwd == \"/srv/garden\" and
		.native.system_prompt_text.prompt == \"You are Hermes.\" and .native.model_usage[0].input_tokens == 100 and
		.created == \"2026-05-04T09:00:00.500000Z\" and .updated == \"2026-05-04T09:01:30.000000Z\"" &&
	session hermes 20260504_090100_cc33dd44 ".parent == \"session:hermes:$key\" and .native.source == \"telegram\""
'

test_case 'a transcript of the same session says the same, once' '
	new_vault && mkdir sessions && cp "$data/samples/$key.jsonl" sessions && vvault import --json sessions/$key.jsonl >out && cat out &&
	jq -e ".sources[0] | .format == \"hermes\" and .imported == 5" out &&
	session hermes $key ".model == \"demo-model\" and .native.platform == \"cli\"" &&
	talk hermes $key "length == 4 and .[1].parts[2].name == \"read_file\"" &&
	vvault import --json sessions >out && jq -e ".version == null" out &&
	sqlite3 state.db <"$data/sql/hermes.sql" && vvault import state.db >/dev/null && talk hermes $key "length == 9" &&
	vvault import --json state.db >out && jq -e ".version == null" out
'

test_case 'a snapshot in one document' '
	new_vault && tail -n +2 "$data/samples/$key.jsonl" | jq -cs "{session_id: \"$key\", model: \"demo-model\", platform: \"cli\",
		session_start: \"2026-05-04T09:00:00\", last_updated: \"2026-05-04T09:00:04\", message_count: 4, messages: .}" >s.json &&
	vvault import --json s.json >out && cat out && jq -e ".sources[0] | .format == \"hermes\" and .imported == 5" out &&
	talk hermes $key "length == 4 and .[2].content == \"# Ferns\"" && vvault import "$data/samples/$key.jsonl" >/dev/null &&
	talk hermes $key "length == 4"
'

done_testing
