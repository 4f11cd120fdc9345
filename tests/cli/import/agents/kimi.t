#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

data=$VV_TOP/tests/data/kimi
id=a
session=session:kimi:$id
code=session_bb01
export data id session code

# shown <session>: role, visibility and content of what is on the shown branch.
shown() {
	vvault ls --json kimi >all && jq -cs --arg s "$1" '(map({key: .entity, value: .state}) | from_entries) as $all |
		[$all[$s].active | recurse($all[.].parent; . != null)] | reverse | map($all[.])' all >branch && cat branch
}

test_case 'a context: what was taken back is a branch, of one begin' '
	new_vault && vvault import --json "$data/s" >out && cat out && jq -se ".[0].construct == \"kimi\"" out &&
	shown $session && jq -e "map(select(.visibility == \"visible\") | .content) == [\"Yes\", \"Yes what?\", \"Yes\", \"Well then.\"]" branch &&
	vvault ls --json kimi message | jq -s "[.[] | select(.state.session == \"$session\")]" >all && jq -e "length == 12" all &&
	jq -e "map(select(.state.content == \"A lost turn\")) | length == 1" all &&
	state_of kimi $session ".title == \"Yes and no\" and .native.cwd == \"/srv/heron\" and .native.state.todos[0].title == \"Measure\" and
		.created == \"2026-11-03T10:00:00.250000Z\" and .updated == \"2026-11-03T10:00:06.000000Z\""
'

