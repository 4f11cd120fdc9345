#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

export TMPDIR=$tap_root/temp
mkdir -p "$TMPDIR"
unset XDG_RUNTIME_DIR VISUAL GIT_EDITOR

make_nova() {
	new_vault "$@" && vvault add --new nova memory:create --entity memory:m \
		'{"content":"The user likes rain.\nA lot.","tags":["a","b"],"type":"goal","native":{"x":1},"mood":2}' &&
	vvault add nova session:create --entity session:t:1 '{"title":"Old","provider":"t"}' &&
	vvault add nova message:create --entity message:t:1/a \
		'{"content":"Hi","role":"user","session":"session:t:1","parts":[{"a":1}]}' &&
	vvault add nova construct:update \
		'{"name":"Nova","persona":{"greeting":"one\n\n two","traits":{"a/b: c":1,"warmth":0.5}}}'
}

nova() {
	once make_nova "$@" >/dev/null && export VVAULT_DIR="$PWD/v"
}

# editor <script>: an editor that runs it with the file as $1.
editor() {
	printf '#!/bin/sh\n%s\n' "$1" >ed && chmod 700 ed && export EDITOR="$PWD/ed"
}

# unchanged <command>...: it writes nothing, and leaves no text.
unchanged() {
	version_of nova >before && "$@" && version_of nova | cmp - before &&
	test -z "$(ls -A "$TMPDIR")"
}

# record_is <filter>: of what the file out names; it has seen one record alone.
record_is() {
	vvault cat "$(jq -r ".records[0]" out)" >record && jq -e "$1" record
}

test_case 'a memory is shown as fields and words, and what was changed is written' '
	nova && editor "cp \"\$1\" shown; sed -i -e s/rain/snow/ -e s/goal/project/ \"\$1\"" &&
	vvault edit memory:m >out 2>err && test ! -s err && cat >want <<-END && cmp want shown &&
	# memory:m of nova
	# Without its line a field is deleted; an empty file changes nothing.
	type: goal
	tags: a, b
	mood: 2
	---
	The user likes rain.
	A lot.
	END
	sed "1s/^[a-z2-7]\{10\} /ID /" out >got && cat >want <<-END && diff want got &&
	ID  changed in nova: memory '"'The user likes rain. ...'"'
	  content: '"'The user likes rain. A lot.' -> 'The user likes snow. A lot.'"'
	  type: '"'goal' -> 'project'"'
	END
	state_of nova memory:m ". == {content: \"The user likes snow.\nA lot.\", mood: 2,
		native: {x: 1}, tags: [\"a\", \"b\"], type: \"project\"}" &&
	vvault log -n 1 nova | grep "edit: The user likes snow"
'

test_case 'as JSON: only what was changed is in the record, on what stood' '
	nova && before=$(vvault ls --json nova memory | jq -r ".records[0]") &&
	editor "sed -i s/goal/project/ \"\$1\"" && vvault edit --json memory:m >out &&
	keys_are "construct data entity imported records version was what" <out &&
	record_is ".data == {type: \"project\"} and .type == \"memory:update\" and
		.prev == [\"$before\"]"
'

test_case 'what an option says and stands already is no change' '
	nova && vvault edit memory:m --content "a new word" --field tags=x,y >out &&
	unchanged vvault edit memory:m --content "a new word" --field tags=x,y >out &&
	unchanged vvault edit memory:m --field none= >out
'

test_case 'nothing changed, nothing written; an emptied file is no deletion' '
	nova && echo "vvault: nothing was changed, so nothing is written" >want &&
	for script in true "touch \"\$1\"" "echo >>\"\$1\"" "sed -i 1,2d \"\$1\""; do
		editor "$script" && unchanged vvault edit memory:m >out 2>err &&
		test ! -s out && cmp want err || exit 1
	done && unchanged vvault edit --json memory:m >out 2>err &&
	jq -e ".version == null and .records == [] and .data == {}" out &&
	editor ": >\"\$1\"" && unchanged expect_exit 1 vvault edit memory:m >out 2>err &&
	echo "vvault: the text is empty, so nothing is changed; '"'vvault rm'"' deletes" | cmp - err
'

test_case 'an editor that fails or is killed changes nothing' '
	nova && for script in "sed -i s/goal/x/ \"\$1\"; exit 1" "kill -9 \$\$"; do
		editor "$script" && unchanged expect_exit 128 vvault edit memory:m >out 2>err &&
		test ! -s out && grep "^vvault: the editor .*: nothing is written\$" err || exit 1
	done
'

test_case 'fields go, come, and keep their kind' '
	nova && editor "sed -i -e /^type/d -e s/^tags:.*/tags:/ -e \"s/^mood.*/mood: 3\nweather: fair\nn: [1]/\" \"\$1\"" &&
	vvault edit --json memory:m >out && record_is ".data == {mood: 3, n: [1], tags: null,
		type: null, weather: \"fair\"}" &&
	state_of nova memory:m "has(\"type\") or has(\"tags\") | not" &&
	editor "sed -i -e s/^mood.*/mood:\ fair/ \"\$1\"" &&
	unchanged expect_exit 128 vvault edit memory:m 2>err &&
	echo "vvault: '"'mood'"' must stay JSON: a number, true, null, [...], {...} or \"text\"" |
		cmp - err &&
	editor "sed -i -e \"s/^weather.*/weather: 12/\" \"\$1\"" && vvault edit --json memory:m >out &&
	record_is ".data == {weather: \"12\"}"
'

test_case 'the persona: each part by its path, texts of several lines' '
	nova && editor "cp \"\$1\" shown; sed -i -e s/0.5/0.75/ -e s/two/three/ -e s/Nova/Vega/ \"\$1\"" &&
	vvault edit --json nova >out && cat >want <<-END && cmp want shown &&
	# construct:nova of nova
	# Without its line a field is deleted; an empty file changes nothing.
	name: Nova
	persona/greeting: |
	  one

	   two
	persona/traits/warmth: 0.5
	END
	record_is ".data == {name: \"Vega\", persona: {greeting: \"one\n\n three\",
		traits: {warmth: 0.75}}}" &&
	vvault show --json nova | jq -e ".persona.traits == {\"a/b: c\": 1, warmth: 0.75}"
