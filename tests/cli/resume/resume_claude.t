#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/written.sh"

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

done_testing
