#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

export_dir=$VV_TOP/tests/data/claude/export
shared=${VV_SHARED:+$VV_SHARED/data}
export export_dir shared

# same_fold <vault> <vault>: sessions and messages are the same.
same_fold() {
	for vault in "$1" "$2"; do
		for kind in session message; do
			vvault -C "$vault" ls --json claude $kind
		done | jq -cS "[.entity, .state]" | sort >"fold.$vault"
	done
	test -s "fold.$1" && cmp "fold.$1" "fold.$2"
}

test_case 'an export is imported as a folder, as a zip and as a file alike' '
	new_vault && vvault import --json "$export_dir" >out &&
	jq -e ".sources | length == 1 and .[0].format == \"claude\"" out &&
	cp -r "$export_dir" x && (cd x && zip -q ../x.zip *.json) &&
	vvault import --json x.zip >out &&
	jq -e ".records.new == 0 or (.records | .new == 1)" out &&
	jq -e ".version == null or .records.new == 1" out &&
	vvault import --json "$export_dir/conversations.json" >out &&
	jq -e ".sources[0].imported == .sources[0].known" out &&
	mkdir deep && mv x deep/data && (cd deep && zip -qr ../deep.zip data) &&
	vvault import --json deep.zip >out &&
	jq -e ".sources | length == 1 and .[0].format == \"claude\" and .[0].imported == .[0].known" out
'

test_case 'the report tells what became of everything' '
	new_vault && vvault import --json "$export_dir" >out && cat out &&
	jq -e ".sources[0] | .read == 27 and .imported == 24 and .redactions == 3 and
		.guessed == 1 and .unknown_times == 4 and .malformed == []" out &&
	jq -c "[.sources[0].skipped[] | .reason]" out >skips &&
	grep -F "old text is not in it" skips && grep -F "was refused" skips &&
	grep -F "an account" skips &&
	vvault show claude --json | jq -e ".counts |
		.session == 4 and .message == 12 and .memory == 6" &&
	expect_exit 1 grep -r -e rosa@example.com -e 15550100 out &&
	vvault export claude --format jsonl >lines &&
	expect_exit 1 grep -e rosa@ -e 15550100 lines
'

test_case 'a conversation that stands twice is told' '
	new_vault && jq "[.[0], .[0]]" "$export_dir/conversations.json" >twice.json && vvault import --json twice.json >out &&
	jq -e "[.sources[0].skipped[] | select(.reason | test(\"stands there before\")) | .count] == [1]" out
'

