#!/bin/sh
# Do the programs of agents go on with what `vvault resume` writes? A session
# of Claude Code goes on in each: the server of model.js is given all of it, in
# its order, each call and result once, and then the prompt; what the program
# wrote behind it comes back into the same session, and nothing else. No part of
# `make check`: `make nightly`. What cannot be run here is skipped, and why.
. "$(dirname "$0")/programs.sh"

story=session:claude-code:5eed0000-0000-4000-8000-00000000000a
prompt="Go on, please."
export story prompt

# shown: who says what in the session.
shown() {
	vvault read --json "$story" | jq -c 'select(.role and (.visibility | . == "visible" or . == "tool")) | [.role, .text]'
}

# resumes <agent> <checker> <place below the home> <folder>: the session is
# written for it, to go on in the folder; id is its name there.
resumes() {
	vvault import "$VV_TOP/tests/resume/sessions/claude-code.jsonl" >/dev/null && shown >before &&
	vvault resume "$story" --as "$1" --in "$4" --json >out && id=$(jq -r .id out) &&
	perl "$VV_TOP/tests/resume/$2" "$HOME/$3" "$(cd "$4" && pwd -P)" told
}

# is_given: the model was.
is_given() {
	node "$VV_TOP/tests/nightly/received.js" requests told "$prompt" || { tail -n 20 said; return 1; }
}

# comes_back: the prompt and its answer, behind all that was there.
comes_back() {
	vvault capture >captured 2>&1 && cat captured && shown >after && cat before >want && cat >>want <<-END &&
	["user","$prompt"]
	["assistant","Mock answer $1."]
	END
	diff want after && test "$(vvault session list --json | wc -l)" = 1
}

# comes_back_again: of two runs, with files of either.
comes_back_again() {
	vvault capture >captured 2>&1 && cat captured && shown | jq -r "select(.[0] == \"user\") | .[1]" | tail -n 2 >last &&
	printf "%s\n" "$prompt" "And once more." | diff - last && test "$(vvault session list --json | wc -l)" = 1
}

# goes_on <row>: agent, program, package, checker, place, and how it is called.
goes_on() {
	program "$2" "$3" && resumes "$1" "$4" "$5" "$HOME/proj" && asks "$run $(echo "$6" | sed "s/@ID@/$id/") \"$prompt\"" &&
	is_given && comes_back "$(jq -s "map(.body | tostring | contains(\"$prompt\")) | index(true) + 1" requests)"
}

# title; agent; program; package; checker; place; words before the prompt
while IFS='|' read -r title agent name package checker place words; do
	export agent name package checker place words
	test_case "$title" 'goes_on "$agent" "$name" "$package" "$checker" "$place" "$words"'
done <<-"END"
	Codex|codex|codex|@openai/codex|check_codex.pl|.codex|resume @ID@
	Gemini CLI|gemini-cli|gemini|@google/gemini-cli|check_gemini.pl|.gemini/tmp|--resume @ID@ -p
	Qwen Code|qwen|qwen|@qwen-code/qwen-code|check_qwen.pl|.qwen/projects|--resume @ID@ -p
	Claude Code|claude-code|claude|@anthropic-ai/claude-code|check_claude.pl|.claude/projects|--resume @ID@ -p
	Pi|pi|pi|@earendil-works/pi-coding-agent|check_pi.pl|.pi/agent/sessions|--session @ID@ -p
	Continue|continue|continue|@continuedev/cli|check_continue.pl|.continue/sessions|-p --resume
	Copilot CLI|copilot-cli|copilot|@github/copilot|check_copilot.pl|.copilot/session-state|--resume=@ID@ -p
END

# Its own import first; it stores a prompt with the marks around it.
test_case 'OpenCode' '
	program opencode opencode-ai && resumes opencode check_opencode.pl .cache/vvault/resume "$HOME/proj" &&
	asks "$bin/opencode import $(jq -r ".before[2]" out) && $run -m mock/mock-model -s $(jq -r ".command[2]" out) \"$prompt\"" &&
	is_given && vvault capture >captured 2>&1 && cat captured && shown >after && { cat before &&
	printf "%s\n" "[\"user\",\"\\\"$prompt\\\"\"]"; } >want && sed \$d after | diff want - && tail -n 1 after | grep "Mock answer" &&
	test "$(vvault session list --json | wc -l)" = 1
'

test_case 'Cline' '
	command -v tmux >/dev/null || skip_case "it goes on at a terminal alone, and there is no tmux"
	program cline cline && resumes cline check_cline.pl .cline/data "$HOME/proj" && run="$run --id $id" &&
	export tmux="tmux -S $PWD/tmux -f /dev/null" run && cat >type.sh <<-"END" &&
	. "$VV_TOP/tests/nightly/typing.sh"
	at_terminal "$run" "shows \"Yes\\\\.\" 1 && says \"\$prompt\" && shows \"Mock answer\" 1 && sleep 2"
	END
	asks "sh $PWD/type.sh" && is_given && comes_back "$(jq -s "map(.body | tostring | contains(\"$prompt\")) | index(true) + 1" requests)" || { tail -n 30 said; false; }
'

test_case 'Gemini CLI deletes nothing of it at its next starts' '
	program gemini @google/gemini-cli && resumes gemini-cli check_gemini.pl .gemini/tmp "$HOME/proj" &&
	asks "$run --resume $id -p \"$prompt\"" && asks "$run --list-sessions" && asks "$run --list-sessions" &&
	grep -qF "$prompt" "$(jq -r ".files[-1].path" out)" && asks "$run --resume $id -p \"And once more.\"" &&
	tail -n 1 requests | grep "$prompt" | grep -q "sync test" && comes_back_again
'

done_testing
