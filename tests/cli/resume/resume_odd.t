#!/bin/sh
# Summaries, empty results, words that begin as a program's do, or as lines of
# a log: tests/resume/sessions/odd.jsonl.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$VV_TOP/tests/cli/capture/home.sh"

test_case 'odd sessions go on in each of them' '
	new_vault && new_home && mkdir here && in=$(cd here && pwd -P) && vvault import "$VV_TOP/tests/resume/sessions/odd.jsonl" >/dev/null &&
	while read -r agent checker place; do
		case $agent in goose) export PLACE= ;; *) unset PLACE ;; esac &&
		vvault resume session:claude-code:7eed0000-0000-4000-8000-00000000000b --as $agent --in here --json >out &&
		jq -e ".state == \"written\" and .turns == 13" out >/dev/null && perl "$VV_TOP/tests/resume/$checker" "$HOME/$place" "$in" told || { echo "$agent" && exit 1; }
	done <<-END
		claude-code check_claude.pl .claude/projects
		codex check_codex.pl .codex
		gemini-cli check_gemini.pl .gemini/tmp
		qwen check_qwen.pl .qwen/projects
		copilot-cli check_copilot.pl .copilot/session-state
		opencode check_opencode.pl .cache/vvault/resume
		pi check_pi.pl .pi/agent/sessions
		openclaw check_pi.pl .openclaw/agents
		cline check_cline.pl .cline/data
		roo check_roo.pl .config/Code/User/globalStorage/rooveterinaryinc.roo-cline
		goose check_claude.pl .cache/vvault/resume
		kimi check_kimi.pl .kimi/sessions
		vibe check_vibe.pl .vibe/logs/session
		continue check_continue.pl .continue/sessions
		aider check_aider.pl ../here
	END
'

test_case 'as files of an agent all sessions are in its list, and in its log' '
	new_vault && new_home && vvault import "$VV_TOP/tests/resume/sessions/odd.jsonl" "$VV_TOP/tests/resume/sessions/claude-code.jsonl" >/dev/null &&
	vvault export --format continue -o list claude-code >/dev/null && jq -e "length == 2" list/sessions.json &&
	vvault export --format openclaw -o files claude-code >/dev/null && jq -e "length == 2" files/main/sessions/sessions.json &&
	vvault export --format aider -o log claude-code >/dev/null && grep -c "^# aider chat" log/.aider.chat.history.md | grep -qx 2
'

done_testing
