#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../capture/home.sh"

# settings <file>: what comes on standard input is $file, below the home.
settings() {
	mkdir -p "${file%/*}" && cat >"$file" && cp "$file" before
}

# here: a vault and a home of its own, where the keys lie as they do by default.
here() {
	new_vault && new_home && mkdir -p "$HOME/.local/share/vvault" && cp -r "$VVAULT_KEYS" "$HOME/.local/share/vvault/keys" &&
	unset VVAULT_KEYS && v=$(cd v && pwd -P)
}

# plain: $file as JSON has it, by a reader that is not ours.
plain() {
	node -e "const t = require(\"fs\").readFileSync(process.argv[1], \"utf8\").replace(/^\\uFEFF/, \"\");
		const v = (0, eval)(\"(\" + t + \")\"); console.log(JSON.stringify(v))" "$file"
}

# exact <agent> [<word>...]: in, kept as a copy, in again, out; then each byte is as before, and nothing lies beside it.
exact() {
	agent=$1 && shift && vvault mcp install --agent "$agent" "$@" >out && cat out && grep "starts this vault.s MCP server" out &&
	cp "$file" with && { ! test -e before || cmp before "$file.before-vvault"; } &&
	vvault mcp install --agent "$agent" "$@" >out && grep "the server is there" out && cmp with "$file" &&
	vvault mcp uninstall --agent "$agent" >out && grep "starts it no more" out &&
	{ test -e before && cmp before "$file" || ! test -e "$file"; } && ! ls "$file".* &&
	vvault mcp uninstall --agent "$agent" >out && grep "the server is absent" out
}

test_case 'comments, commas behind the last one, unknown keys, order and indentation stay' '
	here && file=$HOME/.config/Code/User/mcp.json && settings <<END &&
// my servers
{
	"inputs": [ /* none */ ],   // yet
	"unknown": {"b": 1.50, "a": [1,2,], },
	"servers": {
		"other": { "command": "x", "args": [] }, // keep
	},
}
END
	exact vscode-chat && ! diff before with >changes && cat changes && ! grep "^<" changes && cp with "$file" &&
	plain >got && jq -e --arg v "$v" --arg p "$VV_BUILD/vvault" ".servers.vvault == {type: \"stdio\", command: \$p, args: [\"-C\", \$v, \"mcp\"]} and
		(keys_unsorted == [\"inputs\", \"unknown\", \"servers\"]) and (.servers | keys_unsorted == [\"other\", \"vvault\"])" got
'

test_case 'files of any layout, and none: only our entry comes, and goes without a trace' '
	here && file=$HOME/.gemini/settings.json && n=0 && for text in "" "{ }\n" "\357\273\277{\"a\":1}" "{\r\n    \"a\": 1\r\n}\r\n" \
		"{\"mcpServers\": {\n}\n}" "{\n  \"mcpServers\": {\n    // none yet\n  }\n}\n" "{\"mcpServers\":{\"x\":{} /* , */,},}"; do
		printf "$text" | settings && exact gemini-cli && cp with "$file" && plain >got && jq -e ".mcpServers.vvault.args[2] == \"mcp\"" got >/dev/null &&
		test "$(tr -cd "\\r" <with | wc -c)" = "$(case $text in *\\r*) grep -c "" with ;; *) echo 0 ;; esac)" || { cat -A with; exit 1; }
		rm -f "$file".* && n=$((n + 1))
	done && test $n = 7 && rm "$file" before && exact gemini-cli
'

# two <agent> <name> <name>: both names in, out in this order; all is as before.
two() {
	for name in vvault b; do
		vvault mcp install --agent "$1" --name $name >out && { ! test -e before || cmp before "$file.before-vvault"; } || return 1
	done && vvault mcp uninstall --name "$2" >out && grep -q mcp "$file" && vvault mcp uninstall --name "$3" >out &&
	{ test -e before && cmp before "$file" || ! test -e "$file"; } && ! ls "$file".*
}

test_case 'under two names: the copy is made once, and stays until the last one is out, in either order' '
	here && mkdir "$HOME/.claude" "$HOME/.codex" && file=$HOME/.claude.json && n=0 && for text in "" "{ }" "{\"mcpServers\":{}}" "{\"a\": 1, \"mcpServers\":{ }}"; do
		printf "$text" | settings && two claude-code vvault b && two claude-code b vvault || { cat -A "$file"; exit 1; }
		n=$((n + 1))
	done && test $n = 4 && rm "$file" before && two claude-code vvault b && file=$HOME/.codex/config.toml && for text in "" "a = 1" "[x]\r\n"; do
		printf "$text" | settings && two codex vvault b && two codex b vvault || { cat -A "$file"; exit 1; }
	done && file=$HOME/.vibe/config.toml && printf "" | settings && two vibe vvault b
'

test_case 'a hook in the same file: the copy is of both, and stays until the last one is out, in either order' '
	here && for file in .gemini/settings.json .codex/config.toml; do
		agent=$(echo "$file" | sed -n "s/^.gemini.*/gemini-cli/p; s/^.codex.*/codex/p") && file=$HOME/$file && for text in none "{ }"; do
			case $agent$text in *none) mkdir -p "${file%/*}" && rm -f "$file" before ;; codex*) echo "a = 1" | settings ;; *) printf "$text" | settings ;; esac &&
			vvault mcp install --agent $agent >out && vvault capture --install-hook $agent >out && vvault mcp uninstall --agent $agent >out && grep -q capture "$file" &&
			{ ! test -e before || cmp before "$file.before-vvault"; } && vvault capture --uninstall-hook $agent >out &&
			{ test -e before && cmp before "$file" || ! test -e "$file"; } && ! ls "$file".* || exit 1
		done
	done
