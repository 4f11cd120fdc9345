#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/written.sh"
. "$(dirname "$0")/going_on.sh"

agent=continue place=.continue/sessions checker=check_continue.pl
id=5eed0000-0000-4000-8000-000000000001
export agent place checker id

test_case 'what is written is what Continue takes up, the same each time' '
	makes && checks made told && as_sample told && makes again && diff -r made again && makes && diff -r made again &&
	grep -qx "command cn --resume" made.said
'

test_case 'other sessions stay as they are in the list; a folder with a blank is an address' '
	mkdir -p made/$place && printf "[\n  {\"sessionId\": \"x\",\n   \"title\": \"other\"}\n]\n" >made/$place/sessions.json &&
	"$VV_BUILD/tests/tools/write_passage" continue made/$place "/srv/my projé" >said && head -n 3 made/$place/sessions.json >got &&
	printf "[\n  {\"sessionId\": \"x\",\n   \"title\": \"other\"},\n" | diff - got &&
	jq -e ".[1].workspaceDirectory == \"file:///srv/my%20proj%C3%A9\"" made/$place/sessions.json
'

test_case 'the checker finds what Continue would not take up' '
	refuses $id.json <<-"END" &&
	s/("sessionId":")5/${1}4/                         :: has another id than its file
	s/("workspaceDirectory":")file:/$1/               :: goes on in another folder
	s/"title":.*?","w/"w/                             :: has no title
	s/("arguments":)"\{\}"/$1\{\}/                    :: has arguments that are no text
	s/"status":"done"/"status":"calling"/             :: has a call that is not at its end
	s/("toolCallId":")call_1/${1}call_9/              :: has a state of no call
	s/"output":\[[^\]]*\]/"output":[]/                :: has a call without what it gave
	s/"toolCallStates":/"toolCallSt":/                :: has calls without what came of them
	s/;base64,/;base65,/                              :: has a picture that is none
	s/"contextItems":\[\],//                          :: has no items of context
	s/"role":"assistant"/"role":"tool"/               :: is said by nobody who is known: tool
	END
	refuses sessions.json <<-"END"
	s/5eed/5eee/                                      :: is listed 0 times
	s/"dateCreated":"(\d+)"/"dateCreated":$1/         :: has no time of its begin
	s/("workspaceDirectory":")file:/$1/               :: goes on in another folder
	END
'

test_case 'the session that goes on is the one that Continue takes: that written last' '
	new_vault && new_home && old_session && here &&
	vvault resume "$session" --as continue --in "$PWD/here" --json >out && file=$(jq -r ".files[0].path" out) && cp "$file" one &&
	touch -d "2 hours ago" "$file" && echo "{}" >"$HOME/$place/later.json" && touch -d "1 hour ago" "$HOME/$place/later.json" &&
	vvault resume "$session" --as continue --in "$PWD/here" --dry-run >/dev/null && test "$HOME/$place/later.json" -nt "$file" &&
	vvault resume "$session" --as continue --in "$PWD/here" --json >out && jq -e ".state == \"here\"" out &&
	test "$file" -nt "$HOME/$place/later.json" && cmp one "$file"
'

done_testing
