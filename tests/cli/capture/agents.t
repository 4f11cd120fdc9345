#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/home.sh"

test_case 'agents, their sessions, and what is in the vault' '
	new_vault && new_home && one_of_each && vvault agents --json >out &&
	for agent in claude-code codex gemini-cli copilot-cli vscode-chat; do
		of $agent ".sessions == 1 and .vault == {held: 0, grown: 0, missing: 1} and .bytes > 0" || exit 1
	done &&
	of claude-code ".folders == [{path: \"$(cd home && pwd -P)/.claude/projects\"}] and
		.deletes == {days: 30, soon: 0} and .hook == false" &&
	of vscode-chat "has(\"hook\") or has(\"deletes\") | not" &&
	! grep "\"capture\":{" out &&
	vvault capture >/dev/null && claude_says 2 1 "more" | fill "$claude" && vvault agents --json >out &&
	of claude-code ".vault == {held: 0, grown: 1, missing: 0}" &&
	of codex ".vault == {held: 1, grown: 0, missing: 0}" &&
	jq -e "select(.capture) | .capture | .by == \"capture\" and .messages > 4 and .sessions == 5 and
		.unread == 0 and (has(\"error\") | not)" out
'

test_case 'in words, with the next step' '
	new_home && one_of_each && vvault agents >out && cat out &&
	grep "^Claude Code  (claude-code)  1 session, .*, the newest " out && grep "/.claude/projects$" out &&
	! grep "in the vault" out && grep "^next .*vvault init" out &&
	new_vault && vvault agents >out && grep "in the vault: none of them" out &&
	grep "^next .*vvault capture. brings in" out && vvault capture >/dev/null &&
	vvault agents >out && grep "in the vault: all of them" out && grep "^capture .* new messages$" out &&
	grep "^next .*--install-hook" out
'

test_case 'what is soon deleted and not in the vault is told' '
	new_vault && new_home && one_of_each && touch -d "26 days ago" "$HOME/$claude" "$HOME/$codex" &&
	vvault agents --json >out && of claude-code ".deletes == {days: 30, soon: 1}" &&
	of codex "has(\"deletes\") | not" && vvault agents >out 2>&1 &&
	grep "after 30 days: 1 that is not in the vault goes within a week" out &&
	vvault capture >/dev/null && vvault agents --json >out && of claude-code ".deletes.soon == 0" &&
	echo "{\"cleanupPeriodDays\": 365}" >"$HOME/.claude/settings.json" &&
	echo "{\"general\": {\"sessionRetention\": {\"maxAge\": \"60d\"}}}" >"$HOME/.gemini/settings.json" &&
	vvault agents --json >out && of claude-code ".deletes.days == 365" && of gemini-cli ".deletes.days == 60" &&
	echo "{\"general\": {\"sessionRetention\": {\"enabled\": false}}}" >"$HOME/.gemini/settings.json" &&
	echo "{\"cleanupPeriodDays\": 0, oops" >"$HOME/.claude/settings.json" && vvault agents --json >out &&
	of claude-code ".deletes.days == 30" && of gemini-cli "has(\"deletes\") | not"
'

test_case 'what lies beside a session belongs to it' '
	new_vault && new_home && one_of_each && echo /srv/heron | fill .gemini/tmp/heron/.project_root &&
	vvault capture >/dev/null && vvault agents --json >out && of gemini-cli ".vault.held == 1" &&
	echo /srv/egret >"$HOME/.gemini/tmp/heron/.project_root" && vvault agents --json >out &&
	of gemini-cli ".vault.grown == 1" && vvault capture >/dev/null && vvault agents --json >out &&
	of gemini-cli ".vault.held == 1"
'

test_case 'what came in another way is in the vault as well' '
	new_vault && new_home && one_of_each && vvault import "$HOME/$claude" >/dev/null &&
	vvault capture --agent codex --construct heron >/dev/null && vvault agents --json >out &&
	of claude-code ".vault.held == 1" && of codex ".vault.held == 1" && of gemini-cli ".vault.missing == 1"
'

test_case 'homes of Windows, variables, flavours, what is not here' '
	new_home && one_of_each && mkdir -p "$HOME/.config/VSCodium" other &&
	cp -r "$HOME/.config/Code/User" "$HOME/.config/VSCodium" && cp -r "$HOME/.codex/sessions" other &&
	CODEX_HOME=$PWD/other vvault agents --json >out &&
	of codex ".sessions == 2 and (.folders | length) == 2" && of vscode-chat ".sessions == 2" &&
	test -z "$(jq -c "select(.agent == \"claude-cowork\")" out)" &&
	vvault agents --all --json >out && of claude-cowork ".folders == []" &&
	vvault agents --all | grep "^Claude Cowork  not here (claude-cowork)"
'

test_case 'a home without agents' '
	new_home && vvault agents 2>err && grep "no agent that is known" err &&
	HOME= vvault agents 2>err && grep "no agent that is known" err &&
	expect_exit 128 vvault -C nowhere agents 2>err
'

test_case 'settings that are a pipe are not waited for' '
	new_vault && new_home && one_of_each && mkfifo "$HOME/.claude/settings.json" &&
	timeout 20 vvault agents --json >out && of claude-code ".sessions == 1" &&
	expect_exit 128 timeout 20 vvault capture --install-hook claude-code 2>err && grep "not a plain file" err &&
	test -p "$HOME/.claude/settings.json"
'

done_testing
