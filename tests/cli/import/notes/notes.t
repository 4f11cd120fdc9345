#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

# made <folder>: a vault of Obsidian.
made() {
	mkdir -p "$1/.obsidian" "$1/.trash" "$1/img" "$1/Plans" "$1/Day by day" &&
	echo "{}" >"$1/.obsidian/app.json" && echo gone >"$1/.trash/old.md" &&
	cat >"$1/Home.md" <<-'END' &&
	---
	title: "Home: the begin"
	tags: [lamp, "deep work", '#x']
	created: 2024-03-01T10:00:00Z
	updated: 2024-05-01
	---
	# Welcome

	See [[Lamp]], [[Plans/Heron|the heron]], [[lamp#Wiring]], [[Nowhere]] and
	[that day](Day%20by%20day/2024-03-01.md), ![[plan.png]] and ![again](img/plan.png "t").
	`[[no link]]`, [an address](https://example.com/c.md), [mail](mailto:a@example.com)

	```
	[[in code]]
	```
	| [[Lamp\|in a table]] |
	END
	echo "The lamp. [up](../Home.md) [[Home]]" >"$1/Plans/Lamp.md" &&
	printf "heron ![[none.png]]" >"$1/Plans/Heron.md" &&
	echo "- did things" >"$1/Day by day/2024-03-01.md" &&
	printf '\211PNG1234' >"$1/img/plan.png" && printf '\211PNGzz' >"$1/img/unused.png"
}

# note <path>: the state of the note that lies there.
note() {
	vvault ls --json notes | jq --arg path "$1" 'select(.state.path == $path) | .state'
}

test_case 'a vault of Obsidian: a memory for each note, links, tags, times, pictures' '
	new_vault && made Nest && vvault import --json Nest >out && cat out &&
	jq -e ".construct == \"notes\" and (.sources | length == 1) and (.sources[0] |
		.format == \"notes\" and .imported == 4 and ([.skipped[].reason] | length == 3))" out &&
	jq -e "[.sources[0].skipped[].reason] | any(contains(\"settings of Obsidian\")) and
		any(contains(\"thrown away\")) and any(contains(\"no note links to\"))" out &&
	note Home.md >home && cat home && jq -e ".title == \"Home: the begin\" and
		.tags == [\"deep work\", \"lamp\", \"x\"] and .source == \"notes\" and
		.created == \"2024-03-01T10:00:00.000000Z\" and .updated_precision == \"day\" and
		(.content | startswith(\"# Welcome\")) and (.native.front_matter | endswith(\"2024-05-01\n\"))" home &&
	jq -e "[.links[] | [.relation, .entity // .target]] | sort == [
		[\"link\", \"Nowhere\"], [\"link\", \"memory:notes:Nest/Day%20by%20day/2024-03-01.md\"],
		[\"link\", \"memory:notes:Nest/Plans/Heron.md\"], [\"link\", \"memory:notes:Nest/Plans/Lamp.md\"]]" home &&
	jq -e "[.attachments[] | [.name, .blob.media]] == [[\"img/plan.png\", \"image/png\"]]" home &&
	vvault cat "$(jq -r ".attachments[0].blob.\"\$blob\"" home)" | cmp - Nest/img/plan.png &&
	note Plans/Lamp.md | jq -e ".title == \"Lamp\" and (.links | length == 1)" &&
	note Plans/Heron.md | jq -e ".links == [{relation: \"embed\", target: \"none.png\"}]"
'

test_case 'twice adds nothing, nor does a note that was touched; an edited one is a new version, and goes back' '
	new_vault && made Nest && vvault import Nest >/dev/null &&
	says ".version == null" vvault import --json Nest && touch Nest/Home.md &&
	says ".version == null" vvault import --json Nest &&
	cp Nest/Plans/Lamp.md was && echo more >>Nest/Plans/Lamp.md &&
	says ".records.new == 1 and .records.known == 3" vvault import --json Nest &&
	note Plans/Lamp.md | jq -e ".content | endswith(\"more\n\")" && sleep 0.1 &&
	cat was >Nest/Plans/Lamp.md && says ".records.new == 1" vvault import --json Nest &&
	note Plans/Lamp.md | jq -e ".content | endswith(\"[[Home]]\n\")" &&
	test "$(vvault ls --json notes | wc -l)" -eq 4
'

test_case 'a note alone, a part of the vault and the vault from within are the same notes' '
	new_vault && made Nest && vvault import Nest >/dev/null &&
	says ".records.new == 0 and .records.known == 1" vvault import --json Nest/Home.md &&
	says ".records.new == 0 and .records.known == 2" vvault import --json Nest/Plans &&
	(cd Nest && says ".records.new == 0 and .records.known == 4" vvault import --json .) &&
	make_zip z.zip Nest/Home.md Nest/Home.md Nest/Plans/Lamp.md Nest/Plans/Lamp.md \
		Nest/.obsidian/app.json Nest/.obsidian/app.json &&
	vvault import --construct zipped --json z.zip >out && cat out &&
	vvault ls --json zipped memory | jq -s -e "map(.entity) | sort ==
		[\"memory:notes:Nest/Home.md\", \"memory:notes:Nest/Plans/Lamp.md\"]"
'

test_case 'a folder that was named and holds texts alone is one of notes, and a mix is none' '
	new_vault && mkdir -p a/b && echo "see [[two]]" >a/one.md && echo second >a/b/two.txt &&
	says ".sources[0] | .format == \"notes\" and .imported == 2" vvault import --json a &&
	note one.md | jq -e ".links[0].target == \"two\"" &&
	mkdir mix && cp a/one.md mix && echo "int x;" >mix/x.c &&
	expect_exit 1 vvault import mix >out && cat out && grep "where it is named" out &&
	says ".sources[0] | .format == \"notes\" and .imported == 1" vvault import --json --format notes mix &&
	says ".records.known == 1" vvault import --json mix/one.md &&
	mkdir -p home/.agent && cp a/one.md home && echo x >home/.agent/y.md &&
	expect_exit 1 vvault import home >out && make_zip mix.zip one.md mix/one.md x.c mix/x.c && expect_exit 1 vvault import mix.zip >out &&
	mkdir outer && mv a outer && cp "$VV_TOP/tests/data/mem0/"*.json outer &&
	{ vvault import --construct o outer >/dev/null || test $? -eq 3; } && vvault ls --json o memory >got &&
	test -s got && expect_exit 1 grep "memory:notes" got
'

test_case 'what another importer knows stays its own, in a folder of texts too' '
	new_vault && mkdir both && echo mine >both/note.md &&
	cp "$VV_TOP/tests/data/chatty/chat_with_iris-002.md" "$VV_TOP/tests/data/aider/.aider.chat.history.md" both &&
	vvault import both >/dev/null && vvault construct list --json | jq -r .construct | sort >got &&
	cat got && expect_exit 1 grep notes got && grep iris got
'

test_case 'texts that are none, or are damaged, cost only themselves' '
	new_vault && mkdir n && : >n/empty.md && printf "caf\\351\n" >n/latin.md && printf "a\\000b" >n/nul.md &&
	printf -- "---\nnever: closed\n" >n/open.md && printf -- "---\n---\n" >n/bare.md &&
	printf -- "---\ntags:\n  - a\n  - b # c\ntitle: [odd\ndate: 2999-01-01\n---\nbody\n" >n/odd.md &&
	vvault import --json n >out && cat out && jq -e ".sources[0] | .imported == 2 and
		([.skipped[].count] | add == 4)" out &&
	note open.md | jq -e ".content == \"---\nnever: closed\n\" and (has(\"native\") | not)" &&
	note odd.md | jq -e ".tags == [\"a\", \"b\"] and .title == \"[odd\"" &&
	expect_exit 3 vvault import n/latin.md >out && grep "no UTF-8" out &&
	printf "{\"a\": 1}" >x.md && expect_exit 3 vvault import x.md
'

test_case 'a long note becomes a blob, and an older copy changes nothing that is shown' '
	new_vault && mkdir n && perl -e "print \"long \" x 100000" >n/long.md && vvault import n >/dev/null &&
	says ".version == null" vvault import --json n &&
	echo new >n/a.md && vvault import n >/dev/null && echo old >n/a.md && touch -d 2001-02-03 n/a.md &&
	vvault import n >/dev/null && note a.md | jq -e ".content == \"new\n\""
'

done_testing
