#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

data=$VV_TOP/tests/data/qwen
id=0b000000-0000-4000-8000-000000000001
export data id

said() {
	state_of qwen "message:qwen:$id/$1" "$2"
}

test_case 'a session ends where it was rewound to, and what was said before stays' '
	new_vault && vvault import --json "$data/session.jsonl" >out && cat out &&
	jq -e ".construct == \"qwen\" and (.sources[0] | .imported == 19 and .skipped == [] and .guessed == 0)" out &&
	test "$(path_of qwen session:qwen:$id)" = "[\"u01\",\"u02\",\"u03\",\"u04\",\"u05\",\"u06\",\"u13\",\"u14\",\"u15\",\"u16\",\"u17\",\"u18\"]" &&
	state_of qwen session:qwen:$id ".title == \"Depths\" and .model == \"reed-2\" and
		.native == {cwd: \"/srv/heron\", gitBranch: \"main\", version: \"0.24.4\"}" &&
	said u11 ".parent == \"message:qwen:$id/u10\""
'

test_case 'who speaks, what tools gave, what the program put there' '
	new_vault && vvault import "$data/session.jsonl" >/dev/null &&
	said u01 ".role == \"user\" and .visibility == \"visible\" and .content == \"How deep is the pond?\" and
		.created == \"2026-11-03T09:00:01.500000Z\" and (.native | has(\"cwd\") | not)" &&
	said u02 ".visibility == \"meta\" and .content == \"\"" &&
	said u03 ".content == \"I measure.\" and .model == \"reed-1\" and
		(.parts | map(.type)) == [\"thinking\", \"text\", \"tool_use\", \"tool_use\"] and .parts[2].input.of == \"pond\" and
		.native.usageMetadata.promptTokenCount == 5" &&
	said u04 ".role == \"tool\" and .content == \"two metres\" and .parts[0].tool_use_id == \"call-1\"" &&
	said u05 ".content == \"no such tool\" and .parts[0].is_error" &&
	said u07 ".role == \"user\" and .visibility == \"visible\" and .content == \"/about\"" &&
	said u08 ".visibility == \"meta\" and .content == \"This is the reed.\"" &&
	said u09 ".content == \"Read @pond.txt\" and ([.parts[] | select(.type == \"injected\")] | length) == 4" &&
	said u11 ".visibility == \"meta\" and .role == \"user\"" &&
	said u13 ".content == \"How deep is the lake?\" and .parts[1].type == \"injected\"" &&
	said u14 ".parts[1] | .type == \"image\" and .data[\"\$blob\"] != null" &&
	said u15 ".visibility == \"hidden\" and .content == \"They ask for depths.\"" &&
	said u18 ".visibility == \"meta\" and .content == \"A later kind says this.\""
'

test_case 'older records, an agent of its own, a copy of another session' '
	new_vault && vvault import "$data/older.jsonl" >/dev/null &&
	path_of qwen session:qwen:0b000000-0000-4000-8000-000000000002 | jq -e "length == 3" &&
	sed "s/\"type\": /\"isSidechain\":true,\"agentId\":\"scout-1\",\"agentName\":\"Scout\",&/" "$data/older.jsonl" >agent.jsonl &&
	vvault import agent.jsonl >/dev/null &&
	state_of qwen session:qwen:0b000000-0000-4000-8000-000000000002:scout-1 ".title == \"Scout\" and
		.parent == \"session:qwen:0b000000-0000-4000-8000-000000000002\"" &&
	jq -c ".forkedFrom = {sessionId, messageUuid: .uuid} | .sessionId = \"fork\"" "$data/older.jsonl" >fork.jsonl &&
	vvault import fork.jsonl >/dev/null &&
	state_of qwen message:qwen:fork/o1 ".copy_of == \"message:qwen:0b000000-0000-4000-8000-000000000002/o1\"" &&
	state_of qwen session:qwen:fork ".parent == \"session:qwen:0b000000-0000-4000-8000-000000000002\""
'

test_case 'a growing log, and once more' '
	new_vault && for n in 2 5 9 12; do head -n $n "$data/session.jsonl" >g.jsonl && vvault import g.jsonl >/dev/null || return; done &&
	vvault import --json "$data/session.jsonl" >out && jq -e ".sources[0] | .imported == 19 and .known == 12" out &&
	path_of qwen session:qwen:$id | jq -e "length == 12" &&
	vvault import --json "$data/session.jsonl" >out && jq -e ".version == null" out
'

test_case 'damage costs itself alone' '
	new_vault && { head -n 1 "$data/session.jsonl" && cat <<-"END"
	{"uuid":"a","parentUuid":"u01","sessionId":"x","type":"user","message":null}
	{"uuid":"b","parentUuid":"gone","type":"assistant","message":{"role":"model","parts":"no list"}}
	{"uuid":"c","parentUuid":"b","type":"tool_result","message":{"parts":[{"functionResponse":{"response":{"lines":["one","two"]}}},null,7]}}
	{"uuid":"d","parentUuid":"c","type":"system","subtype":7,"systemPayload":"words of a payload"}
	{"uuid":"d","parentUuid":"c","type":"system","subtype":7,"systemPayload":"words of a payload"}
	{"type":["odd"]}
	torn
	END
	} >bad.jsonl && expect_exit 3 vvault import --format qwen --json bad.jsonl >out && cat out &&
	jq -e ".sources[0] | .imported == 7 and (.malformed | length) == 1 and .skipped[0].count == 1" out &&
	said c ".role == \"tool\" and (.content | test(\"one\"))" && said b ".content == \"no list\"" &&
	said d ".content == \"words of a payload\""
'

test_case 'capture finds it, and its settings call it' '
	new_vault && mkdir -p home/.qwen/projects/-srv-heron/chats && export HOME="$PWD/home" && unset QWEN_HOME QWEN_RUNTIME_DIR &&
	cp "$data/session.jsonl" home/.qwen/projects/-srv-heron/chats/$id.jsonl && cp "$data/older.jsonl" home/.qwen/oauth_creds.json &&
	vvault capture >/dev/null && vvault agents --json >out && cat out &&
	jq -se "map(select(.agent == \"qwen\"))[0].vault.held == 1" out &&
	vvault capture --install-hook qwen >/dev/null && jq -e ".hooks.Stop[0].hooks[0].command | test(\"qwen\")" home/.qwen/settings.json &&
	vvault import --json home >out && ! grep "\"imported\":3" out
'

done_testing
