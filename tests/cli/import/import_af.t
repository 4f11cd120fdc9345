#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

agents=$VV_TOP/tests/data/af
export agents

# messages <construct>: their states, in order.
messages() {
	vvault ls --json "$1" message | jq -s "sort_by(.state.index) |
		[.[] | .state + {entity}]"
}

blocks() {
	vvault ls --json "$1" memory | jq -s "sort_by(.state.label) | map(.state)"
}

# state <construct>: what it is, without its history.
state() {
	vvault show --json "$1" | jq -cS "{persona, counts: (.counts | del(.source))}" &&
	vvault ls --json "$1" | jq -cS "select(.kind | test(\"source|construct\") | not) |
		{entity, state}" | sort
}

# round <construct>: its export makes the same construct in an empty vault.
round() {
	state "$1" >before.state && vvault export "$1" --format af >"$1.out" &&
	rm -rf round && vvault init round >/dev/null &&
	vvault -C round import "$1.out" >/dev/null &&
	VVAULT_DIR="$PWD/round" state "$1" >after.state &&
	cmp before.state after.state
}

# holds_no_secret <vault>: in no object and no file.
holds_no_secret() {
	{
		git -C "$1" cat-file --batch-all-objects --batch
		find "$1" -type f -exec cat {} +
	} >everything
	test -s everything && ! grep -a -c "hush-token" everything
}

