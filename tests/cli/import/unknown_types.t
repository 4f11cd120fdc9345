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

test_case 'Gemini CLI: a line of a log of an unknown kind' '
	name=gemini && cat >session.jsonl <<-"E" &&
	{"sessionId":"g2","projectHash":"p","startTime":"2026-05-01T08:00:00Z","lastUpdated":"2026-05-01T08:00:03Z"}
	{"id":"m1","timestamp":"2026-05-01T08:00:01Z","type":"user","content":[{"text":"How deep?"}]}
	{"timestamp":"2026-05-01T08:00:02Z","type":"oddity","note":"Newts live in the deep end."}
	{"$note":{"note_id":"quiet-one two","words":"Reeds and sedges grow."}}
	{"$mark":{"mark_id":"quiet one"}}
	{"id":"m3","timestamp":"2026-05-01T08:00:03Z","type":"gemini","content":"Eighty."}
	E
	new_vault && vvault import --json session.jsonl >out && found "Newts live in the deep end." &&
	found "Reeds and sedges grow." && quiet "quiet-one two" &&
	jq -e "[.sources[0].skipped[].count] == [1]" out
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

test_case 'ChatGPT: content of an unknown type, and a part of one' '
	name=chatgpt && cat >conversations.json <<-E &&
	[{"title":"t","create_time":1777622400,"update_time":1777622500,"id":"c1","conversation_id":"c1","current_node":"b","mapping":{
	"a":{"id":"a","parent":null,"children":["b"],"message":{"id":"a","author":{"role":"assistant"},"create_time":1777622401,"content":{"content_type":"garden_card","card_id":"quiet-one two","words":[{"label":"Newts live in the deep end."}]}}},
	"b":{"id":"b","parent":"a","children":[],"message":{"id":"b","author":{"role":"assistant"},"create_time":1777622402,"content":{"content_type":"multimodal_text","parts":["Look:",{"content_type":"garden_note","note":"Reeds and sedges grow."},{"content_type":"image_asset_pointer","asset_pointer":"file-service://x","metadata":{"dalle":{"prompt":"nobody says so here"}}}]}}}}}]
	E
	new_vault && vvault import conversations.json >/dev/null &&
	found "Newts live in the deep end." && found "Reeds and sedges grow." &&
	quiet "quiet-one two" && quiet "nobody says so here" &&
	vvault export chatgpt --format chatgpt >back.json && vvault init w >/dev/null &&
	vvault -C w import back.json >/dev/null && for v in v w; do
		vvault -C $v ls --json chatgpt message | jq -cS "[.entity, .state]" | sort >$v.txt
	done && diff v.txt w.txt
'

test_case 'Claude.ai: a block of an unknown type, which is never a person says' '
	name=claude && cat >conversations.json <<-E &&
	[{"uuid":"c1","name":"t","created_at":"2026-05-01T08:00:00Z","updated_at":"2026-05-01T08:00:09Z","chat_messages":[
	{"uuid":"a","text":"How deep?","content":[{"type":"text","text":"How deep?"},{"type":"injected_card","text":"quiet one two"}],"sender":"human","created_at":"2026-05-01T08:00:01Z","attachments":[],"files":[]},
	{"uuid":"b","text":"Look:","content":[{"type":"text","text":"Look:"},{"type":"garden_card","body":{"label":"Newts live in the deep end."}}],"sender":"assistant","created_at":"2026-05-01T08:00:02Z","attachments":[],"files":[]}]}]
	E
	new_vault && vvault import conversations.json >/dev/null &&
	found "Newts live in the deep end." && quiet "quiet one two" &&
	vvault export claude --format claude >back.json && vvault init w >/dev/null &&
	vvault -C w import back.json >/dev/null && for v in v w; do
		vvault -C $v ls --json claude message | jq -cS "[.entity, .state]" | sort >$v.txt
	done && diff v.txt w.txt && jq -e "[.[0].chat_messages[].text] == [\"How deep?\", \"Look:\"]" back.json
'

test_case 'Letta, OpenAI: content of an unknown type' '
	name=juniper && new_vault && jq "(.agents[0].messages[] | select(.role == \"assistant\") | .content) |=
		[{type: \"garden_card\", card_id: \"quiet-one two\", label: \"Newts live in the deep end.\"}]" \
		"$VV_TOP/tests/data/af/juniper.af" >agent.af && vvault import agent.af >/dev/null &&
	vvault grep --all "Newts live in the deep end." >hits && test -s hits && quiet "quiet-one two" &&
	cat >talk.jsonl <<-E &&
	{"messages":[{"role":"user","content":"How deep?"},{"role":"assistant","content":[{"type":"garden_card","card_id":"quiet-one two","label":"Reeds and sedges grow."}]}]}
	E
	vvault import --construct pond talk.jsonl >/dev/null && name=pond &&
	found "Reeds and sedges grow." && quiet "quiet-one two"
'

done_testing
