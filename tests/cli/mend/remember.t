#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

export TMPDIR=$tap_root/temp
mkdir -p "$TMPDIR"
unset XDG_RUNTIME_DIR VISUAL GIT_EDITOR

make_nova() {
	new_vault "$@" && vvault remember --new nova The first >/dev/null 2>&1
}

nova() {
	once make_nova "$@" && export VVAULT_DIR="$PWD/v"
}

# editor <script>: an editor that runs it with the file as $1.
editor() {
	printf '#!/bin/sh\n%s\n' "$1" >ed && chmod 700 ed && export EDITOR="$PWD/ed"
}

# nothing_left: of any text for an editor.
nothing_left() {
	test -z "$(ls -A "$TMPDIR")"
}

# only_first: nothing was written behind the first memory.
only_first() {
	vvault construct list --json | jq -e ".records == 1" >/dev/null && nothing_left
}

# newest: data of the newest memory.
newest() {
	vvault cat "$(vvault log --json -n 1 -p nova | jq -r ".changes[0].entity // empty" >entity
		vvault ls --json nova | jq -r --arg e "$(cat entity)" \
			"select(.entity == \$e).records[-1]")" | jq -c .data
}

test_case 'words become a memory, and the next step is said' '
	nova && vvault remember nova The user "likes  rain" >out 2>err &&
	id=$(cut -c1-17 out) && echo "$id  remembered in nova" | cmp - out &&
	echo "vvault: '"'vvault edit \$id' changes it, 'vvault rm \$id'"' deletes it" |
		sed "s/\$id/$id/g" | cmp - err &&
	vvault ls nova memory >list && grep "  $id[a-z2-7]\{16\}$" list &&
	vvault show --json "$id" | jq -e ".state == {content: \"The user likes  rain\"}" &&
	vvault log -n 1 nova | grep "remember: The user likes  rain  (1 new)" &&
	vvault recall rain | grep -c "likes  rain"
'

test_case 'the begin of a name will do, where one alone begins so' '
	nova && for n in 1 2; do
		vvault add nova memory:create --entity memory:px5abc$n "{\"content\":\"p $n\"}" >/dev/null
	done && expect_exit 128 vvault show memory:px5 2>err &&
	grep "several names begin with .memory:px5.: memory:px5abc. \"p .\", memory:px5abc. \"p .\"" err &&
	expect_exit 128 vvault rm memory:px 2>err && grep "no record of .memory:px. in" err &&
	vvault rm memory:px5abc1 >/dev/null 2>&1 && vvault edit memory:px5 --content other >/dev/null &&
	vvault show --json memory:px5abc2 | jq -e ".state.content == \"other\"" &&
	vvault rm memory:px5 >out 2>/dev/null && grep "memory .other.  memory:px5abc2" out &&
	expect_exit 128 vvault show memory:px5 2>err
'

test_case 'tags, each once, and a type; options may stand behind' '
	nova && vvault remember nova --tag tea green tea --tag day --tag tea \
		--type preference >out 2>err && newest >got &&
	echo "{\"content\":\"green tea\",\"tags\":[\"tea\",\"day\"],\"type\":\"preference\"}" |
		cmp - got && vvault remember nova -- --tag x >/dev/null 2>&1 &&
	newest >got && echo "{\"content\":\"--tag x\"}" | cmp - got
'

