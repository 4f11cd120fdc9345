#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

data=$VV_TOP/tests/data/chatgpt
shared=${VV_SHARED:+$VV_SHARED/data}
export data shared

# state_of <entity> [<filter>]: what stands of it, or whether that is true.
state_of() {
	vvault ls --json chatgpt | jq -nc${2:+e} --arg e "$1" \
		"inputs | select(.entity == \$e).state${2:+ | $2}"
}

# fold_of <vault> [<construct>]: sessions and messages, sorted.
fold_of() {
	for kind in session message; do
		vvault -C "$1" ls --json "${2:-chatgpt}" $kind
	done | jq -cS '[.entity, .state]' | sort
}

# comes_back <file>: its export, imported into an empty vault, is the same.
comes_back() {
	rm -rf from to &&
	vvault init from >/dev/null && vvault init to >/dev/null &&
	vvault -C from import "$1" >/dev/null &&
	vvault -C from export chatgpt --format chatgpt >back.json &&
	vvault -C to import back.json >/dev/null &&
	fold_of from >fold.from && fold_of to >fold.to &&
	test -s fold.from && { cmp fold.from fold.to || { diff fold.from fold.to; false; }; }
}

# visible_paths: a line for each session as the truth files have them.
visible_paths() {
	jq -rs '(map({key: .entity, value: .state}) | from_entries) as $at |
		$at | keys[] | select(startswith("session:")) | . as $talk |
		(.[16:] | @json), ([$at[$talk].active |
			recurse($at[.].parent; . != null)] | reverse[] |
		[., $at[.]] | select(.[1].visibility == "visible") |
		[(.[0] | sub(".*/"; "") | @json), (.[1].role | @json),
			(.[1].content | @base64)] | join(" "))' >paths
	perl -MDigest::SHA=sha256_hex -MMIME::Base64 -e '
		my ($talk, @path);
		sub told {
			local $" = ",";
			print "{\"conversation_id\":$talk,\"visible\":[@path]}\n"
				if defined $talk;
			($talk, @path) = @_;
		}
		while (<STDIN>) {
			my ($id, $role, $text) = /(\S+)(?: (\S+) (\S*))?/;
			told($id), next if !defined $role;
			$text = decode_base64($text);
			push @path, "{\"id\":$id,\"role\":$role,\"bytes\":" .
				length($text) . ",\"sha256\":\"" .
				sha256_hex($text) . "\"}";
		}
		told();' <paths
}

test_case 'an export is imported as a folder, as a zip and in a zipped folder alike' '
	new_vault && vvault import --json "$data/export" >out && cat out &&
	jq -se "map(.construct) == [\"chatgpt\", \"g-abc.42\"] and
		all(.sources | length == 1) and .[0].sources[0].format == \"chatgpt\"" out &&
	(cd "$data/export" && zip -qr "$OLDPWD/x.zip" .) &&
	vvault import --json x.zip >out &&
	jq -se "all(.sources[0].imported == .sources[0].known and .records.new <= 1)" out &&
	mkdir deep && cp -r "$data/export" deep/of && (cd deep && zip -qr ../deep.zip of) &&
	vvault import --json deep.zip >out &&
	jq -se "all(.sources | length == 1 and .[0].imported == .[0].known)" out
'