'

test_case 'a construct without a word of its own gets one' '
	new_vault && vvault remember --new nova x >/dev/null 2>&1 &&
	vvault edit --json nova --field persona/traits/wit=1 --field name=Nova >out &&
	record_is ".data == {name: \"Nova\", persona: {traits: {wit: 1}}} and .prev == []"
'

test_case 'a session has its title, a message its words, and no more' '
	nova && editor "cp \"\$1\" shown; sed -i s/Old/New/ \"\$1\"" &&
	vvault edit --json session:t:1 >out && cat >want <<-END && cmp want shown &&
	# session:t:1 of nova
	# Without its line a field is deleted; an empty file changes nothing.
	title: Old
	tags:
	END
	record_is ".data == {title: \"New\"}" && editor "cp \"\$1\" shown; sed -i s/Hi/Ho/ \"\$1\"" &&
	vvault edit --json message:t:1/a >out && cat >want <<-END && cmp want shown &&
	# message:t:1/a of nova
	# Without its line a field is deleted; an empty file changes nothing.
	role: user
	---
	Hi
	END
	record_is ".data == {content: \"Ho\"}"
'

test_case 'without an editor' '
	nova && export EDITOR=false && vvault edit --json memory:m --content "Other words" \
		--field tags=x,y --field type= --field /deep/er=true >out &&
	record_is ".data == {content: \"Other words\", deep: {er: true}, tags: [\"x\", \"y\"],
		type: null}" &&
	printf "from\nthe input\n" | vvault edit --json memory:m --content - >out &&
	record_is ".data == {content: \"from\nthe input\"}" &&
	unchanged vvault edit nova --field name=Nova 2>err ||
	vvault cat "$(vvault edit --json nova --field name=Nova | jq -r ".records[0]")" >/dev/null