test_case 'the same as JSON' '
	nova && vvault remember --json nova hello >out 2>err && test ! -s err &&
	keys_are "construct entity records version" <out &&
	jq -e ".construct == \"nova\" and (.records | length) == 1 and
		(.entity | test(\"^memory:[a-z2-7]{26}\$\"))" out &&
	test "$(jq -r .version out)" = "$(version_of nova)"
'

test_case 'the words of the input, all lines of them' '
	nova && printf "one\n  two\n\n\n" | vvault remember nova >/dev/null 2>&1 &&
	newest | jq -e ". == {content: \"one\\n  two\"}" &&
	echo three | vvault remember nova - >/dev/null 2>&1 && newest >got &&
	echo "{\"content\":\"three\"}" | cmp - got
'

test_case 'without words nothing is written, and that is said' '
	nova && echo "vvault: no words, so there is nothing to remember: nothing is written" >want &&
	for words in "" "-" " " "--tag x"; do
		expect_exit 1 vvault remember nova $words </dev/null >out 2>err &&
		test ! -s out && cmp want err || exit 1
	done && expect_exit 1 vvault remember nova "  " >out 2>err && cmp want err &&
	printf " \n\n" | expect_exit 1 vvault remember nova 2>err && cmp want err && only_first
'

test_case 'what is no text is refused' '
	nova && printf "\377\376" | expect_exit 128 vvault remember nova 2>err &&
	echo "vvault: standard input is no text in UTF-8" | cmp - err &&
	expect_exit 128 vvault remember --json nova "$(printf "x\377")" 2>err &&
	error_is invalid && only_first
'

test_case 'a construct that is not there, and one of a near name' '
	nova && expect_exit 128 vvault remember nvoa x 2>err &&
	echo "vvault: no construct '"'nvoa' here; is 'nova'"' meant? --new makes it" |
		cmp - err && expect_exit 128 vvault remember other x 2>err &&
	echo "vvault: no construct '"'other'"' here; --new makes it" | cmp - err &&
	only_first && vvault remember --new other x >out 2>err &&
	grep -xE "memory:[a-z2-7]{10}  remembered in other" out
'

test_case 'a type with a letter wrong is a slip; a word of your own is none' '
	nova && expect_exit 129 vvault remember nova --type prefrence x 2>err &&
	head -n 1 err >first &&
	echo "vvault: no type '"'prefrence'; is 'preference'"' meant?" | cmp - first &&
	only_first && vvault remember nova --type recipe x >/dev/null 2>&1 &&
	newest | jq -e ".type == \"recipe\""
'

test_case 'the editor: fields above, words below; a file of ours alone, gone after' '
	nova && editor "cp \"\$1\" shown; stat -c %a \"\$1\" \"\${1%/*}\" >modes
		printf \"type: goal\ntags: sea, \\\"salt\\\"\n---\n# Plan\n\nGo.\n\n\" >\"\$1\"" &&
	vvault remember --edit nova --tag sea Leave now >out 2>err && cat >want <<-END &&
	# What is to be remembered stands below the line; left empty, nothing is.
	type:
	tags: sea
	---
	Leave now
	END
	cmp want shown && printf "600\n700\n" | cmp - modes && nothing_left &&
	newest | jq -e ". == {content: \"# Plan\\n\\nGo.\", tags: [\"sea\", \"\\\"salt\\\"\"],
		type: \"goal\"}"
'

test_case 'an emptied file, or one that is gone, is nothing to remember' '
	nova && for script in ": >\"\$1\"" "rm \"\$1\"" "sed -i 5d \"\$1\"" "sed -i 4,5d \"\$1\"; :" \
		"echo --- >\"\$1\""
	do
		editor "$script" && echo "$script" >&2 &&
		{ vvault remember --edit nova words >out 2>err && exit 1 || code=$?; } &&
		case $script in
		*4,5d*) test $code -eq 128 && grep "the line .---. above the words is missing" err ;;
		*) test $code -eq 1 && grep "no words, so there is nothing" err ;;
		esac && only_first || exit 1
	done
'

test_case 'an editor that fails, is killed or is not there' '
	nova && editor "exit 3" &&
	expect_exit 128 vvault remember --edit nova words >out 2>err && test ! -s out &&
	echo "vvault: the editor '"'\$EDITOR'"' failed with status 3: nothing is written" | cmp - err &&
	only_first && editor "kill -9 \$\$" &&
	expect_exit 128 vvault remember --edit nova words 2>err &&
	echo "vvault: the editor '"'\$EDITOR'"' was killed by signal 9: nothing is written" | cmp - err &&
	only_first && export EDITOR=/none/such &&
	expect_exit 128 vvault remember --edit --json nova words 2>err && error_is not-found &&
	only_first && EDITOR= expect_exit 128 vvault remember --edit nova words 2>err &&
	echo "vvault: no terminal to edit on; without --edit the words are taken as they are" | cmp - err && only_first
'

