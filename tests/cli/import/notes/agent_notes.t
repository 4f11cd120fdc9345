#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

# home <folder>: what agents keep there for a person, and a project.
home() {
	mkdir -p "$1/.claude/rules/deep" "$1/.claude/projects/-srv-x/memory" "$1/.claude/todos" "$1/.claude/agents" \
		"$1/.codex/sessions" "$1/.codex/memories" "$1/.gemini/tmp/x/memory" "$1/proj/.cursor/rules" "$1/proj/.claude" &&
	echo "Always be brief. See @./x" >"$1/.claude/CLAUDE.md" &&
	printf -- "---\npaths: [a]\n---\nNo tabs.\n" >"$1/.claude/rules/deep/style.md" &&
	printf -- "---\nname: mira\ndescription: kind\n---\nYou are Mira.\n" >"$1/.claude/agents/mira.md" &&
	echo "[topic](topic.md)" >"$1/.claude/projects/-srv-x/memory/MEMORY.md" &&
	echo "a topic" >"$1/.claude/projects/-srv-x/memory/topic.md" &&
	echo "[{\"content\":\"sweep\",\"status\":\"pending\"}]" >"$1/.claude/todos/a.json" &&
	echo "{\"token\":\"secret-thing\"}" >"$1/.claude/.credentials.json" &&
	echo "# codex rules" >"$1/.codex/AGENTS.md" && echo "{}" >"$1/.codex/auth.json" &&
	echo "summed up" >"$1/.codex/memories/MEMORY.md" &&
	echo "# Gemini" >"$1/.gemini/GEMINI.md" && echo "remember" >"$1/.gemini/tmp/x/memory/MEMORY.md" &&
	echo "project rules" >"$1/proj/CLAUDE.md" && echo "more" >"$1/proj/.claude/CLAUDE.md" &&
	printf -- "---\nalwaysApply: true\n---\nUse spaces.\n" >"$1/proj/.cursor/rules/a.mdc" &&
	cp "$VV_TOP/tests/data/claude-code/"*.jsonl "$1/.claude/projects/-srv-x/"
}

# paths <construct>: of the notes that it has.
paths() {
	vvault ls --json "$1" memory | jq -r ".state.path // empty" | sort
}

test_case 'memories, rules and tasks in an agent'"'"'s folder come home as memories of the agent' '
	new_vault && home h && { vvault import h/.claude >said 2>&1 || test $? -eq 3; } && paths claude-code >got && cat got &&
	printf "%s\n" h/.claude/CLAUDE.md h/.claude/agents/mira.md h/.claude/projects/-srv-x/memory/MEMORY.md \
		h/.claude/projects/-srv-x/memory/topic.md h/.claude/rules/deep/style.md h/.claude/todos/a.json | cmp - got &&
	vvault ls --json claude-code memory | jq -s -e "map({(.state.path): .state}) | add |
		.[\"h/.claude/CLAUDE.md\"].type == \"procedural\" and .[\"h/.claude/agents/mira.md\"].type == \"identity\" and
		.[\"h/.claude/todos/a.json\"].type == \"goal\" and
		.[\"h/.claude/rules/deep/style.md\"].native.front_matter == \"paths: [a]\n\" and
		.[\"h/.claude/projects/-srv-x/memory/MEMORY.md\"].links[0].entity ==
			\"memory:claude-code:h/.claude/projects/-srv-x/memory/topic.md\"" &&
	expect_exit 1 grep -r secret-thing said && { vvault import --json h/.claude >out || test $? -eq 3; } &&
	jq -s -e "all(.version == null)" out
'

test_case 'files of a project come where they are named, and in no walk' '
	new_vault && home h && { vvault import h >/dev/null || test $? -eq 3; } &&
	paths claude-code >got && expect_exit 1 grep "/proj/" got && paths codex >got && cat got &&
	grep -Fx h/.codex/AGENTS.md got && grep -Fx h/.codex/memories/MEMORY.md got &&
	paths gemini >got && grep -Fx h/.gemini/GEMINI.md got && grep -Fx h/.gemini/tmp/x/memory/MEMORY.md got &&
	vvault import h/proj/CLAUDE.md h/proj/.cursor/rules/a.mdc >/dev/null &&
	paths claude-code | grep -Fx proj/CLAUDE.md && paths cursor | grep -Fx proj/.cursor/rules/a.mdc &&
	echo "other rules" >h/proj/CLAUDE.md && vvault import h/proj/CLAUDE.md >/dev/null &&
	vvault ls --json claude-code memory | jq -s -e "any(.state.path == \"proj/CLAUDE.md\" and
		.state.content == \"other rules\n\" and (.records | length) == 2)"
'

test_case 'two projects that are called alike keep their own rules, on disk and in an archive' '
	new_vault && for at in a b; do
		mkdir -p $at/proj/.claude && echo "rules of $at, see [more](more.md)" >$at/proj/CLAUDE.md &&
		echo "more of $at" >$at/proj/.claude/CLAUDE.md && vvault import $at/proj/CLAUDE.md $at/proj/.claude/CLAUDE.md >/dev/null || exit 1
	done && vvault ls --json claude-code memory >all && cat all && test "$(wc -l <all)" -eq 4 &&
	jq -se "map(select(.state.path == \"proj/CLAUDE.md\")) | map(.state.content[:10]) | sort == [\"rules of a\", \"rules of b\"]" all &&
	jq -se "all(.state.native.folder | test(\"/[ab]/proj$\")) and (map(select(.state.links)) | length == 2 and
		all((.entity | sub(\".*~\"; \"\")) == (.state.links[0].entity | sub(\".*~\"; \"\"))))" all &&
	tar czf two.tgz a b && vvault import two.tgz >/dev/null && vvault ls --json claude-code memory >all &&
	test "$(jq -r .entity all | sort -u | wc -l)" -eq 8 && before=$(version_of claude-code) &&
	vvault import two.tgz a/proj/CLAUDE.md >/dev/null && test "$(version_of claude-code)" = "$before"
'

test_case 'capture brings those of the person, each once, and what changed' '
	new_vault && home h && export HOME="$PWD/h" && unset CLAUDE_CONFIG_DIR CODEX_HOME GEMINI_CLI_HOME &&
	ln -s /etc/passwd h/.claude/rules/link.md && vvault capture >said 2>&1; cat said
	paths claude-code >got && cat got && test "$(wc -l <got)" -eq 6 && paths codex | grep -Fx h/.codex/AGENTS.md &&
	before=$(vvault log --json -n 100 claude-code | wc -l) && vvault capture >/dev/null 2>&1
	test "$(vvault log --json -n 100 claude-code | wc -l)" -eq "$before" &&
	echo "and kind" >>h/.claude/CLAUDE.md && vvault capture >/dev/null 2>&1
	vvault ls --json claude-code memory | jq -s -e "any(.state.path == \"h/.claude/CLAUDE.md\" and
		(.state.content | endswith(\"and kind\n\")))"
'

done_testing