'

test_case 'what stood there empty is there again when hook and server are out, in either order' '
	here && file=$HOME/.gemini/settings.json && hook="capture --install-hook gemini-cli" && server="mcp install --agent gemini-cli" && n=0 &&
	for text in "{\"hooks\":{ }}" "{\"mcpServers\":{ }}" "{\"a\": 1, \"hooks\":{ }, \"mcpServers\": {}, \"b\": [ ]}"; do
		for order in "$hook:$server" "$server:$hook"; do
			printf %s "$text" | settings && vvault $hook >out && vvault $server >out && first=${order%:*} && last=${order#*:} &&
			vvault $(echo "$first" | sed "s/--install/--uninstall/; s/mcp install/mcp uninstall/") >out && test -f "$file.before-vvault" &&
			vvault $(echo "$last" | sed "s/--install/--uninstall/; s/mcp install/mcp uninstall/") >out &&
			jq -cS . before >want && jq -cS . "$file" | diff want - && ! ls "$file".* && n=$((n + 1)) || { cat "$file"; exit 1; }
		done
	done && test $n = 6
'

test_case 'a file or a link of the name that the copy has: never written to, nor deleted; a copy that is left is told' '
	here && mkdir "$HOME/.cursor" && file=$HOME/.cursor/mcp.json && copy=$file.before-vvault && echo "{}" | settings && echo mine >"$copy" &&
	expect_exit 3 vvault mcp install --agent cursor >out && cat out && grep "before-vvault. lies there already" out && cmp before "$file" && echo mine | cmp - "$copy" &&
	rm "$file" && expect_exit 3 vvault mcp install --agent cursor >out && test ! -e "$file" && echo mine | cmp - "$copy" &&
	cp before "$file" && rm "$copy" && ln -s "$file" "$copy" && expect_exit 3 vvault mcp install --agent cursor >out && test -L "$copy" &&
	rm "$copy" && vvault mcp install --agent cursor >out && cp before "$file" && vvault mcp uninstall --agent cursor >out 2>err && grep "before-vvault. stays" err && test -f "$copy" &&
	echo "{\"a\":1}" >"$file" && expect_exit 3 vvault mcp install --agent cursor >out && grep "taken out by hand" out && rm "$copy" &&
	vvault mcp install --agent cursor >out && cp "$file" "$copy" && cp "$file" with && vvault mcp uninstall --agent cursor >out 2>err && grep stays err && cmp with "$copy"
'

test_case 'a link that leads nowhere is told' '
	here && mkdir "$HOME/.cursor" && ln -s nowhere "$HOME/.cursor/mcp.json" && expect_exit 3 vvault mcp install --agent cursor >out && cat out && grep "a link that leads nowhere" out &&
	test -L "$HOME/.cursor/mcp.json"
'

test_case 'what was written meanwhile stays; a program that moved is called where it is now' '
	here && file=$HOME/.claude.json && mkdir "$HOME/.claude" && printf "{\n  \"numStartups\": 1\n}\n" | settings &&
	vvault mcp install --agent claude-code --yes >out && sed -i "s/\"numStartups\": 1/\"numStartups\": 2/; s|\"/[^\"]*/vvault\"|\"/old/vvault\"|" "$file" &&
	vvault mcp install --agent claude-code >out && cat out && grep "^  - .*/old/vvault" out && ! grep -v "^  [-+] " out | grep numStart &&
	jq -e --arg p "$VV_BUILD/vvault" ".mcpServers.vvault.command == \$p" "$file" && vvault mcp uninstall --agent claude-code >out &&
	printf "{\n  \"numStartups\": 2\n}\n" | cmp - "$file" && ! ls "$file".*
'

test_case 'what it may see and write; what a person added to it stays; another vault needs another name' '
	here && vvault add --new nova memory:create "{\"content\":\"x\"}" >/dev/null && vvault add --new mia memory:create "{\"content\":\"x\"}" >/dev/null &&
	file=$HOME/.copilot/mcp-config.json && echo "{}" | settings && vvault mcp install --agent copilot-cli --write nova --construct nova,mia >out 2>err && grep "mcp admit nova" err && ! grep mia err &&
	jq -e --arg v "$v" ".mcpServers.vvault | .type == \"local\" and .tools == [\"*\"] and
		.args == [\"-C\", \$v, \"mcp\", \"--construct\", \"nova,mia\", \"--write\", \"nova\"]" "$file" &&
	vvault mcp admit nova >out && vvault mcp install --agent copilot-cli --write nova --dry-run >out 2>err && ! grep admit err &&
	expect_exit 128 vvault mcp install --agent copilot-cli --write none-such 2>err && cat err &&
	sed -i "s/\"tools\"/\"timeout\": 7, \"tools\"/" "$file" && vvault mcp install --agent copilot-cli >out && cat out &&
	jq -e ".mcpServers.vvault | .timeout == 7 and (.args | length) == 3" "$file" && cp "$file" with &&
	vvault init w >/dev/null && expect_exit 3 vvault -C w mcp install --agent copilot-cli >out && cat out && grep -- --name out &&
	cmp with "$file" && vvault -C w mcp install --agent copilot-cli --name work >out &&
	jq -e ".mcpServers | keys == [\"vvault\", \"work\"]" "$file" && vvault -C w mcp uninstall >out && jq -e ".mcpServers.vvault and .mcpServers.work" "$file" &&
	vvault -C w mcp uninstall --name work >out && cmp with "$file"
'

test_case 'tables: Codex, Grok Build and Vibe' '
	here && file=$HOME/.codex/config.toml && for text in "" "model = \"x\" # mine\n\n[mcp_servers.other]\ncommand = \"x\"\n\n[tui]\na = 1\n" "a = 1" \
		"a = 1\r\n[ mcp_servers . \"o\" ]\r\ncommand = \"x\"\r\n" "# only"; do
		printf "$text" | settings && exact codex && grep -F "args = [\"-C\", \"$v\", \"mcp\"]" with || exit 1
	done && printf "[mcp_servers.vvault]\nargs = [ \"-C\", \"%s\",\n \"mcp\", \"--write\", \"x\" ] # mine\nstartup_timeout_sec = 9\ncommand = \"/old/vvault\"\n[mcp_servers.vvault.env]\nA = \"1\"\n[z]\n" "$v" |
		settings && vvault mcp install --agent codex >out && cat out && grep "^args = .*mcp.\\] # mine" "$file" && grep "^startup_timeout_sec = 9" "$file" &&
	grep -Fx "command = \"$VV_BUILD/vvault\"" "$file" && vvault mcp uninstall >out && echo "[z]" | cmp - "$file" && ! ls "$file".* &&
	printf "[mcp_servers.vvault]\ncommand = \"docker\"\nargs = [\"x\"]\n" | settings && expect_exit 3 vvault mcp install >out && grep -- --name out && cmp before "$file" &&
	for text in "mcp_servers = {}\n" "[mcp_servers]\nvvault = { command = \"x\" }\n" "mcp_servers.vvault.command = \"x\"\n" "a = [\n" \
		"[a]\nb = 1\n[\"a\"]\n" "a = \"\\377\"\n" "[[mcp_servers]]\nname = \"x\"\n"; do
		printf "$text" | settings && expect_exit 3 vvault mcp install >out && cmp before "$file" || exit 1
	done && rm -r "$HOME/.codex" && file=$HOME/.grok/config.toml && echo "[ui]" | settings && exact grok-build &&
	file=$HOME/.vibe/config.toml && printf "mcp_servers = []\nx = 1\n\n[[tools]]\nname = \"vvault\"\n" | settings && exact vibe && ! grep "= \\[\\]" with &&
	printf "[[mcp_servers]]\nname = \"o\"\ntransport = \"stdio\"\ncommand = \"x\"\n" | settings && exact vibe && test "$(grep -c transport with)" = 2
'

test_case 'OpenCode: a list of words, in either form and under either name' '
	here && mkdir -p "$HOME/.local/share/opencode" && file=$HOME/.config/opencode/opencode.json && rm -f before && exact opencode &&
	file=$HOME/.config/opencode/opencode.jsonc && printf "{\n  // mine\n  \"mcp\": { \"servers\": { \"type\": \"local\", \"command\": [\"x\"] } },\n}\n" | settings && exact opencode &&
	cp with "$file" && plain >got && jq -e --arg p "$VV_BUILD/vvault" --arg v "$v" ".mcp.vvault == {type: \"local\", command: [\$p, \"-C\", \$v, \"mcp\"]}" got &&
	printf "{\"mcp\": {\"servers\": {}}}" | settings && exact opencode && jq -e ".mcp.servers.vvault" with
'

test_case 'all that are here, each where it keeps them; none is made for one that is not' '
	here && mkdir -p "$HOME/.cursor" "$HOME/.codeium/windsurf" "$HOME/.config/zed" "$HOME/.config/Claude" "$HOME/.lmstudio" "$HOME/.factory" "$HOME/.kimi" \
		"$HOME/.kiro" "$HOME/.config/amp" "$HOME/.config/crush" "$HOME/.cline/data/settings" "$HOME/.config/Code - Insiders/User" \
		"$HOME/.vscode-server/data/User/globalStorage/rooveterinaryinc.roo-cline/settings" &&
	(cd "$HOME" && find . | sort) >was && vvault mcp install --json >out && ! jq -e "select(.server != \"installed\")" out && test "$(wc -l <out)" = 14 &&
	cd "$HOME" && jq -e .mcpServers.vvault .cursor/mcp.json .codeium/windsurf/mcp_config.json .config/Claude/claude_desktop_config.json .lmstudio/mcp.json \
		.factory/mcp.json .kimi/mcp.json .kiro/settings/mcp.json .cline/data/settings/cline_mcp_settings.json \
		.vscode-server/data/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json >/dev/null &&
	jq -e ".context_servers.vvault.source == \"custom\"" .config/zed/settings.json && jq -e ".[\"amp.mcpServers\"].vvault" .config/amp/settings.json >/dev/null &&
	jq -e .mcp.vvault .config/crush/crush.json >/dev/null && jq -e .servers.vvault ".config/Code - Insiders/User/mcp.json" .vscode-server/data/User/mcp.json >/dev/null &&
	cd "$OLDPWD" && vvault mcp uninstall >out && (cd "$HOME" && rmdir .kiro/settings && find . | sort) | diff was -
'

test_case 'broken settings, ones of another kind, ones that nobody may write to: left alone, and told; the others are done' '
	here && mkdir -p "$HOME/.cursor" "$HOME/.gemini" && echo "{\"mcpServers\": {}}" >"$HOME/.gemini/settings.json" && file=$HOME/.cursor/mcp.json &&
	for text in "{\n  \"a\": 1,\n  b\n}\n" "[]" "{\"mcpServers\": []}" "{\"mcpServers\": {\"vvault\": 5}}" "{\"mcpServers\":{\"vvault\":{\"command\":\"docker\",\"args\":[\"-C\"]}}}" \
		"{\"a\":1,\"a\":2}" "{\"mcpServers\":1}"; do
		printf "$text" | settings && expect_exit 3 vvault mcp install >out && cat out && grep "mcp.json stays as it is: " out && cmp before "$file" && ! ls "$file".* &&
		jq -e .mcpServers.vvault "$HOME/.gemini/settings.json" >/dev/null && expect_exit 3 vvault mcp install --agent cursor >out || exit 1
	done && printf "{\n  \"a\": 1,\n  b\n}\n" | settings && expect_exit 3 vvault mcp install --agent cursor >out && grep "line 3" out &&
	echo "{}" | settings && chmod 440 "$file" && expect_exit 3 vvault mcp install --agent cursor >out && grep "nobody may write" out && cmp before "$file"
'

test_case 'mode, links and secrets: kept, followed, not shown' '
	here && mkdir -p "$HOME/.cursor" dotfiles && file=$PWD/dotfiles/mcp.json && printf "{\"mcpServers\":{\"x\":{\"env\":{\"TOKEN\":\"s3cret\"},\"pad\":\"%0300d\"}}}" 0 | settings &&
	chmod 640 "$file" && ln -s "$file" "$HOME/.cursor/mcp.json" && vvault mcp install --agent cursor >out && cat out && ! grep s3cret out &&
	test -L "$HOME/.cursor/mcp.json" && test "$(stat -c %a "$file")" = 640 && test "$(stat -c %a "$file.before-vvault")" = 640 &&
	vvault mcp uninstall >out && ! grep s3cret out && cmp before "$file" && test -L "$HOME/.cursor/mcp.json" && test "$(stat -c %a "$file")" = 640
'

test_case 'keys that lie elsewhere are named; only shown with --dry-run' '
	new_vault && new_home && mkdir -p "$HOME/.cursor" "$HOME/.codex" && vvault mcp install --dry-run >out && cat out && grep "would be there: nothing is written" out &&
	test -z "$(ls "$HOME/.cursor" "$HOME/.codex" | grep -v :)" && vvault mcp install >out && keys=$(cd "$VVAULT_KEYS" && pwd -P) &&
	jq -e --arg k "$keys" ".mcpServers.vvault.env == {VVAULT_KEYS: \$k}" "$HOME/.cursor/mcp.json" &&
	grep -Fx "env = { VVAULT_KEYS = \"$keys\" }" "$HOME/.codex/config.toml" && grep -- "--install-hook cursor" out &&
	vvault capture --install-hook cursor >out && vvault mcp install --agent cursor >out && ! grep install-hook out
'

test_case 'no vault, no agents, none of that name' '
	new_home && expect_exit 128 vvault mcp install 2>err && grep "no vault here" err && new_vault && vvault mcp install >out 2>err; cat out err && grep "no agent" out err &&
	expect_exit 129 vvault mcp install --agent cursr 2>err && grep "is .cursor. meant" err && expect_exit 129 vvault mcp install --agent aider 2>err && cat err &&
	expect_exit 129 vvault mcp install --agent pi 2>err && grep "not known here" err && expect_exit 128 vvault mcp install --agent cursor 2>err && grep "no settings here" err &&
	expect_exit 129 vvault mcp install --name "a b" 2>err
'

test_case 'somebody is asked, and may say no; the hook is offered with it' '
	new_vault && new_home && mkdir -p "$HOME/.cursor" && tty() {
		printf "$1" | script -qec "$VV_BUILD/vvault mcp install --agent cursor" /dev/null >said 2>&1 || :
		cat said
	}
	command -v script >/dev/null || skip_case "script is not here"
	tty "n\nn\n" && grep "Change it so" said && grep "sessions in by itself" said && test -z "$(ls "$HOME/.cursor")" &&
	tty "y\nn\n" && test -f "$HOME/.cursor/mcp.json" && test ! -e "$HOME/.cursor/hooks.json" &&
	tty "y\n" && grep "the server is there" said && test -f "$HOME/.cursor/hooks.json"
'

done_testing
