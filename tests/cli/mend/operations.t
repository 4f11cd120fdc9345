#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/begun.sh"

# The log of operations, and what stops leave of it.

lines() {
	cat <<-\END
		{"at":"2026-01-01T00:00:01.000000Z-0000-00000000","data":{"content":"hello"},"entity":"memory:x/1","prev":[],"type":"memory:create"}
		{"at":"2026-01-01T00:00:01.000000Z-0000-00000000","data":{"content":"there"},"entity":"memory:x/2","prev":[],"type":"memory:create"}
	END
}

test_case 'what is written is not in the log, and who lacks the key reads nothing' '
	new_vault && vvault add --new nova memory:create "{\"content\":\"xylophone\"}" >/dev/null &&
	vvault undo --list --json >out && ! grep xylophone out &&
	! grep -a -e nova -e memory -e add v/vvault/operations
'

# Its last entry, an undo's second, is cut off.
cut_off() {
	size=$(wc -c <v/vvault/operations) && cp v/vvault/operations whole &&
	vvault undo >/dev/null && cp v/vvault/operations after &&
	perl -e 'local $/; open F, "<", "after"; $_ = <F>; my ($at, $last) = (0, 0);
		while ($at < length) { $last = $at; $at += 48 + unpack "N", substr $_, $at, 4 }
		open G, ">", "v/vvault/operations"; print G substr $_, 0, $last'
}

test_case 'an undo that was killed before it was logged is not done twice' '
	once begun && export VVAULT_DIR="$PWD/v" && cut_off && has nova one &&
	vvault undo --list >out && head -n 1 out | grep "cut off" &&
	vvault undo >out 2>err && has nova one && grep "an undo of #2 was cut off" err &&
	grep "nova: nothing to take back" out &&
	vvault undo --redo >/dev/null && has nova "one two" && vvault undo >/dev/null && has nova one &&
	vvault undo >/dev/null && has nova ""
'

test_case 'killed in the middle: the next undo ends it, and does no more' '
	begun && lines >one.jsonl &&
	vvault import --construct nova --format jsonl one.jsonl >/dev/null &&
	printf "#!/bin/sh\nkill -9 \$PPID\n" >v/vvault/hooks/post-commit &&
	chmod 755 v/vvault/hooks/post-commit && vvault hooks approve post-commit >/dev/null &&
	{ vvault undo 3 >out 2>&1; test $? = 137; } && rm v/vvault/hooks/post-commit &&
	has nova "one two" && vvault undo --list >out && head -n 1 out | grep "cut off" &&
	vvault undo >out 2>err && has nova "one two" && grep "was cut off; this brings it to its end" err &&
	vvault undo --list -n 1 --json | jq -e ".undoes == 3 and .versions == 1 and (.cut_off | not)" &&
	vvault undo --redo >/dev/null && has nova "hello one there two" &&
	vvault undo 3 >/dev/null && has nova "one two" && vvault undo 2 >/dev/null && has nova one
'

test_case 'a command that was killed before it was logged is undone all the same' '
	begun && printf "#!/bin/sh\nkill -9 \$PPID\n" >v/vvault/hooks/post-commit &&
	chmod 755 v/vvault/hooks/post-commit && vvault hooks approve post-commit >/dev/null &&
	{ vvault add nova memory:create "{\"content\":\"three\"}" >out 2>&1; test $? = 137; } &&
	rm v/vvault/hooks/post-commit && has nova "one three two" &&
	vvault undo >out 2>err && has nova "one two" && grep "undone #4 (a command that was stopped)" out &&
	expect_exit 1 vvault undo 2>err && grep "vvault undo 2. undoes what" err &&
	vvault undo 2 >/dev/null && has nova one && vvault undo --redo >/dev/null && vvault undo --redo >/dev/null &&
	has nova "one three two" && vvault verify >/dev/null
'

test_case 'an older log that was put back: one undo takes one version back' '
	begun && vvault add --new wren memory:create "{\"content\":\"w\"}" >/dev/null && cp v/vvault/operations old &&
	for word in three four; do
		vvault add nova memory:create "{\"content\":\"$word\"}" >/dev/null || exit 1
	done && sleep 1.1 && vvault add wren memory:create "{\"content\":\"x\"}" >/dev/null &&
	cp old v/vvault/operations && vvault undo --list >list 2>err && test $(wc -l <list) = 3 &&
	grep "the last 3 versions of this device are not in the log" err &&
	vvault undo >/dev/null 2>err && grep "3 versions of this device were not in the log" err &&
	has wren w && has nova "four one three two" && vvault undo --list -n 9 --json >list 2>err && test ! -s err &&
	jq -es "length == 7 and all(.[1:4][]; .versions == 1)" list &&
	vvault undo >/dev/null && has nova "one three two" && vvault undo >/dev/null && has nova "one two" &&
	vvault undo --redo >/dev/null && has nova "one three two" && vvault undo >/dev/null &&
	vvault undo >/dev/null && has wren "" && has nova "one two" && vvault verify >/dev/null
