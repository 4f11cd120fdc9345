#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/written.sh"

agent=opencode place=.cache/vvault/resume checker=check_opencode.pl accepted=${VV_SHARED:+$VV_SHARED/tools/resume/opencode}
id=ses_5eed0000000040008000000000
export agent place checker accepted id

# The file is no part of the agent's own folder.
makes() {
	HOME="$PWD/${1:-made}" XDG_CACHE_HOME=/nowhere "$VV_BUILD/tests/tools/write_passage" opencode "${1:-made}/x" /srv/proj >"${1:-made}.said"
}

test_case 'what is written is what OpenCode imports, the same each time' '
	mkdir made again && makes && checks made told && sed "1s/\\\\nTuesdays only\\\\n//" told >plain && as_sample plain &&
	makes again && diff -r made again && grep -qx "before opencode import $PWD/made/$place/$id.json" made.said &&
	grep -qx "command opencode -s $id" made.said
'

test_case 'the cache is where the person has it, if that is at home; an id of its own comes back' '
	mkdir made && HOME=$PWD/made XDG_CACHE_HOME=$PWD/made/c "$VV_BUILD/tests/tools/write_passage" opencode x /srv/proj ses_own >said &&
	test -f made/c/vvault/resume/ses_own.json && grep -qx "command opencode -s ses_own" said &&
	jq -e ".info.id == \"ses_own\" and all(.messages[].info; .sessionID == \"ses_own\")" made/c/vvault/resume/ses_own.json
'

test_case 'shared: a file that OpenCode itself imported is right' '
	test -n "${VV_SHARED:-}" || skip_case "no shared data here"
	place=. && checks_accepted
'

test_case 'the checker finds what OpenCode would not import' '
	mkdir made && refuses $id.json <<-"END"
	s/"slug":"[^"]*",//                               :: has no slug
	s/("id":")ses_/${1}sess-/                         :: has an id that is none of its kind
	s/("directory":")/$1\/other/                      :: goes on in another folder
	s/("time":\{"created":)\d+,"updated":\d+/$1"x"/   :: has no times
	s/("id":"msg_)0/${1}9/                            :: stands before the one above it
	s/("id":")msg_0/$1\/prt_0/                        :: has an id that is none of its kind
	s/("sessionID":")ses/${1}sex/                     :: is of another session
	s/("messageID":")msg/${1}mag/                     :: is of another message
	s/("created":)1777885201000/${1}1777885199000/    :: is earlier than one above it
	s/"mode":"build",//                               :: has no mode
	s/("parentID":")msg/${1}mag/                      :: does not answer the last prompt
	s/"finish":"tool-calls"/"finish":"stop"/          :: ends for another reason than it says
	s/"model":\{"modelID":"[^"]*",/"model":{/         :: is asked of no model
	s/"status":"completed"/"status":"running"/        :: has a call in a state that is not known: running
	s/"output":"FAIL[^"]*",//                         :: has a call without what came of it
	s/"end":1777885202000/"end":1/                    :: has a call without its times
	s/"input":\{"n":1/"input":[1],"x":{"n":1/         :: calls with what is no object
	s/call_2/call_1/g                                 :: calls twice by one id: call_1
	s/;base64,/;base65,/                              :: has a file that is none
	s/Thank you\./<system-reminder>x/                 :: a part is of the old machine
	END
'

done_testing
