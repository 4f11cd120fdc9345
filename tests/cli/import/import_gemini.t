#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

data=$VV_TOP/tests/data/gemini
apps="$data/takeout/My Activity/Gemini Apps"
shared=${VV_SHARED:+$VV_SHARED/data}
export data apps shared

# zip_of <folder> <name>: tests/data's folder as an archive.
zip_of() {
	mkdir -p pack && cp -R "$data/takeout" pack/Takeout &&
	(cd pack && zip -qr "../$1" Takeout)
}

test_case 'each prompt of the activity is a session with its answer' '
	new_vault && vvault import --json "$apps" >out && cat out &&
	jq -e ".sources | length == 1 and .[0].format == \"gemini-takeout\"" out &&
	jq -e ".sources[0] | .imported == 18 and .read == 23 and .malformed == []
		and (.notes | length == 1 and (.[0] | test(\"session of its own\")))" out &&
	test "$(told "no prompt")" -eq 2 && test "$(told "another product")" -eq 2 &&
	test "$(told "no activity of Gemini Apps names")" -eq 1 &&
	test "$(told "does not come with")" -eq 1 &&
	vvault show --json gemini | jq -e ".counts | .session == 6 and .message == 11" &&
	vvault ls --json gemini session | jq -se "map(.state.native.inferred |
		index(\"session\") != null) | all" &&
	id=gemini:2026-03-02T09:00:00Z-1ff2f4b735ad9bad &&
	state_of gemini "message:$id/prompt" ".content == \"Which moss grows\nin deep shade?\" and
		.role == \"user\" and .index == 0 and .created == \"2026-03-02T09:00:00.250000Z\" and
		.native.verb == \"Prompted\"" &&
	state_of gemini "message:$id/answer" >answer &&
	jq -e ".content == \"Try sheet moss:\n\n- it is flat\n- it & ferns agree\" and
		.role == \"assistant\" and .parent == \"message:$id/prompt\"" answer &&
	blob=$(jq -r ".parts[0].data.\"\$blob\"" answer) &&
	test "$(vvault cat "$blob")" = "<p>Try <b>sheet moss</b>:</p><ul><li>it is flat</li><li>it &amp; ferns agree</li></ul>" &&
	state_of gemini "session:$id" ".active == \"message:$id/answer\" and .guessed == false"
'

test_case 'the id is the second and the hash of what was asked' '
	new_vault && vvault import "$apps" >/dev/null &&
	hash=$(printf "Which moss grows in deep shade?" | sha256sum | cut -c1-16) &&
	state_of gemini "session:gemini:2026-03-02T09:00:00Z-$hash" .title &&
	hash=$(printf "Name it again" | sha256sum | cut -c1-16) &&
	state_of gemini "message:gemini:2026-03-01T20:14:00Z-$hash/prompt" ".native.verb == \"Branched\"" &&
	state_of gemini "message:gemini:2026-03-01T20:14:00Z-$hash~2/answer" ".content == \"first\""
'

test_case 'an image alone is an empty prompt with its bytes beside it' '
	new_vault && vvault import "$apps" >/dev/null &&
	id=$(vvault ls --json gemini message | jq -r "select(.entity |
		test(\"20:15:10Z.*prompt\")).entity") &&
	state_of gemini "$id" >got && cat got && jq -e ".content == \"\" and
		(.parts | map(.name)) == [\"leaf-1.png\", \"gone-1.pdf\"] and
		.assets.\"leaf-1.png\".media == \"image/png\" and (.assets | length == 1)" got &&
	vvault cat "$(jq -r ".assets.\"leaf-1.png\".\"\$blob\"" got)" | cmp - "$apps/leaf-1.png"
'

test_case 'words in a language that is not known stay with the prompt' '
	new_vault && vvault import "$apps" >/dev/null &&
	vvault ls --json gemini | jq -se "map(select(.entity | test(\"20:13:00Z\")).state) |
		map(select(.content == \"Eingabe: Was ist Moos?\")) | length == 1" &&
	vvault ls --json gemini session | jq -se "map(select(.entity | test(\"20:13:00Z\")) |
		.state.native.inferred == [\"session\", \"title\", \"verb\"]) == [true]" &&
	printf "%s" "[{\"header\":\"Gemini Apps\",\"title\":\"Erstellt\",\"time\":\"2026-01-01T00:00:00Z\",
		\"products\":[\"Gemini Apps\"]}]" >other.json &&
	vvault import --json other.json >out && test "$(told "words that are not known")" -eq 1
'

test_case 'a zip, a folder and a bare file say the same' '
	new_vault && zip_of t.zip && vvault import --json t.zip >out && cat out &&
	jq -e ".sources | length == 1 and .[0].imported == 18" out &&
	test "$(told "another product")" -eq 3 &&
	vvault ls --json gemini | jq -cS "select(.kind != \"source\") | [.entity, .state]" >one &&
	vvault import --json "$data/takeout" >out && jq -e ".records.new == 0" out &&
	vvault import --json "$apps/MyActivity.json" >out &&
	jq -e ".records.new == 0 and .version == null" out &&
	vvault ls --json gemini | jq -cS "select(.kind != \"source\") | [.entity, .state]" | cmp - one
'

test_case 'an export in several archives is read together, in any order and on several days' '
	new_vault && zip_of whole.zip && vvault import whole.zip >/dev/null &&
	vvault ls --json gemini | jq -cS "select(.kind != \"source\") | [.entity, .state]" | sort >one &&
	cp whole.zip a.zip && zip -qd a.zip "*.png" "*.txt" && cp whole.zip b.zip && zip -qd b.zip "*.json" &&
	for way in "a.zip b.zip" "b.zip a.zip"; do
		rm -rf v && new_vault && vvault import --json $way >out && test "$(told "no activity of Gemini Apps names")" -eq 1 &&
		vvault ls --json gemini | jq -cS "select(.kind != \"source\") | [.entity, .state]" | sort | cmp - one || exit 1
	done && rm -rf v && new_vault && vvault import b.zip >out && grep "a further part .*: give all parts" out &&
	vvault import a.zip >out && grep "attached may lie in another part .*: give all parts" out &&
	vvault import a.zip b.zip >out && ! grep "give all parts" out &&
	vvault ls --json gemini | jq -cS "select(.kind != \"source\") | [.entity, .state]" | sort | cmp - one
'

test_case 'prompts of AI Studio come out of the archive of Takeout too' '
	new_vault && mkdir -p "pack/Takeout/Drive/Google AI Studio" &&
	cp "$data/studio.json" "pack/Takeout/Drive/Google AI Studio/Ferns" &&
	echo "{\"chunkedPrompt\":" >"pack/Takeout/Drive/Google AI Studio/torn" &&
	echo note >pack/Takeout/Drive/note.txt && zip_of t.zip && expect_exit 3 vvault import --json t.zip >out && cat out &&
	jq -e ".sources[0] | .imported == 18 + 8 and (.malformed | length) == 1" out &&
	test "$(told "no activity of Gemini Apps names")" -eq 2 &&
	vvault import --json "$data/studio.json" >out && jq -e ".version == null" out
'

test_case 'the HTML form gives the same ids, texts and links' '
	new_vault && expect_exit 3 vvault import --json "$data/activity.html" >out && cat out &&
	jq -e ".sources[0] | .imported == 9 and (.malformed | length) == 1 and .unknown_times == 0" out &&
	test "$(told "another product")" -eq 2 && test "$(told "no prompt")" -eq 1 &&
	vvault ls --json gemini message >html &&
	vvault init w >/dev/null && vvault -C w import "$apps/MyActivity.json" >/dev/null &&
	vvault -C w ls --json gemini message >json &&
	for at in 09:00:00Z 20:15:10Z; do
		jq -c --arg t "$at" "select(.entity | contains(\$t)) |
			[.entity, .state.content, (.state.parts // [] | map(.name))]" html >a
		jq -c --arg t "$at" "select(.entity | contains(\$t)) |
			[.entity, .state.content, (.state.parts // [] | map(.name))]" json >b
		test "$(wc -l <a)" -eq 2 && cmp a b
	done &&
	jq -se "map(select(.state.content == \"late <b> & more\") |
		.state.created == \"2026-03-26T16:42:07.000000Z\") == [true]" html
'

test_case 'activity of another product is refused' '
	new_vault && expect_exit 1 vvault import --json "$data/takeout/My Activity/Search/MyActivity.json" >out &&
	test "$(told "other products only")" -eq 1 &&
	printf "[{\"header\":\"Gemini Apps Pro\",\"title\":\"Prompted x\",\"time\":\"2026-01-01T00:00:00Z\"}]" >d.json &&
	expect_exit 1 vvault import d.json && expect_exit 128 vvault show gemini
'

test_case 'bad items cost themselves alone' '
	new_vault && printf "%s" "[{\"header\":\"Gemini Apps\",\"title\":\"Prompted a\",\"time\":\"2026-01-01T00:00:00Z\"},
		7, {\"header\":\"Gemini Apps\",\"time\":\"x\"}, {\"header\":\"Gemini Apps\",\"title\":\"Prompted b\",
		\"safeHtmlItem\":tru}, {\"header\":\"Gemini Apps\",\"title\":\"Prompted \\ud83d\",\"time\":\"2026-01-01T00:00:00Z\"}" >torn.json &&
	expect_exit 3 vvault import --json torn.json >out && cat out &&
	jq -e ".sources[0] | .imported == 4 and (.malformed | length) == 4" out
'

test_case 'a grown activity adds what is new and no more' '
	new_vault && jq ".[3:]" "$apps/MyActivity.json" >young.json &&
	vvault import young.json >/dev/null && vvault import --json "$apps/MyActivity.json" >out &&
	jq -e ".sources[0] | .imported - .known == 3" out &&
	vvault import --json "$apps/MyActivity.json" >out && jq -e ".version == null" out &&
	vvault import --json --since 2026-03-02 --dry-run "$apps/MyActivity.json" >out &&
	test "$(told "older than --since")" -eq 4
'

test_case 'chunks of AI Studio become turns' '
	new_vault && vvault import --json "$data/studio.json" >out && cat out &&
	jq -e ".construct == \"gemini\" and (.sources[0] | .format == \"ai-studio\" and .imported == 8)" out &&
	vvault ls --json gemini message | jq -s "map(.state) | sort_by(.index)" >got && cat got &&
	jq -e "map(.role) == [\"system\", \"user\", \"user\", \"assistant\", \"user\", \"user\", \"assistant\"]" got &&
	jq -e ".[0].content == \"Answer briefly.\" and .[0].visibility == \"hidden\" and .[0].parent == null" got &&
	jq -e ".[1].parts[0] == {type: \"file\", kind: \"driveDocument\", native: {id: \"drive-1\"}}" got &&
	jq -e ".[3].content == \"A list of ferns.\" and .[3].parts[0] ==
		{type: \"thinking\", text: \"Thinking it over\"} and
		(.[3].parts[1:] | map([.start, .end])) == [[0, 7], [7, 16]]" got &&
	vvault cat "$(jq -r ".[4].parts[0].data.\"\$blob\"" got)" >png && test "$(cat png)" = "not a picture" &&
	jq -e ".[6].visibility == \"meta\" and .[6].parts == [{type: \"error\", text: \"quota exceeded\"}]" got &&
	vvault ls --json gemini session | jq -e ".state | .model == \"models/gemini-test\" and
		.native.branches[0].branchChildren[0].promptId == \"prompts/2\" and
		.native.chunkedPrompt.pendingInputs[0].text == \"not sent\"" &&
	vvault import --json "$data/studio.json" >out && jq -e ".version == null" out
'

test_case 'a prompt of AI Studio that went on, or another way, shares what it had' '
	new_vault && jq ".chunkedPrompt.chunks |= .[:5]" "$data/studio.json" >young.json &&
	vvault import young.json >/dev/null && vvault import --json "$data/studio.json" >out && cat out &&
	jq -e ".sources[0] | .imported == 8 and .known == 4" out &&
	jq ".chunkedPrompt.chunks[1].text = \"Else?\"" "$data/studio.json" >edited.json &&
	vvault import edited.json >/dev/null &&
	vvault show --json gemini | jq -e ".counts | .session == 1 and .message == 12"
'

test_case 'a session of Gemini CLI' '
	new_vault && vvault import --json "$data/session-cli.json" >out &&
	jq -e ".construct == \"gemini\" and (.sources[0] | .format == \"gemini-cli\" and .imported == 6)" out &&
	vvault ls --json gemini message | jq -s "map(.state) | sort_by(.index)" >got && cat got &&
	jq -e "map([.role, .visibility]) == [[\"user\", \"visible\"], [\"assistant\", \"tool\"],
		[\"system\", \"meta\"], [\"assistant\", \"visible\"], [\"system\", \"meta\"]]" got &&
	jq -e ".[0].content == \"List the files\" and .[1].native.tokens.total == 12 and
		(.[1].parts | map(.type)) == [\"thinking\", \"text\", \"tool_use\", \"tool_result\"] and
		.[1].parts[0].subject == \"Looking\" and
		.[1].parts[0].text == \"Looking: I list them.\" and .[1].parts[3].content == \"fern.c\" and .[1].parts[2].input.path == \".\" and
		.[1].parts[3].tool_use_id == \"t1\" and .[3].model == \"gemini-test\"" got &&
	vvault ls --json gemini session | jq -e ".state | .title == \"Ferns in C\" and
		.updated == \"2026-04-01T08:05:00.000000Z\" and .native.projectHash == \"0123abcd\""
'

test_case 'the log of Gemini CLI is replayed, and what was dropped is kept' '
	new_vault && vvault import --json "$data/session-cli.jsonl" >out && cat out &&
	jq -e ".sources[0] | .imported == 7 and .malformed == [] and
		.notes == [\"what the log says anew counts as it was said most fully: 3\"]" out &&
	test "$(path_of gemini session:gemini-cli:cli-2)" = "[\"a\",\"b\",\"d\",\"s\",\"e\"]" &&
	state_of gemini message:gemini-cli:cli-2/b ".content == \"half and whole\" and .index == 1" &&
	state_of gemini message:gemini-cli:cli-2/c ".content == \"two\" and (.parent | endswith(\"/b\"))" &&
	state_of gemini message:gemini-cli:cli-2/d ".parent | endswith(\"/b\")" &&
	state_of gemini session:gemini-cli:cli-2 ".title == \"Counting\"" &&
	for n in 2 4 6 8; do head -n $n "$data/session-cli.jsonl" >g.jsonl && vvault import g.jsonl; done &&
	vvault import --json "$data/session-cli.jsonl" >out && jq -e ".version == null" out
'

test_case 'what a log of Gemini CLI says in another form is kept or told' '
	new_vault && cat >odd.jsonl <<-\END &&
	{"sessionId":"cli-3","projectHash":"0","startTime":{"at":1},"lastUpdated":"soon","summary":7,"messages":"none"}
	{"id":"a","timestamp":"2026-04-02T08:00:01.000Z","type":"user","content":"one"}
	{"$rewindTo":"a","by":"hand"}
	{"$rewindTo":"nobody"}
	{"id":"b","timestamp":"never","type":"user","type":"gemini","content":[{"thought":true,"text":"hm","sign":"s"}]}
	END
	vvault import --json odd.jsonl >out && cat out &&
	jq -e "[.sources[0].skipped[].reason] | length == 3 and any(test(\"is not there\")) and
		any(test(\"beside a change\")) and any(test(\"stands twice\"))" out &&
	test "$(path_of gemini session:gemini-cli:cli-3)" = "[\"b\"]" &&
	jq -e ".sources[0].guessed == 1" out &&
	state_of gemini session:gemini-cli:cli-3 ".native == {projectHash: \"0\", startTime: {at: 1},
		lastUpdated: \"soon\", summary: 7, messages: \"none\"} and .title == null" &&
	state_of gemini message:gemini-cli:cli-3/b ".native == {timestamp: \"never\", type: \"gemini\"} and
		.parts == [{type: \"thinking\", text: \"hm\", native: {sign: \"s\"}}]"
'

test_case 'what a tool gave beside its answer is a file of Gemini CLI, and a text may say that it is no thought' '
	new_vault && cat >seen.jsonl <<-\END &&
	{"sessionId":"cli-4","projectHash":"0","startTime":"2026-04-02T08:00:00.000Z","lastUpdated":"2026-04-02T08:00:09.000Z","kind":"main"}
	{"id":"a","timestamp":"2026-04-02T08:00:01.000Z","type":"user","content":[{"text":"/srv/fern.png, what is it?","thought":false}]}
	{"id":"b","timestamp":"2026-04-02T08:00:02.000Z","type":"gemini","content":"I look.","toolCalls":[{"id":"c1","name":"read_file","args":{},"result":[{"functionResponse":{"id":"c1","name":"read_file","response":{"output":"a picture"}}},{"inlineData":{"mimeType":"image/png","data":"iVBORw0K"}}]}]}
	END
	vvault import seen.jsonl >/dev/null &&
	state_of gemini message:gemini-cli:cli-4/a ".content == \"/srv/fern.png, what is it?\" and .visibility == \"visible\"" &&
	state_of gemini message:gemini-cli:cli-4/b ".parts | map(.type) == [\"text\", \"tool_use\", \"tool_result\", \"file\"] and
		.[2].content == \"a picture\" and .[3].data.media == \"image/png\""
'

test_case 'a growing log of Gemini CLI adds what is new' '
	new_vault && head -n 4 "$data/session-cli.jsonl" >g.jsonl && vvault import g.jsonl >/dev/null &&
	head -n 8 "$data/session-cli.jsonl" >g.jsonl && vvault import --json g.jsonl >out && cat out &&
	jq -e ".sources[0] | .imported == 6 and .known == 2" out &&
	test "$(path_of gemini session:gemini-cli:cli-2)" = "[\"a\",\"b\",\"d\",\"e\"]" &&
	head -c 900 "$data/session-cli.jsonl" >torn.jsonl && expect_exit 3 vvault import --json torn.jsonl >out &&
	jq -e ".sources[0].malformed | length == 1" out
'

test_case 'shared: the activity is what jq and perl find in it' '
	need_shared && new_vault && file="$shared/gemini/My Activity/Gemini Apps/MyActivity" &&
	vvault import --json "$file.json" >out && cat out &&
	jq "[.[] | select(.header == \"Gemini Apps\" and (.title | test(\"^(Prompted|Branched|Answered)\")))]" \
		"$file.json" >want.json &&
	n=$(jq length want.json) && answers=$(jq "[.[] | select(.safeHtmlItem)] | length" want.json) &&
	test "$n" -gt 90 && vvault show --json gemini |
		jq -e ".counts | .session == $n and .message == $n + $answers" &&
	jq -r ".[] | .title | sub(\"^[A-Za-z]+ ?\"; \"\") | @json" want.json | sort >a &&
	vvault ls --json gemini message | jq -r ".state | select(.role == \"user\").content | @json" | sort | cmp a - &&
	vvault ls --json gemini | jq -cS "[.entity, .state.content]" | sort >json &&
	rm -rf v && new_vault && vvault import --json "$file.html" >out && cat out &&
	cells=$(perl -0777 -ne "print scalar(() = /outer-cell/g)" "$file.html") &&
	test "$(jq ".sources[0].imported" out)" -eq $((cells * 3)) &&
	vvault ls --json gemini | jq -cS "select(.kind != \"source\") | [.entity, .state.content]" | sort >html &&
	test "$(wc -l <html)" -eq $((cells * 3)) && test -z "$(comm -13 json html)"
'

test_case 'shared: the folder is told from its decoy' '
	need_shared && new_vault && vvault import --json "$shared/gemini" >out && cat out &&
	jq -e ".sources | length == 2 and (map(.imported) | sort) == [0, 294]" out &&
	test "$(told "another file of the export has too")" -eq 60 &&
	expect_exit 1 vvault import "$shared/gemini/My Activity/YouTube/MyActivity.json"
'

test_case 'shared: what others wrote in the forms of Google' '
	need_shared && new_vault && from=$shared/polylogue-fixtures/origin-capability &&
	for f in aistudio-drive aistudio-drive-hinted gemini-cli-session; do
		vvault import --json "$from/$f.json" >out
		jq -e ".construct == \"gemini\" and .sources[0].imported == 3" out
	done &&
	n=$(jq -s "map((.chunkedPrompt.chunks // .messages) | length) | add" "$from"/aistudio*.json "$from/gemini-cli-session.json") &&
	vvault show --json gemini | jq -e ".counts | .session == 3 and .message == $n"
'

done_testing
