#!/bin/sh
# Agents that write what another one does, in a home of their own: their
# sessions go to a construct of their own.
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

# claude_like <file> <session>: a session of two messages, as Claude Code does.
claude_like() {
	mkdir -p "${1%/*}" && cat >"$1" <<-END
	{"uuid":"$2-1","parentUuid":null,"sessionId":"$2","timestamp":"2026-11-04T09:00:00.000Z","type":"user","isSidechain":false,"message":{"role":"user","content":"How deep is the pond?"},"cwd":"/srv/heron"}
	{"uuid":"$2-2","parentUuid":"$2-1","sessionId":"$2","timestamp":"2026-11-04T09:00:01.000Z","type":"assistant","isSidechain":false,"message":{"id":"m1","role":"assistant","model":"reed","content":[{"type":"tool_use","id":"c1","name":"depth","input":{}}]}}
	{"uuid":"$2-3","parentUuid":"$2-2","sessionId":"$2","timestamp":"2026-11-04T09:00:02.000Z","type":"user","isSidechain":false,"message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":{"callId":"c1","responseParts":{"functionResponse":{"id":"c1","response":{"output":"two metres"}}}}}]}}
	END
}

# codex_like <file>
codex_like() {
	mkdir -p "${1%/*}" && cat >"$1" <<-END
	{"timestamp":"2026-11-04T09:00:00Z","type":"session_meta","payload":{"id":"01900000-0000-7000-8000-00000000000b","timestamp":"2026-11-04T09:00:00Z","cwd":"/srv/heron","originator":"traex","cli_version":"0.1"}}
	{"timestamp":"2026-11-04T09:00:01Z","type":"response_item","payload":{"type":"message","role":"user","content":[{"type":"input_text","text":"of traex"}]}}
	END
}

q=5e551000-0000-4000-8000-0000000000a1
export q

# all_of_them: each in its home.
all_of_them() {
	mkdir -p home && claude_like home/.iflow/projects/-srv-heron/session-1.jsonl session-1 &&
	claude_like home/.qoder/projects/-srv-heron/$q.jsonl $q &&
	echo "{\"title\":\"Depths\",\"working_dir\":\"/srv/egret\",\"fork_from\":\"other\"}" >home/.qoder/projects/-srv-heron/$q-session.json &&
	claude_like home/.openclaude/projects/-srv-heron/s3.jsonl s3 && claude_like home/.claude/projects/-srv-heron/s4.jsonl s4 &&
	codex_like home/.trae/cli/sessions/2026/11/04/rollout-2026-11-04T09-00-00-01900000-0000-7000-8000-00000000000b.jsonl &&
	cp home/.claude/projects/-srv-heron/s4.jsonl home/.iflow/settings.json && cp home/.iflow/settings.json home/.trae/cli/auth.json
}

test_case 'each goes to its own construct' '
	new_vault && all_of_them && vvault import --json home >out && cat out &&
	jq -se "[.[] | select(.construct) | .construct] | sort == [\"claude-code\", \"iflow\", \"openclaude\", \"qoder\", \"traex\"]" out &&
	jq -se "[.[].sources[] | select(.apart)] | length == 2" out &&
	state_of iflow message:claude-code:session-1/session-1-3 ".role == \"tool\" and .content == \"two metres\"" &&
	state_of qoder session:claude-code:$q ".title == \"Depths\" and .native.qoder.fork_from == \"other\"" &&
	vvault import --json home >out && jq -se "map(.version) | unique == [null]" out
'

test_case 'capture knows their places' '
	new_vault && all_of_them && export HOME="$PWD/home" && unset CLAUDE_CONFIG_DIR CODEX_HOME XDG_CONFIG_HOME OPENCLAUDE_CONFIG_DIR &&
	vvault capture >/dev/null && vvault agents --json >out && cat out &&
	jq -se "map({(.agent // \"\"): .vault.held}) | add | [.iflow, .qoder, .openclaude, .traex, .[\"claude-code\"]] == [1, 1, 1, 1, 1]" out &&
	vvault ls --json traex | grep "of traex" >/dev/null
'

test_case 'a wish for another construct comes first; an archive of a home counts' '
	new_vault && all_of_them && vvault import --construct heron home/.iflow >/dev/null && vvault ls --json heron | grep "two metres" >/dev/null &&
	(cd home && zip -qr ../homes.zip .qoder) &&
	vvault import --json homes.zip >out && cat out && jq -se ".[0].construct == \"qoder\"" out && state_of qoder session:claude-code:$q ".title == \"Depths\""
'

test_case 'what iFlow itself wrote' '
	need_shared && new_vault && mkdir -p h/.iflow/projects/p && cp "$VV_SHARED"/data/agents/peers/agentsview/iflow/*.jsonl h/.iflow/projects/p/ &&
	vvault import --json h >out && cat out && jq -e ".construct == \"iflow\"" out && vvault ls --json iflow message | grep "Tauri + Yew" >/dev/null &&
	vvault ls --json iflow message | jq -s -e "[.[].state.parts[]? | select(.type == \"tool_use\") | .id] | length == 6 and (unique | length == 6)" &&
	jq -s -e "[.[].sources[].skipped[] | select(.reason | test(\"message before has\")) | .count] | add == 6" out
'

done_testing