test_case 'times come from the log of events, of each of two equal words its own' '
	new_vault && vvault import "$data/s" >/dev/null && shown $session &&
	jq -e "map(select(.content == \"Yes\") | .created) == [\"2026-11-03T10:00:00.250000Z\", \"2026-11-03T10:00:05.000000Z\"]" branch &&
	jq -e "map(select(.content == \"Yes what?\"))[0] | .created == \"2026-11-03T10:00:01.500000Z\" and
		(.parts | map(.type)) == [\"thinking\", \"text\", \"tool_use\"] and .parts[2].input.command == \"ls\"" branch &&
	jq -e "map(select(.role == \"tool\"))[0] | .created == \"2026-11-03T10:00:02.000000Z\" and .parts[0].is_error and .visibility == \"tool\"" branch &&
	jq -e "map(select(.visibility == \"hidden\") | .content) == [\"You help with herons.\"]" branch &&
	jq -e "map(select(.parts[0].type == \"injected\"))[0] | .visibility == \"meta\" and .role == \"user\"" branch &&
	mkdir c && cp -r "$data/s" "$data/kimi.json" c && rm c/s/*/*/wire.jsonl && vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" && vvault import --json c >out && shown $session &&
	jq -e "length == 10 and (map(.created) | unique) == [null]" branch
'

test_case 'an agent that it let work is a session of its own' '
	new_vault && vvault import "$data/s" >/dev/null && shown $session:b &&
	jq -e "map(.content) == [\"\", \"Look for reeds\", \"Three reeds.\"]" branch &&
	state_of kimi $session:b ".parent == \"$session\" and .native.agent.subagent_type == \"coder\" and .native.cwd == \"/srv/heron\""
'

test_case 'a context that was cleared leaves what was said before' '
	new_vault && mkdir c && cp -r "$data/s" "$data/kimi.json" c && f=$(echo c/s/*/$id/context.jsonl) && : >"$f" && vvault import --json c >out && cat out &&
	shown $session && jq -e "map(select(.visibility == \"visible\") | .content) == [\"Yes\", \"Yes what?\", \"A lost turn\", \"Its answer\"]" branch &&
	test "$(jq -s "[.[].sources[].skipped[] | select(.reason == \"an empty log\")] | length" out)" -eq 1
'

test_case 'what was compacted goes on from what was said before, and what was kept stands once' '
	new_vault && mkdir c && cp -r "$data/s" "$data/kimi.json" c && d=$(dirname c/s/*/$id/state.json) && mv "$d/context.jsonl" "$d/context_2.jsonl" &&
	{ head -n 2 "$d/context_2.jsonl" &&
	echo "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"<system>Previous context has been compacted. Here is the compaction output:</system>\"},{\"type\":\"text\",\"text\":\"They said yes.\"}]}" &&
	tail -n 2 "$d/context_2.jsonl" && echo "{\"role\":\"user\",\"content\":\"Go on\"}"; } >"$d/context.jsonl" &&
	vvault import --json c >out && cat out && shown $session &&
	jq -e "map(select(.visibility == \"visible\") | .content) == [\"Yes\", \"Yes what?\", \"Yes\", \"Well then.\", \"Go on\"]" branch &&
	jq -e "map(select(.content | test(\"They said yes\"))) | length == 1 and .[0].visibility == \"hidden\" and .[0].role == \"system\"" branch &&
	jq -se "[.[].sources[].skipped[] | select(.reason == \"a line that stands before\") | .count] == [2]" out &&
	jq -se "[.[].sources[].guessed] | add == 0" out && vvault import --json c >out && jq -se "map(.version) | unique == [null]" out
'

test_case 'a context grows; instructions come before it later' '
	new_vault && mkdir c && cp -r "$data/s" "$data/kimi.json" c && f=$(echo c/s/*/$id/context.jsonl) && sed -n "2,7p" "$f" >short && cp "$f" whole && mv short "$f" &&
	vvault import c >/dev/null && cp whole "$f" && vvault import --json c >out && cat out &&
	shown $session && jq -e "length == 10" branch && vvault ls --json kimi message | grep -c "\"Yes what?\"" >n && test "$(cat n)" -eq 1 &&
	vvault import --json c >out && jq -se "map(.version) | unique == [null]" out
'

test_case 'Kimi Code: the words of a step are one answer' '
	new_vault && vvault import --json "$data/c" >out && cat out && shown session:kimi:$code &&
	jq -e "map(select(.visibility == \"visible\") | [.role, .content]) == [[\"user\", \"How deep?\"], [\"assistant\", \"I measure.\"],
		[\"assistant\", \"No pond.\"], [\"user\", \"Hurry up\"]]" branch &&
	jq -e "map(select(.content == \"I measure.\"))[0] | .model == \"reed/one\" and .created == \"2026-11-03T10:00:01.000000Z\" and
		(.parts | map(.type)) == [\"thinking\", \"text\", \"tool_use\"] and .parts[0].text == \"Measure.\" and .parts[2].input.of == \"pond\" and
		(.native.more | length) == 4" branch &&
	jq -e "map(select(.role == \"tool\"))[0] | .content == \"no pond\" and .parts[0].is_error" branch &&
	jq -e "map(select(.content == \"Remember the rules.\"))[0].visibility == \"meta\"" branch &&
	jq -e "map(select(.visibility == \"hidden\") | .content) == [\"There is no pond.\"]" branch &&
	jq -e "map(select(.content == \"A later kind says this.\")) | length == 1" branch &&
	state_of kimi session:kimi:$code ".title == \"A pond\" and .native.cwd == \"/srv/heron\" and .created == \"2026-11-03T10:00:00.000000Z\"" &&
	state_of kimi session:kimi:$code:scout ".parent == \"session:kimi:$code\" and .title == \"scout\"" &&
	shown session:kimi:$code:scout && jq -e "map(.content) == [\"Find the pond\", \"None here.\"]" branch
'

test_case 'damage costs itself alone' '
	new_vault && mkdir -p s/agents/main && cat >s/agents/main/wire.jsonl <<-"END" &&
	{"type":"context.append_loop_event","event":{"type":"content.part","part":{"type":"text","text":"without a begin"}},"time":"soon"}
	{"type":"context.append_loop_event","event":null}
	{"type":"context.append_loop_event","event":{"type":"tool.result","result":"a bare result"}}
	{"type":"context.append_message","message":"no message"}
	{"type":"context.append_message","message":{"role":"assistant","content":{"text":"no list"},"toolCalls":[{"id":1},null,"x"]}}
	[]
	{"type":"context.append_message","mess
	END
	expect_exit 3 vvault import --json s >out && cat out && jq -se "[.[].sources[]][0] | .imported == 6 and (.malformed | length) == 2" out &&
	vvault ls --json kimi | grep "without a begin" && vvault ls --json kimi | grep "no list" &&
	echo "not JSON" >s/state.json && expect_exit 3 vvault import --json s >out && test "$(jq -s "[.[].sources[].skipped[].reason | select(test(\"cannot be read\"))] | length" out)" -eq 1
'

test_case 'capture finds both, and a zip archive has what lies beside, too' '
	new_vault && mkdir -p home/.kimi home/.kimi-code && cp -r "$data/s" home/.kimi/sessions && cp "$data/kimi.json" home/.kimi/ && cp -r "$data/c" home/.kimi-code/sessions && export HOME="$PWD/home" && unset KIMI_SHARE_DIR &&
	cp home/.kimi/kimi.json home/.kimi/config.toml && vvault capture >/dev/null && vvault agents --json >out && cat out &&
	jq -se "map(select(.agent == \"kimi\"))[0].vault.held == 2" out && shown $session && jq -e "length == 10" branch &&
	(cd home && zip -qr ../kimi.zip .) && vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" && vvault import kimi.zip >/dev/null &&
	shown $session && jq -e "map(select(.content == \"Yes\") | .created) == [\"2026-11-03T10:00:00.250000Z\", \"2026-11-03T10:00:05.000000Z\"]" branch &&
	state_of kimi $session ".native.cwd == \"/srv/heron\" and .title == \"Yes and no\""
'

done_testing