test_case 'an agent is a construct with its blocks and messages' '
	new_vault && vvault import --json "$agents/juniper.af" >out &&
	jq -e ".construct == \"juniper\" and .sources[0].format == \"af\" and
		.sources[0].read == 15 and .sources[0].imported == 15 and
		.sources[0].redactions == 0 and .sources[0].skipped == []" out &&
	says ".persona.system == \"You are Juniper.\" and
		.persona.description == \"a gardener\" and .persona.agent_type == \"memgpt_agent\" and
		.counts.memory == 3 and .counts.message == 9 and .counts.session == 1" vvault show --json juniper &&
	blocks juniper >b && jq -e "map(.label) == [\"human\", \"notes/garden\", \"persona\"] and
		.[0].content == \"First name: Ines\" and .[0].limit == 2000 and
		.[0].description == \"about her\" and .[2].read_only == true and
		.[2].type == \"identity\" and .[2].native.metadata == {k: 1}" b &&
	says ".state.native.tools[0].source_code |
		test(\"raise SystemExit\")" vvault ls --json juniper construct
'

test_case 'what is said is what a person would have seen' '
	new_vault && vvault import "$agents/juniper.af" >/dev/null && messages juniper >m &&
	jq -e "map(.content) == [\"You are Juniper.\", \"Ines logged in\", \"Water the fern?\",
		\"On Tuesday.\", \"{\\\"status\\\":\\\"OK\\\"}\", \"And the cactus?\", \"Never.\", \"\", \"\"]" m &&
	jq -e "map(.role) == [\"system\", \"user\", \"user\", \"assistant\", \"tool\", \"user\",
		\"assistant\", \"assistant\", \"user\"] and
		map(.visibility) == [\"hidden\", \"meta\", \"visible\", \"visible\", \"tool\",
		\"visible\", \"visible\", \"tool\", \"tool\"]" m &&
	jq -e "(.[3].parts | map(.type)) == [\"tool_call\", \"text\"] and
		.[3].parts[1].text == \"She asks about the fern.\" and
		.[6].parts[0].reasoning == \"Cacti are dry.\" and
		.[4].parts[0].type == \"tool_return\" and .[8].native.role == \"approval\" and
		.[8].native.approve == true and (.[7].parts[0].function.arguments == \"{not json\")" m &&
	jq -e "[.[1:][].parent] == [.[:-1][].entity] and .[0].parent == null and
		.[2].created == \"2025-03-01T10:00:02.500000Z\"" m &&
	says ".state.active" vvault ls --json juniper session >leaf &&
	test "$(jq -r . leaf)" = "$(jq -r "last.entity" m)" &&
	says "(.state.native.in_context | length) == 4" vvault ls --json juniper session
'

test_case 'the same file twice makes no version' '
	new_vault && vvault import "$agents/juniper.af" >/dev/null &&
	before=$(version_of juniper) &&
	says ".version == null" vvault import --json "$agents/juniper.af" &&
	says ".version == null" vvault import --json - <"$agents/juniper.af" &&
	test "$(version_of juniper)" = "$before"
'

test_case 'a later export with other numbers shares the messages' '
	new_vault && vvault import "$agents/juniper.af" >/dev/null &&
	messages juniper | jq -r ".[].entity" | sort >one &&
	vvault ls --json juniper message | jq -r ".records[]" | sort >records &&
	vvault import --json "$agents/juniper_grown.af" >out &&
	messages juniper | jq -r ".[].entity" | sort >two &&
	test "$(comm -13 one two | wc -l)" -eq 1 && test -z "$(comm -23 one two)" &&
	vvault ls --json juniper message | jq -r ".records[]" | sort >more &&
	test "$(comm -13 records more | wc -l)" -eq 1 &&
	says "length == 3 and .[1].content == \"Ferns: Tuesday. Cactus: never.\"" blocks juniper &&
	vvault export juniper --format af | cmp - "$agents/juniper_grown.af" &&
	says ".version == null" vvault import --json "$agents/juniper.af" &&
	says ".[1].content == \"Ferns: Tuesday. Cactus: never.\"" blocks juniper
'

test_case 'exports come in any order' '
	new_vault && vvault import "$agents/juniper_grown.af" >/dev/null &&
	vvault import "$agents/juniper.af" >/dev/null &&
	says ".[1].content == \"Ferns: Tuesday. Cactus: never.\"" blocks juniper &&
	vvault export juniper --format af | cmp - "$agents/juniper_grown.af"
'

test_case 'secrets stay out, of every form of the file' '
	for f in secrets twice old; do
		rm -rf v && new_vault --plain && vvault import --json "$agents/$f.af" >out &&
		holds_no_secret v && grep -a -c "HOME_KEY\|OLD" everything &&
		jq -e ".sources[0].redactions == $(test $f = old && echo 1 || echo 5) and
			(.sources[0].notes | join(\" \") | test(\"secret\"))" out &&
		says ".version == null" vvault import --json "$agents/$f.af" || exit 1
	done &&
	vvault export thyme --format af >kept.af && jq -e ".tool_exec_environment_variables ==
		[{key: \"OLD\", value: \"\"}]" kept.af &&
	vvault init w >/dev/null && vvault -C w import kept.af >/dev/null
'

test_case 'kept bytes differ in the secrets alone' '
	new_vault && vvault import "$agents/secrets.af" >/dev/null &&
	sed "s/hush-token-[0-9]//" "$agents/secrets.af" >want &&
	vvault export juniper --format af | cmp - want && round juniper &&
	rm -rf v && new_vault && vvault import "$agents/twice.af" >/dev/null &&
	vvault export juniper --format af | jq -c "fromjson | fromjson" >got &&
	jq -c . want | cmp - got && round juniper
'

test_case 'members that stand there twice hide nothing' '
	printf "%s" "{\"agents\":[{\"name\":\"Dup\",\"agent_type\":\"x\",\"messages\":[]," \
		"\"secrets\":{\"A\":\"hush-token-9\"},\"secrets\":null}],\"blocks\":[]}" >dup.af &&
	new_vault --plain && says ".construct == \"dup\"" vvault import --json dup.af &&
	holds_no_secret v
'

test_case 'several agents are several constructs, or one' '
	new_vault && vvault import --json "$agents/several.af" >out &&
	jq -s "map(.construct) | sort" out | jq -e ". == [\"juniper\", \"sorrel\", \"sorrel-2\"]" &&
	jq -se "[.[].sources[].skipped[].reason] | unique | length == 2" out &&
	says ".counts.session == 1 and .counts.message == 2" vvault show --json sorrel &&
	says ".entity == \"session:letta:Sorrel\"" vvault ls --json sorrel session &&
	says ".entity == \"session:letta:Sorrel%202\"" vvault ls --json sorrel-2 session &&
	says ".counts.memory == 1" vvault show --json juniper &&
	vvault init w >/dev/null &&
	says ".construct == \"all\"" vvault -C w import --json --construct all "$agents/several.af" &&
	test "$(vvault -C w construct list | wc -l)" -eq 1 &&
	says ".counts.session == 3" vvault -C w show --json all
'

test_case 'an old file is one bare agent' '
	new_vault && vvault import --json "$agents/old.af" >out &&
	jq -e ".construct == \"thyme\" and .sources[0].imported == 7" out &&
	says "map(.content) == [\"unknown\", \"I am Thyme.\"]" blocks thyme &&
	says "map(.content) == [\"You are Thyme.\", \"hello\"] and
		.[1].created == \"2025-01-01T00:00:01.000000Z\"" messages thyme &&
	says "(.state.native.in_context | length) == 1" vvault ls --json thyme session
'

test_case 'an edit is written into the file' '
	new_vault && vvault import "$agents/juniper.af" >/dev/null &&
	vvault add juniper memory:update --entity memory:letta:Juniper/notes%2fgarden \
		"{\"content\":\"All on Monday.\",\"limit\":600}" >/dev/null &&
	vvault add juniper construct:update --entity construct:juniper \
		"{\"persona\":{\"system\":\"You are Juniper, still.\"}}" >/dev/null &&
	vvault export juniper --format af >edited.af 2>err && grep edited err &&
	jq -c ".blocks[2].value = \"All on Monday.\" | .blocks[2].limit = 600 |
		.agents[0].system = \"You are Juniper, still.\"" "$agents/juniper.af" >want &&
	jq -c . edited.af | cmp - want && round juniper
'

test_case 'what is no agent file is refused' '
	new_vault && printf "{\"agents\":[],\"blocks\":[]}" >none.af &&
	printf "\"{\\\\\"agents\\\\\":[{\\\\\"agent_type\\\\\":\\\\\"x\\\\\", broken\"" >torn.af &&
	head -c 2000 "$agents/juniper.af" >cut.af &&
	for f in none torn cut; do
		expect_exit 3 vvault import --json $f.af >$f.out || exit 1
	done && grep -F "no agent" none.out && grep -F "inside a string" torn.out &&
	grep -F "cannot be read" cut.out && test -z "$(vvault construct list)" &&
	vvault add --new nova memory:create "{\"content\":\"x\"}" >/dev/null &&
	expect_exit 128 vvault export nova --format af 2>err && grep "no agent file" err
'

test_case 'what an agent says in another form is kept or told' '
	new_vault && jq ".agents[0] |= (.in_context_message_ids += [\"message-none\", 7] |
		.messages[1] |= (.created_at = \"then\" | .name = 7 | .model = {of: 1} |
			.content = [{type: \"text\", text: \"said\", signature: \"s\"}]) | .core_memory = 7) |
		.blocks[0] |= (.label = {of: 2} | .value = 9)" "$agents/juniper.af" >odd.af &&
	vvault import --json odd.af >out && cat out &&
	jq -e ".sources[0].notes | any(test(\"in context that the file does not have: 2\"))" out &&
	vvault export juniper --format jsonl >records &&
	jq -se "map(select(.type == \"message:create\" and .data.index == 1)[\"data\"])[0] | .created == null and
		.native.created_at == \"then\" and .native.name == 7 and .native.model == {of: 1} and
		.content == \"said\" and .parts[0].signature == \"s\"" records &&
	jq -se "any(.data.native.label? == {of: 2} and .data.native.value == 9)" records &&
	jq -se "map(select(.type == \"construct:update\"))[0].data.native.agent.core_memory == 7" records
'

test_case 'shared: official files, counted' '
	need_shared && new_vault &&
	for f in "$VV_SHARED"/data/letta-af/*.af; do
		jq "if type == \"string\" then fromjson else . end" "$f" >plain &&
		name=$(jq -r ".agents[0].name" plain) && rm -rf v && new_vault &&
		vvault import --json "$f" >out &&
		c=$(jq -r .construct out) && test "$c" = "$(printf %s "$name" | tr A-Z a-z)" &&
		n=$(jq "(.agents[0].messages | length) + (.agents[0].block_ids | length) + 3" plain) &&
		test "$(jq ".sources[0].imported" out)" -eq "$n" &&
		jq -cS "[.blocks[] | {l: .label, v: .value}] | sort_by(.l)" plain >want &&
		blocks "$c" | jq -cS "[.[] | {l: .label, v: .content}] | sort_by(.l)" >got &&
		cmp want got &&
		vvault show --json "$c" | jq -r .persona.system >got &&
		jq -r ".agents[0].system" plain >want && cmp want got &&
		vvault export "$c" --format af | cmp - "$f" && round "$c" &&
		says ".version == null" vvault import --json "$f" || exit 1
	done
'

done_testing
