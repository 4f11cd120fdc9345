#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../servers.sh"
. "$(dirname "$0")/../../tamper.sh"

prepare

# loose: all objects of r as loose ones.
loose() {
	mkdir packs && mv r/objects/pack/* packs/ &&
	for pack in packs/*.pack; do
		git -C r unpack-objects -q <"$pack" || return 1
	done
	chmod -R u+w r/objects
}

# fresh_segment: the one that next brings, as a blob.
fresh_segment() {
	git -C r diff-tree -r --diff-filter=A "$next^" "$next" |
		cut -d' ' -f4
}

# file_of <id>: of a loose object of r.
file_of() {
	echo "r/objects/$(echo "$1" | sed 's,^..,&/,')"
}

# pack_of <id>: the pack of r that holds it.
pack_of() {
	for index in r/objects/pack/*.idx; do
		git show-index <"$index" | grep -q " $1 " || continue
		echo "${index%.idx}.pack"
	done
}

# offset_of <id>: in that pack.
offset_of() {
	git show-index <"$(pack_of "$1" | sed 's/pack$/idx/')" |
		sed -n "s/ $1 .*//p"
}

test_case 'a flipped byte of a segment, loose' '
	begin && loose && blob=$(fresh_segment) &&
	flip "$(file_of "$blob")" -20 &&
	b_finds refused bad-object "$blob" && grep missing-object err &&
	clone_refuses bad-object && mended
'

test_case 'a flipped byte of a segment, in a pack' '
	begin && blob=$(fresh_segment) && pack=$(pack_of "$blob") &&
	flip "$pack" "$(($(offset_of "$blob") + 40))" &&
	b_finds refused bad-pack "${pack##*/}" && mended
'

test_case 'and with the sum of the pack made right' '
	begin && blob=$(fresh_segment) && pack=$(pack_of "$blob") &&
	flip "$pack" "$(($(offset_of "$blob") + 40))" &&
	head -c -20 "$pack" >bad && sha1sum bad | cut -c1-40 |
		perl -ne "chomp; print pack q(H*), \$_" >>bad &&
	cat bad >"$pack" && b_finds refused bad-pack "${pack##*/}" && mended
'

test_case 'a swapped blob, loose' '
	begin && loose && blob=$(fresh_segment) && old=$(git -C r ls-tree -r \
		"$next^" | cut -d" " -f3 | cut -f1 | head -n 1) &&
	test "$old" != "$blob" &&
	cat "$(file_of "$old")" >"$(file_of "$blob")" &&
	b_finds refused bad-object "$blob" && mended
'

# swap <index> <id> <id>: their offsets and sums; that of the index made right.
swap() {
	chmod u+w "$1" && perl -e '
		my ($file, @ids) = @ARGV;
		open my $f, "<:raw", $file or die;
		local $/; my $index = <$f>; close $f;
		my $n = unpack "N", substr $index, 8 + 255 * 4, 4;
		my ($ids, $sums, $at) = map { 8 + 1024 + $_ * $n } 0, 20, 24;
		my @places;
		for my $i (0 .. $n - 1) {
			my $id = unpack "H*", substr $index, $ids + 20 * $i, 20;
			push @places, 4 * $i if grep { $_ eq $id } @ids;
		}
		die "not both there" if @places != 2;
		for my $table ($sums, $at) {
			my ($x, $y) = map { $table + $_ } @places;
			(substr($index, $x, 4), substr($index, $y, 4)) =
				(substr($index, $y, 4), substr($index, $x, 4));
		}
		open $f, ">:raw", $file or die;
		print $f substr $index, 0, -20;
		close $f or die' "$@" &&
	sha1sum "$1" | cut -c1-40 |
		perl -ne 'chomp; print pack q(H*), $_' >>"$1"
}

# two_segments: of nova, in one pack of r; sets index, one and two.
two_segments() {
	git -C r -c repack.writeBitmaps=false repack -q -a -d -f && chmod -R u+w r/objects &&
	index=$(echo r/objects/pack/*.idx) && two=$(fresh_segment) &&
	one=$(git -C r ls-tree -r "$next^" | cut -d" " -f3 | cut -f1 |
		head -n 1) && test "$one" != "$two"
}

test_case 'swapped entries of a pack index, which a path does not believe' '
	begin && two_segments && git -C r cat-file blob "$one" >before.one &&
	swap "$index" "$one" "$two" &&
	git -C r cat-file blob "$two" | cmp - before.one &&
	as b vvault -C b pull && as b vvault -C b verify --full &&
	git -C b fsck --strict --no-dangling &&
	as c vvault clone r fresh && as c vvault -C fresh verify --full
'

test_case 'and which a git daemon sends' '
	begin && two_segments && swap "$index" "$one" "$two" && serve_git &&
	cp -a r srv/r && as b vvault -C b remote add two "$url/r" &&
	expect_exit 1 as b vvault -C b pull two --json >out 2>err &&
	jq -s -e "any(.[]; .result == \"refused\")" out &&
	grep "missing-object: $next: .*$two" err && nothing_moved &&
	as c vvault clone "$url/r" fresh && mended &&
	: "a clone gets both, and what a pack brings is named anew" &&
	as c vvault -C fresh verify --full
'

# lost <title> <expression>: an object that the remote has lost.
for what in '$(fresh_segment)' '$(git -C r rev-parse "$next^{tree}")' '$next'
do
	test_case "a missing object: $what" "
		begin && loose && lost=\"$what\" && rm \"\$(file_of \$lost)\" &&
		b_finds refused missing-object &&
		{ test \$lost = \$next || grep \$lost err; } && clone_refuses missing-object && mended
	"
done

test_case 'what a git daemon cannot read' '
	begin && loose && serve_git && cp -a r srv/r && mv r spare &&
	as b vvault -C b remote add two "$url/r" && cd srv &&
	flip "$(file_of "$(cd .. && mv spare r && fresh_segment)")" -20 &&
	cd .. && expect_exit 128 as b vvault -C b pull two --json 2>err &&
	cat err && grep "^{" err | jq -e ".error.message | length > 0" &&
	nothing_moved && mended
'

# An object whose name is right and which no version may hold.
test_case 'a segment larger than any may be' '
	begin && head -c 9000000 /dev/zero | git -C r hash-object -w --stdin &&
	expect_exit 128 as b vvault -C b pull --json 2>err && cat err &&
	error_is limit && nothing_moved && mended
'

done_testing