'

test_case 'a torn end costs one line' '
	once begun && export VVAULT_DIR="$PWD/v" && size=$(wc -c <v/vvault/operations) &&
	dd if=v/vvault/operations of=torn bs=1 count=$((size - 7)) 2>/dev/null && cp torn v/vvault/operations &&
	vvault undo --list >out 2>err && test $(wc -l <out) = 1 && grep "was cut off when it was logged" err &&
	vvault add nova memory:create "{\"content\":\"three\"}" >/dev/null &&
	vvault undo --list >out 2>err && test ! -s err && test $(wc -l <out) = 2 &&
	vvault undo >/dev/null && has nova "one two"
'

test_case 'a log that was tampered with is refused, and told' '
	once begun && export VVAULT_DIR="$PWD/v" && cp v/vvault/operations good &&
	perl -pi -e "BEGIN { \$/ = undef } substr(\$_, 60, 1) ^= chr(1)" v/vvault/operations &&
	expect_exit 128 vvault undo 2>err && grep "is not as this device wrote it" err &&
	expect_exit 128 vvault undo --list 2>err && has nova "one two" &&
	perl -e "print \"x\" x 100" >v/vvault/operations &&
	vvault add nova memory:create "{\"content\":\"three\"}" >/dev/null 2>err &&
	cp good v/vvault/operations && perl -e "local \$/; open F, q(<), q(good); \$_ = <F>; my \$n = 48 + unpack q(N), \$_;
		print substr(\$_, \$n), substr(\$_, 0, \$n)" >v/vvault/operations &&
	expect_exit 128 vvault undo 2>err && grep "is not as this device wrote it" err
'

test_case 'the log of another device is put aside' '
	once begun && export VVAULT_DIR="$PWD/v" && cp v/vvault/operations theirs && vvault init other >/dev/null &&
	vvault -C other add --new nova memory:create "{\"content\":\"x\"}" >/dev/null &&
	cp theirs other/vvault/operations && expect_exit 128 vvault -C other undo 2>err &&
	vvault -C other add nova memory:create "{\"content\":\"x\"}" >/dev/null 2>err && grep "put aside as vvault/operations.refused" err &&
	cmp theirs other/vvault/operations.refused && vvault -C other undo --list >out && test $(wc -l <out) = 1
'

test_case 'a link, a pipe and what is too large in its place: put aside, told, and on it goes' '
	once begun && export VVAULT_DIR="$PWD/v" && echo mine >outside && log=v/vvault/operations &&
	for odd in "ln -s $PWD/outside" "ln -s $PWD/none" mkfifo "truncate -s 5G"; do
		rm -f $log $log.refused && $odd $log && expect_exit 128 timeout 10 vvault undo 2>err &&
		grep "is not as this device wrote it" err &&
		timeout 10 vvault remember nova "with $odd" >/dev/null 2>err && grep "put aside as vvault/operations.refused" err &&
		timeout 10 vvault remember nova then >/dev/null 2>err && ! grep "put aside" err &&
		vvault undo --list >list && test $(wc -l <list) = 2 || exit 1
	done && echo mine | cmp - outside && test ! -e none && vvault undo >/dev/null && vvault verify >/dev/null
'

test_case 'another name of the log is not written through' '
	once begun && export VVAULT_DIR="$PWD/v" && ln v/vvault/operations backup && cp backup was &&
	vvault add nova memory:create "{\"content\":\"three\"}" >/dev/null 2>err && ! grep log err && cmp was backup &&
	vvault undo --list >list && test $(wc -l <list) = 3 && test $(stat -c %h v/vvault/operations) = 1 &&
	echo "what I wrote" >diary && ln -f diary v/vvault/operations &&
	vvault add nova memory:create "{\"content\":\"four\"}" >/dev/null && echo "what I wrote" | cmp - diary &&
	vvault undo >/dev/null && has nova "one three two"
'

test_case 'a log that cannot be written stops no command' '
	once begun && export VVAULT_DIR="$PWD/v" && rm v/vvault/operations && mkdir v/vvault/operations &&
	vvault add nova memory:create "{\"content\":\"three\"}" >out 2>err && test -s out &&
	grep "is not in the log of operations" err && has nova "one three two"
'

done_testing
