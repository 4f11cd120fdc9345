#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/home.sh"

claude_settings() {
	mkdir -p "$HOME/.claude" && cat >"$HOME/.claude/settings.json" && cp "$HOME/.claude/settings.json" before
}

# our_command <agent>
our_command() {
	echo "$VV_BUILD/vvault -C $(cd v && pwd -P) capture --hook $1"
}

install() {
	vvault capture --install-hook "$1"
}

uninstall() {
	vvault capture --uninstall-hook "$1"
}

test_case 'beside the hooks of others, which stay; and out again' '
	new_vault && new_home && claude_settings <<END &&
{
    "model": "opus", "n": 1.50,
    "hooks": {
        "Stop": [
            { "hooks": [ { "type": "command", "command": "say done" } ] }
        ],
        "PreToolUse": []
    },
    "env": {"A": "1"}
}
END
	chmod 640 "$HOME/.claude/settings.json" && install claude-code >out && cat out &&
	grep "^  + .*\"command\": \"$(our_command claude-code)\"" out && grep "from now on" out && ! grep "^  - *.*opus" out &&
	jq -e --arg c "$(our_command claude-code)" ".hooks.Stop[0].hooks[0].command == \"say done\" and
		.hooks.Stop[1].hooks == [{type: \"command\", command: \$c, timeout: 10}] and
		.hooks.SessionEnd[0].hooks[0].command == \$c and .hooks.PreToolUse == [] and .env.A == \"1\"" \
		"$HOME/.claude/settings.json" && grep "1.50" "$HOME/.claude/settings.json" &&
	test "$(stat -c %a "$HOME/.claude/settings.json")" = 640 &&
	cp "$HOME/.claude/settings.json" once && install claude-code >out && grep "the hook is there" out &&
	cmp once "$HOME/.claude/settings.json" && vvault agents --json >out && of claude-code .hook &&
	uninstall claude-code >out && grep "no more" out && cmp before "$HOME/.claude/settings.json" &&
	uninstall claude-code >out && grep "the hook is absent" out && cmp before "$HOME/.claude/settings.json"
'

test_case 'in settings of any layout, which then stand as before' '
	new_vault && new_home && n=0 &&
	for text in "{}" "{ \"a\": [1,2] }" "{\"hooks\":{\"Stop\":[{\"matcher\":\"*\",\"hooks\":[{\"type\":\"command\",\"command\":\"x\"}]}]}}" \
		"{\"hooks\": {\"Other\": [ ] } , \"b\":{}}" "{
	\"tab\": true
}
"; do
		printf %s "$text" | claude_settings && install claude-code >/dev/null &&
		jq -e ".hooks.Stop | length > 0" "$HOME/.claude/settings.json" >/dev/null &&
		jq -S "del(.hooks.Stop, .hooks.SessionEnd)" "$HOME/.claude/settings.json" >/dev/null &&
		uninstall claude-code >/dev/null && cmp before "$HOME/.claude/settings.json" || { cat "$HOME/.claude/settings.json"; exit 1; }
		n=$((n + 1))
	done && test $n = 5
'

test_case 'each vault has its own, and a program that moved is called where it is now' '
	new_vault && new_home && vvault init w >/dev/null && echo "{}" | claude_settings &&
	install claude-code >/dev/null && vvault -C w capture --install-hook claude-code >/dev/null &&
	jq -e ".hooks.Stop | length == 2" "$HOME/.claude/settings.json" && uninstall claude-code >/dev/null &&
	jq -e ".hooks.Stop | length == 1 and (.[0].hooks[0].command | contains(\"/w capture\"))" "$HOME/.claude/settings.json" &&
	sed -i "s|\"command\": \"[^ ]*|\"command\": \"/old/vvault|" "$HOME/.claude/settings.json" &&
	vvault -C w capture --install-hook claude-code >out && grep "^  - .*/old/vvault" out &&
	! grep /old/ "$HOME/.claude/settings.json" && jq -e ".hooks.Stop | length == 1" "$HOME/.claude/settings.json"
'

test_case 'a command of somebody that calls us, too, is theirs' '
	new_vault && new_home && for before in "say done; /x/vvault" "nice /x/vvault" "\${nice};\${x}"; do
		printf "{\"hooks\":{\"Stop\":[{\"hooks\":[{\"type\":\"command\",\"command\":\"%s -C %s capture --hook claude-code\"}]}]}}\n" \
			"$before" "$(cd v && pwd -P)" | claude_settings && uninstall claude-code >out &&
		grep "the hook is absent" out && cmp before "$HOME/.claude/settings.json" || exit 1
	done && mkdir -p "$HOME/.codex" && conf=$HOME/.codex/config.toml &&
	printf "notify = [\"say\", \"/x/vvault\", \"-C\", \"%s\", \"capture\", \"--hook\", \"codex\"]\n" "$(cd v && pwd -P)" >"$conf" &&
	cp "$conf" before && uninstall codex >out && cmp before "$conf" && expect_exit 128 install codex && cmp before "$conf" &&
	sed -i "s/\"say\", //" "$conf" && install codex >out && grep -v /x/vvault "$conf" && uninstall codex && test ! -s "$conf"
'

test_case 'settings that are broken, or of another kind, are left alone' '
	new_vault && new_home && printf "{\n  \"a\": 1,\n  // mine\n  \"b\": 2\n}\n" | claude_settings &&
	expect_exit 128 install claude-code 2>err && cat err && grep "stays as it is" err && grep "line 3" err &&
	cmp before "$HOME/.claude/settings.json" && echo "{\"hooks\": []}" | claude_settings &&
	expect_exit 128 install claude-code 2>err && grep "hooks" err && cmp before "$HOME/.claude/settings.json" &&
	echo "{\"hooks\": {\"Stop\": 1}}" | claude_settings && expect_exit 128 install claude-code 2>err &&
	cmp before "$HOME/.claude/settings.json" && echo "{\"a\":1,\"a\":2}" | claude_settings &&
	expect_exit 128 install claude-code 2>err && cmp before "$HOME/.claude/settings.json"
'

test_case 'only shown with --dry-run; a link to settings stays one' '
	new_vault && new_home && echo "{}" | claude_settings && vvault capture --dry-run --install-hook claude-code >out &&
	grep "the hook would be there" out && cmp before "$HOME/.claude/settings.json" &&
	mv "$HOME/.claude/settings.json" dotfile && ln -s "$PWD/dotfile" "$HOME/.claude/settings.json" &&
	install claude-code >/dev/null && test -L "$HOME/.claude/settings.json" && grep capture dotfile
'

test_case 'Codex: one program, and no other in its place' '
	new_vault && new_home && mkdir -p "$HOME/.codex" && conf=$HOME/.codex/config.toml &&
	printf "# mine\nmodel = \"gpt\"\nlong = \"\"\"\nnotify = [1]\n\"\"\"\n\n[tui]\nnotify = [\"x\"] # not at the top\n" >"$conf" &&
	cp "$conf" before && install codex >out && cat out && head -n 1 "$conf" >line && cat line &&
	test "$(cat line)" = "notify = [\"$VV_BUILD/vvault\", \"-C\", \"$(cd v && pwd -P)\", \"capture\", \"--hook\", \"codex\"]" &&
	vvault agents --json >out && of codex .hook && install codex && uninstall codex && cmp before "$conf" &&
	printf "notify = [\n  \"say\", # hm\n  \"it\"]\n" >"$conf" && cp "$conf" before && expect_exit 128 install codex 2>err &&
	cat err && grep "line 1" err && grep "capture --hook codex" err && cmp before "$conf" &&
	printf "a = 1\nb = \"open\n" >"$conf" && cp "$conf" before && expect_exit 128 install codex 2>err &&
	grep "line 2" err && cmp before "$conf" && printf "a = [1,\n2\n" >"$conf" && expect_exit 128 install codex 2>err &&
	rm "$conf" && install codex >/dev/null && test "$(wc -l <"$conf")" = 1 && uninstall codex && test ! -e "$conf"
'

test_case 'Gemini and Copilot, whose files need not be there' '
	new_vault && new_home && mkdir -p "$HOME/.gemini" "$HOME/.copilot" && install gemini-cli >/dev/null &&
	jq -e ".hooks.AfterAgent[0].hooks[0].timeout == 10000 and (.hooks | keys) == [\"AfterAgent\", \"PreCompress\", \"SessionEnd\"]" \
		"$HOME/.gemini/settings.json" &&
	install copilot-cli >/dev/null && jq -e --arg c "$(our_command copilot-cli)" ".version == 1 and
		.hooks.sessionEnd == [{type: \"command\", bash: \$c, timeoutSec: 10}] and .hooks.agentStop" \
		"$HOME/.copilot/hooks/vvault.json" &&
	uninstall copilot-cli >/dev/null && test ! -e "$HOME/.copilot/hooks/vvault.json" && uninstall gemini-cli >/dev/null &&
	test ! -e "$HOME/.gemini/settings.json" && uninstall copilot-cli >out && grep "the hook is absent" out &&
	test ! -e "$HOME/.copilot/hooks/vvault.json" && : >"$HOME/.copilot/hooks/vvault.json" &&
	uninstall copilot-cli >out && grep "the hook is absent" out && test -f "$HOME/.copilot/hooks/vvault.json"
'

test_case 'what held nothing before is as it was; what was added meanwhile stays' '
	new_vault && new_home && for text in "" "{\"hooks\":{}}" "{ }
" "
"; do
		printf %s "$text" | claude_settings && install claude-code >out && grep -- "--uninstall-hook claude-code" out &&
		install claude-code >/dev/null && uninstall claude-code >/dev/null && cmp before "$HOME/.claude/settings.json" || exit 1
	done && rm "$HOME/.claude/settings.json" && install claude-code >/dev/null &&
	jq ".model = 1" "$HOME/.claude/settings.json" >with && cp with "$HOME/.claude/settings.json" &&
	uninstall claude-code >/dev/null && jq -e ". == {model: 1}" "$HOME/.claude/settings.json" &&
	rm "$HOME/.claude/settings.json" && install claude-code >/dev/null && uninstall claude-code >/dev/null &&
	test ! -e "$HOME/.claude/settings.json"
'

test_case 'what an agent says to its hook is in no help, and not completed' '
	vvault help capture >out && cat out && grep -- --install-hook out && ! grep -e --behind -e --watched -e "<json>" out
'

test_case 'what has no hook, no settings, no vault' '
	new_home && expect_exit 128 install claude-code 2>err && grep "no vault here" err &&
	new_vault && expect_exit 128 install claude-code 2>err && cat err && grep "no settings here" err &&
	expect_exit 128 install vscode-chat 2>err && grep "calls no hooks" err &&
	expect_exit 128 install claude-cod 2>err && grep "is .claude-code. meant" err
'

test_case 'what is installed is what works' '
	new_vault && new_home && one_of_each && unset VVAULT_DIR && vvault -C v capture --install-hook claude-code >/dev/null &&
	sh -c "$(jq -r ".hooks.Stop[0].hooks[0].command" "$HOME/.claude/settings.json")" </dev/null && settled &&
	vvault -C v grep "of claude" | grep claude &&
	mv v "it is a v" && export VVAULT_DIR="$PWD/it is a v" && vvault capture --install-hook copilot-cli >/dev/null &&
	jq -r ".hooks.sessionEnd[0].bash" "$HOME/.copilot/hooks/vvault.json" >command && cat command && sh command && settled "it is a v" &&
	vvault grep "of copilot" | grep copilot
'

done_testing
