#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/written.sh"
. "$(dirname "$0")/story.sh"

agent=claude-code place=.claude/projects checker=check_claude.pl accepted=${VV_SHARED:+$VV_SHARED/tools/resume/claude-code}
id=5eed0000-0000-4000-8000-000000000001
log=-srv-proj/$id.jsonl
export agent place checker accepted id log

test_case 'what is written is what Claude Code takes up, the same each time' '
	makes && checks made told && as_sample told && makes again && diff -r made again &&
	grep -qx "command claude --resume $id" made.said
'

test_case 'shared: a session that Claude Code itself took up is right' '
	test -n "${VV_SHARED:-}" || skip_case "no shared data here"
	checks_accepted
'

test_case 'the checker finds what Claude Code would not take up' '
	refuses $log <<-"END" &&
	s/"parentUuid":null,//                            :: does not go on from the record before
	s/("parentUuid":")[^"]/${1}x/                     :: does not go on from the record before
	s/("uuid":)"[^"]*"/${1}1/                         :: has no id
	s/("sessionId":")5eed/${1}5eee/                   :: is of another session
	s/("cwd":)"[^"]*"/$1"\/srv\/other"/               :: is of another folder
	s/\.000Z/Z/                                       :: has no time to the millisecond
	s/"model":"[^"]*",//                              :: has no model
	s/"content":\[\{"text":"You are.*?\]/"content":"You"/ :: has content that is no list
	s/"entrypoint":"cli"/"entrypoint":"sdk-cli"/      :: is not listed
	s/"isSidechain":false/"isSidechain":true/         :: is of another branch
	s/"tool_use_id":"call_1"/"tool_use_id":"call_9"/  :: has a result of no call that is open
	s/("input":\{"n":2[^}]*\},|"id":")call_2/$1call_1/ :: calls twice by one id: call_1
	s/"data":"[^"]*"/"data":"?"/                      :: has a file that is none
	s/Thank you\./<system-reminder>x/                 :: a block is of the old machine
	s/"type":"tool_use"/"type":"tool"/                :: has a block that is not known: tool
	END
	refuses_name $log -srv_proj/$id.jsonl "is not in the folder" &&
	refuses_name $log -srv-proj/tuesday.jsonl "is not found by its name"
'

test_case 'a folder is called by its units of UTF-16, a long one by a hash besides' '
	"$VV_BUILD/tests/tools/write_passage" claude-code made "/srv/Ä_b.日 🙂" >said && ls made >got && echo "-srv---b-----" | diff - got &&
	perl "$VV_TOP/tests/resume/check_claude.pl" made "/srv/Ä_b.日 🙂" &&
	long=/srv/$(printf "a%.0s" $(seq 240)) && "$VV_BUILD/tests/tools/write_passage" claude-code long "$long" >said &&
	ls long | grep -E "^-srv-a{195}-[0-9a-z]+$"
'

test_case 'what was compacted is told from there on' '
	new_vault && new_home && mkdir -p here && vvault import --format claude-code "$VV_TOP/tests/resume/sessions/claude-code.jsonl" >/dev/null &&
	say() { printf "{\"uuid\":\"%s0000000-0000-4000-8000-000000000000\",\"parentUuid\":%s,\"sessionId\":\"c0000000-0000-4000-8000-000000000000\",\"timestamp\":\"2026-11-01T10:00:0%sZ\",\"cwd\":\"/srv/heron\",%s}\n" "$1" "$2" "$1" "$3"; } &&
	{
		say 1 null "\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"old words\"}" &&
		say 2 "\"10000000-0000-4000-8000-000000000000\"" "\"type\":\"system\",\"subtype\":\"compact_boundary\",\"content\":\"Conversation compacted\",\"logicalParentUuid\":\"10000000-0000-4000-8000-000000000000\"" | sed "s/\"parentUuid\":[^,]*/\"parentUuid\":null/" &&
		say 3 "\"20000000-0000-4000-8000-000000000000\"" "\"type\":\"user\",\"isCompactSummary\":true,\"message\":{\"role\":\"user\",\"content\":\"so far: old words\"}" &&
		say 4 "\"30000000-0000-4000-8000-000000000000\"" "\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"new words\"}"
	} >compacted.jsonl && vvault import compacted.jsonl >/dev/null &&
	vvault resume session:claude-code:c0000000-0000-4000-8000-000000000000 --in "$PWD/here" --json >out &&
	jq -e ".turns == 3 and .id == \"c0000000-0000-4000-8000-000000000000\"" out &&
	jq -r "select(.uuid) | [.parentUuid == null, .subtype // .message.content] | join(\" \")" "$HOME"/.claude/projects/*/*.jsonl >words &&
	printf "true old words\ntrue compact_boundary\nfalse so far: old words\nfalse new words\n" | diff - words &&
	vvault capture --json >out && of claude-code ".messages == 0" && ids=$(jq -r .uuid "$HOME"/.claude/projects/*/*.jsonl | cut -c 1 | tr -d "\n") &&
	test "${ids#*1}" != "$ids"
'

done_testing
