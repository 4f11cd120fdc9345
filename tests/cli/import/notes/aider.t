#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

texts=$VV_TOP/tests/data/aider
export texts

# shown <nth>: role, kind of visibility and text of what stands on the shown
# branch of the nth session, as it is walked from its leaf.
shown() {
	vvault ls --json aider >ls.json &&
	jq -s -c --argjson nth "$1" '(map({(.entity): .state}) | add) as $all |
		(map(select(.kind == "session")) | sort_by(.state.created)[$nth].state.active) |
		[recurse($all[.].parent; . != null)] | reverse |
		map($all[.] | [.role, .visibility, .content, .created])' ls.json
}

test_case 'sessions of one file, prompts, answers, and what the program said' '
	new_vault && says ".construct == \"aider\" and (.sources[0] | .format == \"aider\" and
		.imported == 16 and (.skipped | length == 1))" \
		vvault import --json "$texts/.aider.chat.history.md" && shown 0 >got && cat got &&
	jq -e "map(.[:2]) == [[\"system\", \"meta\"], [\"user\", \"visible\"], [\"system\", \"meta\"],
		[\"user\", \"visible\"], [\"assistant\", \"visible\"], [\"tool\", \"tool\"],
		[\"system\", \"meta\"], [\"user\", \"visible\"], [\"assistant\", \"visible\"],
		[\"tool\", \"tool\"], [\"user\", \"visible\"], [\"assistant\", \"visible\"]]" got &&
	jq -e ".[3][2] == \"Make the lamp blink.\n\nTwice a second.\" and .[7][2] == .[3][2]" got &&
	shown 1 >got && jq -e "map(.[2]) == [\"Still there?\", \"Yes.\"]" got &&
	vvault ls --json aider session | jq -s -e "sort_by(.state.created)[0].state |
		.model == \"tiny-1\" and .native == {version: \"0.80.1\"} and
		.created == \"2026-03-01T08:00:00.000000Z\" and .created_zone != null"
'

test_case 'a fence hides what looks like a prompt, until the program speaks' '
	new_vault && vvault import "$texts/.aider.chat.history.md" >/dev/null && shown 0 >got && cat got &&
	jq -e ".[4][2] | contains(\"> Light travels fast.\n> It never waits.\") and
		endswith(\"\`\`\`py\n#### blink\n> on\n\`\`\`\n\`\`\`\`\")" got &&
	jq -e ".[5][2] == \"Applied edit to lamp.py\nLint says:\nlamp.py:3 too bright\nlamp.py:4 too dim\"" got &&
	jq -e ".[8][2] == \"\`\`\`py\n#### a fence that was broken off\" and
		.[9][2] == \"^C again to exit\" and .[10][2] == \"And now?\"" got
'

test_case 'times of prompts are those of the history of what was typed' '
	new_vault && vvault import "$texts" >/dev/null && shown 0 >got && cat got &&
	jq -e ".[1][3] == \"2026-03-01T08:00:10.000001Z\" and .[3][3] == \"2026-03-01T08:01:00.500000Z\" and
		.[7][3] == \"2026-03-01T08:02:00.000000Z\" and .[10][3] == null" got &&
	expect_exit 1 vvault import "$texts/.aider.input.history"
'

test_case 'twice adds nothing, a grown file keeps its ids, and so does one that was cut' '
	new_vault && head -n 28 "$texts/.aider.chat.history.md" >.aider.chat.history.md &&
	vvault import . >/dev/null && vvault ls --json aider message | jq -r .entity | sort >before &&
	test -s before && says ".version == null" vvault import --json .aider.chat.history.md &&
	cp "$texts/.aider.chat.history.md" . && vvault import .aider.chat.history.md >/dev/null &&
	vvault ls --json aider message | jq -r .entity | sort >after &&
	test -z "$(comm -23 before after)" && test "$(wc -l <after)" -eq 14 &&
	sed -n "/09:30:00/,\$p" "$texts/.aider.chat.history.md" >cut.md &&
	says ".sources[0] | .format == \"aider\" and .known == .imported" vvault import --json cut.md
'

test_case 'blanks that an editor took, another end of lines, and what is no history' '
	new_vault && sed "s/ *\$//" "$texts/.aider.chat.history.md" >stripped.md &&
	vvault import --construct stripped stripped.md >/dev/null &&
	sed "s/\$/\\r/" "$texts/.aider.chat.history.md" >crlf.md &&
	vvault import --construct crlf crlf.md >/dev/null &&
	vvault import --construct plain "$texts/.aider.chat.history.md" >/dev/null &&
	vvault ls --json plain message | jq -r "select(.state.role == \"user\") | .entity" | sort >plain &&
	for one in stripped crlf; do
		vvault ls --json $one message | jq -r "select(.state.role == \"user\") | .entity" |
			sort | sed "s,:[0-9a-f]*/,/," >got &&
		sed "s,:[0-9a-f]*/,/," plain | cmp - got || return
	done &&
	printf "a note\n\n# aider chat started at 2026-03-01 08:00:00\n" >note.md &&
	! vvault import --json note.md | jq -e ".sources[0].format == \"aider\"" &&
	printf "# aider chat started at 2026-03-01 08:00:00\n\n#### \\377\n" >bad.md &&
	expect_exit 3 vvault import bad.md >out && grep "no UTF-8" out
'

test_case 'secrets in what was said are replaced, with a marker' '
	new_vault --plain && key=ghp"_a1b2c3d4e5a1b2c3d4e5a1b2c3d4e5a1b2c3" &&
	printf "# aider chat started at 2026-03-01 08:00:00\n\n#### use %s  \n" "$key" >h.md &&
	vvault import h.md >/dev/null && ! vvault ls --json aider | grep "$key" && vvault ls --json aider | grep -q "use "
'

test_case 'shared: what a history is known to hold' '
	need_shared
	store=$VV_SHARED/data/agents/aider
	new_vault && vvault import "$store/proj" >/dev/null && vvault ls --json aider >ls.json &&
	jq -s "map(select(.kind == \"session\")) | sort_by(.state.created) |
		map(.entity | split(\":\")[2])" ls.json >keys &&
	jq --slurpfile keys keys ".sessions |= [to_entries[] | .key as \$at |
			.value | .id = \$keys[0][\$at] | del(.cwd)] |
		.sessions[0].messages[0].time = \"2026-05-04T09:00:05.123456Z\" |
		.sessions[0].messages[4].time = \"2026-05-04T09:01:00Z\"" "$store/expected.json" >expected.json &&
	perl "$VV_TOP/tests/expected.pl" expected.json ls.json
'

done_testing
