#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# activity <header> <title> <html>: a file of one prompt.
activity() {
	jq -nc --arg h "$1" --arg t "$2" --arg a "$3" \
		"[{header: \$h, title: \$t, time: \"2026-03-26T12:42:07.123Z\",
		products: [\$h], safeHtmlItem: [{html: \$a}]}]"
}

# talk: who said what, in order.
talk() {
	vvault export --format jsonl gemini |
		jq -r "select(.type == \"message:create\") | .data | .role + \": \" + .content" | sort
}

test_case 'activity of Gemini comes in, whatever language it is in' '
	new_vault && mkdir -p "de/Gemini-Apps" "fr/Applications Gemini" &&
	activity Gemini-Apps "Prompt eingegeben: Wie tief: der Teich?" "<p>achtzig</p>" \
		>"de/Gemini-Apps/MeineAktivitäten.json" &&
	activity "Applications Gemini" "Requête envoyée : profondeur ?" "<p>un</p>" \
		>"fr/Applications Gemini/MonActivité.json" &&
	vvault import de fr >out && talk >got &&
	printf "%s\n" "assistant: achtzig" "assistant: un" "user: Wie tief: der Teich?" \
		"user: profondeur ?" | sort >want && diff want got
'

test_case 'and as a page, with its dates' '
	new_vault && cat >a.html <<-END &&
	<html><body><div class="outer-cell mdl-cell"><div class="header-cell mdl-cell"><p
	class="mdl-typography--title">Gemini-Apps<br></p></div><div
	class="content-cell mdl-cell">Prompt eingegeben:&nbsp;Was ist das?<br>1 Datei angehängt.<br>-&nbsp;<a
	href="bild.png">bild.png</a><br>26.03.2026, 13:42:07 MEZ<br><p>ein Teich</p></div></div></body></html>
	END
	{ vvault import a.html || cat out; } >out && cat out && talk >got &&
	printf "%s\n" "assistant: ein Teich" "user: Was ist das?" >want && diff want got &&
	vvault ls --json gemini | jq -se "any(.[]; .at == \"2026-03-26T12:42:07.000000Z\")"
'

test_case 'links of an activity that lead into the export are files of it' '
	new_vault && mkdir -p "t/Gemini Apps" && printf "\211PNG\r\n\032\n0000" >"t/Gemini Apps/pic.png" &&
	activity "Gemini Apps" "Prompted look" "<p>a</p>" |
		jq -c ".[0].details = [{name: \"picture\", url: \"pic.png\"}, {url: \"https://x/y\"}]" \
		>"t/Gemini Apps/MyActivity.json" &&
	vvault import t >out && cat out &&
	vvault export --format jsonl gemini | jq -se "any(.[]; .data.parts? // [] | any(.name? == \"pic.png\"))" &&
	vvault export --format jsonl gemini | grep -c image/png
'

test_case 'a folder in which nothing is found is no success' '
	new_vault && mkdir -p a/b && echo words >a/b/notes.txt && printf "{}" >a/x.json &&
	cp "$(find "$VV_TOP/tests/data/gemini" -name "leaf-1.png")" a/picture.png &&
	expect_exit 1 vvault import a >out 2>err && grep "nothing to import was found" err &&
	activity YouTube "Watched it" "" >a/MyActivity.json &&
	expect_exit 1 vvault import a >out 2>err && grep "nothing to import was found" err
'

test_case 'what looks like a known format comes from the program that wrote it' '
	new_vault && mkdir e &&
	printf "%s\n" "[{\"id\":\"1\",\"title\":\"t\",\"inserted_at\":\"2026-05-04T09:00:00+08:00\",\"updated_at\":\"2026-05-04T09:00:00+08:00\",\"mapping\":{\"root\":{\"id\":\"root\",\"parent\":null,\"children\":[\"1\"],\"message\":null},\"1\":{\"id\":\"1\",\"parent\":\"root\",\"children\":[],\"message\":{\"model\":\"m\",\"fragments\":[{\"type\":\"REQUEST\",\"content\":\"q\"}]}}}}]" >e/conversations.json &&
	printf "%s\n" "{\"uuid\":\"a\",\"parentUuid\":null,\"sessionId\":\"s\",\"timestamp\":\"2026-05-04T09:00:00Z\",\"type\":\"user\",\"message\":{\"role\":\"user\",\"parts\":[{\"text\":\"q\"}]}}" \
		"{\"uuid\":\"b\",\"parentUuid\":\"a\",\"sessionId\":\"s\",\"timestamp\":\"2026-05-04T09:00:01Z\",\"type\":\"system\",\"subtype\":\"x\"}" >e/qwen.jsonl &&
	printf "%s\n" "{\"name\":\"n\",\"createdAt\":1,\"messages\":[{\"versions\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"q\"}]}],\"currentlySelected\":0}]}" >e/lm.json &&
	vvault import --json e >out && jq -se "[.[].sources[].format] | unique == [\"deepseek\", \"lmstudio\", \"qwen\"]" out && vvault construct list --json >list &&
	! grep -E "chatgpt|claude|openai" list
'

test_case 'what another program wrote is called by its name, and not read as something else' '
	new_vault && mkdir e && printf "%s\n" "{\"agent\":{\"memory\":{\"content\":[[{\"role\":\"user\",\"content\":\"q\"},[]]]}}}" >e/paw.json &&
	expect_exit 3 vvault import e/paw.json >out 2>&1 && grep "a chat of QwenPaw" out &&
	expect_exit 1 vvault import e >out 2>err && test "$(grep -c "not read here yet" out)" = 1 &&
	test -z "$(git -C v for-each-ref refs/constructs)" &&
	(cd e && zip -q ../e.zip paw.json) && expect_exit 1 vvault import e.zip >out 2>err && grep QwenPaw out
'

test_case 'the field samples of other languages come in' '
	need_shared && new_vault &&
	vvault import "$VV_SHARED/field/12-gemini-takeout-local/de" \
		"$VV_SHARED/field/12-gemini-takeout-local/fr" >out && talk >got &&
	printf "%s\n" "assistant: DEUTSCH-ANTWORT achtzig Zentimeter" "assistant: FRANCAIS-R" \
		"user: DEUTSCH-FRAGE wie tief ist der Teich?" "user: FRANCAIS-Q profondeur ?" >want &&
	diff want got
'

done_testing
