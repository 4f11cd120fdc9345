#!/bin/sh
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

# What a person saw of a conversation with ChatGPT, wherever an export has it:
# canvases, reports, their sources, what pictures were made of.

field=${VV_SHARED:+$VV_SHARED/field}
export field

# state_of <entity> [<filter>]
state_of() {
	vvault ls --json chatgpt | jq -nc${2:+e} --arg e "$1" \
		"inputs | select(.entity == \$e).state${2:+ | $2}"
}

# talk: an export of one conversation "c" from lines of nodes (standard input):
# [key, parent, role, recipient, content, metadata], the last one current.
talk() {
	jq -sc '. as $all | [{conversation_id: "c", id: "c", title: "t",
		create_time: 1780000000, current_node: $all[-1][0], mapping: (
		$all | to_entries | map(.key as $i | .value as $n | {key: $n[0],
			value: {id: $n[0], parent: $n[1],
			children: [$all[] | select(.[1] == $n[0])[0]],
			message: {id: $n[0], author: {role: $n[2], name: null},
			create_time: (1780000000 + $i), content: $n[4],
			metadata: ($n[5] // {}), recipient: $n[3]}}}) |
		from_entries)}]'
}

# canvas: nodes of a poem that is written and changed, on two branches.
canvas() {
	cat <<\END
["u","","user","all",{"content_type":"text","parts":["a poem"]}]
["a","u","assistant","canmore.create_textdoc",{"content_type":"code","language":"json","text":"{\"name\":\"Wren\",\"type\":\"document\",\"content\":\"brown wren\\nsings (low)\\n\"}"}]
["t","a","tool","all",{"content_type":"text","parts":["Created."]},{"canvas":{"textdoc_id":"d1","textdoc_type":"document","version":1}}]
["b","t","assistant","canmore.update_textdoc",{"content_type":"code","language":"json","text":"{\"updates\":[{\"pattern\":\"brown\",\"multiple\":false,\"replacement\":\"grey\"},{\"pattern\":\"\\\\(low\\\\)\",\"multiple\":true,\"replacement\":\"loud\"}]}"}]
["v","b","tool","all",{"content_type":"text","parts":["Updated."]},{"canvas":{"textdoc_id":"d1","version":2}}]
["x","t","assistant","canmore.update_textdoc",{"content_type":"code","text":"{\"updates\":[{\"pattern\":\".*\",\"multiple\":false,\"replacement\":\"another \\\\n song\"}]}"}]
["y","x","tool","all",{"content_type":"text","parts":["Updated."]},{"canvas":{"textdoc_id":"d1","version":2}}]
["r","v","assistant","canmore.update_textdoc",{"content_type":"code","text":"{\"updates\":[{\"pattern\":\"owl\",\"replacement\":\"eagle\"}]}"}]
["s","r","tool","all",{"content_type":"text","parts":["Error: no such text"]}]
["k","s","assistant","canmore.comment_textdoc",{"content_type":"code","text":"{\"comments\":[{\"pattern\":\"grey wren\",\"comment\":\"Why grey?\"}]}"}]
["e","k","assistant","all",{"content_type":"text","parts":["done"]}]
END
}

test_case 'a canvas is a document with its versions, on each branch its own' '
	new_vault && canvas | talk >c.json && vvault import --json c.json >out &&
	jq -e ".sources[0] | .skipped == [] and .imported == 15" out &&
	state_of memory:chatgpt:artifact/c/d1 >got && cat got &&
	jq -e ".type == \"artifact\" and .title == \"Wren\" and .media == \"text/markdown\" and
		.session == \"session:chatgpt:c\"" got &&
	vvault ls --json chatgpt memory | jq -e ".records | length == 3" &&
	vvault export chatgpt --format jsonl | jq -r "select(.entity // \"\" |
		startswith(\"memory:\")).data |
		[.message[16:], .version, .content] | @json" | sort >got && cat >want <<-\END &&
	["c/a",1,"brown wren\nsings (low)\n"]
	["c/b",2,"grey wren\nsings loud\n"]
	["c/x",2,"another \\n song"]
	END
	diff want got
'

test_case 'a canvas is read where it was written, and remarks on it' '
	new_vault && canvas | talk >c.json && vvault import c.json >out &&
	state_of message:chatgpt:c/b ".content == \"grey wren\nsings loud\n\" and
		.visibility == \"visible\" and .role == \"assistant\" and
		.parts == [{type: \"canvas\", document: \"memory:chatgpt:artifact/c/d1\",
			title: \"Wren\", version: 2, start: 0, end: 21}]" &&
	state_of message:chatgpt:c/r ".visibility == \"tool\" and (.content | startswith(\"{\"))" &&
	state_of message:chatgpt:c/k ".visibility == \"visible\" and
		.content == \"> grey wren\n\nWhy grey?\"" &&
	vvault read session:chatgpt:c >shown && cat shown && grep "^brown wren" shown &&
	grep "^sings loud" shown && grep "Document Wren, version 2" shown && grep "Why grey" shown &&
	expect_exit 1 grep "another" shown &&
	vvault export chatgpt --format markdown >shown && grep "^> sings loud" shown &&
	grep "^> \*Document Wren, version 1\*" shown &&
	vvault export chatgpt --format html -o h >/dev/null && cat h/conversations/*.html >shown &&
	grep "sings loud" shown && grep "another" shown && grep "Document Wren, version 2" shown &&
	vvault export chatgpt --format chatgpt | jq -S . >back && jq -S . c.json | cmp - back
'

test_case 'what a canvas was told that cannot be done here is told, and kept' '
	new_vault && { canvas | head -3
	echo "[\"b\",\"t\",\"assistant\",\"canmore.update_textdoc\",{\"content_type\":\"code\",\"text\":\"{\\\"updates\\\":[{\\\"pattern\\\":\\\"(wren)\\\",\\\"replacement\\\":\\\"x\\\\\\\\1\\\"}]}\"}]"
	echo "[\"c\",\"b\",\"assistant\",\"canmore.create_textdoc\",{\"content_type\":\"code\",\"text\":\"{\\\"name\\\":\"}]"
	echo "[\"d\",\"c\",\"assistant\",\"canmore.update_textdoc\",{\"content_type\":\"code\",\"text\":\"{\\\"updates\\\":[{\\\"pattern\\\":\\\"(a+)+\$\\\",\\\"replacement\\\":\\\"x\\\"}]}\"}]"
	} | talk >c.json && vvault import --json c.json >out && cat out &&
	jq -e ".sources[0].skipped | map([.reason, .count]) ==
		[[\"changes of a canvas that cannot be made here, kept as calls\", 3]]" out &&
	state_of message:chatgpt:c/b ".visibility == \"tool\" and (.content | contains(\"(wren)\"))" &&
	vvault export chatgpt --format chatgpt | jq -S . >back && jq -S . c.json | cmp - back
'

test_case 'an update without an answer changes the document that stands above' '
	new_vault && { canvas | head -2
	echo "[\"b\",\"a\",\"assistant\",\"canmore.update_textdoc\",{\"content_type\":\"text\",\"parts\":[\"{\\\"updates\\\":[{\\\"pattern\\\":\\\".*\\\",\\\"replacement\\\":\\\"new\\\"}]}\"]}]"
	} | talk >c.json && vvault import c.json >out &&
	state_of memory:chatgpt:artifact/c/a ".content == \"new\" and .version == 2" &&
	vvault export chatgpt --format chatgpt | jq -S . >back && jq -S . c.json | cmp - back
'

# report: a task of research whose report lies in the state of a widget.
report() {
	cat <<\END
["u","","user","all",{"content_type":"text","parts":["research wrens"]}]
["t","u","tool","all",{"content_type":"text","parts":[""]},{"chatgpt_sdk":{"resource_name":"Deep Research App","widget_state":"{\"status\":\"completed\",\"report_message\":{\"author\":{\"role\":\"assistant\"},\"content\":{\"content_type\":\"text\",\"parts\":[\"# Wrens\\n\\nThey sing \\ue200cite\\ue202turn0search1\\ue201.\"]},\"metadata\":{\"content_references\":[{\"type\":\"grouped_webpages\",\"items\":[{\"title\":\"On [wrens]\",\"url\":\"https://example.org/wrens\"},{\"url\":\"https://example.org/wrens\"}]},{\"type\":\"image_v2\",\"url\":\"https://example.org/no.png\"},{\"type\":\"sources_footnote\",\"sources\":[{\"title\":\"Two\",\"url\":\"https://example.org/2\"}]}]}}}"}}]
["a","t","assistant","all",{"content_type":"text","parts":[""]}]
END
}

test_case 'a report is the answer at its place, with its sources' '
	new_vault && report | talk >c.json && vvault import c.json >out &&
	state_of message:chatgpt:c/t >got && cat got &&
	jq -e ".role == \"assistant\" and .visibility == \"visible\" and
		(.content | startswith(\"# Wrens\n\nThey sing\")) and .parts == [
		{type: \"source\", title: \"On [wrens]\", url: \"https://example.org/wrens\"},
		{type: \"source\", title: \"Two\", url: \"https://example.org/2\"}] and
		.native.author.role == \"tool\"" got &&
	vvault read session:chatgpt:c >shown && cat shown && grep "^They sing\.$" shown &&
	grep -F "On [wrens]" shown && grep -F "https://example.org/2" shown &&
	vvault read --json session:chatgpt:c | jq -se ".[2].beside |
		contains(\"[On \\\\[wrens\\\\]](<https://example.org/wrens>)\")" &&
	vvault read --format markdown session:chatgpt:c | grep -F "[Two](<https://example.org/2>)" &&
	vvault export chatgpt --format markdown >shown && cat shown &&
	grep "^> They sing\.$" shown && grep -F "> - [Two](<https://example.org/2>)" shown &&
	vvault export chatgpt --format html -o h >/dev/null && cat h/conversations/*.html >shown &&
	grep "They sing\." shown && grep "href=\"https://example.org/wrens\"" shown &&
	vvault export chatgpt --format chatgpt | jq -S . >back && jq -S . c.json | cmp - back
'

test_case 'a report of before widgets, citations, pages that were read, prompts of pictures' '
	new_vault && talk >c.json <<-\END && vvault import c.json >out &&
	["u","","user","all",{"content_type":"text","parts":["research wrens"]}]
	["t","u","tool","all",{"content_type":"text","parts":["# Old report"]},{"is_async_task_result_message":true,"citations":[{"start_ix":0,"metadata":{"type":"webpage","title":"Old","url":"https://example.org/old"}}]}]
	["q","t","tool","all",{"content_type":"tether_quote","url":"https://example.org/q","domain":"d","text":"quoted","title":"Q"}]
	["i","q","tool","all",{"content_type":"multimodal_text","parts":[{"content_type":"image_asset_pointer","asset_pointer":"sediment://file_1","metadata":{"dalle":{"prompt":"red square"}}}]}]
	["o","i","assistant","all",{"content_type":"text","parts":["two ","parts"]},{"content_references":[{"type":"webpage","title":"W","url":"https://example.org/w"}]}]
	["z","o","assistant","all",{"content_type":"multimodal_text","parts":["like ",{"type":"source","url":"https://example.org/theirs"}]},{"citations":[{"metadata":{"url":"https://example.org/ours"}}]}]
	END
	state_of message:chatgpt:c/t ".role == \"assistant\" and .visibility == \"visible\" and
		.parts[0].url == \"https://example.org/old\"" &&
	state_of message:chatgpt:c/q ".content == \"quoted\" and .parts[0].title == \"Q\"" &&
	state_of message:chatgpt:c/i ".parts[1] == {type: \"prompt\", text: \"red square\"}" &&
	state_of message:chatgpt:c/o ".content == \"two parts\" and .parts[2].title == \"W\"" &&
	vvault read session:chatgpt:c >shown && cat shown && grep "Made of: red square" shown &&
	vvault export chatgpt --format markdown | grep "Made of:\* red square" &&
	vvault export chatgpt --format chatgpt | jq -S . >back && jq -S . c.json | cmp - back
'

test_case 'what ChatGPT wrote down to remember is a memory' '
	new_vault && talk >c.json <<-\END && vvault import c.json >out &&
	["u","","user","all",{"content_type":"text","parts":["I like wrens"]}]
	["m","u","assistant","bio",{"content_type":"text","parts":["Likes wrens."]}]
	["t","m","tool","all",{"content_type":"text","parts":["Model set context updated."]}]
	END
	state_of memory:chatgpt:bio/c/m ".content == \"Likes wrens.\" and
		.session == \"session:chatgpt:c\" and .message == \"message:chatgpt:c/m\"" &&
	state_of message:chatgpt:c/m ".visibility == \"tool\"" &&
	vvault export chatgpt --format markdown | grep "Likes wrens."
'

test_case 'a widget or remarks that cannot be read stay as they are' '
	new_vault && talk >c.json <<-\END && vvault import c.json >out &&
	["u","","user","all",{"content_type":"text","parts":["x"]}]
	["t","u","tool","all",{"content_type":"text","parts":["said"]},{"chatgpt_sdk":{"widget_state":"{\"report_message\":"}}]
	["k","t","assistant","canmore.comment_textdoc",{"content_type":"code","text":"{\"comments\":"}]
	END
	state_of message:chatgpt:c/t ".content == \"said\" and .visibility == \"tool\"" &&
	state_of message:chatgpt:c/k ".visibility == \"tool\"" &&
	vvault export chatgpt --format chatgpt | jq -S . >back && jq -S . c.json | cmp - back
'

test_case 'the canvas and the report of the field' '
	need_shared && new_vault &&
	vvault import "$field"/29-chatgpt-project-canvas/conversations.json \
		"$field"/33-chatgpt-deep-research/conversations.json >out &&
	vvault ls --json chatgpt memory | jq -e ".state.content == \"CANVAS-V2 black bird\nsleeps\n\" and
		(.records | length) == 2" &&
	vvault export chatgpt --format markdown >shown && grep "^> CANVAS-V1 grey bird" shown &&
	grep "^> CANVAS-V2 black bird" shown && grep "^> # REPORT on herons" shown &&
	grep "https://example.org/herons" shown
'

done_testing
