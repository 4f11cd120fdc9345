#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

data=$VV_TOP/tests/data/pi
tree=session:pi:0a000000-0000-7000-8000-000000000001
first=session:pi:0a000000-0000-7000-8000-000000000002
export data tree first

# said <construct> <key>: state of the message of that key of the tree.
said() {
	state_of pi "message:pi:0a000000-0000-7000-8000-000000000001/$1" "$2"
}

test_case 'a tree of entries stands where its last line does' '
	new_vault && vvault import --json "$data/tree.jsonl" >out && cat out &&
	jq -e ".construct == \"pi\" and (.sources[0] | .format == \"pi\" and .imported == 18 and
		.malformed == [] and .skipped == [])" out &&
	test "$(path_of pi $tree)" = "[\"00000001\",\"00000002\",\"00000008\",\"00000009\",\"0000000a\",\"0000000b\",\"0000000c\",\"0000000d\",\"0000000e\",\"0000000f\",\"00000010\",\"00000011\"]" &&
	state_of pi $tree ".title == \"Depths\" and .model == \"reed-2\" and .guessed == false and
		.created == \"2026-11-02T08:00:00.000000Z\" and .updated == \"2026-11-02T08:00:17.000000Z\" and
		.parent == \"session:pi:0a000000-0000-7000-8000-000000000000\" and .native.cwd == \"/srv/heron\" and
		.native.version == 3 and (.native.parentSession | test(\"heron\"))"
'

test_case 'what a fork begins with is a copy of what it comes from' '
	new_vault && jq -c "if .type == \"session\" then .timestamp = \"2026-11-02T08:00:04.000Z\" else . end" \
		"$data/tree.jsonl" >fork.jsonl && vvault import fork.jsonl >/dev/null && vvault ls --json pi message |
	jq -s -e "map({(.entity | sub(\".*/\"; \"\")): .state.copy_of}) | add |
		.\"00000003\" == \"message:pi:0a000000-0000-7000-8000-000000000000/00000003\" and
		.\"00000004\" == null and .\"00000005\" == null"
'

test_case 'who speaks, and what people see of it' '
	new_vault && vvault import "$data/tree.jsonl" >/dev/null &&
	said 00000001 ".role == \"system\" and .visibility == \"hidden\" and .content == \"You help with herons.\"" &&
	said 00000002 ".visibility == \"meta\" and .native.modelId == \"reed-1\"" &&
	said 00000003 ".role == \"user\" and .content == \"How deep is the pond?\" and .created == \"2026-11-02T08:00:03.250000Z\" and
		(.parts[1] | .type == \"image\" and .data[\"\$blob\"] != null) and .native.message.timestamp == 1793606403000" &&
	said 00000004 ".content == \"I measure.\" and .model == \"reed-1\" and (.parts | map(.type)) == [\"thinking\", \"text\", \"tool_use\"] and
		(.parts[2] | .name == \"bash\" and .input.command == \"depth pond\") and .native.message.usage.input == 10" &&
	said 00000005 ".role == \"tool\" and .visibility == \"tool\" and .content == \"no such pond\" and
		(.parts[0] | .is_error and .tool_use_id == \"call-1\") and .native.message.toolName == \"bash\"" &&
	said 00000006 ".content == \"the brook ran dry\" and .visibility == \"visible\"" &&
	said 0000000a ".role == \"system\" and .visibility == \"hidden\" and .content == \"The pond was not found.\"" &&
	said 0000000b ".visibility == \"hidden\" and .native.firstKeptEntryId == \"00000009\"" &&
	said 0000000c ".role == \"user\" and (.content | test(\"ls\") and test(\"lake.txt\")) and .parts[1].is_error" &&
	said 0000000d ".content == \"It rains.\" and .role == \"system\" and .visibility == \"visible\"" &&
	said 0000000e ".content == \"\" and .native.data.text == \"only for the extension\"" &&
	said 00000010 ".content == \"A later kind says this.\" and .native.type == \"made_up\"" &&
	vvault read "$tree" >out && cat out && grep "How deep is the lake" out && grep "Nine metres" out
'

test_case 'the first version has no ids: the same words twice are two messages' '
	new_vault && vvault import --json "$data/first.jsonl" >out && cat out &&
	jq -e ".sources[0].imported == 4" out && path_of pi $first | jq -e "length == 3" &&
	state_of pi $first ".model == \"reed-0\" and .native.thinkingLevel == \"off\"" &&
	vvault import --json "$data/first.jsonl" >out && jq -e ".version == null" out &&
	head -n 2 "$data/first.jsonl" >f.jsonl && vvault import --json f.jsonl >out && jq -e ".sources[0] | .imported == 2 and .known == 1" out
'

test_case 'a growing log adds what is new alone' '
	new_vault && for n in 1 2 5 9 14; do
		head -n $n "$data/tree.jsonl" >g.jsonl && vvault import g.jsonl >/dev/null || return
	done &&
	vvault import --json "$data/tree.jsonl" >out && jq -e ".sources[0] | .imported == 18 and .known == 13" out &&
	path_of pi $tree | jq -e "length == 12"
'

test_case 'damage costs itself alone' '
	new_vault && sed "5s/.\{30\}\$//" "$data/tree.jsonl" >torn.jsonl &&
	expect_exit 3 vvault import --json torn.jsonl >out && cat out &&
	jq -e ".sources[0] | .imported == 17 and (.malformed | length) == 1" out &&
	path_of pi $tree | jq -e "length == 12" &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" && { head -n 1 "$data/tree.jsonl" && cat <<-"END"
	{"type":"message","id":"1","parentId":null,"timestamp":null,"message":{"role":"user","content":null}}
	{"type":"message","id":"2","parentId":"1","timestamp":"soon","message":{"role":["user"],"content":"whose?"}}
	{"type":"message","id":"3","parentId":"nobody","timestamp":1793606403000,"message":"a text"}
	{"type":"message","id":"4","parentId":"3","message":{"role":"toolResult","toolCallId":7,"content":{"a":"an odd result"},"isError":"no"}}
	{"type":null,"id":5,"parentId":{}}
	{"type":"message","id":"3","parentId":"1","message":{"role":"user","content":"another three"}}
	{"type":"message","id":"1","parentId":null,"timestamp":null,"message":{"role":"user","content":null}}
	{"type":"session","id":"again","cwd":"/srv/heron"}
	"no object"
	[]
	{"type":"message","id":"9","parentId":"9","message":{"role":"user","content":"who follows myself"}}
	END
	} >bad.jsonl && expect_exit 3 vvault import --json bad.jsonl >out && cat out &&
	jq -e ".sources[0] | .imported == 9 and (.malformed | length) == 2 and .skipped[0].count == 1" out &&
	said 2 ".content == \"whose?\" and .native.timestamp == \"soon\" and .created == null" &&
	said 3 ".content == \"a text\"" && said 4 ".content == \"an odd result\"" &&
	vvault ls --json pi | grep "another three" && state_of pi $tree ".guessed"
'

test_case 'a log whose begin is lost goes by the name of its file' '
	new_vault && tail -n +4 "$data/tree.jsonl" >2026-11-02_0a000000-0000-7000-8000-000000000001.jsonl &&
	vvault import 2026-11-02_*.jsonl >/dev/null && path_of pi $tree | jq -e "length == 15 and .[-1] == \"00000011\"" &&
	state_of pi $tree ".guessed and .title == \"Depths\""
'

# claw: OpenClaw keeps the tree as session e1, under an agent of that name.
claw() {
	sessions=claw/.openclaw/agents/main/sessions && mkdir -p "$sessions" &&
	sed "s/0a000000-0000-7000-8000-000000000001/e1/;s/,\"parentSession[^}]*//" "$data/tree.jsonl" >"$sessions/e1.jsonl" &&
	sed "s/0a000000-0000-7000-8000-000000000002/e2/" "$data/first.jsonl" >"$sessions/e2.jsonl" &&
	echo "{\"agent:main:main\":{\"sessionId\":\"e1\",\"updatedAt\":1},\"agent:main:sub\":{\"sessionId\":\"e2\",\"label\":\"Helper\",\"spawnedBy\":\"agent:main:main\",\"authProfile\":\"not-for-us\"}}" >"$sessions/sessions.json"
}

test_case 'OpenClaw: its list names sessions, copies come once, what was put away stays' '
	new_vault && claw && cp "$sessions/e1.jsonl" whole && head -n 9 whole >"$sessions/e1.checkpoint.c0ffee00-0000-4000-8000-000000000000.jsonl" &&
	cp whole "$sessions/e1.jsonl.full.bak" && { head -n 1 whole && tail -n 7 whole; } >"$sessions/e1.jsonl" &&
	sed "s/\"e2\"/\"e3\"/" "$sessions/e2.jsonl" >"$sessions/e3.jsonl.deleted.2026-11-02T09-00-00.000Z" &&
	mkdir claw/.openclaw/agents/main/agent &&
	cp "$sessions/e2.jsonl" claw/.openclaw/agents/main/agent/auth-profiles.json && cp "$sessions/e2.jsonl" claw/.openclaw/openclaw.json &&
	vvault import --json claw >out && cat out && jq -s "[.[].sources[] | select(.apart) | .path]" out >apart && cat apart &&
	jq -e "length == 2 and (.[0] | test(\"main/agent\$\")) and (.[1] | test(\"openclaw.json\"))" apart &&
	vvault ls --json openclaw | jq -r .entity | grep -c "^message:openclaw:e1/" >n && test "$(cat n)" -eq 17 &&
	path_of openclaw session:openclaw:e1 | jq -e "length == 12" &&
	state_of openclaw session:openclaw:e1 ".native.listed_as == \"agent:main:main\" and (.native | has(\"archived\") | not)" &&
	state_of openclaw session:openclaw:e2 ".title == \"Helper\" and .parent == \"session:openclaw:e1\"" &&
	state_of openclaw session:openclaw:e3 ".native.archived == \"deleted\"" &&
	! vvault ls --json openclaw | grep "not-for-us" &&
	vvault import --json claw >out && jq -se "map(.version) == [null, null]" out
'

test_case 'the keys of Pi and OpenClaw are not opened' '
	new_vault && mkdir -p home/.pi/agent/sessions/--srv-heron-- && cp "$data/tree.jsonl" home/.pi/agent/sessions/--srv-heron--/ &&
	echo "{\"messages\":[{\"role\":\"user\",\"content\":\"sk-secret\"}]}" >home/.pi/agent/auth.json &&
	cp home/.pi/agent/auth.json home/.pi/agent/models.json &&
	vvault import --json home >out && cat out && jq -se "[.[].sources[] | select(.imported > 0)] | length == 1" out &&
	jq -se "[.[].sources[].skipped[].reason] == [\"of Pi, and no part of its sessions\", \"of Pi, and no part of its sessions\"]" out &&
	! vvault ls --json pi | grep sk-secret
'

test_case 'capture finds both where they lie' '
	new_vault && claw && mkdir -p home/.pi/agent/sessions/--srv-heron-- elsewhere/sessions/--srv-egret-- &&
	cp "$data/tree.jsonl" home/.pi/agent/sessions/--srv-heron--/ && cp "$data/first.jsonl" elsewhere/sessions/--srv-egret--/ &&
	cp -r claw/.openclaw home/ && cp "$sessions/e1.jsonl" "home/.openclaw/agents/main/sessions/e1.jsonl.full.bak" &&
	export HOME="$PWD/home" PI_CODING_AGENT_DIR="$PWD/elsewhere" && unset OPENCLAW_STATE_DIR &&
	vvault capture >/dev/null && vvault agents --json >out && cat out &&
	jq -se "map({(.agent // \"\"): .vault.held}) | add | .pi == 2 and .openclaw == 2" out &&
	state_of openclaw session:openclaw:e2 ".title == \"Helper\"" && path_of pi $first | jq -e "length == 3"
'

# states: what the construct holds, apart from where it came from.
states() {
	vvault ls --json pi | jq -c "select(.kind != \"source\") | [.entity, .state]" | sort
}

test_case 'out as JSON lines and home again' '
	new_vault && vvault import "$data" >/dev/null && vvault export --format jsonl pi >lines && states >one &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" && vvault import --construct pi lines >/dev/null && states >two && test -s one && cmp one two
'

done_testing
