#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/written.sh"

agent=kimi place=.kimi/sessions checker=check_kimi.pl
id=5eed0000-0000-4000-8000-000000000001
folder=$(printf /srv/proj | md5sum | cut -c1-32)/$id
export agent place checker id folder

test_case 'what is written is what Kimi takes up, the same each time' '
	makes && checks made told && as_sample told && makes again && diff -r made again &&
	grep -qx "command kimi --session $id" made.said
'

test_case 'a folder that kimi.json names already is left as it is there' '
	mkdir -p made/.kimi && cat >made/.kimi/kimi.json <<-"END" && cp made/.kimi/kimi.json one && makes && checks made && cmp one made/.kimi/kimi.json
	{"work_dirs": [{"path": "/srv/proj", "kaos": "local", "last_session_id": "x"}], "other": {"a": 1}}
	END
	echo "{\"other\": {\"a\": 1}}" >made/.kimi/kimi.json && makes && checks made &&
	jq -e ".other.a == 1 and .work_dirs[0].path == \"/srv/proj\"" made/.kimi/kimi.json
'

test_case 'the checker finds what Kimi would not take up' '
	refuses $folder/context.jsonl <<-"END" &&
	s/.*\n//                                          :: does not begin with a checkpoint
	s/("arguments":)"\{\}"/$1\{\}/                    :: has arguments that are no text
	s/"tool_call_id":"call_1"/"tool_call_id":"call_9"/ :: has a result of no call that is open
	s/.*"tool_call_id":"call_1".*\n//                 :: comes before the results of: call_1
	s/"role":"tool"/"role":"function"/                :: is said by nobody who is known: function
	s/;base64,/;base65,/                              :: has a picture that is none
	s/Thank you\./Thanks./                            :: shows something else than is told
	s/("text":")Thank you\./$1<system-reminder>/      :: a part is of the old machine
	END
	refuses $folder/wire.jsonl <<-"END" &&
	s/.*\n//                                          :: does not begin with its version
	s/("timestamp":)1777885201/${1}1777885199/        :: is earlier than one above it
	s/("timestamp":)1777885201/${1}"09:00"/           :: has no time in seconds
	s/"is_error":false,//                             :: does not say whether it failed
	s/.*"ToolCall".*\n//                              :: shows something else than is told
	END
	refuses $folder/state.json <<-"END" &&
	s/"custom_title":.*?","t/"t/                      :: has no title
	s/"archived":false/"archived":true/               :: is put away
	END
	refuses ../kimi.json <<-"END"
	s/("path":")/$1\/other/                           :: names the folder 0 times
	END
'

done_testing
