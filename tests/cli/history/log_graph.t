#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# graph <option>...: the lanes alone, each version with its seq and device.
graph() {
	as a vvault -C a log --graph "$@" nova |
		sed "s/^@[0-9]* *//; s/^     //" |
		sed "s/  [0-9a-f]\{10\}  [^ ]*  nova  #\([0-9]*\) \([^ ]*\) .*/ \2\1/"
}

# lines: anna, bob and cleo write apart; anna joins them, cleo writes on.
lines() {
	git init -q --bare r && as a vvault init --plain --name anna a >/dev/null &&
	add a --new 0 && as a vvault -C a remote add origin "$PWD/r" &&
	as a vvault -C a push >/dev/null 2>&1 && for name in bob cleo; do
		as $name vvault clone "$PWD/r" $name >/dev/null 2>&1 &&
		as a vvault -C a member add --name $name "$(as $name did)" >/dev/null ||
			return
	done && as a vvault -C a push >/dev/null 2>&1 && for name in bob cleo; do
		as $name vvault -C $name pull >/dev/null 2>&1 || return
	done && add a "" 1 && add bob "" 2 && add cleo "" 3 && add bob "" 4 &&
	for name in bob cleo; do
		as $name vvault -C $name push >/dev/null 2>&1 || return
	done && as a vvault -C a pull >/dev/null 2>&1 && add a "" 5 && add cleo "" 6 &&
	as cleo vvault -C cleo push >/dev/null 2>&1 && as a vvault -C a pull >/dev/null 2>&1
}

# add <device> <option> <content>.
add() {
	as "$1" vvault -C "$1" add $2 nova memory:create "{\"content\":\"$3\"}" >/dev/null
}

lines_of() {
	once lines
}

test_case 'one line is one lane' '
	new_vault && for i in 1 2; do
		vvault add --new nova memory:create "{\"content\":\"x\"}" >/dev/null || exit 1
	done && vvault log --graph nova >out &&
	test "$(cut -c 1-8 out | paste -sd "|")" = "@1   *  |@2   *  "
'

test_case 'every version has its star, children first, and the lanes meet at the end' '
	lines_of && graph >out && sed -n "s/^[|\\/ \\\\]*[*][| ]* //p" out >order &&
	printf "%s\n" anna1 anna2 anna3 bob1 bob2 cleo1 cleo2 >want &&
	LC_ALL=C sort order | cmp - want && tail -n 1 order | grep -qx anna1 &&
	for pair in "bob2 bob1" "cleo2 cleo1" "anna3 anna2" "anna3 bob2" "anna3 cleo1"; do
		test "$(grep -nx "${pair% *}" order | cut -d : -f 1)" -lt \
			"$(grep -nx "${pair#* }" order | cut -d : -f 1)" || exit 1
	done &&
	grep -q "|\\\\\$" out && tail -n 2 out | head -n 1 | grep -qxF "|/" &&
	tail -n 1 out | grep -qx "[*] anna1"
'

test_case 'each row joins what stands above and below it' '
	lines_of && graph | awk "
		{ row = \$0; sub(/ [a-z]+[0-9]+\$/, \"\", row); sub(/ +\$/, \"\", row) }
		row !~ /^[|*\\/\\\\ ]+\$/ { print \"odd row: \" row; bad = 1 }
		END { exit bad }" &&
	graph | grep -c "[*]" >n && test "$(cat n)" = 7
'

test_case 'words below a version have the lanes beside them' '
	lines_of && as a vvault -C a log --graph --oneline --stat nova >out &&
	sed -n 2p out | grep -qxF "     |    1 memory" &&
	tail -n 1 out >got && printf "         1 memory\n" >want && cmp want got
'

test_case 'what is left out leaves its lanes' '
	lines_of && graph --author bob >out && grep -c "[*]" out >n && test "$(cat n)" = 2 &&
	grep -qxF "| |\\" out
'

test_case 'no graph in JSON, whose parents say it' '
	lines_of && as a vvault -C a log --graph --json nova >out &&
	as a vvault -C a log --json nova | cmp - out
'

test_case 'colors, where they are wanted' '
	lines_of && as a vvault --color always -C a log --graph nova >out &&
	grep -q "$(printf "\033\\[31m|\033\\[m")" out
'

done_testing
