#!/bin/sh
# A segment or a blob that is damaged on disk costs what it holds, and is told.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

export VVAULT_AUTO_GC=0

# spoil <object>: bytes of its loose file.
spoil() {
	file=v/objects/$(echo "$1" | cut -c1-2)/$(echo "$1" | cut -c3-)
	chmod u+w "$file" && size=$(wc -c <"$file") &&
	cp "$file" was && printf "\\125\\252" |
		dd of="$file" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null &&
	! cmp -s was "$file"
}

# segments: the objects of nova that are no folders, pieces of blobs too.
segments() {
	git -C v ls-tree -r "$(git -C v for-each-ref --format="%(refname)" \
		refs/heads | grep -v /vault/)" | cut -d" " -f3 | cut -f1
}

# grown [<option of init>]: nova with memories one to five and a session, each
# in a segment of its own; that of memory:three is damaged.
grown() {
	vvault init "$@" v >out 2>&1 &&
	vvault -C v add --new nova session:create "{\"title\":\"talk\"}" \
		>/dev/null || return 1
	for name in one two three four five; do
		segments | sort >before
		vvault -C v add nova --entity "memory:$name" memory:create \
			"{\"content\":\"m $name\"}" >"id-$name" || return 1
		test $name != three || {
			segments | sort >after
			lost=$(comm -13 before after)
		}
	done
	vvault -C v status >/dev/null && spoil "$lost"
}

# tells <command>...: it exits 1, and says once what is missing.
tells() {
	expect_exit 1 "$@" >out 2>err &&
	test "$(grep -c "unreadable-$what" err)" -eq 1 &&
	grep "missing from what is shown; .vvault verify --repair." err
}

shows_the_rest() {
	what=segment
	tells vvault -C v ls nova && test "$(wc -l <out)" -eq 5 &&
	! grep "m three" out && grep "m two" out && grep "m five" out &&
	tells vvault -C v ls nova memory && test "$(wc -l <out)" -eq 4 &&
	tells vvault -C v show nova --json && jq -e ".counts.memory == 4" out &&
	tells vvault -C v diff nova~5 nova && grep "m five" out &&
	tells vvault -C v log -p nova && grep "m five" out &&
	tells vvault -C v export --format jsonl nova &&
	test "$(wc -l <out)" -eq 6 &&
	tells vvault -C v export --format markdown nova &&
	grep "m four" out && ! grep "m three" out &&
	vvault -C v show "$(cat id-one)" >/dev/null 2>&1
	test $? -le 1 &&
	expect_exit 128 vvault -C v show "$(cat id-three)" 2>err &&
	grep "unreadable-segment" err
}

counts_are_not_kept() {
	what=segment
	rm -rf v/vvault/cache/counts
	tells vvault -C v construct list --json && jq -e ".records == 5" out &&
	tells vvault -C v construct list --json
}

writers_refuse() {
	rm -rf v/vvault/cache && git -C v for-each-ref >refs &&
	expect_exit 128 vvault -C v add nova --entity memory:three \
		memory:update "{\"content\":\"no\"}" 2>err &&
	grep "the segment .* of .nova. cannot be read, and nothing is" err &&
	grep "vvault verify --repair" err &&
	expect_exit 128 vvault -C v gc 2>err &&
	grep "cannot compact .nova.: .*vvault verify --repair" err &&
	git -C v for-each-ref | cmp - refs &&
	vvault -C v add nova session:create "{\"title\":\"else\"}" &&
	vvault -C v add --new luna memory:create --as-is "{}"
}

verify_tells() {
	expect_exit 1 vvault -C v verify >out && grep "missing-object" out &&
	expect_exit 1 vvault -C v verify --full >out && grep "$lost" out
}

test_case 'the other segments are shown: plain' '
	grown --plain && shows_the_rest && counts_are_not_kept
'

test_case 'and sealed' '
	grown && shows_the_rest && counts_are_not_kept
'

test_case 'where it lies nothing is written, elsewhere all is: plain' '
	grown --plain && writers_refuse
'

test_case 'and sealed' '
	grown && writers_refuse
'

test_case 'verify tells of it, with and without --full' '
	grown && verify_tells
'

test_case 'with what it held again, all is as it was' '
	grown && expect_exit 1 vvault -C v ls nova >out 2>err && cp was "$file" &&
	vvault -C v ls nova >out 2>err && test ! -s err &&
	test "$(wc -l <out)" -eq 6 &&
	vvault -C v construct list --json | jq -e ".records == 6" &&
	vvault -C v add nova --entity memory:three memory:update \
		"{\"content\":\"new\"}" && vvault -C v verify --full
'

# wordy [<option of init>]: two memories as long as a blob; that of one is
# damaged.
wordy() {
	vvault init "$@" v >out 2>&1 &&
	vvault -C v add --new nova memory:create --as-is "{}" >/dev/null &&
	segments | sort >before &&
	for name in one two; do
		{ printf "$name " && head -c 400000 /dev/urandom |
			base64 -w 0; } |
			jq -Rc "{content: .}" >text &&
		vvault -C v add nova memory:create - <text >/dev/null ||
			return 1
	done &&
	lost=$(segments | while read -r id; do
		grep -qx "$id" before || echo "$id"
	done | while read -r id; do
		echo "$(git -C v cat-file -s "$id") $id"
	done | sort -n | tail -1 | cut -d" " -f2) && spoil "$lost"
}

exports_the_rest() {
	what=blob
	tells vvault -C v export --format jsonl nova &&
	test "$(grep -c "\"type\":\"memory:create\"" out)" -eq 3 &&
	test "$(grep -c "\"content\":{\"\$blob\"" out)" -eq 2 &&
	test "$(grep -c "^{\"\$blob\"" out)" -ge 1 &&
	tells vvault -C v export --format markdown nova &&
	grep -q "^- \(one\|two\) .........." out && grep "\$blob" out
}

test_case 'export goes on without a blob: plain' '
	wordy --plain && exports_the_rest
'

test_case 'and sealed' '
	wordy && exports_the_rest
'

test_case 'and without one that is gone' '
	wordy --plain && rm -f "$file" && exports_the_rest
'

done_testing
