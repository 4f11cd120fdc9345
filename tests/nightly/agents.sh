#!/bin/sh
# What the agents of today write: each is asked twice, and what it wrote is
# imported: both prompts and both answers are on the shown branch. No part of
# `make check`: `make nightly`. What cannot be run here is skipped, and why.
. "$(dirname "$0")/programs.sh"

first="Which colour comes first in a rainbow?"
second="And which one last?"
export first second

# came_home <construct>: one session, in which both prompts were asked in order
# and each was answered, on the branch that is shown.
came_home() {
	{ vvault capture >captured 2>&1 || { cat captured said; return 1; }; }
	cat captured && vvault ls --json "$1" >ls.json && jq -s -e --arg first "$first" --arg second "$second" '
		(map({(.entity): .state}) | add) as $all |
		map(select(.kind == "session") | .state.active | select(.) |
			[recurse($all[.].parent | select(.))] | reverse | map($all[.]) |
			map(select(.visibility == "visible" and (.content // "") != "")) |
			map(if .role == "user" and (.content | contains($first)) then "first"
				elif .role == "user" and (.content | contains($second)) then "second"
				elif .role == "assistant" and (.content | contains("Mock answer")) then "answer"
				else empty end)) |
		any(. == ["first", "answer", "second", "answer"])' ls.json || {
		jq -c "[.entity, .state.role, .state.visibility, .state.content]" ls.json | cut -c1-300
		tail -n 20 said
		return 1
	}
}

test_case 'Pi' '
	program pi @earendil-works/pi-coding-agent && asks "$run -p \"$first\"" &&
	asks "$run --continue -p \"$second\"" && came_home pi
'

test_case 'Qwen Code' '
	program qwen @qwen-code/qwen-code && asks "$run -p \"$first\"" &&
	asks "$run --continue -p \"$second\"" && came_home qwen
'

test_case 'Gemini CLI' '
	program gemini @google/gemini-cli && asks "$run -p \"$first\"" &&
	asks "$run --resume latest -p \"$second\"" && came_home gemini
'

test_case 'Codex' '
	program codex @openai/codex && asks "$run \"$first\"" &&
	asks "$run resume --last \"$second\"" && came_home codex
'

test_case 'OpenCode' '
	program opencode opencode-ai && asks "$run \"$first\"" && asks "$run -c \"$second\"" && came_home opencode
'

test_case 'Copilot CLI' '
	program copilot @github/copilot && asks "$run -p \"$first\"" &&
	asks "$run --continue -p \"$second\"" && came_home copilot
'

test_case 'Cline' '
	command -v tmux >/dev/null || skip_case "it goes on at a terminal alone, and there is no tmux"
	program cline cline &&
	export tmux="tmux -S $PWD/tmux -f /dev/null" run && cat >type.sh <<-"END" &&
	. "$VV_TOP/tests/nightly/typing.sh"
	at_terminal "$run" "shows \"What can I do\" 1 && says \"\$first\" && shows \"Mock answer\" 1 && says \"\$second\" && shows \"Mock answer\" 2 && sleep 2"
	END
	asks "sh $PWD/type.sh" && came_home cline || { tail -n 30 said; false; }
'

done_testing
