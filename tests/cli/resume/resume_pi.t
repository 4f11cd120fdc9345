#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/written.sh"

agent=pi place=.pi/agent/sessions checker=check_pi.pl accepted=${VV_SHARED:+$VV_SHARED/tools/resume/pi}
id=5eed0000-0000-4000-8000-000000000001
log=--srv-proj--/2026-05-04T09-00-00-000Z_$id.jsonl
export agent place checker accepted id log

test_case 'what is written is what Pi takes up, the same each time' '
	makes && checks made told && as_sample told && makes again && diff -r made again &&
	grep -qx "command pi --session $id" made.said
'

test_case 'shared: a session that Pi itself took up is right' '
	test -n "${VV_SHARED:-}" || skip_case "no shared data here"
	checks_accepted
'

test_case 'the checker finds what Pi would not take up' '
	refuses $log <<-"END" &&
	s/.*\n//                                          :: does not begin with the session
	s/"version":3/"version":"3"/                      :: does not begin with the session
	s/("cwd":)"[^"]*"/$1"\/srv\/other"/               :: goes on in another folder
	s/("id":")5eed/${1}5eee/                          :: has another id than its file
	s/"parentId":null,//                              :: does not go on from the line before
	s/("parentId":")00000002/${1}00000001/            :: does not go on from the line before
	s/("id":")00000003/${1}00000002/                  :: says it twice
	s/("id":")00000003/${1}3/                         :: has no id of eight digits
	s/("timestamp":)"[^"]*"/${1}1777885200/           :: has no time to the millisecond
	s/("timestamp":)1777885200000/${1}"09:00"/        :: has no time of its own
	s/"usage":\{.*?\}.*?\}/"usage":null/              :: has no usage
	s/"totalTokens":0/"total":0/                      :: does not say its use as a whole
	s/"api":"[^"]*",//                                :: has no api
	s/"provider":"[^"]*",//                           :: has no provider
	s/"stopReason":"toolUse"/"stopReason":"stop"/     :: ends for another reason than it says
	s/("toolName":")r/$1R/                            :: has another tool than its call
	s/"isError":false,//                              :: does not say whether it failed
	s/.*"toolCallId":"call_1".*\n//                   :: does not go on from the line before
	s/"toolCallId":"call_1"/"toolCallId":"call_9"/    :: has a result of no call that is open
	s/"data":"[^"]*"/"data":"?"/                      :: has a picture that is none
	s/Thank you\./<system-reminder>x/                 :: a block is of the old machine
	s/"type":"session_info"/"type":"other"/           :: is of a type that is not known: other
	END
	refuses_name $log --srv_proj--/2026-05-04T09-00-00-000Z_$id.jsonl "is not in the folder" &&
	refuses_name $log --srv-proj--/$id.jsonl "is not found by its name"
'

test_case 'what is written is what OpenClaw takes up, once in its list' '
	agent=openclaw place=.openclaw/agents sessions=made/.openclaw/agents/main/sessions && makes &&
	checks made told && as_sample told && cp $sessions/sessions.json one && makes && cmp one $sessions/sessions.json &&
	grep -qx "command openclaw tui --session agent:main:$id" made.said &&
	printf "{\n  \"agent:main:main\": {\n    \"sessionId\": \"x\", \"updatedAt\": 1\n  }\n}\n" >$sessions/sessions.json &&
	makes && checks made && sed -n 2,4p $sessions/sessions.json >got && cat >want <<-"END" &&
	  "agent:main:main": {
	    "sessionId": "x", "updatedAt": 1
	  },
	END
	diff want got && echo "[]" >$sessions/sessions.json && ! makes 2>err && grep "is no list of sessions" err &&
	echo "{" >$sessions/sessions.json && ! makes 2>err && grep "sessions.json. is no JSON: .*line 2" err
'

test_case 'the checker finds what OpenClaw would not take up' '
	agent=openclaw place=.openclaw/agents && refuses main/sessions/sessions.json <<-"END"
	s/agent:main:/agent:other:/     :: is not this agent
	s/"sessionId":"5/"sessionId":"4/ :: is listed 0 times
	s/"updatedAt":\d+/"updatedAt":"1"/ :: has no session
	s/^\{/[/                        :: there is no list of sessions
	END
'

done_testing
