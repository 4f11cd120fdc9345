#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/home.sh"

# history <folder> <word>: what Aider writes there.
history() {
	mkdir -p "$1" && printf "\n# aider chat started at 2026-11-01 10:00:00\n\n> Aider v0.86.1\n\n#### of %s  \n\nYes, of %s.\n" "$2" "$2" >"$1/.aider.chat.history.md"
}

projects() {
	for name in claude codex gemini gem2 copilot crush kimi nobody; do
		history "$PWD/p/$name" "$name" || return
	done && mkdir -p "$HOME/.codex" "$HOME/.gemini" "$HOME/.copilot" "$HOME/.local/share/crush" "$HOME/.kimi" &&
	printf "{\"projects\": {\"%s\": {\"x\": 1}, \"/gone\": {}, \"relative\": {}}}" "$PWD/p/claude" >"$HOME/.claude.json" &&
	printf "[projects.\"%s\"]\ntrust_level = \"trusted\"\n[projects.'/gone']\n" "$PWD/p/codex" >"$HOME/.codex/config.toml" &&
	printf "{\"projects\": {\"%s\": \"gemini\"}}" "$PWD/p/gemini" >"$HOME/.gemini/projects.json" &&
	printf "{\"%s\": \"TRUST_FOLDER\"}" "$PWD/p/gem2" >"$HOME/.gemini/trustedFolders.json" &&
	printf "{\n// mine\n\"trusted_folders\": [\"%s\", 5],\n}" "$PWD/p/copilot" >"$HOME/.copilot/config.json" &&
	printf "{\"projects\": [{\"path\": \"%s\"}, {\"path\": 1}]}" "$PWD/p/crush" >"$HOME/.local/share/crush/projects.json" &&
	printf "{\"work_dirs\": [{\"path\": \"%s\"}]}" "$PWD/p/kimi" >"$HOME/.kimi/kimi.json"
}

test_case 'histories of Aider in the projects that agents name, and in no other' '
	new_vault && new_home && projects && vvault agents --json >out && of aider ".sessions == 7 and (.folders | length) == 7" &&
	vvault capture >out && cat out && for name in claude codex gemini gem2 copilot crush kimi; do
		vvault grep "Yes, of $name" | grep . || exit 1
	done && test -z "$(vvault grep "Yes, of nobody")" && vvault agents --json >out && of aider ".vault.held == 7" &&
	echo "{\"projects" >"$HOME/.claude.json" && vvault agents --json >out && of aider ".sessions == 6"
'

test_case 'one that a variable names, and a database of OpenCode that one names' '
	new_vault && new_home && projects && rm -r "$HOME" && mkdir "$HOME" && vvault agents >out 2>&1; history elsewhere far && mv elsewhere/.aider.chat.history.md elsewhere/my.md &&
	export AIDER_CHAT_HISTORY_FILE="$PWD/elsewhere/my.md" && vvault agents --json >out && of aider ".sessions == 1" && vvault capture >out && cat out &&
	vvault grep "Yes, of far" | grep . && AIDER_CHAT_HISTORY_FILE=my.md vvault agents >out 2>&1; cat out && ! grep "^Aider" out &&
	{ test -n "${VV_SHARED:-}" && test -d "$VV_SHARED/data/agents/opencode-sqlite" || { echo "# no shared data"; exit 0; }; } &&
	cp "$(find "$VV_SHARED/data/agents/opencode-sqlite" -name "opencode.db")" elsewhere/work.database && export OPENCODE_DB="$PWD/elsewhere/work.database" &&
	vvault agents --json >out && of opencode ".sessions == 1" && { vvault capture --agent opencode >out || test $? = 3; } && vvault session list opencode | grep .
'

test_case 'rules of projects: of an agent that is here, each by its project, of two that are called alike too' '
	new_vault && new_home && one_of_each && projects && echo "be brief" >p/claude/CLAUDE.md && mkdir -p p/codex/.cursor/rules q/gemini &&
	echo "be kind" >p/codex/CLAUDE.md && echo "no" >p/nobody/CLAUDE.md && printf -- "---\nalwaysApply: true\n---\nrule\n" >p/codex/.cursor/rules/a.mdc &&
	echo "for all" >p/kimi/AGENTS.md && echo "first" >p/gemini/GEMINI.md && echo "second" >q/gemini/GEMINI.md && printf "{\"projects\": {\"%s\": \"gemini\", \"%s\": \"gemini-1\"}}" "$PWD/p/gemini" "$PWD/q/gemini" >"$HOME/.gemini/projects.json" &&
	vvault capture >out && cat out && vvault ls --json claude-code memory | jq -r .state.path | sort >got && cat got &&
	printf "claude/CLAUDE.md\ncodex/CLAUDE.md\n" | diff - got && ! vvault ls --json cursor memory | grep . &&
	test "$(vvault ls --json codex memory | jq -r .state.path)" = kimi/AGENTS.md && vvault ls --json gemini memory | jq -se "map([.state.path, .state.content, (.state.native.folder | .[-8:])]) |
		sort == [[\"gemini/GEMINI.md\", \"first\n\", \"p/gemini\"], [\"gemini/GEMINI.md\", \"second\n\", \"q/gemini\"]]" && vvault log --oneline claude-code >log && vvault capture >/dev/null && vvault log --oneline claude-code | diff log -
'

done_testing
