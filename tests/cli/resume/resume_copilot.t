#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/written.sh"

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

done_testing
