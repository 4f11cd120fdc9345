#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/home.sh"

data=$VV_TOP/tests/data/agents
export data

# base <place below the home> <sql>: a database there.
base() {
	mkdir -p "$HOME/${1%/*}" && sqlite3 "$HOME/$1" <"$data/sql/$2.sql"
}

# all_bases: a database of each agent that keeps one.
all_bases() {
	base .local/share/goose/sessions/sessions.db goose && base .local/share/zed/threads/threads.db zed &&
	base .local/share/kiro-cli/data.sqlite3 kiro && base .hermes/state.db hermes &&
	base .local/state/warp-terminal/warp.sqlite warp && base garden/.crush/crush.db crush &&
	mkdir -p "$HOME/.local/share/crush" "$HOME/.hermes/sessions" && cp "$data"/samples/2026*.jsonl "$HOME/.hermes/sessions" &&
	echo "{\"projects\":[{\"path\":\"$HOME/garden\",\"last_accessed\":\"2026-05-04T09:00:00Z\"},{\"path\":\"$HOME/gone\"},
		{\"path\":7},{},{\"path\":\"relative\"},{\"path\":\"$HOME/else\",\"data_dir\":\"$HOME/elsewhere\"}]}" \
		>"$HOME/.local/share/crush/projects.json"
}

test_case 'databases of agents are found and captured, and again when they have grown' '
	new_vault && new_home && all_bases && base elsewhere/crush.db crush && vvault agents --json >out && cat out &&
	for agent in goose kiro warp; do of $agent ".sessions == 2 and .vault.missing == 2" || exit 1; done &&
	of zed ".sessions == 4" && of hermes ".sessions == 3" && of crush ".sessions == 4 and (.folders | length) == 2" &&
	{ vvault capture >said 2>&1 || test $? -eq 3; } && cat said &&
	for agent in goose zed kiro hermes warp crush; do vvault ls --json $agent session | grep -q . || exit 1; done &&
	{ vvault capture --json >again || test $? -eq 3; } && cat again && jq -se "all(.version == null)" again &&
	sqlite3 "$HOME/garden/.crush/crush.db" "INSERT INTO messages(id,session_id,role,parts,created_at,updated_at)
		VALUES(\"m-9\",\"s-1\",\"user\",\"[{\"\"type\"\":\"\"text\"\",\"\"data\"\":{\"\"text\"\":\"\"more\"\"}}]\",1777885400,1777885400)" &&
	vvault agents --json >out && of crush ".vault.grown == 2" &&
	{ vvault capture --json >again || test $? -eq 3; } && talk crush s-1 "map(.content) | index(\"more\")"
'

test_case 'a list of projects that is torn, or too odd, is none' '
	new_home && all_bases && echo "{\"projects\":[{\"path\":\"$HOME/gar" >"$HOME/.local/share/crush/projects.json" &&
	vvault agents --json >out && ! grep "\"crush\"" out && echo "[7]" >"$HOME/.local/share/crush/projects.json" &&
	vvault agents --json >out && ! grep "\"crush\"" out &&
	mkdir moved && echo "{\"projects\":[{\"path\":\"$HOME/garden\"}]}" >moved/projects.json &&
	CRUSH_GLOBAL_DATA="$PWD/moved" vvault agents --json >out && of crush ".sessions == 2"
'

done_testing