'

test_case 'what cannot be is refused, and nothing written' '
	nova && refuse() {
		unchanged expect_exit "$1" vvault edit memory:m "$3" 2>err &&
		echo "vvault: $2" >want && head -n 1 err | cmp - want
	} && refuse 128 "'"'tgas' is no field of a memory; is 'tags'"' meant?" --field=tgas=x &&
	refuse 128 "'"'created' of a memory is not for editing; 'vvault add'"' can set it" \
		--field=created=x &&
	refuse 128 "a memory needs '"'content'; 'vvault rm'"' deletes it" --content= &&
	refuse 129 "'"'type'"' is no <field>=<value>" --field=type &&
	for script in "s/^type: .*/typo/" "s/^type/tpye/" "s/^---\$//" "s/^mood: 2/type: x/"; do
		editor "sed -i \"$script\" \"\$1\"" &&
		unchanged expect_exit 128 vvault edit memory:m 2>>all || exit 1
	done && cat >want <<-END && cmp want all
	vvault: line 3 is no '"'<field>: <value>'"'
	vvault: '"'tpye' is no field of a memory; is 'type'"' meant?
	vvault: line 7 is no '"'<field>: <value>'"'
	vvault: line 5: '"'type'"' is there twice
	END
'

test_case 'words that are too large for a record are edited as others' '
	nova && perl -e "print qq(\"); print qq(line\\\\n) x 100000, qq(end\")" >text &&
	{ printf "{\"content\":"; cat text; echo "}"; } |
		vvault add nova memory:create --entity memory:big - >/dev/null &&
	editor "sed -i \"\\\$s/end/more/\" \"\$1\"" && vvault edit --json memory:big >/dev/null &&
	vvault ls nova --json | jq -r "select(.entity == \"memory:big\").state.content[\"\$blob\"]" >blob &&
	vvault cat "$(cat blob)" | tail -n 1 | grep -x more &&
	vvault cat "$(cat blob)" | wc -l | grep -x 100000
'

test_case 'without a terminal only an editor that was named runs, with the input as it is' '
	nova && export TERM=xterm && for off in /dev/null pipe; do
		test $off = pipe || EDITOR= unchanged expect_exit 128 timeout 10 vvault edit memory:m <$off >out 2>err || exit 1
		test $off != pipe || { EDITOR= expect_exit 128 timeout 10 vvault edit memory:m </dev/null 2>&1 | tail -n 2 >err; } || exit 1
		echo "vvault: no terminal to edit on; --content gives the words" | cmp - err || exit 1
	done &&
	editor "readlink /proc/self/fd/0 >input; sed -i s/rain/snow/ \"\$1\"" && vvault edit memory:m </dev/null >/dev/null &&
	echo /dev/null | cmp - input && state_of nova memory:m ".content | startswith(\"The user likes snow.\")"
'

test_case 'what another writer changes meanwhile is a conflict, not a loss' '
	nova && editor "EDITOR=false vvault edit memory:m --content theirs >/dev/null 2>&1
		sed -i -e s/rain/snow/ \"\$1\"" &&
	vvault edit memory:m >out 2>err &&
	echo "vvault: another device or program changed the same meanwhile: '"'vvault conflicts'"' shows both" |
		cmp - err && vvault conflicts --json | jq -s -e "length == 1 and .[0].entity == \"memory:m\"" &&
	state_of nova memory:m ".content == \"The user likes snow.\nA lot.\""
'

test_case 'and where they changed something else, both stand' '
	nova && editor "EDITOR=false vvault edit memory:m --field type=project >/dev/null 2>&1
		sed -i -e s/rain/snow/ \"\$1\"" &&
	vvault edit memory:m >out 2>err && test ! -s err &&
	state_of nova memory:m ".content == \"The user likes snow.\nA lot.\" and .type == \"project\"" &&
	vvault show --json nova | jq -e ".conflicts == 0"
'

