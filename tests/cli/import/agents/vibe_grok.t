#!/bin/sh
# Mistral Vibe, Grok Build.
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

data=$VV_TOP/tests/data
vibe=cc000000-0000-4000-8000-000000000001
grok=dd000000-0000-7000-8000-000000000001
export data vibe grok

# shown <construct> <session>: what is on the shown branch.
shown() {
	vvault ls --json "$1" >all && jq -cs --arg s "$2" '(map({key: .entity, value: .state}) | from_entries) as $all |
		[$all[$s].active | recurse($all[.].parent; . != null)] | reverse | map($all[.])' all >branch && cat branch
}

test_case 'Vibe: messages, and what meta.json tells' '
	new_vault && vvault import --json "$data/vibe" >out && cat out && shown vibe session:vibe:$vibe &&
	jq -e "map([.role, .visibility, .content]) == [[\"user\", \"visible\", \"How deep?\"], [\"user\", \"meta\", \"The folder has two files.\"],
		[\"assistant\", \"visible\", \"I measure.\"], [\"tool\", \"tool\", \"<tool_error>depth failed: no pond</tool_error>\"],
		[\"assistant\", \"visible\", \"No pond.\"]]" branch &&
	jq -e ".[2].parts | map(.type) == [\"thinking\", \"text\", \"tool_use\"]" branch && jq -e ".[3].parts[0].is_error" branch &&
	state_of vibe session:vibe:$vibe ".title == \"Depths\" and .parent == \"session:vibe:cc000000-0000-4000-8000-000000000000\" and
		.model == \"mistral-reed\" and .native.cwd == \"/srv/heron\" and .created == \"2026-11-03T09:00:00.000000Z\" and
		.updated == \"2026-11-03T09:05:00.000000Z\" and .native.meta.stats.steps == 2" &&
	! vvault ls --json vibe | grep not-for-us && test "$(told "settings and lists of tools")" -eq 1 &&
	vvault import --json "$data/vibe" >out && jq -se "map(.version) | unique == [null]" out
'

test_case 'Vibe: alone, empty, grown, damaged' '
	new_vault && f=$(echo "$data"/vibe/*/messages.jsonl) && head -n 3 "$f" >m.jsonl && vvault import --json m.jsonl >out && cat out &&
	jq -e ".sources[0] | .format == \"vibe\" and .imported == 4" out && vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" &&
	mkdir -p vb/session_1 && : >vb/session_1/messages.jsonl && cp "$data"/vibe/*/meta.json vb/session_1/ && expect_exit 1 vvault import --json vb >out &&
	test "$(jq -s "[.[].sources[].skipped[] | select(.reason == \"an empty log\")] | length" out)" -eq 1 &&
	head -n 3 "$f" >vb/session_1/messages.jsonl && vvault import vb >/dev/null && cp "$f" vb/session_1/ && echo "{\"role\":7,\"content\":[{\"text\":\"odd\"}]}" >>vb/session_1/messages.jsonl &&
	echo "torn {" >vb/session_1/meta.json && vvault import --json vb >out && cat out && vvault ls --json vibe | grep "\"odd\""
'

test_case 'Grok Build: what the model sees, when it was said, what the session is' '
	new_vault && vvault import --json "$data/grok-build" >out && cat out && shown grok-build session:grok-build:$grok &&
	jq -e "map([.role, .visibility, .content]) == [[\"system\", \"hidden\", \"You are a reed.\"], [\"user\", \"meta\", \"Rules of the folder\"],
		[\"user\", \"visible\", \"How deep?\"], [\"assistant\", \"thinking\", \"\"], [\"assistant\", \"tool\", \"\"],
		[\"assistant\", \"visible\", \"I measure.\"], [\"tool\", \"tool\", \"two metres\"], [\"user\", \"visible\", \"Hurry\"],
		[\"assistant\", \"visible\", \"Two metres.\"], [\"system\", \"meta\", \"A later kind says this.\"]]" branch &&
	jq -e "map(.created) == [null, null, \"2026-11-03T10:00:00.000000Z\", null, null, \"2026-11-03T10:00:01.000000Z\",
		\"2026-11-03T10:00:04.000000Z\", null, \"2026-11-03T10:00:06.000000Z\", null]" branch &&
	jq -e ".[3].parts[0].text == \"Measure it.\" and .[4].parts[0].name == \"web_search\" and .[5].parts[1].input.of == \"pond\" and
		.[5].model == \"reed-4\"" branch &&
	state_of grok-build session:grok-build:$grok ".title == \"Depths\" and .native.cwd == \"/srv/heron\" and .native.signals.turnCount == 1 and
		.native.summary.num_messages == 9 and .updated == \"2026-11-03T10:10:00.000000Z\"" &&
	vvault import --json "$data/grok-build" >out && jq -se "map(.version) | unique == [null]" out
'

test_case 'Grok Build: the same words twice, a cache that is written anew, the older form' '
	new_vault && cp -r "$data/grok-build" g && f=$(echo g/*/*/chat_history.jsonl) && head -n 6 "$f" >half && cp "$f" whole && cp half "$f" &&
	vvault import g >/dev/null && cp whole "$f" && vvault import --json g >out && cat out && jq -e ".sources[0].known == 6" out &&
	cat >old.jsonl <<-"END" && vvault import --json old.jsonl >out && cat out && jq -e ".sources[0].format == \"grok-build\"" out &&
	{"role":"user","content":"Yes"}
	{"role":"assistant","content":"Yes what?","model_id":"reed-1","reasoning_content":"Odd"}
	{"role":"user","content":"Yes"}
	{"role":"tool","content":{"lines":["a result"]},"tool_call_id":7}
	END
	vvault ls --json grok-build message | jq -se "[.[] | select(.state.content == \"Yes\")] | length == 2" &&
	vvault ls --json grok-build | grep "a result"
'

test_case 'capture finds both' '
	new_vault && mkdir -p home/.vibe/logs/session home/.grok/sessions && cp -r "$data"/vibe/* home/.vibe/logs/session/ &&
	cp -r "$data"/grok-build/* home/.grok/sessions/ && export HOME="$PWD/home" && unset VIBE_HOME GROK_HOME && vvault capture >/dev/null &&
	vvault agents --json >out && cat out && jq -se "map({(.agent // \"\"): .vault.held}) | add | .vibe == 1 and .[\"grok-build\"] == 1" out
'

done_testing
