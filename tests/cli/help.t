#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

names() {
	sed -n 's/^[[:space:]]*{ *"\([a-z-]*\)".*/\1/p' "$VV_TOP/cmd/cli/table.c"
}

test_case 'help lists every command of the table' '
	vvault help >out &&
	for name in $(names); do
		grep -qE "^  $name +[a-z]" out || { echo "$name"; exit 1; }
	done
'

test_case 'help begins with the first steps' '
	vvault help | head -n 5 | grep "^new here: .vvault init <dir>., then .*import.*recall.*read"
'

test_case 'man vvault(1) has the commands of help, in its order and words, under its headings' '
	vvault help | sed "/^Every command/,\$d" | sed -n "s/^  \([a-z-]*\)  */\1: /p; s/^[a-z][a-z ]*$/# &/p" >want &&
	test "$(grep -c "^#" want)" -eq 6 && sed "1,/^\.SH COMMANDS/d" "$VV_TOP/cmd/man/man1/vvault.1" | sed "/^\.PP/,\$d" |
		sed "s/\\\\-/-/g" | sed -n "s/^\.SS .\(.*\).$/# \L\1/p; s/^.fBvvault-\([a-z-]*\)(1).fR$/\1:/; /:$/{N;s/\n/ /p}" >got &&
	diff want got && sed -n "/^[a-z]/s/: /:/p" want | while IFS=: read -r name words; do
		sed "s/\\\\-/-/g" "$VV_TOP/cmd/man/man1/vvault-$name.1" | grep -qxF "vvault-$name - $words" ||
			{ echo "$name: $words"; exit 1; }
	done
'

test_case 'vvault and vvault --help say the same' '
	vvault >a && vvault help >b && vvault --help >c && cmp a b && cmp b c
'

# The words of a page's synopsis, without fonts and line breaks.
synopsis() {
	sed -n "/^\.SH SYNOPSIS/,/^\.SH DESCRIPTION/p" "$1" | grep -v "^\.SH" |
		sed "s/^\.B //; s/\\\\-/-/g; s/\\\\f[BIRP]//g" | tr "\n" " "
}

test_case 'the synopsis of each page is what help says' '
	for name in $(names); do
		page=$VV_TOP/cmd/man/man1/vvault-$name.1
		test -f "$page" || { echo "no page for $name"; exit 1; }
		vvault help $name | sed -n "s/^usage: //p" >want
		test "$(echo $(synopsis "$page"))" = "$(echo $(cat want))" || {
			cat want
			exit 1
		}
	done
'

test_case 'each word of a usage line, and each that it leaves out, is explained' '
	for name in $(names); do
		vvault help $name >out
		sed -n "1s/^usage: vvault $name//p" out | tr " |" "\n\n" |
			grep -oE "^\[?--?[a-z-]+" | tr -d "[" | sort -u >want
		sed -n "s/^  \(--*[a-z-]*\).*/\1/p" out | sort -u >told
		comm -23 want told >missing
		test ! -s missing || { echo "$name" && cat missing && exit 1; }
		! grep -E "^  .{28,}  *$" out || exit 1
	done
	vvault help import | grep -E "^  --keep-source +keep the exact bytes" &&
	vvault help remote >out && grep "^remote add: name another" out &&
	grep -E "^  <url> +a path, or an address" out
'

test_case 'pages of what finds and lists explain what the usage line leaves out' '
	for name in recall grep session log diff; do
		vvault help $name | sed -n "s/^  \(--*[a-zA-Z-]*\).*/\1/p" | sort -u >told
		sed "s/\\\\-/-/g" "$VV_TOP/cmd/man/man1/vvault-$name.1" >page
		while read -r option; do
			grep -qE -e "^.fB.*$option([^a-z-]|$)" page ||
				{ echo "$name: $option"; exit 1; }
		done <told
	done
'

test_case 'of a family a second word names one' '
	vvault help session list >out && grep "^usage: vvault session list \[-n" out &&
	grep "^  --provider" out && vvault help remote add >out &&
	grep "^usage: vvault remote add" out && ! grep "remote remove" out &&
	vvault remote add --help | cmp - out &&
	expect_exit 129 vvault help remote nope 2>err && grep "remote nope. is no command" err &&
	expect_exit 129 vvault help log list 2>err
'

test_case 'help for an unknown command is a usage error' '
	expect_exit 129 vvault help nope >out 2>err && test ! -s out &&
	grep ".nope. is no command" err
