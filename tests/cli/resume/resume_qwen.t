#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/written.sh"
. "$(dirname "$0")/story.sh"

agent=qwen place=.qwen/projects checker=check_qwen.pl accepted=${VV_SHARED:+$VV_SHARED/tools/resume/qwen}
id=5eed0000-0000-4000-8000-000000000001
log=-srv-proj/chats/$id.jsonl
export agent place checker accepted id log

test_case 'what is written is what Qwen Code takes up, the same each time' '
	makes && checks made told && as_sample told && makes again && diff -r made again &&
	grep -qx "command qwen --resume $id" made.said
'

test_case 'shared: a session that Qwen Code itself took up is right' '
	test -n "${VV_SHARED:-}" || skip_case "no shared data here"
	checks_accepted
'

test_case 'the checker finds what Qwen Code would not take up' '
	refuses $log <<-"END" &&
	s/("cwd":)"[^"]*"/$1"\/srv\/other"/               :: is of another folder
	s/("sessionId":")5eed/${1}5eee/                   :: is of another session
	s/"parentUuid":null,//                            :: does not go on from the record before
	s/("parentUuid":")[^"]/${1}x/                     :: does not go on from the record before
	s/("uuid":)"[^"]*"/${1}1/                         :: has no id
	s/("uuid":")(?!efcb)[^"]*/${1}efcb5f88-5de9-43a6-86ae-5b7fa2c097d5/ :: says it twice
	s/,"version":"[^"]*"//                            :: has no version
	s/\.000Z/Z/                                       :: has no time to the millisecond
	s/09:02:01\.000Z/09:01:59.000Z/                   :: is earlier than one above it
	s/"type":"user"/"type":"info"/                    :: is of a type that is not known: info
	s/"role":"model"/"role":"assistant"/              :: is said by another than its type says
	s/("parts":)\[\{"text":"Thank you."\}\]/$1\[\]/   :: has no message
	s/"model":"gpt-5.2",//                            :: has no model
	s/"data":"[^"]*"/"data":"?"/                      :: has a file that is none
	s/("text":"Let)/"thought":true,$1/                :: has a member that is not known: thought
	s/("text":")Thank you/$1<system-reminder>/        :: a part is of the old machine
	s/"functionCall"/"functionCal"/                   :: has a part that is not known: functionCal
	s/("functionResponse":\{"id":"call_1","name":")r/$1R/ :: has a result of another call
	s/("callId":")call_1/$1call_2/                    :: has a result of another call
	s/"error":"no/"output":"no/                       :: has no error
	s/"status":"error"/"status":"cancelled"/          :: has a status that is not known: cancelled
	s/("response":)\{"output":"FAIL.*?\}/$1null/      :: has a result without its response
	s/"type":"tool_result"/"type":"user"/             :: has a part that is not known: functionResponse
	s/("args":\{"n":1[^}]*\},"id":")call_1/$1call_9/  :: comes before the results of: call_9
	s/("args":\{"n":2[^}]*\},"id":")call_2/$1call_1/  :: calls twice by one id: call_1
	s/"args":\{\}/"args":[]/                          :: calls with what is no object
	s/"subtype":"custom_title"/"subtype":"ui_telemetry"/ :: notes what is not known
	s/"customTitle":.*?,"titleS/"titleS/              :: has no title
	s/\n/\n\n/                                        :: is no JSON object
	END
	refuses_name $log -srv_proj/chats/$id.jsonl "is not in the folder" &&
	refuses_name $log -srv-proj/chats/tuesday.jsonl "is not found by its name"
'

test_case 'a folder is called by its units of UTF-16' '
	"$VV_BUILD/tests/tools/write_passage" qwen made "/srv/Ä_b.日 🙂" >said && ls made >got && echo "-srv---b-----" | diff - got &&
	NOW=1777971700 perl "$VV_TOP/tests/resume/check_qwen.pl" made "/srv/Ä_b.日 🙂"
'

test_case 'a session of Claude Code goes on in Qwen Code, and what comes of it is in the same session' '
	goes_on run_shell_command mcp__x__see edit && last=$(tail -n 1 "$file" | jq -r .uuid) &&
	both="\"sessionId\":\"$id\",\"cwd\":\"$(pwd -P)/here\",\"version\":\"0.24.4\"" && cat >>"$file" <<-END && comes_back
	{"uuid":"2fa4bd0e-39be-451e-b867-0f2598355278","parentUuid":"$last",$both,"timestamp":"2026-11-30T10:42:56.782Z","type":"user","provenance":"real_user","message":{"role":"user","parts":[{"text":"go on"}]}}
	{"uuid":"d40cd750-5609-4c55-a893-d996baa3bfae","parentUuid":"2fa4bd0e-39be-451e-b867-0f2598355278",$both,"timestamp":"2026-11-30T10:42:56.799Z","type":"system","provenance":"system","subtype":"custom_title","systemPayload":{"customTitle":"The \\"Tuesday\\" bug","titleSource":"manual"}}
	{"uuid":"a8a4d840-aca1-496f-a518-abd498c96853","parentUuid":"2fa4bd0e-39be-451e-b867-0f2598355278",$both,"timestamp":"2026-11-30T10:42:57.362Z","type":"system","provenance":"system","subtype":"ui_telemetry","systemPayload":{"uiEvent":{"event.name":"x"}}}
	{"uuid":"b4ef9919-0a5c-48bb-a634-348201823472","parentUuid":"a8a4d840-aca1-496f-a518-abd498c96853",$both,"timestamp":"2026-11-30T10:42:57.364Z","type":"assistant","provenance":"assistant_output","model":"qwen3-coder","message":{"role":"model","parts":[{"text":"As before."}]}}
	END
'

done_testing
