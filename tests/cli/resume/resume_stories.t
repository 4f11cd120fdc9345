#!/bin/sh
# A session of Claude Code goes on in each of these agents and comes back: what
# the agent itself writes behind it is in the same session, and nothing twice.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/written.sh"
. "$(dirname "$0")/story.sh"

ms=1796034036920

# changes <file> <jq>: the agent writes it anew.
changes() {
	jq -c "$2" "$1" >changed && cat changed >"$1"
}

test_case 'Pi' '
	agent=pi place=.pi/agent/sessions checker=check_pi.pl && goes_on bash mcp__x__see edit &&
	last=$(tail -n 1 "$file" | jq -r .id) && cat >>"$file" <<-END && comes_back
	{"type":"thinking_level_change","id":"66dfad17","parentId":"$last","timestamp":"2026-11-30T10:15:18.320Z","thinkingLevel":"off"}
	{"type":"message","id":"3ba28d84","parentId":"66dfad17","timestamp":"2026-11-30T10:15:18.351Z","message":{"role":"user","content":[{"type":"text","text":"go on"}],"timestamp":$ms}}
	{"type":"message","id":"a9abfe75","parentId":"3ba28d84","timestamp":"2026-11-30T10:15:18.489Z","message":{"role":"assistant","content":[{"type":"text","text":"As before."}],"api":"x","provider":"mock","model":"m","stopReason":"stop","timestamp":$ms}}
	END
'

test_case 'OpenClaw' '
	agent=openclaw place=.openclaw/agents checker=check_pi.pl && goes_on Bash mcp__x__see Edit &&
	last=$(tail -n 1 "$file" | jq -r .id) && cat >>"$file" <<-END && comes_back
	{"type":"message","id":"3ba28d84","parentId":"$last","timestamp":"2026-11-30T10:15:18.351Z","message":{"role":"user","content":[{"type":"text","text":"go on"}],"timestamp":$ms}}
	{"type":"message","id":"a9abfe75","parentId":"3ba28d84","timestamp":"2026-11-30T10:15:18.489Z","message":{"role":"assistant","content":[{"type":"text","text":"As before."}],"api":"x","provider":"mock","model":"m","stopReason":"stop","timestamp":$ms}}
	END
'

