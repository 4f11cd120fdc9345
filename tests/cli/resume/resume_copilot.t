#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/written.sh"
. "$(dirname "$0")/story.sh"

agent=copilot-cli place=.copilot/session-state checker=check_copilot.pl accepted=${VV_SHARED:+$VV_SHARED/tools/resume/copilot-cli}
id=5eed0000-0000-4000-8000-000000000001
export agent place checker accepted id

test_case 'what is written is what Copilot CLI takes up, the same each time' '
	makes && checks made told && as_sample told && makes again && diff -r made again &&
	grep -qx "command copilot --resume=$id" made.said
'

test_case 'shared: a session that Copilot CLI itself took up is right' '
	test -n "${VV_SHARED:-}" || skip_case "no shared data here"
	checks_accepted
'

test_case 'the checker finds what Copilot CLI would not take up' '
	refuses $id/events.jsonl <<-"END" &&
	s/.*\n//                                          :: does not begin with session.start
	s/("sessionId":")5eed/${1}5eee/                   :: is of another session
	s/"version":1/"version":"1"/                      :: has another version than 1
	s/"producer":"vvault",//                          :: has no producer
	s/"copilotVersion":"[^"]*",//                     :: has no copilotVersion
	s/"startTime":"[^"]*",//                          :: has no time of its begin
	s/"cwd":"[^"]*"/"cwd":"\/srv\/other"/             :: goes on in another folder
	s/("parentId":")[^"]/${1}x/                       :: does not go on from the event before
	s/("id":")(?!0e3e)[^"]*(","parentId)/${1}0e3e48ed-3f64-45fb-b500-7119e7c9ca9b$2/ :: says it twice
	s/\.000Z(","type":"user)/Z$1/                     :: has no time to the millisecond
	s/09:02:01\.000Z/09:01:59.000Z/                   :: is earlier than one above it
	s/"content":"Thank you\."/"content":""/           :: what is asked is no text
	s/("content":")Thank you/$1<current_datetime>/    :: what is asked is of the old machine
	s/"data":"[^"]*"/"data":"?"/                      :: has a file that is none
	s/"type":"blob"/"type":"file"/                    :: has a file that is none
	s/"messageId":"[^"]*",//                          :: has no id of the message
	s/("messageId":")[^"]*/${1}m/g                    :: says it twice
	s/"toolRequests":\[\]/"toolRequests":null/        :: has no list of calls
	s/"content":"You are welcome\."/"content":""/     :: says nothing
	s/"type":"function"/"type":"custom"/              :: calls what is no function
	s/("toolName":")read/$1write/                     :: begins what nobody called
	s/.*"tool.execution_start".*\n//                  :: ends what has not begun
	s/"success":true/"success":"yes"/                 :: does not say whether it went well
	s/("result":)\{"content":"FAIL.*?\}/$1\{\}/       :: has no result
	s/"error":\{"message":"no/"result":{"content":"no/ :: has no result
	s/.*"FAIL.*\n//                                   :: comes before the results of: call_1
	s/"type":"user.message"/"type":"hook.start"/      :: is of a type that is not known: hook.start
	s/("messageId":")/"reasoningText":"hm",$1/        :: has a member that is not known: reasoningText
	END
	refuses $id/workspace.yaml <<-"END" &&
	s/5eed/5eee/                                      :: is of another session
	s/srv/srw/                                        :: is of another folder
	s/name: .*\n//                                    :: has no name
	s/name: .*/name: Tuesday: a bug/                  :: name is no text of YAML
	s/user_named: true/user_named: false/             :: has a name that the program gives anew
	s/created_at: 2026/created_at: 26/                :: created_at is no time
	END
	refuses_name $id/events.jsonl tuesday/events.jsonl "is not found by its name" &&
	refuses_name $id/events.jsonl $id.jsonl "is not found by its name"
'

test_case 'a session of Claude Code goes on in Copilot CLI, and what comes of it is in the same session' '
	goes_on bash mcp__x__see edit && last=$(tail -n 1 "$file" | jq -r .id) && cat >>"$file" <<-END && comes_back
	{"type":"session.resume","data":{"resumeTime":"2026-11-30T10:43:02.149Z","eventCount":15,"selectedModel":"gpt-5.2","context":{"cwd":"$(pwd -P)/here"}},"id":"e1","timestamp":"2026-11-30T10:43:02.150Z","parentId":"$last"}
	{"type":"user.message","data":{"content":"go on","transformedContent":"<current_datetime>2026-11-30T10:43:02.351+00:00</current_datetime>\n\ngo on","messageId":"m1"},"id":"e2","timestamp":"2026-11-30T10:43:02.351Z","parentId":"e1"}
	{"type":"system.message","data":{"role":"system","content":"You are the GitHub Copilot CLI."},"id":"e3","timestamp":"2026-11-30T10:43:02.360Z","parentId":"e2"}
	{"type":"assistant.turn_start","data":{"turnId":"0"},"id":"e4","timestamp":"2026-11-30T10:43:02.362Z","parentId":"e3"}
	{"type":"assistant.message","data":{"messageId":"m2","model":"gpt-5.2","content":"As before.","toolRequests":[],"turnId":"0"},"id":"e5","timestamp":"2026-11-30T10:43:02.600Z","parentId":"e4"}
	{"type":"assistant.turn_end","data":{"turnId":"0"},"id":"e6","timestamp":"2026-11-30T10:43:02.631Z","parentId":"e5"}
	END
'

done_testing
