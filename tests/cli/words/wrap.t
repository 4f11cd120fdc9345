#!/bin/sh
# Lines on a terminal: broken between words, and nowhere but there.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

long="The user likes rain, green tea, and walks in the old garden behind the greenhouse, which leaks in the middle of May"

filled() {
	new_vault --plain && vvault remote add origin "$PWD/a folder with a long name/and another one in it/vault.git" &&
	vvault add --new nova memory:create --entity memory:m "{\"content\":\"$long\"}" >/dev/null &&
	for n in 1 2; do
		vvault import --construct wren-001 "$VV_TOP/tests/data/demo/wren-$n.capsule" >/dev/null || return
	done
}

world() {
	command -v script >/dev/null || skip_case "script is not here"
	once filled && export VVAULT_DIR="$PWD/v" NO_COLOR=1 COLUMNS=
}

# seen <width> <words>...: what a terminal of that width is sent.
seen() {
	width=$1 && shift && script -qec "stty cols $width; vvault --no-pager $*" typescript >/dev/null
	tr -d "\r" <typescript | grep -v "^Script " | sed "\${/^\$/d}" >seen
}

# words_of <file>: of "3 seconds ago" only the last, for time goes on.
words_of() {
	tr -s " \n" "\n\n" <"$1" | grep . | grep -vxE "[0-9]+|seconds?|minutes?"
}

test_case 'lines fit, no word is broken, and none is lost' '
	world && for words in status log "undo --list" members "show memory:m" remotes "sessions" "recall rain"; do
		seen 80 "$words" && ! grep -E "^.{81}" seen && grep . seen || { echo "$words"; exit 1; }
	done && seen 64 log && ! grep -E "^.{65}" seen && words_of seen >narrow &&
	seen 300 log && words_of seen | cmp - narrow && test "$(wc -l <seen)" -eq 4
'

test_case 'what follows stands under the text' '
	world && seen 80 members && sed -n 2p seen | grep -E "^ {18}did:key:" &&
	seen 60 "recall rain" && grep -E "^@1   The user" seen && grep -E "^     [a-z]" seen && ! grep -E "^[a-z]" seen
'

test_case 'errors and notes are broken between words, too' '
	world && seen 60 search && ! grep -E "^.{61}" seen && test "$(grep -c "^        [^ ]" seen)" -ge 1 &&
	head -n 1 seen | grep "^vvault: " && expect_exit 129 vvault search 2>err &&
	words_of err >want && words_of seen | cmp - want
'

test_case 'what is quoted stays whole where it fits, and where not it is left' '
	world && seen 80 status && grep "vvault push origin" seen >line && test -s line &&
	seen 80 remotes && words_of seen >got && vvault remotes >out && words_of out | cmp - got &&
	seen 40 "show memory:m --json" && test "$(wc -l <seen)" -eq 1
'

test_case 'pipes are never broken, and exact bytes are exact' '
	world && COLUMNS=40 vvault log >a && vvault log >b && cmp a b &&
	COLUMNS=40 vvault search 2>a || test $? = 129 && vvault search 2>b || test $? = 129 && cmp a b &&
	seen 40 "cat memory:m" && vvault cat memory:m >want && tr -d "\n" <want >one && tr -d "\n" <seen | cmp - one
'

test_case 'help on a terminal goes through the pager, and not into a pipe' '
	command -v script >/dev/null || skip_case "script is not here" &&
	unset GIT_PAGER && export PAGER="sed s/^/paged:/" && script -qec "vvault help" typescript >/dev/null &&
	grep "^paged:usage: vvault" typescript && script -qec "vvault log -h" typescript >/dev/null &&
	grep "^paged:usage: vvault log" typescript && ! vvault help | grep paged &&
	script -qec "vvault --no-pager help" typescript >/dev/null && ! grep paged typescript
'

done_testing
