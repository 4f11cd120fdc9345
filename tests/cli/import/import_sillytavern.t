#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

chats=$VV_TOP/tests/data/sillytavern
export chats

# messages <construct>: their states, by place and alternative.
messages() {
	vvault ls --json "$1" message | jq -s "sort_by(.state.index,
		.state.native.swipe_id // -1) | [.[] | .state + {entity}]"
}

# session <construct>
session() {
	vvault ls --json "$1" session | jq -s ".[0].state + {entity: .[0].entity}"
}

test_case 'a chat becomes a session and its messages' '
	new_vault && expect_exit 3 vvault import --json "$chats/lantern.jsonl" >out &&
	jq -e ".construct == \"lantern\" and .sources[0].format == \"sillytavern\" and
		.sources[0].read == 12 and .sources[0].imported == 11 and
		.sources[0].unknown_times == 0 and
		(.sources[0].malformed | length == 1)" out &&
	grep -b torn "$chats/lantern.jsonl" | cut -d: -f1 >at &&
	test "$(jq ".sources[0].malformed[0].offset" out)" -eq "$(cat at)" &&
	messages lantern >m && jq -e "map(.content) == [\"Good morning, {{user}}. I am {{char}}.\",
		\"The lamp is lit.\", \"How do I trim a wick?\", \"Straight across.\",
		\"Cut it at a slant.\", \"Straight across.\", \"(left out of the prompt)\",
		\"Night falls.\", \"It is dark now.\", \"Good night.\"] and
		map(.role) == [\"assistant\", \"assistant\", \"user\", \"assistant\",
		\"assistant\", \"assistant\", \"user\", \"system\", \"assistant\", \"assistant\"] and
		map(.visibility) == [\"visible\", \"visible\", \"visible\", \"visible\",
		\"visible\", \"visible\", \"hidden\", \"visible\", \"visible\", \"visible\"]" m
'

test_case 'alternatives are siblings and the shown ones a path' '
	new_vault && expect_exit 3 vvault import "$chats/lantern.jsonl" >/dev/null &&
	messages lantern >m && session lantern >s &&
	jq -e "(.[0].parent == null) and (.[1].parent == null) and
		.[2].parent == .[0].entity and
		([.[3,4,5].parent] | unique) == [.[2].entity] and
		([.[].entity] | unique | length) == 10 and
		.[6].parent == .[4].entity and .[9].parent == .[8].entity" m &&
	test "$(jq -r .active s)" = "$(jq -r ".[9].entity" m)" &&
	jq -e ".guessed == false and .participants == [\"Ines\", \"Lantern\"] and
		.title == \"Lantern\" and .created == \"2024-05-04T09:00:00.000000Z\" and
		.native.chat_metadata.integrity == \"5c0a2f1e-0000-4000-8000-00000000a001\"" s &&
	test "$(jq -r .entity s)" = session:sillytavern:5c0a2f1e-0000-4000-8000-00000000a001
'

test_case 'alternatives are numbered as the source has them, equal ones too' '
	new_vault && cat >c.jsonl <<-END &&
	{"user_name":"Mira","character_name":"Heron","create_date":"2026-03-01@10h00m00s"}
	{"name":"Heron","is_user":false,"send_date":"2026-03-01T10:00:00Z","mes":"same","swipes":["same","other","same"],"swipe_id":2,"swipe_info":[{"send_date":"2026-03-01T10:00:00Z"},{"send_date":"2026-03-01T10:01:00Z"},{"send_date":"2026-03-01T10:02:00Z"}]}
	{"name":"Mira","is_user":true,"send_date":"2026-03-01T10:03:00Z","mes":"on"}
	END
	vvault import c.jsonl >/dev/null && s=$(vvault session list --json | jq -r .session) && vvault read "$s" >out && cat out &&
	grep "branch 3 of 3" out && vvault read "$s" --branch 2 >out && grep -x other out && grep "branch 2 of 3" out
'

test_case 'every form of a time is read' '
	new_vault && expect_exit 3 vvault import "$chats/lantern.jsonl" >/dev/null &&
	messages lantern >m && jq -e "map(.created) == [
		\"2024-05-04T09:00:00.000000Z\", \"2024-05-04T09:00:00.000000Z\",
		\"2024-05-04T09:01:30.000000Z\", \"2024-05-04T09:02:00.000000Z\",
		\"2024-05-04T09:02:00.000000Z\", \"2024-05-04T09:02:00.000000Z\",
		\"2024-05-04T09:03:00.000000Z\", \"2024-05-04T09:04:00.250000Z\",
		\"2024-05-04T09:05:00.000000Z\", \"2024-05-04T09:06:00.000000Z\"] and
		.[0].created_zone == \"unknown\" and (.[9] | has(\"created_zone\") | not)" m
'

test_case 'reasoning and model have their fields, the rest survives' '
	new_vault && expect_exit 3 vvault import "$chats/lantern.jsonl" >/dev/null &&
	messages lantern >m && jq -e ".[4].model == \"tall-model\" and
		.[4].parts == [{type: \"reasoning\", text: \"A wick chars.\"}] and
		.[4].native.extra == {api: \"openai\"} and
		.[4].native.gen_started == \"2024-05-04T09:01:50.000Z\" and
		.[2].native.force_avatar == \"User Avatars/ines.png\" and
		.[9].native.extra.bookmark_link == \"Checkpoint #1\"" m
'

test_case 'the same file twice makes no version' '
	new_vault && expect_exit 3 vvault import "$chats/lantern.jsonl" >/dev/null &&
	before=$(version_of lantern) &&
	expect_exit 3 vvault import --json "$chats/lantern.jsonl" >out &&
	jq -e ".version == null and .records.new == 0" out &&
	test "$(version_of lantern)" = "$before" &&
	cat "$chats/lantern.jsonl" | expect_exit 3 vvault import --json - >out &&
	jq -e ".version == null" out
'

test_case 'a chat that grew keeps its messages' '
	new_vault && vvault import "$chats/lantern_1.jsonl" >/dev/null &&
	messages lantern | jq -r ".[].entity" | sort >one &&
	vvault ls --json lantern message | jq -r ".records[]" | sort >records &&
	vvault import --json "$chats/lantern_2.jsonl" >out &&
	jq -e ".sources[0].known == 10 and .sources[0].imported == 13" out &&
	messages lantern | jq -r ".[].entity" | sort >two &&
	test "$(comm -13 one two | wc -l)" -eq 2 && test -z "$(comm -23 one two)" &&
	vvault ls --json lantern message | jq -r ".records[]" | sort >more &&
	test -z "$(comm -23 records more)" &&
	test "$(vvault ls lantern session | wc -l)" -eq 1 && session lantern >s &&
	messages lantern | jq -r "last.entity" >leaf &&
	test "$(jq -r .active s)" = "$(cat leaf)" &&
	jq -e ".native.chat_metadata.note_prompt == \"be brief\"" s
'

test_case 'the last of a series says what all of them say' '
	new_vault && vvault import "$chats/lantern_1.jsonl" >/dev/null &&
	vvault import "$chats/lantern_2.jsonl" >/dev/null &&
	{ messages lantern; session lantern; } >one &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" &&
	vvault import "$chats/lantern_2.jsonl" >/dev/null &&
	{ messages lantern; session lantern; } >two && cmp one two
'

test_case 'a branch is a session that names the one it left' '
	new_vault && vvault import "$chats/lantern_1.jsonl" "$chats/lantern_branch.jsonl" >/dev/null &&
	says -s "length == 2 and
		([.[].state.parent // empty] == [\"5c0a2f1e-0000-4000-8000-00000000a001\"] or
		 [.[].state.parent // empty] == [\"session:sillytavern:5c0a2f1e-0000-4000-8000-00000000a001\"])" vvault ls --json lantern session
'

test_case 'chats of a group, and without a header' '
	new_vault && vvault import "$chats/group.jsonl" >out && grep -F "2 characters" out &&
	says "map(.name) == [\"Wren\", \"Moth\", \"Ines\"]" messages wren &&
	says ".participants == [\"Ines\", \"Moth\", \"Wren\"] and (has(\"title\") | not)" session wren &&
	vvault import --json "$chats/noheader.jsonl" >out &&
	jq -e ".construct == \"lantern\" and .sources[0].imported == 3" out
'

test_case 'other programs have the same turns' '
	new_vault && for f in ooba agnai cai; do
		says ".construct == \"pip\" and
			.sources[0].format == \"sillytavern\"" vvault import --json "$chats/$f.json" || exit 1
	done && vvault ls --json pip message | jq -s "map(.state.content) | sort" >m &&
	jq -e ". == [\"Again?\", \"Hello.\", \"Hello.\", \"Hello.\", \"Hi\", \"Hi!\", \"Hi!\",
		\"How are you?\"]" m && test "$(vvault ls pip session | wc -l)" -eq 4 &&
	for f in ooba agnai cai; do
		says ".version == null" vvault import --json "$chats/$f.json" || exit 1
	done
'

test_case 'older chats are left out on demand' '
	new_vault && vvault import --json --since 2024-06-01 "$chats/lantern_1.jsonl" "$chats/group.jsonl" >out &&
	jq -se "map(select(.construct == \"wren\")) | length == 1" out &&
	jq -se "[.[].sources[] | select(.path | test(\"lantern\")) | .imported] == [0]" out
'

test_case 'an alternative has its own time; one that is not there is told; a text in a file is shown' '
	new_vault && cat >c.jsonl <<-\END &&
	{"user_name":"Ines","character_name":"Lantern","chat_metadata":{"integrity":"k"}}
	{"name":"Lantern","is_user":false,"send_date":"2026-03-01T10:00:00.000Z","mes":"b","swipes":["a","b"],"swipe_id":1,"swipe_info":[{"send_date":"2026-03-01T10:00:00.000Z"},{"send_date":"2026-03-01T10:02:00.000Z"}]}
	{"name":"Lantern","is_user":false,"send_date":"2026-03-01T10:03:00.000Z","mes":"other","swipes":["one"],"swipe_id":7}
	{"name":"Ines","is_user":true,"send_date":"2026-03-01T10:04:00.000Z","mes":"see","extra":{"files":[{"name":"a.txt","url":"/a","text":"words of a file"}]}}
	END
	vvault import --json c.jsonl >out && messages lantern >m && cat m &&
	jq -e "[.[] | select(.index == 0) | .created] == [\"2026-03-01T10:00:00.000000Z\",
		\"2026-03-01T10:02:00.000000Z\"] and
		([.[] | select(.content == \"b\")][0].native.send_date == \"2026-03-01T10:00:00.000Z\") and
		([.[] | select(.content == \"other\")][0].native.swipe_id == 7)" m &&
	jq -e ".sources[0].notes | join(\" \") | test(\"1 turn names an alternative that is not there\")" out &&
	vvault read session:sillytavern:k >shown && grep "words of a file" shown
'

test_case 'what Agnai said before in a turn is an alternative of it' '
	new_vault && echo "{\"name\":\"Pip\",\"messages\":[{\"msg\":\"hi\",\"userId\":\"u\"},
		{\"msg\":\"three\",\"retries\":[\"one\",\"two\"]},{\"msg\":\"bye\",\"userId\":\"u\"}]}" >a.json &&
	vvault import a.json >/dev/null && messages pip >m && cat m &&
	jq -e "[.[] | select(.index == 1) | .content] | sort == [\"one\", \"three\", \"two\"]" m &&
	jq -e "[.[] | select(.index == 1) | .parent] | unique | length == 1" m &&
	vvault read "$(session pip | jq -r .entity)" >shown && grep "^three" shown && ! grep "^one" shown
'

test_case 'a chat that was overwritten says so' '
	new_vault && echo "{\"chat_metadata\":{},\"user_name\":\"unused\",\"character_name\":\"unused\"}" >c.jsonl &&
	expect_exit 1 vvault import c.jsonl >out 2>&1 && grep "this chat is empty: it was overwritten" out
'

test_case 'a chat without a fit name asks for a construct' '
	new_vault && printf "%s\n" "{\"user_name\":\"a\",\"character_name\":\"灯\",\"chat_metadata\":{}}" \
		"{\"name\":\"灯\",\"is_user\":false,\"mes\":\"x\"}" >c.jsonl &&
	expect_exit 1 vvault import --json c.jsonl >out &&
	grep -F -- "--construct" out && vvault import --construct lamp c.jsonl >/dev/null
'

test_case 'a header longer than what sniffing sees' '
	new_vault && { perl -e "print q({\"chat_metadata\":{\"note\":\"), q(x) x 200000, q(\"}})"
		echo; echo "{\"name\":\"Far Lamp\",\"is_user\":false,\"mes\":\"here\"}"
	} >long.jsonl &&
	says ".construct == \"far-lamp\" and .sources[0].imported == 2" vvault import --json long.jsonl &&
	says ".version == null" vvault import --json long.jsonl
'

test_case 'a dry run says the same and writes nothing' '
	new_vault && expect_exit 3 vvault import --dry-run --json "$chats/lantern.jsonl" >dry &&
	test -z "$(vvault construct list)" && expect_exit 3 vvault import --json "$chats/lantern.jsonl" >wet &&
	jq -S ".sources[0] | del(.known)" dry >a && jq -S ".sources[0] | del(.known)" wet >b && cmp a b
'

test_case 'shared: all messages and alternatives are there' '
	need_shared && new_vault &&
	for f in "$VV_SHARED"/data/sillytavern/*.jsonl; do
		vvault import --construct c --json "$f" >out || test $? -eq 3 &&
		grep -v "^$" "$f" | jq -R "fromjson? // empty | select(.mes) |
			if .swipes then (.swipes | length) else 1 end" | jq -s add >n &&
		test "$(jq ".sources[0].imported" out)" -eq "$(($(cat n) + 1))" || exit 1
		id=$(head -n 1 "$f" | jq -r .chat_metadata.integrity) &&
		grep -v "^$" "$f" | jq -Rr "fromjson? // empty | select(.mes) | .mes" >path &&
		vvault ls --json c >all &&
		jq -rs --arg s "session:sillytavern:$id" "(map({(.entity): .state}) | add) as \$all |
			[\$all[\$s].active | recurse(\$all[.].parent // empty)] | reverse |
			.[] | \$all[.].content" all >seen && cmp path seen || exit 1
		says ".version == null" vvault import --construct c --json "$f" || exit 1
	done
'

done_testing
