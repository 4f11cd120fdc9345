#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# What a format has got since the importer was written: what is said in it is
# read and found, what only programs care for is kept and not shown.

# found <words>: they stand in the content of one message, and search has it.
found() {
	vvault read --all "$(vvault ls --json "$name" session | jq -r .entity)" >talk &&
	grep "$1" talk >/dev/null && vvault grep --all "$1" >hits 2>/dev/null &&
	grep "$1" hits >/dev/null
}

# quiet <words>: no content has them, though they are kept.
quiet() {
	vvault ls --json "$name" message >all && grep "$1" all >/dev/null &&
	jq -rs "map(.state.content) | join(\" \")" all >said && ! grep "$1" said
}

test_case 'Copilot CLI: an event of an unknown type' '
	name=copilot && cat >events.jsonl <<-E &&
	{"type":"session.start","data":{"sessionId":"s1","startTime":"2026-05-01T08:00:00Z"},"id":"e1","timestamp":"2026-05-01T08:00:00Z","parentId":null}
	{"type":"user.message","data":{"content":"How deep?"},"id":"e2","timestamp":"2026-05-01T08:00:01Z","parentId":"e1"}
	{"type":"garden.verdict","data":{"verdictId":"quiet-one two","finding":{"label":"Newts live in the deep end."}},"id":"e3","timestamp":"2026-05-01T08:00:02Z","parentId":"e2"}
	E
	new_vault && vvault import events.jsonl >/dev/null &&
	found "Newts live in the deep end." && quiet "quiet-one two"
'

test_case 'VS Code: a piece of an answer of an unknown kind' '
	name=copilot && cat >chat.json <<-E &&
	{"version":3,"requesterUsername":"r","responderUsername":"c","sessionId":"c1","requests":[{"requestId":"q1","message":{"text":"How deep?"},"timestamp":1777622400000,"responseId":"a1","response":[{"value":"Look:"},{"kind":"gardenCard","cardId":"quiet-one two","body":{"value":"Newts live in the deep end."}}]}]}
	E
	new_vault && vvault import chat.json >/dev/null &&
	found "Newts live in the deep end." && quiet "quiet-one two"
'

test_case 'Gemini CLI: a message of an unknown type, a part of one' '
	name=gemini && cat >session.json <<-E &&
	{"sessionId":"g1","projectHash":"p","startTime":"2026-05-01T08:00:00Z","lastUpdated":"2026-05-01T08:00:03Z","messages":[
	{"id":"m1","timestamp":"2026-05-01T08:00:01Z","type":"user","content":[{"text":"How deep?"},{"gardenCard":{"cardId":"quiet-one two","words":"Newts live in the deep end."}}]},
	{"id":"m2","timestamp":"2026-05-01T08:00:02Z","type":"verdict","finding":{"label":"Reeds and sedges grow."}}]}
	E
	new_vault && vvault import session.json >/dev/null &&
	found "Newts live in the deep end." && found "Reeds and sedges grow." &&
	quiet "quiet-one two"
'

test_case 'Claude Code: a record of an unknown type, a block of one' '
	name=claude-code && cat >session.jsonl <<-E &&
	{"type":"user","uuid":"u1","parentUuid":null,"sessionId":"s1","timestamp":"2026-05-01T08:00:01Z","cwd":"/a pond","gitBranch":"main","message":{"role":"user","content":"How deep?"}}
	{"type":"assistant","uuid":"u2","parentUuid":"u1","sessionId":"s1","timestamp":"2026-05-01T08:00:02Z","message":{"id":"m1","role":"assistant","model":"m","content":[{"type":"garden_card","card_id":"quiet-one two","words":"Newts live in the deep end."}]}}
	{"type":"garden-verdict","uuid":"u3","parentUuid":"u2","sessionId":"s1","timestamp":"2026-05-01T08:00:03Z","cwd":"/a pond","gitBranch":"main","finding":{"label":"Reeds and sedges grow."}}
	E
	new_vault && vvault import session.jsonl >/dev/null &&
	found "Newts live in the deep end." && found "Reeds and sedges grow." &&
	quiet "quiet-one two" && vvault read session:claude-code:s1 | grep Newts
'

done_testing