test_case 'the report tells what became of every file' '
	new_vault && vvault import --json "$data/export" >out &&
	jq -se ".[0].sources[0] | .malformed == [] and .guessed == 1 and .redactions == 1 and
		(.skipped | map([.reason, .count]) | sort) == [
		[\"files that no message shows\", 2],
		[\"ratings of answers\", 1],
		[\"the account'"'"'s own data, with e-mail and phone number\", 1],
		[\"the conversations as a web page\", 1],
		[\"the list of shared links\", 1],
		[\"the list of the export'"'"'s files\", 1]] and
		(.notes | map(select(startswith(\"3 files that messages show\"))) | length) == 1" out
'

test_case 'nothing of the account comes in' '
	new_vault --plain && vvault import "$data/export" >out &&
	for construct in chatgpt g-abc.42; do
		vvault export $construct --format jsonl
	done >lines &&
	expect_exit 1 grep -e rosa.gardener -e 15550107 lines out &&
	git -C v cat-file --batch --batch-all-objects --unordered >objects &&
	expect_exit 1 grep -a -e rosa.gardener -e 15550107 objects
'

test_case 'the whole tree is there, and the branch that is shown' '
	new_vault && vvault import "$data/export" >/dev/null &&
	test "$(path_of chatgpt session:chatgpt:c-tree)" = \
		"[\"client-created-root\",\"s1\",\"u1\",\"a1\",\"t1\",\"a2\",\"u2\",\"th\",\"rc\",\"a3\",\"t2\",\"v1\"]" &&
	test "$(vvault ls --json chatgpt message | grep -c "message:chatgpt:c-tree/")" -eq 14 &&
	state_of session:chatgpt:c-tree ".guessed == false and .title == \"Beans\" and
		.created == \"2024-03-01T08:00:00.250000Z\" and .updated == \"2024-03-01T08:10:00.250000Z\" and
		.model == \"gpt-4o\" and .provider == \"chatgpt\"" &&
	state_of message:chatgpt:c-tree/client-created-root ".visibility == \"meta\" and
		(has(\"parent\") | not) and .index == 0" &&
	state_of message:chatgpt:c-tree/a2 >got && cat got &&
	jq -e ".content == \"Sixty-three.\" and .role == \"assistant\" and .model == \"gpt-4o\" and
		.parent == \"message:chatgpt:c-tree/t1\" and .index == 5 and
		.created == \"2024-03-01T08:00:04.123456Z\" and .native.message.end_turn and
		(.native | has(\"sibling\") | not)" got &&
	state_of message:chatgpt:c-tree/a2b ".native.sibling == 1 and .index == 5" &&
	state_of message:chatgpt:c-tree/t1 ".name == \"python\" and .role == \"tool\""
'

test_case 'without a current node the last child is taken, and said to be a guess' '
	new_vault && vvault import "$data/export" >/dev/null &&
	state_of session:chatgpt:c-guess .guessed &&
	test "$(path_of chatgpt session:chatgpt:c-guess)" = "[\"client-created-root\",\"g1\",\"g3\",\"g4\"]"
'

test_case 'what a person did not see is kept, and marked' '
	new_vault && vvault import "$data/export" >/dev/null &&
	vvault ls --json chatgpt message | jq -r "select(.entity | contains(\"c-tree/\")) |
		(.entity | sub(\".*/\"; \"\")) + \" \" + .state.role + \" \" + .state.visibility" |
		sort >got &&
	cat >want <<-\EOT &&
		a1 assistant tool
		a2 assistant visible
		a2b assistant visible
		a3 assistant visible
		client-created-root system meta
		rc assistant thinking
		s1 system hidden
		t1 tool tool
		t2 tool visible
		th assistant thinking
		u1 user visible
		u2 user visible
		u2b user visible
		v1 user visible
	EOT
	diff want got
'

test_case 'the text of every type of content' '
	new_vault && vvault import "$data/export" >/dev/null &&
	vvault ls --json chatgpt message | jq -c "select(.entity | contains(\"c-types/\")) |
		[(.entity | sub(\".*/\"; \"\")), .state.content, .state.visibility, .state.parts]" |
		sort >got &&
	cat >want <<-\EOT &&
		["bare_text","only a string","visible",null]
		["client-created-root","","meta",null]
		["computer_output","","tool",null]
		["execution_output","out","tool",null]
		["model_editable_context","1. likes beans","hidden",null]
		["no_parts","","visible",null]
		["no_text","","visible",null]
		["no_type","untyped","visible",null]
		["none","","visible",null]
		["odd_parts","ab","visible",["a",null,42,["nested"],{"x":1},"b"]]
		["sonic_webpage","page","tool",[{"title":"T","type":"source","url":"https://example.org"}]]
		["super_widget","not for us\n\nnor this","visible",null]
		["system_error","It took too long","tool",null]
		["tether_browsing_display","found","tool",null]
		["tether_quote","quoted","tool",[{"title":"Ti","type":"source","url":"file-1"}]]
		["text","plain","visible",null]
		["two_texts","one, two","visible",["one, ","two"]]
		["user_editable_context","I garden.\n\nBe short.","hidden",null]
	EOT
	diff want got &&
	state_of message:chatgpt:c-types/super_widget ".native.content == {
		content_type: \"super_widget\", parts: [\"not for us\"], text: \"nor this\",
		payload: {deep: [1, {y: null}]}}" &&
	state_of message:chatgpt:c-types/tether_quote ".native.content == {
		content_type: \"tether_quote\", url: \"file-1\", domain: \"d\", title: \"Ti\", tether_id: 3}" &&
	state_of message:chatgpt:c-tree/th ".content ==
		\"Looking\nLeaves are round.\n\nNaming\nMaybe cress.\" and
		.native.content.thoughts[1].chunks == [\"x\"]" &&
	state_of message:chatgpt:c-tree/v1 ".content == \"Thank you, that is all.\" and
		(.parts | length) == 2"
'

test_case 'files that messages show are blobs of theirs' '
	new_vault && vvault import "$data/export" >/dev/null &&
	state_of message:chatgpt:c-tree/u2 >got && cat got &&
	jq -e "(.assets | keys) == [\"file-plan7\", \"file_00000000aa11\"] and
		.assets.file_00000000aa11.media == \"image/png\" and
		.content == \"What grows here? ü 🌱\" and
		.parts[0].asset_pointer == \"sediment://file_00000000aa11\" and
		(.native.message.metadata.attachments | length) == 3" got &&
	vvault cat "$(jq -r ".assets[\"file-plan7\"].\"\$blob\"" got)" | cmp - "$data/export/file-plan7-plan.txt" &&
	vvault cat "$(jq -r ".assets.file_00000000aa11.\"\$blob\"" got)" | cmp - "$data/export/file_00000000aa11-bed.png" &&
	state_of message:chatgpt:c-tree/t2 | jq -r ".assets[\"file-dalle9\"].\"\$blob\"" >blob &&
	vvault cat "$(cat blob)" | cmp - "$data/export/dalle-generations/file-dalle9-1.webp" &&
	state_of message:chatgpt:c-tree/v1 ".assets.file_00000000cc33.media == \"audio/wav\""
'

test_case 'conversations that come alone later take no files away' '
	new_vault && vvault import "$data/export" >/dev/null && fold_of v >before &&
	mkdir alone && cp "$data/export/conversations-000.json" alone &&
	vvault import --json alone/conversations-000.json >out &&
	jq -se "all(.sources[0].imported == .sources[0].known)" out &&
	jq -se "all(.sources[0].notes | any(startswith(\"6 files that messages show\")))" out &&
	fold_of v >after && cmp before after
'

test_case 'a custom GPT is a construct, a project is none; --construct takes all' '
	new_vault && vvault import "$data/export" >/dev/null &&
	vvault construct list --json | jq -r .construct | sort | tr "\n" " " >got &&
	test "$(cat got)" = "chatgpt g-abc.42 " &&
	vvault ls --json g-abc.42 | jq -r .kind | sort | uniq -c | tr -s " " | tr "\n" ";" >got &&
	test "$(cat got)" = " 3 message; 1 session;" &&
	vvault ls --json chatgpt session | grep -F "session:chatgpt:c-project" &&
	vvault init w >/dev/null &&
	vvault -C w import --json --construct all-of-it "$data/export" >out &&
	jq -se "map(.construct) == [\"all-of-it\"]" out &&
	test "$(vvault -C w ls --json all-of-it session | wc -l)" -eq 5
'

test_case 'everything twice makes no version' '
	new_vault && vvault import "$data/export" "$data/edge.json" >/dev/null &&
	vvault log --json >before &&
	vvault import --json "$data/export" "$data/edge.json" >out &&
	jq -se "all(.version == null and .records.new == 0)" out &&
	mkdir moved && cp -r "$data/export" moved/away && rm moved/away/chat.html &&
	vvault import --json moved/away >out &&
	jq -se "all(.sources[0].imported == .sources[0].known)" out &&
	vvault export chatgpt --format jsonl >lines &&
	grep -c "\"type\":\"message:update\"" lines >got; test "$(cat got)" -eq 4
'

test_case 'a grown export shares all old messages, in whatever order it comes' '
	new_vault && vvault import "$data/grow-1.json" >/dev/null &&
	vvault ls --json chatgpt message | jq -r .records[] | sort >old &&
	vvault import --json "$data/grow-2.json" >out && cat out &&
	vvault ls --json chatgpt message | jq -r .records[] | sort >new &&
	test -z "$(comm -23 old new)" && test "$(wc -l <old)" -eq 8 &&
	jq -e ".sources[0] | .imported == 17 and .known == 8" out &&
	state_of message:chatgpt:c-grow/a1 ".content == \"Two, in the end.\" and
		.native.message.status == \"finished_successfully\"" &&
	state_of session:chatgpt:c-grow ".title == \"Grown\" and
		.active == \"message:chatgpt:c-grow/d2\"" &&
	vvault ls --json chatgpt | jq -se "all(.[]; .conflicts == null or .conflicts == 0)" &&
	vvault init w >/dev/null &&
	vvault -C w import "$data/grow-2.json" "$data/grow-1.json" >/dev/null &&
	fold_of v >one && fold_of w | grep -v c-grow >two && grep -v c-grow one | cmp - two
'

test_case 'circles, orphans, odd lists and nodes that are none' '
	new_vault && vvault import --json "$data/edge.json" >out && cat out &&
	jq -e ".sources[0] | .malformed == [] and .guessed == 6 and .imported == 57 and .read == 58 and
		(.skipped | map(.reason)) == [\"nodes that are no objects\"]" out &&
	test "$(path_of chatgpt session:chatgpt:circle)" = "[\"a\",\"tail\"]" &&
	test "$(path_of chatgpt session:chatgpt:self)" = "[\"a\"]" &&
	test "$(path_of chatgpt session:chatgpt:orphan)" = "[\"root\",\"a\",\"b\"]" &&
	test "$(path_of chatgpt session:chatgpt:dangling)" = "[\"a\",\"late\"]" &&
	test "$(path_of chatgpt session:chatgpt:lists)" = "[\"r\",\"b\"]" &&
	state_of message:chatgpt:orphan/a "(.parent | endswith(\"root\")) and .native.node.parent == \"nowhere\"" &&
	state_of session:chatgpt:self ".title == \"twice\"" &&
	state_of session:chatgpt:empty "has(\"active\") == false and .guessed == false" &&
	state_of message:chatgpt:roles/a ".role == \"assistant\" and .native.author.role == \"critic\""
'

test_case 'odd text, ids, times and numbers survive' '
	new_vault && vvault import "$data/edge.json" >/dev/null &&
	vvault ls --json chatgpt message >all &&
	test "$(jq -r "select(.entity == \"message:chatgpt:text/a\").state.content.\"\$raw\"" all | base64 -d)" = \
		"\"lone \\ud83d end, \\ude00, pair 😀, nul \\u0000, del $(printf "\177"), $(printf "\356\210\200")cite$(printf "\356\210\202")turn0$(printf "\356\210\201"), $(printf "\342\200\256")abc$(printf "\342\200\254")\"" &&
	jq -r "select(.entity | startswith(\"message:chatgpt:times/\")).state | .content + \" \" + (.created // \"-\")" all |
		sort >got &&
	cat >want <<-\EOT &&
		a 2023-11-14T22:13:20.500000Z
		b 2024-01-01T00:00:00.000000Z
		c 2024-01-01T00:00:00.000000Z
		d -
		f -
		g -
		h -
		i -
	EOT
	diff want got &&
	state_of message:chatgpt:keys/%24k ".native.key == \"\$k\" and
		.parent == \"message:chatgpt:keys/k%20%c3%a9%2f%25\"" &&
	vvault export chatgpt --format chatgpt >back &&
	grep -F "\"big\":12345678901234567890" back && grep -F "\"tiny\":1e-400" back &&
	grep -F "\"\$blob\":\"\$raw\"" back
'

test_case 'what is exported is imported again as the same' '
	comes_back "$data/edge.json" && test "$(wc -l <fold.from)" -eq 57 &&
	comes_back "$data/grow-2.json" &&
	comes_back "$data/export/conversations-000.json" &&
	comes_back "$data/export/conversations-001.json" &&
	jq -e "map(select(.id == \"c-types\")) | .[0].mapping.odd_parts.message.content.parts ==
		[\"a\", null, 42, [\"nested\"], {x: 1}, \"b\"]" back.json
'

test_case 'an export says what it leaves out' '
	new_vault && vvault import "$data/export" >/dev/null &&
	vvault add chatgpt session:create --entity session:other:1 "{\"title\":\"x\"}" >/dev/null &&
	vvault add chatgpt memory:create "{\"content\":\"x\"}" >/dev/null &&
	vvault export chatgpt --format chatgpt >back 2>err && cat err &&
	grep -F "4 files that messages show" err && grep -F "1 conversations that did not come from ChatGPT" err &&
	jq -e "length == 4 and (map(.title) | sort) ==
		[\"Beans\", \"Every type\", \"In a project\", \"No leaf named\"]" back &&
	vvault add --new bare memory:create "{\"content\":\"x\"}" >/dev/null &&
	test "$(vvault export bare --format chatgpt)" = "[]"
'

test_case 'a broken conversation costs only itself' '
	new_vault &&
	printf "%s" "[{\"id\":\"one\",\"title\":\"1\",\"mapping\":{\"a\":{\"parent\":null,\"message\":null}}},
{\"id\":\"two\",\"mapping\":{\"a\":{\"bad\":tru}}},{\"id\":\"three\"},7,
{\"id\":\"four\",\"mapping\":{}}]" >x.json &&
	expect_exit 3 vvault import --json --keep-bad x.json >out && cat out &&
	jq -e ".sources[0] | .imported == 3 and .read == 6 and
		(.malformed | map(.offset)) == [108, 115, 130] and
		(.malformed[0].reason == \"no value\") and
		(.malformed | all(.bytes.\"\$blob\" | startswith(\"bafkrei\")))" out &&
	test "$(vvault cat "$(jq -r ".sources[0].malformed[1].bytes.\"\$blob\"" out)")" = "{\"id\":\"three\"}" &&
	vvault ls --json chatgpt session | jq -r .entity | sort | tr "\n" " " >got &&
	test "$(cat got)" = "session:chatgpt:four session:chatgpt:one "
'

test_case 'of a truncated export the whole conversations come in' '
	new_vault && head -c 3200 "$data/edge.json" >cut.json &&
	expect_exit 3 vvault import --json cut.json >out && cat out &&
	jq -e ".sources[0] | (.malformed | length) == 1 and .imported > 10 and
		(.malformed[0].reason == \"the conversation is cut short\")" out &&
	test "$(jq .sources[0].malformed[0].offset out)" -lt 3200 &&
	vvault import --json "$data/edge.json" >out &&
	jq -e ".sources[0] | .known > 10 and .imported == 57" out &&
	printf "[{\"id\":\"x\",\"title\":\"x\",\"mapping\":{\"a\":{}}}" >end.json &&
	expect_exit 3 vvault import --json end.json >out &&
	jq -e ".sources[0] | .imported == 2 and (.malformed | length) == 1" out &&
	head -c 300 "$data/grow-1.json" >one.json &&
	expect_exit 3 vvault import --json one.json >out &&
	jq -e ".sources[0] | .imported == 0 and .skipped[0].reason == \"nothing of it can be read\"" out
'

test_case 'one conversation alone, a wrapped array, a byte order mark' '
	new_vault && jq -c ".[0]" "$data/grow-1.json" >one.json &&
	vvault import --json one.json | jq -e ".sources[0].imported == 6" &&
	jq "{note: [1, {mapping: 2}], conversations: .}" "$data/grow-1.json" >wrapped.json &&
	vvault import --json wrapped.json | jq -e ".sources[0] | .imported == 10 and .known == 6" &&
	{ printf "\357\273\277" && cat "$data/grow-1.json"; } >bom.json &&
	vvault import --json bom.json | jq -e ".sources[0] | .imported == 10 and .known == 10" &&
	vvault import --json - <"$data/grow-2.json" | jq -e ".sources[0].imported == 17"
'

test_case 'a folder of many things is not taken for an export' '
	new_vault && mkdir many && cp "$data/grow-1.json" many/conversations.json &&
	cp "$VV_TOP/tests/data/capsules/core.capsule" many/ &&
	vvault import --json many >out &&
	jq -r .construct out | sort | tr "\n" " " >got && test "$(cat got)" = "chatgpt core-kim "
'

test_case 'a shard that the manifest names and that is not there is told' '
	new_vault && cp -r "$data/export" x && rm x/conversations-001.json &&
	vvault import --json x >out &&
	jq -se ".[0].sources[0].notes | any(startswith(\"1 files of conversations\"))" out &&
	vvault import --json "$data/export" >out &&
	jq -se ".[0].sources[0].notes | all(startswith(\"1 files of conversations\") | not)" out
'

test_case 'shards are read in their order, fifty of them too' '
	new_vault && mkdir x && for i in $(seq 100 149); do
		printf "[{\"id\":\"s%d\",\"title\":\"t\",\"mapping\":{\"a\":{\"message\":null}}},{\"id\":\"all\",\"title\":\"%d\",\"mapping\":{}}]" \
			$i $i >x/conversations-$i.json || exit 1
	done && (cd x && zip -q ../x.zip *.json) && vvault import --json x.zip >out &&
	jq -e ".sources | length == 1 and (.[0] | .format == \"chatgpt\" and .imported == 150 and
		(.notes | any(startswith(\"49 of the conversations\"))))" out &&
	test "$(vvault ls --json chatgpt session | wc -l)" -eq 51 &&
	state_of session:chatgpt:all ".title == \"149\""
'

test_case 'a broken shard is named, the others and the files come in' '
	new_vault && cp -r "$data/export" x && head -c 700 "$data/export/conversations-001.json" >x/conversations-001.json &&
	echo "no JSON at all" >x/conversations-002.json && : >x/conversations-003.json &&
	expect_exit 3 vvault import --json x >out && cat out &&
	jq -se ".[0].sources[0] | (.malformed | map(.reason) | sort | .[0]) ==
		\"conversations-001.json: the conversation is cut short\" and
		(.malformed | length) == 4 and .imported > 20" out &&
	state_of message:chatgpt:c-tree/u2 ".assets | length == 2"
'

test_case 'a dry run says the same and writes nothing' '
	new_vault && vvault import --json --dry-run "$data/export" >dry &&
	test -z "$(vvault construct list --json)" &&
	vvault import --json "$data/export" >out &&
	jq -c "[.construct, .records, (.sources[0] | .imported, .known, .skipped, .notes)]" dry >a &&
	jq -c "[.construct, .records, (.sources[0] | .imported, .known, .skipped, .notes)]" out >b &&
	cat a b && cmp a b
'

test_case '--since leaves older conversations out' '
	new_vault && vvault import --json --since 2024-03-01T09:00:00Z "$data/grow-2.json" >out && cat out &&
	vvault ls --json chatgpt session | jq -r .entity >got &&
	test "$(cat got)" = "session:chatgpt:c-new" &&
	jq -e ".sources[0].skipped == [{reason: \"conversations older than --since\", at: null, count: 2}] or
		(.sources[0].skipped[0] | .count == 2)" out
'

test_case 'a text that is too large for a record comes back' '
	{
		printf "[{\"conversation_id\":\"long\",\"title\":\"long\",\"mapping\":{\"a\":{\"id\":\"a\",\"message\":" &&
		printf "{\"author\":{\"role\":\"user\"},\"content\":{\"content_type\":\"text\",\"parts\":[\"" &&
		perl -e "print q(grow ) x 80000" &&
		printf "\"]},\"metadata\":{\"list\":[" &&
		perl -e "print join q(,), 1 .. 200000" &&
		printf "]}}}}}]"
	} >long.json &&
	comes_back long.json && grep -F "\"\$blob\"" fold.from >/dev/null &&
	jq -e ".[0].mapping.a.message | (.content.parts[0] | length) == 400000 and
		(.metadata.list | length) == 200000" back.json
'

test_case 'a conversation of 50,000 messages takes no longer than many small ones' '
	perl -e "print q([{\"conversation_id\":\"deep\",\"title\":\"d\",\"current_node\":\"n50000\",\"mapping\":{\"n0\":{\"id\":\"n0\",\"parent\":null,\"message\":null});
		for (1 .. 50000) { printf q(,\"n%d\":{\"id\":\"n%d\",\"parent\":\"n%d\",\"message\":{\"author\":{\"role\":\"user\"},\"content\":{\"parts\":[\"%d\"]}}}), \$_, \$_, \$_ - 1, \$_ }
		print q(}}])" >deep.json &&
	new_vault && timeout 60 vvault import --json deep.json >out &&
	jq -e ".sources[0].imported == 50002" out &&
	timeout 60 vvault export chatgpt --format chatgpt >back.json &&
	jq -e ".[0].mapping | length == 50001 and .n50000.parent == \"n49999\"" back.json
'

test_case 'the visible paths are those of the truth file' '
	need_shared && truth=$shared/chatgpt-large/conversations.truth.jsonl &&
	new_vault && vvault import "$shared/chatgpt-large/conversations.json" >/dev/null &&
	vvault ls --json chatgpt | visible_paths | jq -cS . >got &&
	jq -cS "{conversation_id, visible: (.visible | map({id, role, sha256, bytes}))}" "$truth" |
		sort >want &&
	test "$(wc -l <want)" -eq 10 && cmp want got
'

test_case 'a large export that has grown shares all old messages' '
	need_shared && large=$shared/chatgpt-large/conversations.json &&
	jq -c "def cut: . as \$c | ([.mapping[] | .children[-1]? // empty |
				select(\$c.mapping[.].children == [])]) as \$leaves |
			.mapping |= (with_entries(select(.key | IN(\$leaves[]) | not)) |
				map_values(.children -= \$leaves)) |
			.update_time -= 1000 | .title = \"before\" |
			.current_node as \$n | .current_node |= (if IN(\$leaves[]) then \$c.mapping[\$n].parent else . end);
		map(cut | cut)" "$large" >old.json &&
	new_vault && vvault import --json old.json >out && jq .sources[0].imported out >before &&
	vvault import --json "$large" >out && cat out &&
	jq -e --argjson before "$(cat before)" \
		".sources[0] | .known == \$before - 10 and .imported == 3612 and .malformed == []" out &&
	vvault ls --json chatgpt message | jq -se "all(.records | length == 1)" &&
	vvault ls --json chatgpt | visible_paths | jq -cS . >got &&
	jq -cS "{conversation_id, visible: (.visible | map({id, role, sha256, bytes}))}" \
		"$shared/chatgpt-large/conversations.truth.jsonl" | sort >want && cmp want got
'

test_case 'all nodes of the shared files are there' '
	need_shared &&
	for file in "$shared"/chatgpt/*.json "$shared"/chatgpt-large/conversations.json \
		"$shared"/chatgpt-synthetic/*.json "$shared"/chatgpt-edge/wrapped_object.json; do
		rm -rf v && new_vault && vvault import --json "$file" >out &&
		jq -e ".sources[0].malformed == []" out &&
		vvault show --json chatgpt | jq -c "[.counts.session, .counts.message]" >got &&
		jq -c "(.conversations? // .) | if type == \"object\" then [.] else . end |
			[length, (map(.mapping | length) | add)]" "$file" >want &&
		cmp want got || { echo "$file"; return 1; }
	done
'

test_case 'the shared odd cases' '
	need_shared && edge=$shared/chatgpt-edge &&
	new_vault && vvault import --json "$edge/edge_cases.json" >out &&
	perl -pe "s/\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}//g" "$edge/edge_cases.json" |
		jq "length + (map(.mapping | length) | add)" >want &&
	jq ".sources[0].imported" out >got && cmp want got &&
	expect_exit 3 vvault import --json "$edge/truncated.json" >out &&
	jq -e ".sources[0] | .imported == 0 and .malformed[0].offset == 0" out
'

test_case 'the shared files come back' '
	need_shared &&
	for file in "$shared"/chatgpt/*.json "$shared"/chatgpt-large/conversations.json \
		"$shared"/chatgpt-synthetic/*.json "$shared"/chatgpt-edge/edge_cases.json; do
		comes_back "$file" || { echo "$file"; return 1; }
	done
'

done_testing
