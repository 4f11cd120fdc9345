#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

# The files of an export: their names, and exports that come in several parts.

field=${VV_SHARED:+$VV_SHARED/field}
export field

# talk <id> <file id>: a conversation whose one message shows a file.
talk() {
	jq -nc --arg c "$1" --arg f "$2" '{conversation_id: $c, id: $c, title: $c,
		create_time: 1780000000, current_node: "u", mapping: {u: {id: "u",
		parent: null, children: [], message: {id: "u", author: {role: "user"},
		create_time: 1780000001, metadata: {}, content: {content_type:
		"multimodal_text", parts: ["see", {content_type:
		"image_asset_pointer", asset_pointer: ("file-service://" + $f)}]}}}}}'
}

png=iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
pic=file-Abcdefgh1234567890

# parts: one.zip with a conversation that shows a file of two.zip, which has
# one of its own.
parts() {
	rm -rf one two && mkdir one two && (
		echo "[$(talk one $pic)]" >one/conversations-000.json
		echo "[$(talk two $pic)]" >two/conversations-001.json
		echo "{\"$pic.dat\":\"wren at dusk.png\"}" >one/conversation_asset_file_names.json
		echo "{\"files\":[\"conversations-000.json\",\"conversations-001.json\"]}" >one/export_manifest.json
		echo "$png" | base64 -d >two/$pic.dat
		echo "{\"email\":\"x@example.org\"}" >two/user.json
	) && (cd one && zip -qr ../one.zip .) && (cd two && zip -qr ../two.zip .)
}

