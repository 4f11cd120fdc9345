#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/written.sh"

agent=roo place=rooveterinaryinc.roo-cline checker=check_roo.pl
id=5eed0000-0000-4000-8000-000000000001
export agent place checker id

test_case 'what is written is what Roo Code takes up, the same each time' '
	makes && checks made told && as_sample told && makes again && diff -r made again &&
	grep -qx "command code /srv/proj" made.said && grep -q "^note choose it from" made.said
'

test_case 'the checker finds what Roo Code would not take up' '
	refuses tasks/$id/api_conversation_history.json <<-"END" &&
	s/^\[/{/                                          :: is no JSON
	s/"tool_use_id":"call_1"/"tool_use_id":"call_9"/  :: has a result of no call that is open
	s/"tool_use_id":"call_1"/"tool_use_id":"call_2"/  :: comes before the results of: call_1
	s/"ts":1777885201000/"ts":1777885199000/          :: is earlier than one above it
	s/<user_message>\\n//                             :: has words of a person without their tags
	s/Thank you\./Thanks./                            :: shows it in another place than it is told
	s/"content":\[\{"text":"FAIL/"content":{},"x":[{"text":"FAIL/ :: has a result that is no list
	s/"data":"[^"]*"/"data":"?"/                      :: has a picture that is none
	s/("input":\{\},"name":"Write","type":")tool_use/$1tool/ :: has a block that is not known: tool
	s/"role":"assistant"/"role":"system"/             :: is said by nobody who is known: system
	END
	refuses tasks/$id/ui_messages.json <<-"END" &&
	s/Thank you\./Thanks./                            :: shows it in another place than it is told
	s/"say":"text"/"say":"error"/                     :: shows what is not known
	s/"ts":1777885200000/"ts":"1"/                    :: has no time in milliseconds
	END
	refuses tasks/$id/history_item.json <<-"END"
	s/("id":")5/${1}4/                                :: has another id than its folder
	s/("workspace":")/$1\/other/                      :: goes on in another folder
	s/"task":.*?,"tok/"tok/                           :: has no title
	s/"number":1,//                                   :: has no number
	END
'

done_testing