'

test_case 'a word that is no command finds what speaks of it' '
	vvault help dates >out && grep -x "  man 1 vvault, DATES  *how a date is written: .*" out &&
	grep -E "^  log --since <date> +of that time" out &&
	vvault help chatgpt >out && grep -x "  man 7 vvault-import-chatgpt  *ChatGPT .*" out &&
	vvault help passphrase >out && grep -E "^  key backup --passphrase-file <file> +" out &&
	vvault help SEALING | grep -x "  man 5 vvault-format .*" &&
	vvault help keys >out && vvault help key | cmp - out &&
	vvault help likes rain 2>err >out && exit 1 || test "$?" = 129 && test ! -s out
'

test_case 'each command has an example, and each stands in its page' '
	for name in $(names); do
		vvault help $name >out && sed -n "/^examples:/,\$ s/^  vvault //p" out >lines
		test -s lines || { echo "no example of $name"; exit 1; }
		page=$VV_TOP/cmd/man/man1/vvault-$name.1
		sed "s/\\\\-/-/g; s/\\\\(aq/'\''/g; s/\\\\e/\\\\/g" "$page" | sed -n "s/^\$ vvault //p" >page
		while IFS= read -r line; do
			grep -qxF -e "$line" page || { echo "$name: $line"; exit 1; }
		done <lines
	done
'

test_case 'what is called a topic is a page, or a chapter of one' '
	sed -n "s/^.{ \"\(.\) \([a-z-]*\)\", \([A-Z\" ]*\).*/\1 \2 \3/p" "$VV_TOP/cmd/cli/help/topics.c" >rows &&
	test "$(wc -l <rows)" -gt 15 && while read -r section page chapter; do
		file=$VV_TOP/cmd/man/man$section/$page.$section
		test -f "$file" || { echo "$page"; exit 1; }
		test "$chapter" = NULL || grep -qxF -e ".SH $chapter" -e ".SH $(echo $chapter | tr -d \")" "$file" ||
			{ echo "$page: $chapter"; exit 1; }
	done <rows && for page in "$VV_TOP"/cmd/man/man[357]/*; do
		name=${page##*/} && grep -q "\"${name##*.} ${name%.*}\"" "$VV_TOP/cmd/cli/help/topics.c" || { echo "$name"; exit 1; }
	done
'

test_case 'lines fit the terminal, and what is in brackets is not broken' '
	COLUMNS=72 vvault recall -h >out && ! grep -E "^.{73}" out && ! grep -E "^ +<[a-z]+>\]" out &&
	vvault recall -h >whole && tr -s " \n" "  " <out >a && tr -s " \n" "  " <whole | cmp a - &&
	expect_exit 129 env COLUMNS=72 vvault recall 2>err && grep -x "                     \[--role.*" err
'

test_case 'on a terminal the page of the manual is shown, if there is one' '
	command -v script >/dev/null || skip_case "script is not here" &&
	mkdir bin && printf "#!/bin/sh\necho \"\$*\" >>calls\ntest \"\$2\" != vvault-log || exit 16\necho the page\n" >bin/man &&
	chmod +x bin/man && export PATH="$PWD/bin:$PATH" &&
	script -qec "vvault help add" typescript >/dev/null && grep "the page" typescript &&
	! grep "write records" typescript && printf "%s\n" "-w vvault-add" "vvault-add" | cmp - calls &&
	script -qec "vvault help log" typescript >/dev/null && grep "list versions" typescript &&
	script -qec "vvault add --help" typescript >/dev/null && grep "write records" typescript &&
	vvault help add | grep "write records" && test "$(wc -l <calls)" -eq 3
'

test_case 'help needs no vault' '
	export VVAULT_DIR=/nowhere && vvault help add >out &&
	cat >want <<-\END && cmp want out
	usage: vvault add [--new] [--entity <entity>] <construct> <kind:verb> <json|->

	write records

	  --new                         the construct may be new
	  --as-is                       take data that misses something, or seems misspelt
	  --entity <entity>             what the records speak of; else each of something new
	  <construct>                   where to
	  <kind:verb>                   memory:create, for example
	  <json|->                      the data, an object; -: one on each line of the input

	examples:
	  vvault add --new mia memory:create '\''{"content":"The user likes rain","bucket":"long_term"}'\''
	  vvault add nova construct:update '\''{"persona":{"traits":{"warmth":0.9}}}'\''
	END
'

done_testing
