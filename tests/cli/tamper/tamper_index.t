#!/bin/sh
# What somebody without keys puts in the place of indexes, lists and handles.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# A vault with an index and lists, and a folder of somebody's own.
indexed() {
	new_vault && vvault add --new nova session:create --entity session:t:1 \
		'{"title":"The zebra"}' >/dev/null &&
	seq 2100 | sed 's,.*,{"content":"a zebra & was seen"},' |
		vvault add nova memory:create - >/dev/null &&
	vvault recall --json zebra >recalled && test -s recalled &&
	vvault show nova >shown && vvault session list --json >listed &&
	index=$(dirname "$(find v/vvault/index -name cover)") &&
	test -n "$(ls "$index/lists")" || return
	mkdir own own/below && echo thesis >own/thesis.txt &&
	echo 0123 >own/0123456789abcdef0123456789abcdef0 && echo c >own/below/c &&
	find own -type f -exec cat {} + >own.before
}

own_is_whole() {
	find own -type f -exec cat {} + | cmp - own.before
}

# refused <command>...: for a link, and nothing was touched.
refused() {
	expect_exit 128 vvault "$@" >out 2>err && grep "is a symbolic link" err &&
		own_is_whole
}

same_answers() {
	vvault recall --json zebra >again && cmp again recalled &&
		vvault show nova >again && cmp again shown &&
		vvault session list --json >again && cmp again listed
}

test_case 'a link in place of the index of a construct is not followed' '
	indexed && rm -r "$index" && ln -s "$PWD/own" "$index" &&
	refused recall zebra && refused grep zebra && refused session list &&
	refused show nova && test -L "$index"
'

test_case 'a link in place of its lists is not followed' '
	indexed && rm -r "$index/lists" && ln -s "$PWD/own" "$index/lists" &&
	refused session list && refused show nova
'

test_case 'what a person has put into it stays' '
	indexed && cp own/thesis.txt own/0* "$index" &&
	cp own/thesis.txt own/0* "$index/lists" &&
	same_answers && cmp "$index/thesis.txt" own/thesis.txt &&
	cmp "$index/lists/thesis.txt" own/thesis.txt
'

test_case 'a pipe in the place of a file is not waited for' '
	indexed && for file in "$index/cover" "$index"/????????????????????????????????; do
		rm "$file" && mkfifo "$file" || return
	done
	timeout 20 vvault recall --json zebra >again && cmp again recalled &&
	rm v/vvault/cache/state && mkfifo v/vvault/cache/state &&
	timeout 20 vvault show nova >again && cmp again shown
'

test_case 'a file that says to be huge gets no room' '
	indexed && rm "$index/cover" && file=$(ls "$index"/???????????????????????????????? | head -n 1) &&
	perl -e "
		my (\$from, \$to) = @ARGV;
		my \$len = 1 << 35;
		open my \$in, \"<\", \$from or die; read \$in, my \$head, 40;
		open my \$out, \">\", \$to or die;
		print \$out \$head, pack(\"Q>\", \$len);
		truncate \$out, 48 + \$len + (\$len >> 12) * 16 or die" \
		"$file" "$index/ffffffffffffffffffffffffffffffff" &&
	case $VV_BUILD in */san) room=unlimited ;; *) room=4000000 ;; esac &&
	(ulimit -v $room && same_answers) &&
	test ! -e "$index/ffffffffffffffffffffffffffffffff"
'

test_case 'handles of a list that could not be kept mean nothing' '
	indexed && vvault recall -n 1 zebra >out && vvault show @1 >out &&
	chmod 500 v/vvault && if test "$(id -u)" = 0; then
		chmod 700 v/vvault && rm v/vvault/last && mkdir v/vvault/last
	fi
	vvault session list >out 2>err && grep "mean nothing" err
	chmod 700 v/vvault
	expect_exit 128 vvault show @1 2>err && grep "no last list" err
'

done_testing