test_case 'the editor is a command as git has it, and the first of four' '
	nova && mkdir "a b" && editor "echo \"\$1\" \"\$2\" >>ran; :" &&
	mv ed "a b/ed" && export EDITOR="'"\$PWD/a b/ed"'" &&
	EDITOR="\"$PWD/a b/ed\" -x" vvault remember --edit nova one >/dev/null 2>&1 &&
	grep -xE -- "-x $TMPDIR/vvault-edit-[^/]*/memory.md" ran && rm ran &&
	GIT_EDITOR="echo git >ran; :" EDITOR=false \
		vvault remember --edit nova two >/dev/null 2>&1 && grep -x git ran &&
	VISUAL="echo visual >ran; :" EDITOR=false TERM=xterm \
		vvault remember --edit nova three >/dev/null 2>&1 && grep -x visual ran &&
	VISUAL=false EDITOR=: vvault remember --edit nova four >/dev/null 2>&1 &&
	newest >got && echo "{\"content\":\"four\"}" | cmp - got && nothing_left
'

test_case 'told to end meanwhile: the text goes, and nothing is written' '
	nova && editor "echo \$\$ >pid; exec sleep 30" &&
	for signal in TERM HUP; do
		rm -f pid
		vvault remember --edit nova words >out 2>err & who=$!
		until test -s pid; do sleep 0.05; done
		kill -$signal $who && { wait $who && exit 1; kill -l $? | grep -x $signal; } &&
		! kill -0 "$(cat pid)" 2>/dev/null && only_first || exit 1
	done
'

test_case 'what a killed one left goes with the next' '
	nova && editor "echo \$\$ >pid; exec sleep 30"
	vvault remember --edit nova words >out 2>err & who=$!
	until test -s pid; do sleep 0.05; done
	kill -9 $who && kill "$(cat pid)" && ls "$TMPDIR" | grep vvault-edit- &&
	EDITOR=true vvault remember --edit nova next >/dev/null 2>&1 && nothing_left
'

test_case 'an editor of another is left alone' '
	nova && editor "echo \$\$ >pid; until test -e on; do sleep 0.05; done"
	vvault remember --edit nova slow >/dev/null 2>&1 & who=$!
	until test -s pid; do sleep 0.05; done
	EDITOR=true vvault remember --edit nova quick >/dev/null 2>&1 && touch on &&
	wait $who && nothing_left &&
	vvault ls --json nova | jq -s -e "map(.state.content) | sort == [\"The first\", \"quick\", \"slow\"]"
'

test_case 'at a terminal the editor opens by itself' '
	command -v script >/dev/null || skip_case "script is not here" &&
	nova && editor "echo typed >>\"\$1\"" &&
	script -qec "vvault remember nova" typescript </dev/null >/dev/null &&
	grep "  remembered in nova" typescript && newest >got &&
	echo "{\"content\":\"typed\"}" | cmp - got && nothing_left
'

test_case 'who may not write is told before the editor opens' '
	nova && as r vvault init other >/dev/null &&
	vvault member add --role reader "$(as r did)" >/dev/null && editor "touch opened" &&
	expect_exit 128 as r vvault remember --edit --json nova x 2>err && error_is denied &&
	as r vvault ls nova >/dev/null && test ! -e opened
'

test_case 'without keys nothing is remembered in a sealed vault' '
	nova && expect_exit 128 as stranger vvault remember --json nova x 2>err &&
	error_is no-key && only_first
'

test_case 'nothing of it is readable in a sealed vault' '
	nova && vvault remember nova beeblebrox --tag zaphod --type trillian >/dev/null 2>&1 &&
	git -C v cat-file --batch-all-objects --batch >all &&
	! grep -a -e zaphod -e beeblebrox -e trillian all &&
	! grep -ra -e zaphod -e beeblebrox -e trillian v/vvault
'

test_case 'two that remember at once both land' '
	nova && { vvault remember nova one & a=$!; vvault remember nova two & b=$!
		wait $a && wait $b; } >/dev/null 2>&1 &&
	vvault construct list --json | jq -e ".records == 3 and (.heads | length) == 1"
'

test_case 'wrong words are usage errors' '
	nova && expect_exit 129 vvault remember 2>err && expect_exit 129 vvault remember --tag 2>err &&
	expect_exit 129 vvault remember nova --tga x y 2>err && grep "is .--tag. meant" err &&
	expect_exit 129 vvault remember nova x $(seq 65 | sed "s/.*/--tag=&/") 2>err && only_first
'

done_testing
