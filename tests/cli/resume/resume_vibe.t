#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/written.sh"

agent=vibe place=.vibe/logs/session checker=check_vibe.pl
id=5eed0000-0000-4000-8000-000000000001
folder=session_20260504_090000_5eed0000
export agent place checker id folder

test_case 'what is written is what Vibe takes up, the same each time' '
	makes && checks made told && sed "1s/\[file clock[^]]*\]\\\\n\\\\n//" told >plain && as_sample plain &&
	makes again && diff -r made again && grep -qx "command vibe --resume $id" made.said
'

test_case 'the checker finds what Vibe would not take up' '
	refuses $folder/messages.jsonl <<-"END" &&
	s/.*\n\z//                                        :: does not say how many messages there are
	s/"message_id":"[^"]*",//                         :: has no id
	s/("arguments":)"\{\}"/$1\{\}/                    :: has arguments that are no text
	s/"index":1/"index":0/                            :: has a call out of its order
	s/"tool_call_id":"call_1"/"tool_call_id":"call_9"/ :: has a result of no call that is open
	s/.*"tool_call_id":"call_1".*\n//                 :: comes before the results of: call_1
	s/("name":")read(.*"tool")/$1Read$2/              :: has another tool than its call
	s/("content":)"Thank you."/$1null/                :: has no text
	s/"role":"user"/"role":"system"/                  :: is said by nobody who is known: system
	END
	refuses $folder/meta.json <<-"END"
	s/"total_messages":11/"total_messages":10/        :: does not say how many messages there are
	s/"session_id":"5/"session_id":"4/                :: is found by no name
	s/("working_directory":")/$1\/other/              :: goes on in another folder
	s/"start_time":"[^"]*",//                         :: has no times
	s/"title":.*?","t/"t/                             :: has no title
	END
'

done_testing
