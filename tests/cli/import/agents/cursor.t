#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

data=$VV_TOP/tests/data/cursor
export data

# a_user [<program>]: its folder, as the editor keeps it.
a_user() {
	user=home/.config/${1:-Cursor}/User
	mkdir -p "$user/globalStorage" "$user/workspaceStorage/w1" "$user/workspaceStorage/w2" &&
	sqlite3 "$user/globalStorage/state.vscdb" <"$data/global.sql" &&
	sqlite3 "$user/workspaceStorage/w1/state.vscdb" <"$data/project.sql" &&
	echo "{\"folder\":\"file:///srv/heron%20nest\"}" >"$user/workspaceStorage/w1/workspace.json" &&
	echo "{\"folder\":\"file:///srv/brook\"}" >"$user/workspaceStorage/w2/workspace.json"
}

# a_terminal: chats of the agent for the terminal, and transcripts.
a_terminal() {
	mkdir -p home/.cursor/chats/0123456789abcdef0123456789abcdef/cli-1 &&
	sqlite3 home/.cursor/chats/0123456789abcdef0123456789abcdef/cli-1/store.db <"$data/cli.sql" &&
	mkdir -p home/.cursor/projects/srv-heron/agent-transcripts/tr-1/subagents &&
	cp "$data/transcript.jsonl" home/.cursor/projects/srv-heron/agent-transcripts/tr-1/tr-1.jsonl
}

# comes <expected status> <source>...: the report is in out.
comes() {
	expect_exit "$1" vvault import --json "$2" >out || { cat out; return 1; }
}

# again <source>: once more, whatever is known of it.
again() {
	vvault import --json "$1" >out || test $? -eq 3
}

# said <session> <message> <filter>; chat <session> <filter>
said() {
	state_of cursor "message:cursor:$1/$2" "$3"
}
chat() {
	state_of cursor "session:cursor:$1" "$2"
}