test_case 'text comes from the blocks, all else is kept as parts' '
	new_vault && vvault import "$export_dir" >/dev/null &&
	state_of claude message:claude:c-tree/t2 >got && cat got &&
	jq -e ".content == \"Ferns.\n\nAnd ivy.\" and .role == \"assistant\" and
		(.parts | map(.type)) == [\"thinking\", \"tool_use\", \"tool_result\"] and
		(.native.blocks | map([.at, .bytes])) == [[1, 6], [4, 8]] and
		.native.updated_at == \"2025-03-01T08:00:09.000000Z\"" got &&
	state_of claude message:claude:c-tree/t4a ".content == \"\" and
		(.parts | length) == 1 and (.native.text | startswith(\"This block\"))" &&
	state_of claude message:claude:c-tree/t1 >got &&
	jq -e ".role == \"user\" and .native.sender == \"human\" and .parent == null and
		.parts[1] == {type: \"file\", file: {file_name: \"photo.jpg\", file_uuid: \"f-1\"}}" got &&
	blob=$(jq -r ".parts[0].attachment.extracted_content.\"\$blob\"" got) &&
	test "$(vvault cat "$blob")" = "$(printf "a bed\nbehind the shed")"
'

test_case 'the branch that is shown is guessed only where there is a choice' '
	new_vault && vvault import "$export_dir" >/dev/null &&
	test "$(path_of claude session:claude:c-tree)" = "[\"t1\",\"t2\",\"t3b\",\"t4b\"]" &&
	state_of claude session:claude:c-tree ".guessed and .title == \"A garden\" and
		.native.project.uuid == \"p-1\"" &&
	test "$(path_of claude session:claude:c-line)" = "[\"l1\",\"l2\",\"index-2\",\"odd%2fid\"]" &&
	state_of claude session:claude:c-line ".guessed | not" &&
	test "$(path_of claude session:claude:s-1)" = "[\"t1\",\"t2\"]" &&
	state_of claude session:claude:s-1 ".title == \"Shared\" and .parent == \"session:claude:c-tree\"" &&
	state_of claude message:claude:s-1/t2 ".copy_of == \"message:claude:c-tree/t2\" and
		.content == \"second\"" &&
	state_of claude session:claude:c-none ".active == null" &&
	printf "%s" "[{\"uuid\":\"k\",\"current_leaf_message_uuid\":\"b\",\"chat_messages\":[
		{\"uuid\":\"a\",\"parent_message_uuid\":null},{\"uuid\":\"b\",\"parent_message_uuid\":\"a\"},
		{\"uuid\":\"c\",\"parent_message_uuid\":\"a\"}]}]" >named.json &&
	vvault import named.json >/dev/null &&
	test "$(path_of claude session:claude:k)" = "[\"a\",\"b\"]" &&
	state_of claude session:claude:k ".guessed | not"
'

test_case 'each branch changes the artifact that stood where it began' '
	new_vault && vvault import "$export_dir" >/dev/null &&
	vvault export claude --format jsonl | grep "artifact/c-tree/list\"" >got &&
	jq -c "[.type, .data.content, .data.title]" got | sort >versions && cat versions &&
	cat >want <<-\END &&
	["memory:create","# Shade\n- fern\n","Shade"]
	["memory:update","# Shade\n- fern\n- ivy\n","Shade"]
	["memory:update","# Shade\n- fern\n- moss\n","Shade"]
	END
	cmp want versions &&
	state_of claude memory:claude:artifact/c-tree/list ".type == \"artifact\" and
		.media == \"text/markdown\" and .message == \"message:claude:c-tree/t4b\""
'

test_case 'projects and memories become memories' '
	new_vault && vvault import "$export_dir" >/dev/null &&
	state_of claude memory:claude:project/p-1 ".content == \"All about the garden\" and
		.title == \"Garden\" and .native.creator.full_name == \"Rosa\"" &&
	state_of claude memory:claude:project/p-1/prompt ".content == \"Answer as a gardener.\" and
		.type == \"procedural\"" &&
	state_of claude memory:claude:project/p-1/d-1 ".content == \"Loam.\" and .title == \"soil.md\"" &&
	state_of claude memory:claude:memory/acc-1/conversations ".content == \"Rosa grows ferns.\"" &&
	state_of claude memory:claude:memory/acc-1/p-1 ".content == \"The bed lies north.\" and
		.links[0].entity == \"memory:claude:project/p-1\""
'

test_case 'archives with a manifest are the same as what was in them; what it names and lacks is told' '
	new_vault && mkdir open open/projects packed && cd open &&
	cat >conversations.json <<-\END &&
	[{"uuid":"c","name":"t","chat_messages":[{"uuid":"m","sender":"human","text":"hi"}]}]
	END
	cat >projects/p.json <<-\END &&
	{"uuid":"p","name":"Garden","prompt_template":"","created_at":"2026-01-01T00:00:00Z",
	 "updated_at":"2026-01-02T00:00:00Z","docs":[{"uuid":"d","filename":"f","content":"Loam.",
	 "created_at":"2026-01-03T00:00:00Z"}]}
	END
	zip -q ../packed/conversations-000.zip conversations.json &&
	zip -qr ../packed/projects-000.zip projects && cd .. &&
	echo "{\"export_id\":\"e\",\"files\":[{\"name\":\"conversations-000.zip\"},
		{\"name\":\"projects-000.zip\"}]}" >packed/manifest-e.json &&
	vvault import --json packed >out && ! grep "not beside" out &&
	state_of claude memory:claude:project/p ".created == \"2026-01-01T00:00:00.000000Z\" and
		.updated == \"2026-01-02T00:00:00.000000Z\"" &&
	state_of claude memory:claude:project/p/d ".created == \"2026-01-03T00:00:00.000000Z\"" &&
	vvault import --json open >again && jq -e ".records.new == 0" again &&
	rm packed/projects-000.zip && vvault import --json packed >out &&
	jq -e "[.sources[].skipped[] | select(.reason | test(\"not beside\")) | .at] ==
		[\"projects-000.zip\"]" out
'

test_case 'export and import give the same fold' '
	new_vault && vvault import "$export_dir" >/dev/null &&
	vvault export claude --format claude >back.json && jq -e "length == 4" back.json &&
	vvault init w >/dev/null && vvault -C w import --json back.json >out && cat out &&
	same_fold v w &&
	vvault -C w export claude --format claude | jq -cS "sort_by(.uuid)" >two &&
	jq -cS "sort_by(.uuid)" back.json | cmp - two &&
	jq -e ".[] | select(.uuid == \"c-tree\").chat_messages[5].content | map(.type) ==
		[\"tool_use\", \"tool_result\", \"tool_use\", \"tool_use\", \"tool_result\", \"text\",
		\"token_budget\", \"attachment\"]" back.json &&
	jq -e ".[] | select(.uuid == \"c-tree\").chat_messages[0].attachments[0].extracted_content ==
		\"a bed\nbehind the shed\"" back.json
'

test_case 'a lone surrogate survives' '
	new_vault && printf "%s" "[{\"uuid\":\"s\",\"name\":\"\\udc00\",\"chat_messages\":[{\"uuid\":\"m\",
		\"text\":\"cut \\ud83d short\",\"sender\":\"human\"}]}]" >lone.json &&
	vvault import lone.json >/dev/null && vvault export claude --format claude >back &&
	grep -F "\"cut \\ud83d short\"" back && grep -F "\"name\":\"\\udc00\"" back &&
	vvault init w >/dev/null && vvault -C w import back >/dev/null && same_fold v w
'

test_case 'a large attachment comes back whole' '
	new_vault && perl -e "print q([{\"uuid\":\"b\",\"chat_messages\":[{\"uuid\":\"m\",\"sender\":\"human\",\"text\":\"),
		\"long \" x 80000, q(\",\"attachments\":[{\"extracted_content\":\"),
		join(q( ), 1 .. 120000), q(\",\"file_name\":\"n\"}]}]}])" >big.json &&
	vvault import big.json >/dev/null && vvault export claude --format claude >back &&
	jq -cS ".[0].chat_messages[0] | [.text, .attachments]" big.json >a &&
	jq -cS ".[0].chat_messages[0] | [.text, .attachments]" back | cmp - a
'

test_case 'twice adds nothing, a grown export only what is new' '
	new_vault && jq "map(if .uuid == \"c-tree\" then .chat_messages |= .[:3] |
		.updated_at = \"2025-03-01T08:30:00Z\" else . end)" \
		"$export_dir/conversations.json" >young.json &&
	vvault import young.json >/dev/null && vvault import --json young.json >out &&
	jq -e ".version == null and .records.new == 0" out &&
	vvault import --json "$export_dir/conversations.json" >out && cat out &&
	jq -e ".sources[0] | .imported - .known == 6" out &&
	state_of claude session:claude:c-tree ".active | endswith(\"/t4b\")" &&
	vvault import --json young.json >out && cat out &&
	state_of claude session:claude:c-tree ".active | endswith(\"/t4b\")"
'

test_case '--since leaves out what was not touched since then' '
	new_vault && vvault import --json --since 2025-01-01 "$export_dir/conversations.json" >out &&
	jq -e ".sources[0].skipped | map(select(.reason | test(\"since\"))) | length == 1" out &&
	vvault ls --json claude session | jq -rs "map(.entity) | sort | join(\" \")" >got &&
	test "$(cat got)" = "session:claude:c-tree session:claude:s-1"
'

test_case 'one bad conversation costs itself alone' '
	new_vault && printf "%s" "[{\"uuid\":\"a\",\"chat_messages\":[{\"uuid\":\"1\",\"text\":\"x\"}]},
		{\"uuid\":\"b\",\"chat_messages\":[tru]},
		{\"chat_messages\":[]}, 7, {\"uuid\":\"d\",\"chat_messages\":[9,{\"uuid\":\"1\"},{\"uuid\":\"1\"}]}]" >bad.json &&
	expect_exit 3 vvault import --json bad.json >out && cat out &&
	jq -e ".sources[0] | .read == .imported + (.malformed | length) +
		([.skipped[] | .count] | add) and (.malformed | length) == 4 and .imported == 4" out &&
	head -c 120 bad.json >torn.json &&
	expect_exit 3 vvault import --json torn.json >out && jq -e ".sources[0].malformed | length > 0" out
'

test_case 'messages in a circle do not hang' '
	new_vault && printf "%s" "[{\"uuid\":\"a\",\"chat_messages\":[{\"uuid\":\"x\",\"parent_message_uuid\":\"y\"},
		{\"uuid\":\"y\",\"parent_message_uuid\":\"x\"},{\"uuid\":\"z\",\"parent_message_uuid\":\"gone\"}]}]" >c.json &&
	vvault import --json c.json >out && jq -e ".sources[0].imported == 4" out &&
	state_of claude message:claude:a/z ".parent == \"message:claude:a/y\" and
		.native.parent_message_uuid == \"gone\"" &&
	state_of claude session:claude:a ".guessed and (.active | endswith(\"/z\"))" &&
	vvault export claude --format claude >back && vvault init w >/dev/null &&
	vvault -C w import back >/dev/null && same_fold v w
'

test_case 'other files are not taken for it' '
	new_vault && echo "[{\"mapping\":{},\"chat_messages\":[]}]" >m.json &&
	expect_exit 3 vvault import --json m.json >out && echo "{\"uuid\":1}" >n.json &&
	expect_exit 3 vvault import n.json
'

test_case 'shared: every visible path is that of the truth file' '
	need_shared &&
	new_vault && vvault import "$shared/claude-ai/conversations.json" >/dev/null &&
	vvault ls --json claude >all && jq -cs "(map({key: .entity, value: .state}) | from_entries) as \$all |
		.[] | select(.kind == \"session\") | {uuid: (.entity | sub(\"session:claude:\"; \"\")),
		leaf: (.state.active | if . then sub(\".*/\"; \"\") else \"00000000-0000-4000-8000-000000000000\" end),
		visible: ([.state.active // empty | recurse(\$all[.].parent; . != null)] | reverse |
			map({uuid: sub(\".*/\"; \"\"), sender: \$all[.].role, text: \$all[.].content}))}" all |
	perl -MJSON::PP -MDigest::SHA=sha256_hex -ne "
		my \$j = JSON::PP->new->utf8->canonical; my \$t = \$j->decode(\$_);
		for (@{\$t->{visible}}) { my \$x = delete \$_->{text}; utf8::encode(\$x);
			\$_->{sha256} = sha256_hex(\$x);
			\$_->{sender} = q(human) if \$_->{sender} eq q(user) }
		print \$j->encode(\$t), qq(\n)" | sort >got &&
	jq -cS . "$shared/claude-ai/conversations.truth.jsonl" | sort >want &&
	test "$(wc -l <want)" -eq 300 && cmp want got
'

test_case 'shared: counts are those that jq finds' '
	need_shared
	for file in claude-ai/conversations.json claude-ai/conversations_2023_style.json \
		claude-ai-synthetic/sample-00.json claude-ai-synthetic/sample-01.json \
		polylogue-fixtures/origin-capability/claude-ai-export.json; do
		rm -rf v && new_vault && vvault import --json "$shared/$file" >out
		jq -s "flatten | {session: length, message: (map(.chat_messages | length) | add)}" \
			"$shared/$file" >want
		vvault show --json claude | jq ".counts | {session, message}" | cmp - want
		jq -e ".sources[0] | .malformed == [] and .skipped == [] and .imported == .read" out
		vvault export claude --format claude >back && rm -rf w && vvault init w >/dev/null
		vvault -C w import back >/dev/null && same_fold v w
	done
'

done_testing
