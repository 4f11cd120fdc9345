#!/bin/sh
# Stores that the agents themselves wrote, with what is known to be in them
# (../shared/data/agents).
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# is_expected <store>: the construct has what the store is known to hold.
is_expected() {
	vvault ls --json "$construct" >ls.json &&
	perl "$VV_TOP/tests/expected.pl" "$agents/$1/expected.json" ls.json
}

# halve_opencode: the later half of its messages was not written yet.
halve_opencode() {
	find home -name opencode.db | while read -r file; do
		sqlite3 "$file" "DELETE FROM message WHERE rowid > (SELECT max(rowid) / 2 FROM message)" ||
			return
	done &&
	find home -path "*/storage/message/*" | sort | tail -n 2 | while read -r file; do
		rm "$file" || return
	done
}

# comes_home <store> <construct>: as it is; once more, which adds nothing; and
# when it was there by half before, and has grown.
comes_home() {
	agents=$VV_SHARED/data/agents construct=$2
	new_vault && brings "$agents/$1/home" && is_expected "$1" &&
	brings "$agents/$1/home" && grep -q ' 0 new\|^nothing new' said &&
	cp -R "$agents/$1/home" home && chmod -R u+w home &&
	find home -name '*.jsonl' | while read -r file; do
		head -n $(($(wc -l <"$file") / 2)) "$file" >half &&
		mv half "$file" || return
	done && halve_opencode && halve_documents home && halve_agents &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" &&
	brings home && vvault ls --json "$2" | jq -r .entity | sort >before &&
	test -s before && cp -R "$agents/$1/home/." home &&
	brings home && is_expected "$1" && jq -r .entity ls.json | sort >after &&
	test -z "$(comm -23 before after)"
}

# halve_documents <folder>: of files that are rewritten whole, half of what they
# list.
halve_documents() {
	find "$1" -name '*.messages.json' -o -name api_conversation_history.json \
		-o -name ui_messages.json -o -path '*/amp/threads/*' \
		-o -path '*/.continue/sessions/*-*' | while read -r file; do
		jq 'def half: .[:(length / 2 | floor)];
			if type == "array" then half
			elif .messages then .messages |= half
			elif .history then .history |= half
			else . end' "$file" >half &&
		mv half "$file" || return
	done
}

# halve_agents: databases of Goose and Zed have half of their rows.
halve_agents() {
	for table in goose/sessions/sessions.db:messages zed/threads/threads.db:threads; do
		base=home/.local/share/${table%:*}
		test ! -e "$base" ||
			sqlite3 "$base" "DELETE FROM ${table#*:} WHERE rowid > (SELECT max(rowid) / 2 FROM ${table#*:})" || return
	done
}

# brings <folder>: what is in it comes in; some files beside may be unknown.
brings() {
	{ vvault import "$1" >said 2>&1 || test $? -eq 3; } || {
		cat said
		return 1
	}
}

while read -r store construct; do
	test_case "the store $store comes home as it is" '
		need_shared && comes_home '"$store $construct"'
	'
done <<END
claude-code claude-code
cline cline
amp amp
continue continue
roo roo
claude-code-2.1.332 claude-code
codex codex
copilot-cli copilot
cursor cursor
gemini-cli gemini
goose goose
kimi kimi
openclaw openclaw
opencode-json opencode
opencode-sqlite opencode
pi pi
zed zed
qwen qwen
END

done_testing
