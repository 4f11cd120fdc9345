#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

data=$VV_TOP/tests/data/apps
export data

test_case 'NextChat: dates nobody can tell, tools, masks; no keys' '
	new_vault && f=$data/nextchat/Backup-1.json && expect_exit 3 vvault import --json "$f" >out &&
	jq -e ".construct == \"nextchat\" and (.sources[0] | .imported == 10 and
		(.skipped | map(.reason)) == [\"a message that is no object\", \"a speaker of unknown kind: taken as no person\",
			\"a key, token or password among settings\", \"a mask that says nothing\"] and (.malformed | length) == 2)" out &&
	talk nextchat nc-1 "map([.role, .visibility, .content]) == [[\"system\", \"hidden\", \"You know plants.\"],
		[\"user\", \"visible\", \"What is this?\"], [\"assistant\", \"visible\", \"Moss.\"],
		[\"user\", \"visible\", \"Thanks\"], [\"assistant\", \"visible\", \"Soft\"]] and
		(.[1] | has(\"created\") | not) and .[1].native.date == \"2/11/2026, 08:00:00\" and .[1].parts[1].data.size == 3 and
		.[2].created == \"2026-11-02T08:00:03.000000Z\" and (.[3] | has(\"created\") | not) and
		.[3].native.date == \"2026-11-02 08:01:00\" and .[4].native.role == \"poet\" and
		(.[2].parts | map([.type, .is_error // false])) == [[\"tool_use\", false], [\"tool_result\", false],
			[\"tool_use\", false], [\"tool_result\", true], [\"thinking\", false], [\"text\", false]]" &&
	session nextchat nc-1 ".title == \"Moss\" and .updated == \"2026-11-02T08:01:01.000000Z\" and
		.native.memoryPrompt == \"Moss was spoken of.\" and .native.mask.name == \"Botanist\"" &&
	vvault ls --json nextchat >all && ! grep SECRET all && grep -c "\"title\":\"Twin\"" all &&
	jq -se "map(select(.kind == \"memory\") | [.entity, .state.type, .state.name, .state.content]) | sort ==
		[[\"memory:nextchat:persona/m-1\", \"persona\", \"Poet\", \"Rhyme.\\n\\nAlways.\"],
		[\"memory:nextchat:prompt/p-1\", \"prompt\", \"Brief\", \"Be brief.\"]]" all && twice nextchat "$f"
'

test_case 'Chatbox: forks are branches, threads are sessions; no keys' '
	new_vault && f=$data/chatbox/export.json && expect_exit 3 vvault import --json "$f" >out &&
	jq -e ".construct == \"chatbox\" and (.sources[0] | .imported == 11 and (.skipped | map([.reason, .count])) ==
		[[\"a key, token or password among settings\", 2],
			[\"a session that is listed and not there\", 1], [\"a persona or prompt without a text\", 1]] and (.malformed | length) == 2)" out &&
	test "$(path_of chatbox session:chatbox:cb-1)" = "[\"s\",\"u1\",\"a1\",\"u2\",\"a2\"]" &&
	state_of chatbox message:chatbox:cb-1/a0 ".content == \"No.\" and .parent == \"message:chatbox:cb-1/u1\"" &&
	state_of chatbox message:chatbox:cb-1/u0 ".parent == \"message:chatbox:cb-1/a0\"" &&
	state_of chatbox message:chatbox:cb-1/a1 "(.parts | map(.type)) == [\"thinking\", \"tool_use\", \"tool_result\", \"tool_use\",
		\"tool_result\", \"text\", \"other\"] and .parts[4].is_error and .parts[2].content.found == \"a frond\" and .parts[4].content == \"rock\" and .content == \"Yes.\\n\\n12 sources\"" &&
	state_of chatbox message:chatbox:cb-1/a2 ".visibility == \"visible\" and .content == \"the line is cut\" and .parts[1].type == \"error\"" &&
	session chatbox cb-1 ".guessed == false and .native.messageForksHash.u1.position == 1 and .native.starred" &&
	vvault read session:chatbox:cb-1 >read && grep "an error: rock" read && grep "the line is cut" read && ! grep "^a frond" read &&
	session chatbox th-1 ".parent == \"session:chatbox:cb-1\" and .title == \"Before\"" &&
	state_of chatbox memory:chatbox:persona/cop-1 ".content == \"Love ferns.\"" &&
	vvault ls --json chatbox >all && ! grep SECRET all && twice chatbox "$f"
'

test_case 'Chatbox: sessions as its older exports have them' '
	new_vault && echo "{\"settings\":{\"openaiKey\":\"SECRET\"},\"chat-sessions\":[{\"id\":\"o-1\",\"name\":\"Old\",
		\"messages\":[{\"id\":\"a\",\"role\":\"user\",\"content\":\"hello\"}]},7]}" >old.json &&
	expect_exit 3 vvault import --json old.json >out && talk chatbox o-1 "map(.content) == [\"hello\"]" &&
	vvault ls --json chatbox >all && ! grep SECRET all
'

test_case 'TypingMind: blocks, tools, characters, prompts; no keys' '
	new_vault && f=$data/typingmind/backup.json && expect_exit 3 vvault import --json "$f" >out &&
	jq -e ".construct == \"typingmind\" and (.sources[0] | .imported == 8 and (.malformed | length) == 1 and
		(.skipped | length) == 3)" out &&
	talk typingmind tm-1 "map([.role, .visibility, .content]) == [[\"system\", \"hidden\", \"You know rain.\"],
		[\"user\", \"visible\", \"Will it rain?\"], [\"assistant\", \"visible\", \"Yes.\"], [\"tool\", \"tool\", \"grey\"],
		[\"user\", \"visible\", \"\"]] and (.[2].parts | map(.type)) == [\"thinking\", \"text\", \"tool_use\", \"tool_use\"] and
		.[2].parts[2].input.at == 1 and .[2].parts[3].input == 9 and .[3].parts[0].tool_use_id == \"call-1\" and .[2].model == \"sedge\" and
		.[1].parts[1].data.size == 3 and .[1].parts[1].url.detail == \"low\"" &&
	session typingmind tm-1 ".title == \"Rain\" and .native.folder == \"Weather\" and .updated == \"2026-11-02T08:01:01.000000Z\" and (.native | has(\"modelInfo\") | not)" &&
	state_of typingmind memory:typingmind:persona/c-1 ".name == \"Cloud\" and .content == \"Drift.\" and
		.created == \"2026-11-01T08:00:00.000000Z\"" &&
	state_of typingmind memory:typingmind:prompt/p-1 ".type == \"prompt\"" &&
	vvault ls --json typingmind >all && ! grep SECRET all && twice typingmind "$f"
'

test_case 'a file that is cut is refused, and nothing of it comes in' '
	new_vault && for app in nextchat/Backup-1 chatbox/export typingmind/backup bigagi/all librechat/tree; do
		head -c 900 "$data/$app.json" >cut.json && { vvault import --json cut.json >out; test $? -ne 0; } &&
		jq -e ".sources[0].imported // 0 == 0" out || exit 1
	done
'

test_case 'big-AGI: fragments and texts, tools, documents; no keys' '
	new_vault && f=$data/bigagi/all.json && expect_exit 3 vvault import --json "$f" >out &&
	jq -e ".construct == \"bigagi\" and (.sources[0] | .imported == 7 and (.malformed | length) == 1)" out &&
	talk bigagi ba-1 "map([.role, .content]) == [[\"system\", \"You know bees.\"], [\"user\", \"Do bees sleep?\"],
		[\"assistant\", \"Yes.\\n\\ncut off\\n\\na waggle\"]] and
		(.[1].parts | map(.type)) == [\"text\", \"file\", \"image\"] and .[1].parts[1].data.size == 8 and
		(.[2].parts | map([.type, .is_error // false])) == [[\"thinking\", false], [\"tool_use\", false], [\"tool_result\", false],
			[\"tool_result\", true], [\"text\", false], [\"error\", false], [\"other\", false]] and
		.[2].parts[1].input.at == \"night\" and .[2].model == \"reed-2\" and .[2].created == \"2026-11-02T08:00:02.000000Z\"" &&
	talk bigagi ba-2 "map([.role, .content, .model]) == [[\"user\", \"hello\", null], [\"assistant\", \"hi\", \"reed-1\"]]" &&
	session bigagi ba-1 ".title == \"Bees\" and .native.folder == \"Insects\" and .updated == \"2026-11-02T08:01:00.000000Z\"" &&
	vvault ls --json bigagi >all && ! grep SECRET all && twice bigagi "$f" &&
	jq ".conversations[1]" "$f" >one.json && vvault import --json one.json >again && jq -e ".records.new <= 1" again &&
	jq "(.. | objects | select(.error? == \"stung\").response.result) = {hive: \"cross\"}" "$f" >both.json &&
	{ vvault import --json --construct both both.json || test $? -eq 3; } &&
	vvault ls --json both message | jq -se "map(.state | select(.role == \"assistant\").parts[]? | select(.is_error)) |
		.[0].content.hive == \"cross\"" && vvault ls --json both | grep stung
'

done_testing
