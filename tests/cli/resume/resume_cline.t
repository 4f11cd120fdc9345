#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/written.sh"

agent=cline place=.cline/data checker=check_cline.pl accepted=${VV_SHARED:+$VV_SHARED/tools/resume/cline}
id=5eed0000-0000-4000-8000-000000000001
stem=sessions/$id/$id
export agent place checker accepted id stem

# It must say where it lies.
makes() {
	"$VV_BUILD/tests/tools/write_passage" cline "$PWD/${1:-made}/$place" /srv/proj >"${1:-made}.said"
}

test_case 'what is written is what Cline takes up, the same each time' '
	makes && checks made told && as_sample told && mv made one && makes && diff -r made one &&
	grep -qx "command cline --id $id" made.said &&
	jq -e ".messages_path == \"$PWD/made/$place/$stem.messages.json\"" made/$place/$stem.json
'

test_case 'shared: a session that Cline itself took up is right' '
	test -n "${VV_SHARED:-}" || skip_case "no shared data here"
	checks_accepted
'

test_case 'the checker finds what Cline would not take up' '
	refuses $stem.json <<-"END" &&
	s/"messages_path":"[^"]*",//       :: does not lead to its messages
	s/("messages_path":")\//$1/        :: does not lead to its messages
	s/"status":"completed"/"status":"running"/ :: is still running
	s/("cwd":)"[^"]*"/$1"\/srv\/other"/ :: goes on in another folder
	s/("session_id":")5/${1}4/         :: has another id than its file
	s/"started_at":"[^"]*",//          :: has no times
	s/"metadata":.*?\},//              :: has no title
	END
	refuses $stem.messages.json <<-"END"
	s/("content":"FAIL[^}]*)"name":"[^"]*",/$1/       :: has a result without the name of its tool
	s/"tool_use_id":"call_1"/"tool_use_id":"call_9"/  :: has a result of no call that is open
	s/\{"content":\[\{"content":"FAIL.*?\},(?=\{"content":\[\{"content":\[)// :: comes before the results of: call_1
	s/("id":")vv_000002"/${1}vv_000001"/              :: has an id twice: vv_000001
	s/"ts":1777885201000/"ts":1777885199000/          :: is earlier than one above it
	s/"ts":1777885201000/"ts":"09:00"/                :: has no time in milliseconds
	s/"modelInfo":\{.*?\},//                          :: does not say its model
	s/"sessionId":"5/"sessionId":"4/                  :: is of another session
	s/"data":"[^"]*"/"data":"?"/                      :: has a picture that is none
	s/"type":"image"/"type":"img"/                    :: has a block that is not known: img
	s/Thank you\./<system-reminder>x/                 :: a block is of the old machine
	s/"agent":"lead"/"agent":"other"/                 :: is of no agent that leads
	END
'

done_testing
