#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/written.sh"
. "$(dirname "$0")/story.sh"

agent=gemini-cli place=.gemini/tmp checker=check_gemini.pl accepted=${VV_SHARED:+$VV_SHARED/tools/resume/gemini-cli}
id=5eed0000-0000-4000-8000-000000000001
log=proj/chats/session-2026-05-04T09-00-ccf8a1ef.jsonl
export agent place checker accepted id log

# slug: what the folder of /srv/proj is called.
slug() {
	rm -rf "made/$place"/*/chats && makes && ls -d "made/$place"/*/chats | sed "s,/chats,,; s,.*/,,"
}

test_case 'what is written is what Gemini CLI takes up, the same each time' '
	makes && checks made told && sed "1s/.....file notes.txt, text.plain.//" "$VV_TOP/tests/resume/sample.told" | diff - told &&
	makes again && diff -r made again && grep -qx "command gemini --resume $id" made.said
'

test_case 'shared: a session that Gemini CLI itself took up is right' '
	test -n "${VV_SHARED:-}" || skip_case "no shared data here"
	checks_accepted
'

test_case 'the checker finds what Gemini CLI would not take up, or delete' '
	refuses $log <<-"END"
	s/("sessionId":")5eed0000/${1}ccf8a1ef/           :: is deleted: its name ends as its id begins
	s/"sessionId":"[^"]*",//                          :: has no id of the session
	s/"projectHash":"[^"]*"/"projectHash":"x"/        :: has no hash of the project
	s/("startTime":"2026-05-04T09):00/$1:01/          :: began at another time than its name says
	s/("lastUpdated":")2026-05/${1}2026-04/           :: is deleted: it is older than 30 days
	s/("lastUpdated":")2026-05/${1}2027-05/           :: is in the future
	s/"kind":"main"/"kind":"subagent"/                :: is no session of a person
	s/,"summary":"[^}]*/}/; s/\}\}/}/                 :: has no title
	s/"kind"/"messages":[],$&/                        :: has a member that is not known: messages
	s/("content":)\[(.*?)\],"id/$1"x","id/            :: asks with what are no parts
	s/\[\{"text":"Thank you."\}\]/[]/                 :: has no parts
	s/("text":")Thank/$1\/Thank/                      :: is passed over
	s/("text":")Thank/$1 ?Thank/                      :: is passed over
	s/("text":")Thank you/$1<session_context>/        :: a part is of the old machine
	s/("text":"Let)/"thought":true,$1/                :: has a thought
	s/("type":"gemini")/"thoughts":[{}],$1/           :: has thoughts
	s/"model":"gpt-5.2",//                            :: has no model
	s/"data":"[^"]*"/"data":"?"/                      :: has a file that is none
	s/"inlineData"/"functionResponse"/                :: has a part that is not known: functionResponse
	s/("result":)\[.*?\](,"status")/$1\[\]$2/         :: calls without a result
	s/("functionResponse":\{"id":")call_1/$1call_9/   :: has a result of another call
	s/("functionResponse":\{"id":"call_1","name":")r/$1R/ :: has a result of another call
	s/"error":"no/"output":"no/                       :: has no error
	s/"status":"error"/"status":"cancelled"/          :: has a status that is not known: cancelled
	s/("id":")call_2/$1call_1/g                       :: calls twice by one id: call_1
	s/"args":\{\}/"args":[]/                          :: calls with what is no object
	s/("id":")e6cced0a[^"]*/${1}x/; s/("id":")c30b[^"]*/${1}x/ :: says it twice
	s/"type":"user"/"type":"info"/                    :: is of a type that is not known: info
	s/09:02:01\.000Z/09:01:59.000Z/                   :: is earlier than one above it
	s/\n/\n{"\$set":{}}\n/                            :: has a member that is not known: $set
	s/"type":"user"/"type":"gemini","model":"x"/g     :: has nothing to take up
	END
'

test_case 'the checker finds what is wrong around a session' '
	refuses_name $log proj/chats/2026-05-04T09-00-ccf8a1ef.jsonl "is not found by its name" &&
	refuses_name $log Proj/chats/session-2026-05-04T09-00-ccf8a1ef.jsonl "is no name of a project" &&
	refuses_name proj/.project_root .project_root "does not say that it is the folder" &&
	makes && echo "{\"projects\":{\"/srv/proj\":\"x\"}}" >made/.gemini/projects.json && ! checks made >said && grep -q "is not what the folder is called" said &&
	echo "{\"projects\":{\"/srv/x\":\"proj\"}}" >made/.gemini/projects.json && ! checks made >said && grep -q "is another folder" said
'

test_case 'a folder goes by the name that it has, or a new one that is nobody else has' '
	test "$(slug)" = proj && rm -rf made && mkdir -p made/.gemini/tmp &&
	echo "{\"projects\":{\"/srv/x\":\"x\",\"/srv/proj\":\"mine\"}}" >made/.gemini/projects.json && test "$(slug)" = mine &&
	checks made && echo "{\"projects\":{\"/srv/x\":\"proj\"}}" >made/.gemini/projects.json && test "$(slug)" = mine &&
	rm -r made/$place/mine && test "$(slug)" = proj-1 && checks made &&
	rm -r made/.gemini/* && mkdir -p made/.gemini/history/proj made/$place && printf /srv/other >made/.gemini/history/proj/.project_root &&
	test "$(slug)" = proj-1 && echo /srv/proj >made/.gemini/history/proj/.project_root && rm -r made/$place/proj-1 && test "$(slug)" = proj &&
	echo "not JSON" >made/.gemini/projects.json && test "$(slug)" = proj && checks made &&
	echo "{\"projects\":{\"/srv/proj\":\"../up\"}}" >made/.gemini/projects.json && test "$(slug)" = proj
'

test_case 'a session that is there keeps the time that it was updated' '
	makes && sed -i "1s/\"lastUpdated\":\"[^\"]*\"/\"lastUpdated\":\"2026-05-04T12:34:56.789Z\"/" made/$place/$log && cp made/$place/$log before &&
	makes && cmp before made/$place/$log && sed -i "1s/.*/x/" made/$place/$log && makes && checks made
'

test_case 'a session of Claude Code goes on in Gemini CLI, and what comes of it is in the same session' '
	goes_on run_shell_command mcp__x__see replace &&
	cat >>"$file" <<-END && head -n 1 "$file" >"${file%/*}/session-2026-11-30T10-42-$(echo "$id" | cut -c1-8).jsonl" && comes_back
	{"\$set":{"sessionId":"$id"}}
	{"\$set":{"messages":[{"id":"d04923d38bb0f6017037e74183378ef4","timestamp":"2026-11-30T10:42:44.438Z","type":"user","content":[{"text":"<session_context>\nThis is the Gemini CLI.</session_context>"}]},$(tail -n +2 "$file" | jq -c "del(.model, .toolCalls) | .timestamp = \"2026-11-30T10:42:44.438Z\"" | paste -sd,)]}}
	{"id":"63f2c81c-4aa8-47f2-b83e-46da72d08fe1","timestamp":"2026-11-30T10:42:44.463Z","type":"user","content":[{"text":"go on"}]}
	{"\$set":{"lastUpdated":"2026-11-30T10:42:44.464Z"}}
	{"id":"7cc5988a-33b3-4c7e-b006-3cfbf116707a","timestamp":"2026-11-30T10:42:44.730Z","type":"gemini","content":"As before.","thoughts":[],"tokens":{"input":10,"output":3,"cached":0,"thoughts":0,"tool":0,"total":13},"model":"gemini-2.5-pro"}
	{"\$set":{"lastUpdated":"2026-11-30T10:42:44.730Z"}}
	END
'

done_testing
