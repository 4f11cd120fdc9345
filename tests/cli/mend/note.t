#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

make_nova() {
	new_vault "$@" && vvault add --new nova session:create --entity session:t:1 \
		'{"title":"The garden","provider":"t"}' &&
	vvault add nova message:create --entity message:t:1/a \
		'{"content":"roses","role":"user","session":"session:t:1"}' &&
	vvault add nova memory:create --entity memory:m '{"content":"x"}'
}

nova() {
	once make_nova "$@" >/dev/null && export VVAULT_DIR="$PWD/v"
}

test_case 'a note is read, shown and exported' '
	nova && vvault note session:t:1 Look at the "heron  here" >out 2>err && test ! -s err &&
	echo "noted on session:t:1" | cmp - out && printf "two\nlines\n" | vvault note session:t:1 - >out &&
	vvault read session:t:1 >out && cat >want <<-END && cmp want out &&
	The garden
	undated  t  1 message
	note: Look at the heron  here
	note: two
	      lines

	user
	roses
	END
	vvault read --format markdown session:t:1 | grep -x "> Look at the heron  here" &&
	vvault show session:t:1 | grep "Look at the heron  here" &&
	vvault export --format markdown nova >out && cat >want <<-END &&
	### The garden

	> Look at the heron  here

	> two
	> lines

	**user** 
	END
	sed -n "/^### The garden/,/^\*\*user/p" out | cmp want - &&
	vvault export --format jsonl nova | grep -c "Look at the heron  here" &&
	vvault export --format html -o pages nova >/dev/null && grep -rc "heron  here" pages/conversations
'

test_case 'recall finds the conversation by it, before and after' '
	nova && expect_exit 1 grep heron <<-END &&
	$(vvault recall heron 2>&1 | grep -v found)
	END
	vvault note session:t:1 the heron >/dev/null && vvault recall --json heron >out &&
	jq -e ".session == \"session:t:1\"" out && rm -rf v/vvault/index &&
	vvault recall --json heron | jq -e ".session == \"session:t:1\"" &&
	vvault recall --json garden | jq -e ".session == \"session:t:1\""
'

test_case 'a message stands for its conversation; what is none is refused' '
	nova && vvault note message:t:1/a on it >out && echo "noted on session:t:1" | cmp - out &&
	version_of nova >before && expect_exit 128 vvault note memory:m x 2>err &&
	echo "vvault: a note is of a conversation; '"'vvault edit'"' changes a memory" | cmp - err &&
	expect_exit 1 vvault note session:t:1 " " 2>err &&
	echo "vvault: no words, so there is nothing to note: nothing is written" | cmp - err &&
	expect_exit 128 vvault note --json session:t:9 x 2>err && error_is not-found &&
	expect_exit 129 vvault note session:t:1 2>err && version_of nova | cmp - before &&
	vvault rm --yes session:t:1 >/dev/null 2>&1 &&
	expect_exit 128 vvault note --json session:t:1 x 2>err && error_is not-found
'

test_case 'notes of two devices stand side by side; edit takes one away' '
	two_devices && as a vvault -C a add nova session:create --entity session:t:1 \
		"{\"title\":\"T\"}" >/dev/null && as a vvault -C a push >/dev/null 2>&1 &&
	as b vvault -C b pull >/dev/null 2>&1 && as a vvault -C a note session:t:1 of a >/dev/null &&
	as b vvault -C b note session:t:1 of b >/dev/null && as a vvault -C a push >/dev/null 2>&1 &&
	as b vvault -C b pull >/dev/null 2>&1 && export VVAULT_DIR="$PWD/b" &&
	as b vvault ls --json nova session | jq -e "[.state.notes[]] | sort == [\"of a\", \"of b\"]" &&
	as b vvault conflicts >out && test ! -s out &&
	EDITOR="sed -i /of.a/d" as b vvault edit session:t:1 >/dev/null &&
	as b vvault ls --json nova session | jq -e "[.state.notes[]] == [\"of b\"]"
'

test_case 'nothing of it is readable in a sealed vault; undo takes it back' '
	nova && vvault note session:t:1 beeblebrox >out && vvault recall beeblebrox >/dev/null &&
	git -C v cat-file --batch-all-objects --batch >all && expect_exit 1 grep -a beeblebrox all &&
	expect_exit 1 grep -ra beeblebrox v/vvault && vvault undo >/dev/null &&
	vvault read session:t:1 >out && expect_exit 1 grep beeblebrox out
'

done_testing