test_case 'a handle, the begin of an id, and one of an old version name what stands now' '
	nova && export EDITOR=false && vvault ls nova memory >/dev/null && script=script
	vvault edit memory:m --content second >out && id=$(head -n 1 out | cut -c1-10) &&
	vvault edit "$id" --content third >/dev/null &&
	state_of nova memory:m ".content == \"third\"" &&
	vvault show --json nova | jq -e ".conflicts == 0"
'

test_case 'one that several constructs have needs the name of one' '
	nova && vvault add --new wren memory:create --entity memory:m "{\"content\":\"x\"}" >/dev/null &&
	expect_exit 128 vvault edit memory:m --content y 2>err &&
	grep -xE "vvault: .memory:m. is in several constructs: [a-z]+, [a-z]+; --construct says which" err &&
	vvault edit --construct wren memory:m --content y >/dev/null &&
	state_of wren memory:m ".content == \"y\""
'

test_case 'what was deleted, and what never was' '
	nova && vvault add nova memory:delete --entity memory:m "{}" >/dev/null &&
	unchanged expect_exit 128 vvault edit memory:m --content x 2>err &&
	echo "vvault: '"'memory:m' was deleted; 'vvault log memory:m'"' tells what it was" | cmp - err &&
	unchanged expect_exit 128 vvault edit --json memory:none --content x 2>err && error_is not-found
'

test_case 'who may not write is told before the editor opens' '
	nova && as r vvault init other >/dev/null &&
	vvault member add --role reader "$(as r did)" >/dev/null && editor "touch opened" &&
	expect_exit 128 as r vvault edit --json memory:m 2>err && error_is denied && test ! -e opened &&
	expect_exit 128 as stranger vvault edit --json memory:m 2>err && test ! -e opened
'

test_case 'at a terminal what cannot be read is opened again, with the reason' '
	command -v script >/dev/null || skip_case "script is not here" &&
	nova && editor "if test -e first; then cp \"\$1\" second; sed -i s/^typo/type:/ \"\$1\"
		else touch first; sed -i s/^type:.*/typo/ \"\$1\"; fi" &&
	echo y | script -qec "vvault edit memory:m" typescript >/dev/null &&
	head -n 1 second | grep -x "#! line 3 is no .<field>: <value>." &&
	grep "  type: .goal. -> (none)" typescript && state_of nova memory:m "has(\"type\") | not"
'

test_case 'a line of an imported talk: what was hit is said, and another import leaves it' '
	new_vault && printf "%s" "[{\"id\":\"c1\",\"title\":\"Which paint\",\"create_time\":1.7e9,\"update_time\":1.7e9,\"current_node\":\"a\",\"mapping\":{" \
		"\"r\":{\"id\":\"r\",\"parent\":null,\"children\":[\"a\"]}," \
		"\"a\":{\"id\":\"a\",\"parent\":\"r\",\"children\":[],\"message\":{\"id\":\"a\",\"author\":{\"role\":\"user\"},\"create_time\":1.7e9,\"content\":{\"content_type\":\"text\",\"parts\":[\"I meant the green\"]}}}}}]" >c.json &&
	vvault import --construct nova c.json >/dev/null 2>&1 && vvault recall green >/dev/null &&
	vvault edit @1 --content "I meant the blue" >out 2>err && sed "1s/^[a-z2-7]\{10\} /ID /" out >got &&
	cat >want <<-END && diff want got &&
	ID  changed in nova: message of user '"'I meant the green' in 'Which paint'"'
	  content: '"'I meant the green' -> 'I meant the blue'"'
	END
	grep "^vvault: this was imported, and what it came from still says what it said" err &&
	vvault import --construct nova c.json >/dev/null 2>&1 &&
	state_of nova message:chatgpt:c1/a ".content == \"I meant the blue\"" &&
	vvault rm message:chatgpt:c1/a >out 2>err && cat >want <<-END && diff want out &&
	deleted in nova: message of user '"'I meant the blue' in 'Which paint'"'  message:chatgpt:c1/a
	END
	vvault undo --list >list && grep "edit @1 (1 message)  -> nova" list && ! grep -e blue -e green -e paint list
'

done_testing
