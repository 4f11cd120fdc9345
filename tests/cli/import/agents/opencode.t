#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

texts=$VV_TOP/tests/data/opencode
export texts

# store [<program>]: its folder with the database of the texts, not yet folded.
store() {
	folder=home/.local/share/${1:-opencode}
	mkdir -p "$folder" && sqlite3 "$folder/${1:-opencode}.db" <"$texts/talk.sql" >/dev/null
}

# shown <session>: role, visibility and text of what stands on its shown branch.
shown() {
	vvault ls --json "${2:-opencode}" >ls.json &&
	jq -s -c --arg id "$1" '(map({(.entity): .state}) | add) as $all |
		(map(select(.entity | endswith(":" + $id)))[0].state.active) |
		[recurse($all[.].parent; . != null)] | reverse |
		map($all[.] | [.role, .visibility, .content])' ls.json
}

test_case 'a database: words, calls and what they gave, in their order' '
	new_vault && store && { vvault import home >said || test $? -eq 3; } && cat said &&
	shown ses_lamp >got && cat got &&
	jq -e ". == [[\"user\",\"visible\",\"Make the lamp blink\"],
		[\"assistant\",\"visible\",\"I look first\"],
		[\"tool\",\"tool\",\"lamp.c\"],[\"tool\",\"tool\",\"no such lamp\"],
		[\"assistant\",\"visible\",\"Now it blinks\"],[\"user\",\"meta\",\"\"],
		[\"assistant\",\"meta\",\"It was about a lamp\"],
		[\"user\",\"visible\",\"A note to myself\n\nCount the lamps\n\nA new kind of words\"],
		[\"assistant\",\"visible\",\"\"]]" got &&
	jq -s -e "map(select(.entity | endswith(\"/msg_1\")))[0].state.parts |
		(map(select(.type == \"injected\"))[0].text == \"Called the Read tool\") and
		(map(select(.type == \"image\"))[0].data | has(\"\$blob\")) and
		(map(select(.type == \"file\"))[0].url == \"file:///srv/lamp/lamp.c\")" ls.json &&
	jq -s -e "map(select(.entity | endswith(\"/msg_2\")))[0].state.parts |
		map(.type) == [\"thinking\", \"text\", \"tool_use\", \"tool_use\"]" ls.json &&
	jq -s -e "map(select(.entity | endswith(\"/prt_15\")))[0].state |
		.created == \"2026-11-18T11:06:44.000000Z\" and .parts[0].is_error and
		.parts[0].tool_use_id == \"call_2\"" ls.json &&
	jq -s -e "map(select(.entity | endswith(\"/prt_14\")))[0].state.parts |
		.[0].native.title == \"List\" and (.[1].data | has(\"\$blob\"))" ls.json &&
	jq -s -e "map(select(.entity | endswith(\"/msg_6\")))[0].state.parts |
		map(.text) == [\"Too many lamps\", \"The lamp went out\"]" ls.json
'

test_case 'a session: its helper, its tasks, its project, what was taken back' '
	new_vault && store && { vvault import home >said || test $? -eq 3; } &&
	vvault ls --json opencode session >s.json &&
	jq -s -e "map(select(.entity | endswith(\"ses_lamp\")))[0].state | .title == \"A lamp\" and
		.model == \"big-1\" and .native.cwd == \"/srv/lamp\" and
		(.native.todo | map(.content)) == [\"first\", \"second\"] and
		.native.project.worktree == \"/srv/lamp\" and .created == \"2026-11-18T11:06:40.000000Z\"" s.json &&
	jq -s -e "map(select(.entity | endswith(\"ses_sub\")))[0].state.parent ==
		\"session:opencode:ses_lamp\"" s.json &&
	shown ses_back >got && jq -e "map(.[2]) == [\"one\", \"two\"]" got &&
	grep -q three ls.json && test -z "$(grep never-to-be-read ls.json)"
'

test_case 'what is torn costs itself, and is told; nothing is left beside' '
	new_vault && store && expect_exit 3 vvault import --json home >said &&
	jq -s -e "map(.sources // empty | .[] | .malformed) | flatten | map(.reason) |
		sort == [\"a message that is torn\", \"a part that is torn\"]" said &&
	sqlite3 home/.local/share/opencode/opencode.db "INSERT INTO part VALUES
		('\''prt_71'\'', '\''msg_7'\'', '\''ses_lamp'\'', 1, 1, '\''{\"type\":\"text\",\"text\":\"Behind what is torn\"}'\''),
		('\''prt_g1'\'', '\''msg_gone'\'', '\''ses_lamp'\'', 1795000050000, 1, '\''{\"type\":\"text\",\"text\":\"Of a message\"}'\''),
		('\''prt_g2'\'', '\''msg_gone'\'', '\''ses_lamp'\'', 1795000050000, 1, '\''{\"type\":\"text\",\"text\":\"that is gone\"}'\''),
		('\''prt_p1'\'', '\''msg_p'\'', '\''ses_lamp'\'', 1, 1, '\''{\"type\":\"text\",\"text\":\"A rhyme\"}'\'');
		INSERT INTO message VALUES ('\''msg_p'\'', '\''ses_lamp'\'', 1795000060000, 1, '\''{\"role\":\"poet\"}'\'')" &&
	expect_exit 3 vvault import --json home >said &&
	jq -s -e "map(.sources // empty | .[] | .skipped) | flatten | map([.reason, .count]) | sort ==
		[[\"a message of which only its parts are there\", 1], [\"a speaker of unknown kind: taken as no person\", 1]]" said &&
	vvault ls --json opencode | jq -s -e "map(select(.entity | test(\"/msg_(7|gone|p)$\")) | .state | [.role, .content]) | sort ==
		[[\"assistant\", \"A rhyme\"], [\"assistant\", \"Behind what is torn\"], [\"assistant\", \"Of a message\n\nthat is gone\"]]" &&
	ls home/.local/share/opencode >after && test "$(cat after)" = opencode.db &&
	vvault ls --json opencode >ls.json && grep -q "prt_54" ls.json &&
	grep -q 9007199254740993 ls.json || jq -s -e "map(select(.entity | endswith(\"/msg_2\")))[0].state.native.parts |
		tostring | contains(\"\$raw\")" ls.json
'

test_case 'twice adds nothing; one that has grown adds what is new, from the log alone' '
	new_vault && store && { vvault import home >/dev/null || test $? -eq 3; } &&
	{ vvault import home >said || test $? -eq 3; } && grep -q " 0 new" said &&
	mkfifo go && { sqlite3 "$PWD/home/.local/share/opencode/opencode.db" >opened <go & } && exec 7>go &&
	echo "PRAGMA wal_autocheckpoint=0; INSERT INTO message VALUES (\"msg_9\", \"ses_lamp\", 1795000050000, 1795000050000, json_object(\"role\", \"user\", \"time\", json_object(\"created\", 1795000050000)));
		INSERT INTO part VALUES (\"prt_91\", \"msg_9\", \"ses_lamp\", 9, 9, json_object(\"type\", \"text\", \"text\", \"Still there?\")); SELECT \"done\";" >&7 &&
	until grep -q done opened; do sleep 0.05; done &&
	test -s home/.local/share/opencode/opencode.db-wal &&
	{ vvault import home >said || test $? -eq 3; } && cat said && grep " 2 new" said &&
	echo "UPDATE session SET title = \"It writes on\" WHERE id = \"ses_lamp\";" >&7 && exec 7>&- && wait &&
	shown ses_lamp >got && jq -e ".[-1][2] == \"Still there?\"" got &&
	{ vvault import home >said || test $? -eq 3; } && grep " 1 new" said
'

test_case 'files of older versions, alone and joined with the database' '
	new_vault && cp -R "$texts/storage" . && mkdir storage/session_share &&
	echo "{\"secret\":\"never-to-be-read-c\"}" >storage/session_share/ses_old.json && vvault import storage >said; cat said &&
	shown ses_old >got && jq -e "map(.[2]) == [\"Is there a lamp?\"]" got &&
	vvault ls --json opencode session | jq -s -e "map(select(.entity | endswith(\"ses_old\")))[0].state |
		.native.todo[0].content == \"Find it\" and .native.project.vcs == \"git\" and
		.native.cwd == \"/srv/lamp\"" && test -z "$(grep never-to-be-read ls.json)" &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" && store &&
	cp -R "$texts/storage" home/.local/share/opencode &&
	{ vvault import home >said || test $? -eq 3; } && cat said &&
	test "$(vvault ls --json opencode session | wc -l)" = 4 &&
	shown ses_lamp >got && jq -e "(map(.[2])[:2]) == [\"What the move has lost\",
		\"Make the lamp blink\n\nand hum\"]" got &&
	vvault ls --json opencode session | jq -s -e "map(select(.entity | endswith(\"ses_lamp\")))[0].state.title == \"A lamp\"" &&
	vvault log opencode >before && { vvault import home/.local/share/opencode/storage >said || test $? -eq 3; } &&
	cat said && test -z "$(vvault conflicts opencode | grep native)"
'

test_case 'files of older versions that grow, while that of the session stays as it is' '
	new_vault && cp -R "$texts/storage" . && chmod -R u+w storage && cp -R storage whole &&
	rm storage/part/msg_1/prt_05.json storage/todo/ses_old.json storage/project/prj1.json &&
	sleep 0.2 && vvault import storage >said && shown ses_lamp >got && jq -e ".[1][2] == \"Make the lamp blink\"" got &&
	cp whole/part/msg_1/prt_05.json storage/part/msg_1 && vvault import storage >said && cat said && grep " 1 new" said &&
	shown ses_lamp >got && jq -e ".[1][2] == \"Make the lamp blink\n\nand hum\"" got &&
	sed -i "s/and hum/and sing/" storage/part/msg_1/prt_05.json && vvault import storage >said && cat said && grep " 1 new" said &&
	shown ses_lamp >got && jq -e ".[1][2] == \"Make the lamp blink\n\nand sing\"" got &&
	cp whole/todo/ses_old.json storage/todo && vvault import storage >said && cat said && grep " 1 new" said &&
	cp whole/project/prj1.json storage/project && vvault import storage >said && cat said && grep " 2 new" said &&
	vvault import storage >said && cat said && grep " 0 new" said && grep -c unchanged said | grep -x 2
'

test_case 'what is exported is the same session; in an archive, too' '
	new_vault && vvault import "$texts/export.json" >said && shown ses_given >got &&
	jq -e "map(.[2]) == [\"Hello lamp\", \"Hello you\", \"it is on\", \"no such lamp\", \"And off again\", \"It was about a lamp\"]" got &&
	store && (cd home && zip -qr ../home.zip .) && { vvault import home.zip >said || test $? -eq 3; } &&
	shown ses_lamp >got && jq -e "length == 9" got
'

test_case 'messages whose session has lost its file are a session' '
	new_vault && cp -R "$texts/storage" . && chmod -R u+w storage && rm storage/session/prj1/ses_lamp.json &&
	vvault import --json storage >said; cat said && shown ses_lamp >got && cat got &&
	jq -e "map(.[2]) == [\"What the move has lost\", \"Make the lamp blink\n\nand hum\"]" got &&
	store && mv storage home/.local/share/opencode && { vvault import home >said || test $? -eq 3; } && cat said &&
	shown ses_lamp >got && jq -e "length == 10" got
'

test_case 'a copy with the log beside it, in a folder and in an archive' '
	new_vault && store && base=home/.local/share/opencode && mkfifo go &&
	{ sqlite3 $base/opencode.db >opened <go & } && exec 7>go &&
	echo "PRAGMA wal_autocheckpoint=0; UPDATE session SET title = \"In the log\" WHERE id = \"ses_lamp\"; SELECT \"done\";" >&7 &&
	until grep -q done opened; do sleep 0.05; done && mkdir copy &&
	cp $base/opencode.db $base/opencode.db-wal copy && exec 7>&- && wait &&
	(cd copy && zip -q ../copy.zip opencode.db opencode.db-wal) && for from in copy copy.zip; do
		vvault init of-$from >/dev/null && export VVAULT_DIR="$PWD/of-$from" &&
		{ vvault import $from >said || test $? -eq 3; } && cat said && ! grep "wal: unknown" said &&
		vvault ls --json opencode session | grep "In the log" || exit 1
	done && test "$(ls copy)" = "opencode.db
opencode.db-wal"
'

test_case 'a database that is compressed, in a tar archive, or comes by a pipe' '
	new_vault && store && base=home/.local/share/opencode/opencode.db && zstd -q -o o.zst $base &&
	gzip -c $base >o.gz && tar -C home -czf o.tar.gz . && for from in o.zst o.gz o.tar.gz -; do
		rm -rf w && vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" &&
		{ vvault import $from <$base >said 2>&1 || test $? -eq 3; } && cat said &&
		shown ses_lamp >got && jq -e "length == 9" got || exit 1
	done
'

test_case 'Kilo and MiMoCode are called by where they lie' '
	new_vault && store kilo && store mimocode && { vvault import home >said || test $? -eq 3; } && cat said &&
	vvault ls --json kilo session | jq -s -e "length == 3 and (.[0].entity | startswith(\"session:kilo:\"))" &&
	vvault ls --json mimocode session | jq -s -e "length == 3"
'

test_case 'capture knows where they lie, and what stands in a log alone' '
	new_vault && store && rm -rf "$HOME" && mv home "$HOME" && unset XDG_DATA_HOME && sleep 0.2 &&
	vvault agents --json >said && grep -q opencode said && { vvault capture --json >said || test $? -eq 3; } &&
	cat said && jq -s -e "map(select(.agent == \"opencode\"))[0].sessions.new == 1" said &&
	vvault capture --json >said; cat said && jq -s -e "map(select(.agent == \"opencode\"))[0].sessions.unchanged == 1" said
'

test_case 'a broken database is told, and nobody'\''s is called by its tables' '
	new_vault && store && head -c 8000 home/.local/share/opencode/opencode.db >cut.db &&
	expect_exit 3 vvault import cut.db >said && cat said && grep "cannot be read\|encrypted" said &&
	sqlite3 other.db "CREATE TABLE lamps(id); CREATE TABLE switches(id)" &&
	expect_exit 3 vvault import other.db >said && grep "with the tables lamps, switches" said
'

done_testing