test_case 'a chat of the editor stands as its list has it' '
	new_vault && a_user && comes 3 home && test "$(path_of cursor session:cursor:c-new)" = \
		"[\"b1\",\"b2\",\"b3\",\"b3-result\",\"b4\",\"b4-result\",\"b5\",\"b6\",\"b7\",\"b8\"]" &&
	chat c-new ".title == \"Depths\" and .model == \"reed-2\" and .created == \"2026-11-02T08:00:00.000000Z\" and
		.updated == \"2026-11-02T08:01:40.000000Z\" and .native.cwd == \"/srv/heron nest\" and
		.native.listed.isArchived == 1 and .native.todos[0].content == \"measure the pond\" and
		(.native.lost | map(.bubbleId)) == [\"b-none\", \"b-null\", \"b-torn\"]" &&
	jq -e "[.sources[].skipped[]? | {(.reason): .count}] | add |
		.\"a message of which only its place in a chat is there\" == 3 and .\"a chat in which nothing was said\" == 1 and
		.\"a chat that was emptied\" == 1 and .\"a chat with nothing but words that were not sent\" == 1 and .\"a chat of which only its messages are there\" == 1 and
		.\"a chat that is listed, and of which nothing else is there\" == 1" out &&
	vvault ls --json cursor >all && ! grep -e never-read -e SECRET all
'

test_case 'bubbles: words, thoughts, calls and what they gave' '
	new_vault && a_user && sqlite3 "$user/globalStorage/state.vscdb" "UPDATE cursorDiskKV SET value = replace(value, '\''\"text\":\"\",'\'',
		'\''\"conversation\":[{\"bubbleId\":\"b-none\",\"type\":1,\"text\":\"Only in the older list.\"},{\"bubbleId\":\"b1\",\"type\":1,\"text\":\"other\"}],'\'')
		WHERE key = '\''composerData:c-new'\''" && comes 3 home &&
	said c-new b-none ".content == \"Only in the older list.\"" && said c-new b1 ".role == \"user\" and .visibility == \"visible\" and .content == \"How deep is <b>the pond</b>?\" and
		.created == \"2026-11-02T08:00:00.250000Z\" and .native.requestId == \"r1\" and .native.toolResults == null and
		(.parts | map(.type)) == [\"image\", \"attachment\", \"attachment\", \"text\"] and .parts[2].path == \"/srv/heron/depth.c\"" &&
	said c-new b2 ".model == \"reed-1\" and (.content | test(\"^I measure.\\n\\n.*int depth = 2;\"; \"m\")) and
		.parts[0].text == \"A pond is shallow.\" and .parts[0].native.signature == \"sig\" and .native.header.serverBubbleId == \"s2\"" &&
	said c-new b3 ".visibility == \"tool\" and (.parts[0] | .type == \"tool_use\" and .id == \"t1\" and .name == \"run_terminal_cmd\" and
		.input.command == \"depth pond\" and (.native.params | test(\"/srv\")))" &&
	said c-new b3-result ".role == \"tool\" and .content == \"two metres\" and .parts[0].tool_use_id == \"t1\"" &&
	said c-new b4 ".parts[0].input.path == \"lake.txt\"" &&
	said c-new b4-result ".content == \"there is no lake\" and .parts[0].is_error" &&
	said c-new b5 ".parts[0].input == \"{torn\" and .parts[0].native.userDecision == \"rejected\"" &&
	said c-new b6 ".content == \"And @lake.txt\nnow?\" and .created == \"2026-11-02T08:00:05.500000Z\"" &&
	said c-new b7 ".parts[0].type == \"error\" and .content == \"the model is away\"" &&
	vvault read session:cursor:c-new >shown && cat shown && grep "depth pond" shown && grep "there is no lake" shown
'

test_case 'what no list names stands beside, behind what was there then' '
	new_vault && a_user && comes 3 home &&
	said c-new x1 ".role == \"user\" and (.parent | test(\"/b5$\"))" &&
	said c-new x2 ".content == \"It is dry.\" and (.parent | test(\"/x1$\"))" &&
	said c-torn t2 ".content == \"Words.\" and (.parent | test(\"/t1$\"))" && chat c-torn ".title == null" &&
	said c-map m1 ".content == \"Not in the list.\"" &&
	grep "kept beside it: 4" out
'

test_case 'older chats: inline, in a map, of the first panel; whose project, and who called' '
	new_vault && a_user && comes 3 home &&
	chat c-old ".title == \"Inline\" and .native.cwd == \"/srv/heron nest\"" &&
	said c-old o1 ".content == \"Does it rain?\" and .created == null" && said c-old n1 ".content == \"It rains.\"" &&
	chat c-map ".title == \"From the list\" and .native.cwd == \"/srv/heron\"" &&
	chat c-local ".title == \"In the project\" and .native.cwd == \"/srv/heron nest\"" && said c-local l2 ".content == \"There is.\"" &&
	chat tab-1 ".title == \"First panel\" and .updated == \"2023-11-14T22:13:20.000000Z\"" &&
	said tab-1 p1 ".role == \"user\" and .content == \"Old question\"" && said tab-1 p2 ".content == \"Old answer\"" &&
	chat c-sub ".parent == \"session:cursor:c-new\" and .native.cwd == \"/srv/brook\" and .native.listed.subagentTypeName == \"explore\""
'

test_case 'twice adds nothing, and a chat that grew its new messages alone' '
	new_vault && a_user && comes 3 home && vvault ls --json cursor | jq -r .entity | sort >before &&
	again home && jq -e ".version == null" out && db=$user/globalStorage/state.vscdb &&
	sqlite3 "$db" "UPDATE cursorDiskKV SET value = replace(value, '\''{\"bubbleId\":\"b8\",\"type\":2}'\'',
		'\''{\"bubbleId\":\"b8\",\"type\":2},{\"bubbleId\":\"b9\",\"type\":1}'\'') WHERE key = '\''composerData:c-new'\''" &&
	sqlite3 "$db" "INSERT INTO cursorDiskKV VALUES ('\''bubbleId:c-new:b9'\'', '\''{\"type\":1,\"text\":\"Thanks.\"}'\'')" &&
	comes 3 home && vvault ls --json cursor | jq -r .entity | sort >after && comm -13 before after >new &&
	echo "message:cursor:c-new/b9" | cmp - new && test -z "$(comm -23 before after)"
'

# changes <sql>: the editor writes to its database.
changes() {
	sqlite3 "$user/globalStorage/state.vscdb" "$1"
}

# captures: what is new comes in; the report of that database is in of.
captures() {
	HOME="$PWD/home" vvault capture --json >out || test $? -eq 3 &&
	jq -c "select(.sources) | .sources[] | select(.path | test(\"globalStorage\"))" out >of
}

test_case 'capture reads of a database the chats that are new, and loses none' '
	new_vault && a_user && changes "UPDATE composerHeaders SET createdAt = 1761000000000, lastUpdatedAt = 1761000000000;
		UPDATE cursorDiskKV SET value = replace(value, '\''{\"bubbleId\":\"b-none\",\"type\":2},{\"bubbleId\":\"b-null\",\"type\":2},{\"bubbleId\":\"b-torn\",\"type\":2},'\'', '\'''\'')
		WHERE key = '\''composerData:c-new'\''; DELETE FROM cursorDiskKV WHERE key LIKE '\''bubbleId:c-new:b-%'\''" &&
	captures && cat of && jq -e ".known == 0 and .imported > 20" of && vvault ls --json cursor | jq -r .entity | sort >before &&
	changes "UPDATE cursorDiskKV SET value = replace(value, '\''Two metres.'\'', '\''Three metres'\'') WHERE key = '\''bubbleId:c-new:b8'\''" &&
	sleep 1 && captures && cat of && said c-new b8 ".content == \"Two metres.\"" &&
	changes "INSERT INTO cursorDiskKV VALUES ('\''bubbleId:c-sub:s2'\'', '\''{\"type\":2,\"text\":\"No lake.\"}'\'');
		INSERT INTO cursorDiskKV SELECT * FROM cursorDiskKV WHERE key = '\''bubbleId:c-new:b8'\''" &&
	sleep 1 && captures && cat of && said c-new b8 ".content == \"Three metres\"" && said c-sub s2 ".content == \"No lake.\"" &&
	vvault ls --json cursor | jq -r .entity | sort >after && test "$(comm -13 before after)" = "message:cursor:c-sub/s2" &&
	vvault import --json home >out || test $? -eq 3 && vvault verify
'

test_case 'chats of the terminal' '
	new_vault && a_terminal && comes 3 home && test "$(path_of cursor session:cursor:cli-1)" = \
		"[\"f1\",\"e1\",\"d1\",\"c1\",\"b1\"]" &&
	chat cli-1 ".title == \"In the terminal\" and .native.mode == \"default\" and .native.cwd_md5 == \"0123456789abcdef0123456789abcdef\"" &&
	said cli-1 f1 ".role == \"system\" and .visibility == \"hidden\"" &&
	said cli-1 e1 ".content == \"What is in </user_query> here?\" and (.parts | map(.type)) == [\"injected\", \"injected\", \"text\"]" &&
	said cli-1 d1 "(.parts | map(.type)) == [\"thinking\", \"text\", \"tool_use\"] and .parts[2].input.command == \"ls\"" &&
	said cli-1 c1 ".role == \"tool\" and .content == \"pond.png\"" &&
	jq -e "[.sources[].skipped[]? | .count] == [3] and ([.sources[].malformed[]] | length) == 1" out
'

test_case 'a transcript counts where no database has its session' '
	new_vault && a_terminal && comes 3 home && test "$(path_of cursor session:cursor:tr-1)" = \
		"[\"line.0\",\"line.1\",\"line.2\",\"line.3\"]" &&
	said tr-1 line.0 ".role == \"user\" and .content == \"Is the pond frozen?\" and .parts[0].type == \"injected\"" &&
	said tr-1 line.1 ".parts[1].name == \"Shell\" and .parts[1].input.command == \"ice pond\"" &&
	said tr-1 line.3 ".visibility == \"meta\" and .native.status == \"success\"" && chat tr-1 ".native.project == \"srv-heron\"" &&
	folder=home/.cursor/projects/srv-heron/agent-transcripts && a_user &&
	cp "$data/transcript.jsonl" $folder/c-new.jsonl && cp "$data/transcript.jsonl" $folder/tr-1/subagents/tr-2.jsonl &&
	comes 3 home && chat tr-2 ".parent == \"session:cursor:tr-1\"" &&
	vvault ls --json cursor >all && ! grep "c-new/line" all &&
	jq -e "[.sources[].skipped[]?.reason] | index(\"a transcript whose session a database has whole\")" out &&
	echo "{}" >>$folder/c-new.jsonl && again home && vvault ls --json cursor >all && ! grep "c-new/line" all
'

test_case 'what was typed, and no chat has, is left of one that is gone' '
	new_vault && a_user && comes 3 home && test "$(path_of cursor session:cursor:prompts.w1 | jq length)" = 1 &&
	vvault ls --json cursor | jq -se "map(.state | select(.content == \"What did the heron eat?\")) | length == 1 and
		.[0].role == \"user\" and .[0].native.commandType == 4" && chat prompts.w1 ".native.cwd == \"/srv/heron nest\"" &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" &&
	comes 3 $user/workspaceStorage/w1/state.vscdb && vvault ls --json cursor >all && ! grep prompts.w1 all &&
	mkdir -p alone/workspaceStorage && cp -R $user/workspaceStorage/w1 alone/workspaceStorage && comes 3 alone &&
	path_of cursor session:cursor:prompts.w1 | jq -e "length == 2"
'

test_case 'Windsurf and Trae: what is plain comes home, what is encrypted is told' '
	new_vault && a_user Windsurf && a_user "Trae CN" && mkdir -p home/.codeium/windsurf/cascade &&
	head -c 100 /dev/urandom >home/.codeium/windsurf/cascade/0.pb && comes 3 home &&
	state_of windsurf session:windsurf:tab-1 ".title == \"First panel\"" &&
	state_of trae session:trae:tab-1 ".native.cwd == \"/srv/heron nest\"" &&
	jq -r ".sources[].skipped[]?.reason" out | grep "encrypt" | sort | uniq -c >told && cat told &&
	grep "1 a conversation of Windsurf, which is encrypted" told && grep "2 a list of Trae" told
'

test_case 'a database that is damaged in places gives the others' '
	new_vault && a_user && db=$user/globalStorage/state.vscdb && root=$(sqlite3 "$db" "SELECT rootpage FROM sqlite_master WHERE name = '\''composerHeaders'\''") &&
	size=$(sqlite3 "$db" "PRAGMA page_size") && head -c 64 /dev/zero | tr "\0" "\377" |
		dd of="$db" bs=1 seek=$(((root - 1) * size)) conv=notrunc 2>/dev/null && comes 3 home &&
	said c-new b1 ".content == \"How deep is <b>the pond</b>?\"" && chat c-map ".title == \"From the list\"" &&
	jq -e "[.sources[].malformed[]? | select(.reason | test(\"malformed\"))] | length >= 1" out
'

test_case 'without anything that Cursor has there is nothing, and no harm' '
	new_vault && sqlite3 none.db "CREATE TABLE ItemTable (key TEXT, value BLOB)" &&
	vvault import --json none.db >out; jq -e ".sources[0].imported == 0 and .sources[0].malformed == []" out &&
	sqlite3 odd.db "CREATE TABLE ItemTable (key TEXT, value BLOB); CREATE TABLE cursorDiskKV (key, value);
		CREATE TABLE composerHeaders (composerId, value); INSERT INTO composerHeaders VALUES (NULL, 3), ('\''q'\'', '\''[]'\'');
		INSERT INTO cursorDiskKV VALUES ('\''composerData:'\'', '\''{}'\''), ('\''composerData:q'\'', 5), (7, '\''{}'\''),
		('\''composerData:p'\'', '\''{\"conversation\":[{\"text\":5,\"type\":\"x\"}],\"name\":[],\"createdAt\":\"never\"}'\'')" &&
	comes 3 odd.db && vvault verify
'

done_testing
