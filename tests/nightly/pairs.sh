#!/bin/sh
# Each session of ../shared's agents goes on in each agent that sessions can be
# written for: what is made reads back as it was, and its own checker finds
# nothing. No part of `make check`: `make nightly`.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"
. "$VV_TOP/tests/cli/capture/home.sh"

test -n "${VV_SHARED:-}" || skip_all "no shared data here"

# all_sessions: in a vault of their own, and their names in the file all.
all_sessions() {
	new_vault && for from in agents claude-code codex; do
		vvault import "$VV_SHARED/data/$from" >/dev/null 2>&1 || test $? = 3 || return
	done && vvault session list --json | jq -r .session >all && test -s all
}

# goes_on <agent> <checker> <place below the home>: all of them do, but those
# in which nobody says anything.
goes_on() {
	once all_sessions && export VVAULT_DIR="$PWD/v" && new_home && mkdir -p here && n=0 &&
	while read -r session; do
		vvault resume "$session" --as "$1" --in "$PWD/here" --json >out 2>err || grep -q "nobody says anything" err ||
			{ echo "$session" && cat err; return 1; }
		n=$((n + 1))
	done <all && echo "$n sessions" && case $1 in goose) export PLACE= ;; esac &&
	TIMES=any perl "$VV_TOP/tests/resume/$2" "$HOME/$3" "$(pwd -P)/here"
}

while read -r agent checker place; do
	export agent checker place
	test_case "sessions of all agents go on in $agent" 'goes_on "$agent" "$checker" "$place"'
done <<-"END"
	aider check_aider.pl ../here
	claude-code check_claude.pl .claude/projects
	cline check_cline.pl .cline/data
	codex check_codex.pl .codex
	continue check_continue.pl .continue/sessions
	copilot-cli check_copilot.pl .copilot/session-state
	gemini-cli check_gemini.pl .gemini/tmp
	goose check_claude.pl .cache/vvault/resume
	kimi check_kimi.pl .kimi/sessions
	openclaw check_pi.pl .openclaw/agents
	opencode check_opencode.pl .cache/vvault/resume
	pi check_pi.pl .pi/agent/sessions
	qwen check_qwen.pl .qwen/projects
	roo check_roo.pl .config/Code/User/globalStorage/rooveterinaryinc.roo-cline
	vibe check_vibe.pl .vibe/logs/session
END

done_testing
