#!/bin/sh
# Databases of chat apps.
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

data=$VV_TOP/tests/data/apps/store
export data

test_case 'Open WebUI: chats, messages of their own table, memories, models; no accounts' '
	new_vault && sqlite3 webui.db <"$data/openwebui.sql" && expect_exit 3 vvault import --json webui.db >out &&
	jq -e ".construct == \"openwebui\" and (.sources[0] | .format == \"openwebui\" and .imported == 9 and
		(.malformed | map(.reason)) == [\"a chat without messages\", \"a chat without messages\"])" out &&
	talk openwebui c-1 "map([.role, .content, .created]) == [[\"user\", \"When?\", \"2026-11-02T08:00:01.000000Z\"],
		[\"assistant\", \"At dawn.\", \"2026-11-02T08:00:02.000000Z\"]]" &&
	session openwebui c-1 ".native.archived and .native.chat_message[0].content == \"At noon.\" and (.native | has(\"pinned\") | not) and
		.guessed == false" &&
	talk openwebui c-2 "map(.content) == [\"Which?\", \"a lark\\n\\nThat one.\", \"No.\"] and .[1].parent == .[0].entity and
		.[2].parent == .[0].entity and (.[1].parts | map(.type)) == [\"thinking\", \"tool_use\", \"tool_result\", \"text\"] and
		.[1].parts[0].text == \"Think of larks.\" and .[1].parts[1].id == \"call-1\" and .[1].parts[2].tool_use_id == \"call-1\" and
		.[1].model == \"reed\" and .[2].parts[1].text == \"cut\" and (.[0].native | has(\"id\") | not)" &&
	session openwebui c-2 ".active == \"message:openwebui:c-2/n2\"" &&
	state_of openwebui memory:openwebui:mem ".content == \"Likes larks.\" and .updated == \"2026-11-02T08:01:40.000000Z\"" &&
	state_of openwebui memory:openwebui:persona/lark ".name == \"Lark\" and .content == \"Sing.\" and .model == \"reed\" and
		.native.meta.description == \"sings\"" &&
	vvault ls --json openwebui >all && ! grep -q SECRET all && expect_exit 3 vvault import --json webui.db >again &&
	jq -e ".records.new == 0" again
'

test_case 'Open WebUI: what is new in a database that has grown' '
	new_vault && sqlite3 webui.db <"$data/openwebui.sql" && expect_exit 3 vvault import webui.db >/dev/null &&
	sqlite3 webui.db "INSERT INTO memory VALUES(\"two\",\"u\",\"Likes wrens.\",1793606600,1793606600)" &&
	expect_exit 3 vvault import --json webui.db >out && jq -e ".records.new == 1" out
'

done_testing
