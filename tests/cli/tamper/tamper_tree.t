#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../servers.sh"
. "$(dirname "$0")/../../tamper.sh"

prepare

# refused_tree <title> <code> <object> <tree> [<sed script>]
refused_tree() {
	echo "row: $1"
	id=$(with_tree "$4" "${5:-}") && shows "$nova/$A" "$id" &&
	b_finds_too refused "$2" "$3"
}

# ended: a table has been gone through.
ended() {
	nothing_moved && quarantined 1 && clone_refuses "$1" && mended
}

# raw_tree: a tree of exactly these bytes.
raw_tree() {
	git -C r hash-object -w --literally -t tree --stdin
}

# entry <mode> <name> <id>: of a raw tree.
entry() {
	printf '%s %s\0' "$1" "$2"
	printf %s "$3" | perl -ne 'print pack "H*", $_'
}

test_case 'the forger can write a tree that is accepted' '
	begin && segment "$(memory x forged)" &&
	tree=$(edit put 100644 "$blob" "$(place memory:x)/$seg") &&
	id=$(with_tree "$tree") && shows "$nova/$A" "$id" &&
	as b vvault -C b pull &&
	test "$(as b vvault -C b show nova --json | jq .counts.memory)" -eq 4
'

test_case 'an addition that drops a segment' '
	begin && old=$(git -C r ls-tree -r --name-only "$next^" | head -n 1) &&
	id=$(with_tree "$(edit drop "$old")") && shows "$nova/$A" "$id" &&
	b_finds refused dropped-segment "$id" && ended dropped-segment
'

# compacted <title>: that one segment in place of all is refused.
compacted() {
	refused_tree "$1" changed-record "" "$(edit replaced)" \
		"s/^Vvault-Change:.*/Vvault-Change: compact/"
}

test_case 'a compaction that changes, adds or loses a record' '
	begin && records >two && test "$(wc -l <two)" -eq 2 &&
	segment "$(sed s/one/eno/ two)" && compacted "changes" &&
	segment "$(head -n 1 two)" && compacted "loses" &&
	segment "$(cat two; memory a a | sed s/2026/2027/)" && compacted "adds" &&
	ended changed-record
'

test_case 'and one that keeps them is accepted' '
	begin && segment "$(records)" && id=$(with_tree "$(edit replaced)" \
		"s/^Vvault-Change:.*/Vvault-Change: compact/") &&
	shows "$nova/$A" "$id" && as b vvault -C b pull &&
	test "$(as b vvault -C b show nova --json | jq .counts.memory)" -eq 2
'

