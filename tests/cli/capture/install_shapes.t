#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/home.sh"

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

# settings: what comes on standard input becomes $file.
settings() {
	mkdir -p "${file%/*}" && cat >"$file" && cp "$file" before
}

# exact <agent>: in, found, in again, out; then it is as before, and nothing lies beside it.
exact() {
	install "$1" >out && cat out && vvault agents --all --json >out && of "$1" .hook && cp "$file" with &&
	install "$1" >out && grep "the hook is there" out && cmp with "$file" &&
	uninstall "$1" >out && grep "no more" out && cmp before "$file" && ! ls "$file".*
}

test_case 'Cursor: commands in lists, in the file of both its programs' '
	new_vault && new_home && file=$HOME/.cursor/hooks.json && settings <<END &&
{
    "version": 1,
    "hooks": { "stop": [ {"command": "say done"} ],
               "afterFileEdit": [{ "command": "x" }] }
}
END
	install cursor >out && cat out && jq -e --arg c "$(our_command cursor)" "
		.hooks.stop == [{command: \"say done\"}, {command: \$c}] and .hooks.sessionEnd == [{command: \$c}]" "$file" &&
	cmp before "$file.before-vvault" && uninstall cursor >out && cmp before "$file" && exact cursor-cli &&
	rm "$file" && install cursor >out && jq -e ".version == 1 and (.hooks | keys) == [\"sessionEnd\", \"stop\"]" "$file" &&
	install cursor-cli >out && jq -e ".hooks.stop | length == 2" "$file" && uninstall cursor >out &&
	jq -e --arg c "$(our_command cursor-cli)" ".hooks.stop == [{command: \$c}]" "$file" && uninstall cursor-cli && test ! -e "$file" &&
	echo "{ \"version\": 1, \"hooks\":{ } }" | settings && install cursor && install cursor-cli && cmp before "$file.before-vvault" && uninstall cursor && uninstall cursor-cli &&
	cmp before "$file" && ! ls "$file".* && echo mine >"$file.before-vvault" && expect_exit 128 install cursor 2>err && cat err && grep "lies there already" err && cmp before "$file"
'

test_case 'Droid: in its settings, or in hooks.json where that is there, in either form' '
	new_vault && new_home && file=$HOME/.factory/settings.json && settings <<END &&
{
  // the model
  "model": "m", /* why */
  "hooks": { "Stop": [ { "hooks": [ { "type": "command", "command": "x" }, ] }, ], }, // mine
}
END
	exact droid && grep -q "Stop" with && file=$HOME/.factory/hooks.json && settings <<END &&
{
  "PreToolUse": [{ "matcher": "*", "hooks": [{ "type": "command", "command": "y" }] }]
}
END
	exact droid && jq -e --arg c "$(our_command droid)" ".SessionEnd[0].hooks[0].command == \$c and (has(\"hooks\") | not)" with &&
	echo "{\"hooks\":{\"Stop\":[]}}" | settings && exact droid && jq -e ".hooks.SessionEnd" with
'

test_case 'Kimi: a table for each event, behind all others' '
	new_vault && new_home && file=$HOME/.kimi/config.toml && for form in "x = 1\\n\\n[[hooks]]\\nevent = \"Stop\" # mine\\ncommand = \"say\"\\n" \
		"x = 1\\r\\n[[hooks]]\\r\\nevent = \"Stop\"\\r\\ncommand = \"say\"\\r\\n# end\\r\\n" "a = \"\"\"\\n[[hooks]]\\n\"\"\"" "[m]\\nk = 1" "\\n"; do
		printf "$form" | settings && exact kimi && grep -F "command = \"$(our_command kimi)\"" with || exit 1
	done && : | settings && install kimi >out && uninstall kimi >out && cmp before "$file" &&
	printf "[[hooks]]\nevent = \"Stop\"\ncommand = \"/old/vvault -C $(cd v && pwd -P) capture --hook kimi\"\ntimeout = 9\n\n[z]\n" |
		settings && install kimi >out && ! grep /old/ "$file" && test "$(grep -c "^.command" "$file")" = 0 &&
	test "$(grep -c "^command" "$file")" = 2 && printf "hooks = [ ]\nx = 1\n" | settings && exact kimi && printf "hooks = [1]\n" | settings &&
	expect_exit 128 install kimi 2>err && grep "line 1" err && cmp before "$file" && printf "a = [\n" | settings &&
	expect_exit 128 install kimi 2>err && cmp before "$file" && file=$HOME/.kimi-code/config.toml && printf "q = 1\n" | settings && exact kimi
'

test_case 'Cline: a script for each event, never over one that is there' '
	new_vault && new_home && expect_exit 128 install cline 2>err && grep "no settings here" err && mkdir "$HOME/.cline" &&
	install cline >out && cat out && for event in TaskComplete TaskCancel; do
		file=$HOME/.cline/hooks/$event && test -x "$file" && grep -Fx "$(our_command cline)" "$file" &&
		test "$(echo "{}" | "$file")" = "{\"cancel\":false}" || exit 1
	done && settled && vvault agents --all --json >out && of cline .hook && rm "$file" && vvault agents --all --json >out &&
	of cline ".hook | not" && install cline >out && grep "the hook is there" out && test -x "$file" &&
	sed -i "s|^[^ #]*/vvault|/old/vvault|" "$file" && install cline >out && ! grep /old/ "$file" &&
	uninstall cline >out && test -z "$(ls "$HOME/.cline/hooks")" && file=$HOME/.cline/hooks/TaskComplete && printf "#!/bin/sh\nsay\n" | settings &&
	expect_exit 128 install cline 2>err && cat err && grep "capture --hook cline" err && cmp before "$file" &&
	uninstall cline >out && cmp before "$file" && export CLINE_HOOKS_DIR="$PWD/elsewhere" && install cline >out &&
	test -x elsewhere/TaskComplete
'

test_case 'OpenCode: a plugin, which calls us when a session rests' '
	new_vault && new_home && mkdir -p "$HOME/.config/opencode" && install opencode >out && cat out &&
	file=$HOME/.config/opencode/plugin/vvault.js && test -f "$file" && vvault agents --all --json >out && of opencode .hook &&
	install opencode >out && grep "the hook is there" out && vvault init w >/dev/null &&
	expect_exit 128 vvault -C w capture --install-hook opencode 2>err && cat err && grep "somebody else" err &&
	if command -v node >/dev/null; then
		cp "$file" plugin.mjs && node -e "import(\"./plugin.mjs\").then(async (m) => {
			const p = await m.Vvault({}); await p.event({ event: { type: process.argv[1] } }); })" session.created &&
		test ! -e v/vvault/capture/last && node -e "import(\"./plugin.mjs\").then(async (m) => {
			const p = await m.Vvault({}); await p.event({ event: { type: process.argv[1] } }); })" session.idle &&
		until_there v/vvault/capture/last && settled
	fi && uninstall opencode >out && test ! -e "$file"
'

test_case 'settings that nobody may write to are left alone' '
	new_vault && new_home && file=$HOME/.cursor/hooks.json && echo "{}" | settings && chmod 444 "$file" &&
	expect_exit 128 install cursor 2>err && cat err && grep "nobody may write" err && cmp before "$file"
'

test_case 'on one long line only what changes is shown' '
	new_vault && new_home && file=$HOME/.cursor/hooks.json && { printf "{\"token\":\"s3cret\",\"long\":\""; head -c 400 /dev/zero | tr "\\0" x; printf "\"}"; } |
		settings && install cursor >out && cat out && ! grep s3cret out && grep sessionEnd out && uninstall cursor && cmp before "$file"
'

done_testing