test_case 'Cline, which puts its instructions before all' '
	agent=cline place=.cline/data checker=check_cline.pl && goes_on Bash mcp__x__see Edit &&
	changes "$(jq -r ".files[0].path" out)" ".system_prompt = \"You are Cline.\" | .updated_at = \"2026-11-30T10:20:44.801Z\" | .messages += [
		{id: \"104b4040\", role: \"user\", ts: $ms, content: [{type: \"text\", text: \"<user_input mode=\\\"act\\\">go on</user_input>\"}]},
		{id: \"msg_YY\", role: \"assistant\", ts: $((ms + 1)), content: [{type: \"text\", text: \"As before.\"}], modelInfo: {id: \"m\", provider: \"p\"}}]" &&
	comes_back
'

test_case 'Roo Code' '
	agent=roo place=.config/Code/User/globalStorage/rooveterinaryinc.roo-cline checker=check_roo.pl && goes_on Bash mcp__x__see Edit &&
	folder=$(dirname "$(jq -r ".files[0].path" out)") &&
	changes "$folder/api_conversation_history.json" ". += [
		{role: \"user\", ts: $ms, content: [{type: \"text\", text: \"<user_message>\\ngo on\\n</user_message>\"}, {type: \"text\", text: \"<environment_details>\\nx\\n</environment_details>\"}]},
		{role: \"assistant\", ts: $((ms + 9)), content: [{type: \"text\", text: \"As before.\"}]}]" &&
	changes "$folder/ui_messages.json" ". += [{ts: $ms, type: \"say\", say: \"user_feedback\", text: \"go on\"},
		{ts: $((ms + 9)), type: \"say\", say: \"text\", text: \"As before.\"}]" && comes_back
'

test_case 'Kimi' '
	agent=kimi place=.kimi/sessions checker=check_kimi.pl && goes_on Bash mcp__x__see Edit && cat >>"$file" <<-"END" &&
	{"role":"_checkpoint","id":1}
	{"role":"user","content":[{"type":"text","text":"go on"}]}
	{"role":"assistant","content":[{"type":"text","text":"As before."}]}
	{"role":"_usage","token_count":9}
	END
	cat >>"$(dirname "$file")/wire.jsonl" <<-"END" && comes_back
	{"timestamp":1796034036.92,"message":{"type":"TurnBegin","payload":{"user_input":[{"type":"text","text":"go on"}]}}}
	{"timestamp":1796034037.1,"message":{"type":"ContentPart","payload":{"type":"text","text":"As before."}}}
	END
'

test_case 'Vibe' '
	agent=vibe place=.vibe/logs/session checker=check_vibe.pl && goes_on Bash mcp__x__see Edit && cat >>"$file" <<-"END" &&
	{"role":"user","content":"go on","message_id":"11111111-1111-4111-8111-111111111111"}
	{"role":"assistant","content":"As before.","message_id":"22222222-2222-4222-8222-222222222222"}
	END
	changes "$(dirname "$file")/meta.json" ".total_messages += 2 | .end_time = \"2026-11-30T10:20:44.801Z\"" && comes_back
'

test_case 'Continue' '
	agent=continue place=.continue/sessions checker=check_continue.pl && goes_on Bash mcp__x__see Edit &&
	changes "$(jq -r ".files[0].path" out)" ".history += [{message: {role: \"user\", content: \"go on\"}, contextItems: []},
		{message: {role: \"assistant\", content: \"As before.\"}, contextItems: []}]" && comes_back
'

test_case 'Goose, whose import takes a session of Claude Code with a line for its title' '
	new_vault && new_home && mkdir here && vvault import "$VV_TOP/tests/resume/sessions/claude-code.jsonl" >/dev/null &&
	vvault resume "$story" --as goose --in "$PWD/here" --json >out && jq -e ".state == \"written\" and .before[2] == \"import\"" out &&
	file=$(jq -r ".before[3]" out) && tail -n 1 "$file" | jq -e ".type == \"ai-title\" and .aiTitle == \"The \\\"Tuesday\\\" bug\"" &&
	jq -es "map(.message.content | arrays[] | select(.type == \"tool_result\") | .content) | length == 3 and all(type == \"string\")" "$file" &&
	vvault import "$file" >said && grep " 0 new" said
'

test_case 'OpenCode, in whose database it is then' '
	agent=opencode place=.cache/vvault/resume checker=check_opencode.pl elsewhere=1 && goes_on bash mcp__x__see edit &&
	file=$(jq -r ".files[0].path" out) && store=$HOME/.local/share/opencode && mkdir -p $store &&
	jq -r --argjson ms $ms "def q: \"\\u0027\" + gsub(\"\\u0027\"; \"\\u0027\\u0027\") + \"\\u0027\"; .info.id as \$s |
		\"CREATE TABLE session(id TEXT, project_id TEXT, parent_id TEXT, slug TEXT, directory TEXT, title TEXT, version TEXT, time_created INTEGER, time_updated INTEGER);
		CREATE TABLE message(id TEXT, session_id TEXT, time_created INTEGER, time_updated INTEGER, data TEXT);
		CREATE TABLE part(id TEXT, message_id TEXT, session_id TEXT, time_created INTEGER, time_updated INTEGER, data TEXT);
		INSERT INTO session VALUES(\(\$s | q),\(\"global\" | q),NULL,\(.info.slug | q),\(.info.directory | q),\(.info.title | q),\(.info.version | q),\(.info.time.created),\(\$ms));\",
		((.messages + [{info: {id: \"msg_22bf5d2c4001jgBH\", role: \"user\", time: {created: \$ms}}, parts: [{id: \"prt_22bf5d2e5001\", type: \"text\", text: \"go on\"}]},
			{info: {id: \"msg_22bf5d2c5001jgBH\", role: \"assistant\", time: {created: (\$ms + 9)}}, parts: [{id: \"prt_22bf5d2e6001\", type: \"text\", text: \"As before.\"}]}])[] |
		\"INSERT INTO message VALUES(\(.info.id | q),\(\$s | q),\(.info.time.created),\(.info.time.created),\(.info | del(.id, .sessionID) | tojson | q));\",
		(.info.id as \$m | .parts[] | \"INSERT INTO part VALUES(\(.id | q),\(\$m | q),\(\$s | q),\(\$ms),\(\$ms),\(del(.id, .sessionID, .messageID) | tojson | q));\"))" "$file" |
		sqlite3 "$store/opencode.db" && comes_back
'

done_testing