# git would write and read these.
test_case 'a tree with what does not belong in one' '
	begin && path=$(paths | head -n 1) &&
	some=$(git -C r rev-parse "$next:$path") && name=${path##*/} &&
	folder=${path%/*} && sub=$(git -C r rev-parse "$next:$folder") &&
	top=${path%%/*} && topid=$(git -C r rev-parse "$next:$top") &&
	other=$(printf "%s" "$name" | tr ab ba) &&
	refused_tree "a symlink" bad-tree "" \
		"$(edit put 120000 "$some" "$folder/$other")" &&
	refused_tree "a symlink for a segment" bad-tree "" \
		"$(edit put 120000 "$some" "$path")" &&
	refused_tree "a submodule" bad-tree "" \
		"$(edit put 160000 "$next" "$folder/$other")" &&
	refused_tree "an executable" bad-tree "" \
		"$(edit put 100755 "$some" "$path")" &&
	refused_tree "mode 100664" bad-tree "" \
		"$(entry 100664 "$name" "$some" | raw_tree)" &&
	refused_tree "mode 100664 within" bad-tree "" \
		"$(entry 40000 "$top" "$(entry 100664 "$name" "$some" |
			raw_tree)" | raw_tree)" &&
	refused_tree "a padded mode" bad-tree "" \
		"$(entry 040000 "$top" "$topid" | raw_tree)" &&
	refused_tree "a duplicate name" bad-tree "" \
		"$({ entry 40000 "$top" "$topid"
			entry 40000 "$top" "$topid"; } | raw_tree)" &&
	refused_tree "a file and a folder of one name" bad-tree "" \
		"$({ entry 100644 "$top" "$some"
			entry 40000 "$top" "$topid"; } | raw_tree)" &&
	refused_tree "unsorted names" bad-tree "" \
		"$({ entry 40000 zzzzzzzzzzzzzzzzzzzzzzzzzz "$topid"
			entry 40000 "$top" "$topid"; } | raw_tree)" &&
	refused_tree "a stray file" bad-tree "" \
		"$(edit put 100644 "$some" README)" &&
	refused_tree "a stray file within" bad-tree "" \
		"$(edit put 100644 "$some" "$folder/.gitattributes")" &&
	refused_tree "an empty folder" bad-tree "" \
		"$({ git -C r cat-file tree "$next^{tree}"
			entry 40000 zzzzzzzzzzzzzzzzzzzzzzzzzz \
			"$(raw_tree </dev/null)"; } | raw_tree)" &&
	refused_tree "a name with a slash" bad-tree "" \
		"$({ git -C r cat-file tree "$next^{tree}"
			entry 40000 "zz/../zz" "$topid"; } | raw_tree)" &&
	refused_tree "a name like .git" bad-tree "" \
		"$({ entry 40000 .git "$topid"
			git -C r cat-file tree "$next^{tree}"; } | raw_tree)" &&
	refused_tree "cut short" bad-tree "" \
		"$(git -C r cat-file tree "$next^{tree}" | head -c 20 |
			raw_tree)" &&
	refused_tree "a blob for a tree" bad-tree "" "$some" &&
	ended bad-tree
'

test_case 'a tree, and a segment, that are not there' '
	begin && lost=1234567890123456789012345678901234567890 &&
	path=$(paths | head -n 1) &&
	refused_tree "no tree" missing-object "" "$lost" &&
	refused_tree "no tree within" missing-object "" \
		"$(entry 40000 "${path%%/*}" "$lost" | raw_tree)" &&
	refused_tree "no segment" missing-object "" \
		"$(edit put 100644 "$lost" \
			"${path%%/*}/$(echo lost | forge cid)")" &&
	nothing_moved && clone_refuses missing-object && mended
'

# added <title> <folder>: the segment in sealed, lying there, is refused.
added() {
	refused_tree "$1" bad-segment "$seg" \
		"$(edit put 100644 "$blob" "$2/$seg")"
}

# bytes: standard input is the segment, sealed or not.
bytes() {
	cat >sealed && seg=$(forge cid <sealed) && blob=$(blob <sealed)
}

test_case 'a segment that is not one' '
	begin && at=$(place memory:x) && line=$(memory x y) &&
	segment "$line" && cp sealed good &&
	added "in another place" "$(place memory:elsewhere)" &&
	added "among acus" "$(place acu:x)" &&
	segment "$(echo "$line" | sed "s/,/, /")" &&
	added "not canonical" "$at" &&
	segment "$(echo "$line" | sed "s/\"y\"/\"\\\\u0079\"/")" &&
	added "with a needless escape" "$at" &&
	segment "$line
$line" && added "with a record twice" "$at" &&
	segment "$line
$(memory x a | sed s/2026/2025/)" && added "out of order" "$at" &&
	segment "not json" && added "not json" "$at" &&
	printf %s "$line" | forge seal a "$tap_case/keys-a" "$nova" | bytes &&
	added "without a newline" "$at" &&
	printf "" | forge seal a "$tap_case/keys-a" "$nova" | bytes &&
	added "empty" "$at" &&
	segment "$(echo "$line" | sed "s/memory:create/member:add/;
		s/memory:x/member:x/")" &&
	added "with a record of vault" "$at" &&
	echo "$line" | bytes && added "not sealed" "$at" &&
	perl -0pe "substr(\$_, -1) ^= qq(\1)" good | bytes &&
	added "forged at its end" "$at" &&
	perl -0pe "substr(\$_, 223, 1) ^= qq(\1)" good | bytes &&
	added "with another nonce" "$at" &&
	perl -0pe "substr(\$_, 20, 1) =~ tr/0-9a-f/1-9a-f0/" good | bytes &&
	added "with other leaves" "$at" &&
	perl -0pe "substr(\$_, 100, 1) =~ tr/0-9a-f/1-9a-f0/" good | bytes &&
	added "with the head of another" "$at" &&
	tail -c +174 good | bytes && added "without its head" "$at" &&
	head -c -1 good | bytes && added "cut short" "$at" &&
	{ cat good; echo; } | bytes && added "with a byte more" "$at" &&
	forge bomb a "$tap_case/keys-a" "$nova" | bytes &&
	added "that inflates to 64 MiB" "$at" &&
	printf "%s\n" "$line" | forge seal a "$tap_case/keys-a" other | bytes &&
	added "sealed for another construct" "$at" &&
	ended bad-segment
'

test_case 'bytes of another segment under a name' '
	begin && segment "$(memory x y)" && right=$seg &&
	segment "$(memory x z)" && seg=$right &&
	added "swapped" "$(place memory:x)" && ended bad-segment
'

done_testing