# shows <conversation>: has its message the picture, by its name?
shows() {
	vvault ls --json chatgpt message | jq -se --arg e "message:chatgpt:$1/u" \
		"map(select(.entity == \$e).state)[0] | .assets[\"$pic\"].media == \"image/png\" and
			.asset_names[\"$pic\"] == \"wren at dusk.png\"" >/dev/null ||
		{ vvault ls --json chatgpt message; return 1; }
}

# nothing_left: of what files the last import said nothing.
nothing_left() {
	jq -se "[.[].sources[].skipped[].reason] | index(\"files that no message shows\") == null" out &&
	jq -se "[.[].sources[].notes[]] | any(contains(\"not come\") or contains(\"not there\")) | not" out
}

test_case 'two archives of one export at once, in either order, and as folders' '
	parts && for order in "one.zip two.zip" "two.zip one.zip" "one two" "two one"; do
		rm -rf v && new_vault && vvault import --json $order >out && cat out &&
		shows one && shows two && nothing_left || exit 1
		vvault import --json $order >out && jq -se "all(.records.new == 0)" out || exit 1
	done && mkdir both && mv one.zip two.zip both && rm -rf v && new_vault &&
	vvault import --json both >out && shows one && nothing_left &&
	vvault export --format jsonl chatgpt >all && expect_exit 1 grep -F x@example.org all out
'

test_case 'the second archive later, and the first one later' '
	parts && sed -i s/$pic/file-other/g two/conversations-001.json &&
	echo more >two/file-other.txt && (cd two && zip -qr ../two.zip .) &&
	new_vault && vvault import --json one.zip >out &&
	jq -e ".sources[0].notes | any(contains(\"1 file that messages show\")) and
		any(contains(\"1 files of conversations\"))" out &&
	vvault import --json two.zip >out && cat out && shows one && nothing_left &&
	vvault import --json two.zip >out && jq -e ".sources[0].unchanged" out &&
	rm -rf v && new_vault && vvault import --json two.zip >out &&
	jq -e ".sources[0].skipped | any(.reason == \"files that no message shows\")" out &&
	vvault import --json two.zip >out && jq -e ".sources[0].unchanged" out &&
	vvault import --json one.zip >out && vvault import --json two.zip >out && cat out &&
	jq -e ".records.new > 0 and .sources[0].unchanged == false" out && shows one
'

test_case 'a part that has files alone' '
	parts && rm two/conversations-001.json two/user.json && rm two.zip &&
	(cd two && zip -qr ../two.zip .) && new_vault &&
	vvault import --json two.zip one.zip >out && cat out && shows one &&
	rm -rf v && new_vault && vvault import --json one.zip >out &&
	vvault import --json two.zip >out && jq -e ".sources[0].format == \"chatgpt\"" out && shows one &&
	mkdir many && cp two/$pic.dat many/file-note.txt && (cd many && zip -q ../many.zip file-note.txt) &&
	expect_exit 1 vvault import --json many.zip >out && jq -e ".sources[0].format != \"chatgpt\"" out
'

test_case 'names of files that did not come, and where nobody says one' '
	parts && new_vault && vvault import --json one.zip >out &&
	vvault ls --json chatgpt message | jq -e ".state | .asset_names[\"$pic\"] == \"wren at dusk.png\" and
		has(\"assets\") == false" &&
	rm -rf v && new_vault && mv two/$pic.dat two/$pic-"owl here.png" &&
	vvault import two >out && vvault ls --json chatgpt message |
		jq -e ".state.asset_names[\"$pic\"] == \"owl here.png\""
'

test_case 'files are shown by their names' '
	parts && new_vault && vvault import one.zip two.zip >out &&
	vvault read session:chatgpt:one >shown && cat shown &&
	grep "^▫ wren at dusk.png  image/png  70 bytes" shown &&
	expect_exit 1 grep "file-service" shown &&
	vvault read --json session:chatgpt:one | jq -se ".[1].files | length == 1 and
		(.[0].blob | startswith(\"bafkrei\"))" &&
	vvault read --format markdown session:chatgpt:one | grep "^- file wren at dusk.png, image/png" &&
	vvault export chatgpt --format markdown >shown && cat shown && grep "wren at dusk.png" shown &&
	vvault export chatgpt --format html -o h >/dev/null &&
	cat h/conversations/*.html | grep "wren at dusk.png"
'

test_case 'a pasted text that came as a file is read' '
	parts && new_vault && echo "pasted words" >two/file-Paste1234567890x-notes.txt &&
	talk paste file-none | jq -c "[.mapping.u.message.metadata.attachments = [{id:
		\"file-Paste1234567890x\", name: \"notes.txt\", mime_type: \"text/plain\"}] |
		.mapping.u.message.content = {content_type: \"text\", parts: [\"\"]}]" >two/conversations-001.json &&
	vvault import two >out && vvault read session:chatgpt:paste >shown && cat shown &&
	grep "^▫ notes.txt" shown && grep "^  pasted words" shown &&
	vvault export chatgpt --format markdown | grep "^> pasted words"
'

test_case 'the files of the field' '
	need_shared && new_vault &&
	vvault import --json "$field"/07-chatgpt-dat-assets/export >out && cat out &&
	jq -e ".sources[0] | (.skipped | map(.reason) | sort) == [\"the account'"'"'s own data, with e-mail and phone number\",
		\"the list of the export'"'"'s files\"]" out &&
	vvault ls --json chatgpt message >all &&
	jq -se "[.[].state.asset_names | values] | add | map_values(.) == {
		\"file-AAAAheronAAAAAAAAAAAAAAA\": \"heron at dawn.png\",
		\"file-BBBBplanBBBBBBBBBBBBBBBB\": \"Plan für Köln.pdf\",
		\"file_00000000c0ffee\": \"dalle-generations/11111111-2222-4333-8444-555555555555.webp\"}" all &&
	for order in "1 2" "2 1"; do
		rm -rf v && new_vault && cd "$field/22-zip-repacked/parts" &&
		vvault -C "$OLDPWD/v" import $(printf "export-part%s.zip " $order) >"$OLDPWD/out" &&
		cd "$OLDPWD" && vvault ls --json chatgpt message |
			jq -se "map(select(.state.assets)) | length == 1 and
				(.[0].entity | endswith(\"16/u\"))" || exit 1
	done
'

done_testing
