#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../servers.sh"
. "$(dirname "$0")/../../tamper.sh"

prepare

# refused <code> <version> [<construct> <device>]: in a's place, or there.
refused() {
	test -n "$2" && shows "${3:-$nova}/${4:-$A}" "$2" &&
	b_finds refused "$1" "$2" && quarantined 1 && clone_refuses "$1" &&
	mended
}

# refuses <code> <device> <sed script>...: that version of a device, in its
# own place.
refuses() {
	code=$1
	shift
	id=$(forged "$@") && refused "$code" "$id" "$nova" \
		"$(cat "name-$1")"
}

test_case 'what the forger writes is sound, if nothing is changed' '
	begin && id=$(payload "$next" | forge sign "$tap_case/keys-a" r) &&
	test "$id" = "$next" &&
	id=$(forged c -e "$(by c)" -e "s/^Vvault-Seq:.*/Vvault-Seq: 1/") &&
	id=$(forged w -e "$(by w)" -e "s/^Vvault-Seq:.*/Vvault-Seq: 2/") &&
	shows "$nova/$W" "$id" && as b vvault -C b pull &&
	git -C b rev-parse "refs/heads/$nova/$W" | grep -x "$id"
'

test_case 'words changed under a signature' '
	begin && id=$(git -C r cat-file commit "$next" |
		sed "s/^\([ac].*@vvault>\) [0-9]*/\1 1700000000/" |
		git -C r hash-object -t commit -w --stdin) &&
	git -C r show -s --format=%ct "$id" | grep -x 1700000000 &&
	refused bad-signature "$id"
'

test_case 'a signature with a bit flipped' '
	begin && id=$(git -C r cat-file commit "$next" | perl -pe "
		s/^( AAAAQ.{20})(.)/\$1 . (\$2 eq q(A) ? q(B) : q(A))/e" |
		git -C r hash-object -t commit -w --stdin) &&
	test "$id" != "$next" && refused bad-signature "$id"
'

test_case 'the signature of another member' '
	begin && refuses bad-signature w ""
'

test_case 'a version by a stranger' '
	begin && refuses not-a-member s -e "$(by s)" \
		-e "s/^Vvault-Seq:.*/Vvault-Seq: 1/"
'

test_case 'a version by a reader' '
	begin && refuses not-a-writer c -e "$(by c)" \
		-e "s/^Vvault-Seq:.*/Vvault-Seq: 1/"
'

test_case 'a version of vault by a writer' '
	begin && top=$(git -C r rev-parse "refs/heads/vault/$A") &&
	digest=$(git -C r cat-file commit "$top" | sha256sum | cut -c1-64) &&
	id=$(payload "$top" | sed -e "$(by w)" \
		-e "s/^parent.*/parent $top/" \
		-e "s/^Vvault-Seq:.*/Vvault-Seq: 1/" \
		-e "s/^Vvault-Parents:.*/Vvault-Parents: sha256:$digest/" |
		forge sign "$tap_case/keys-w" r) &&
	refused not-an-owner "$id" vault "$W"
'

# row <title> <code> <version>: refused in a's place, in a table of such.
row() {
	echo "row: $1"
	test "$3" != "$next" && shows "$nova/$A" "$3" &&
	b_finds_too refused "$2" "$3"
}

# line <code> <trailer> <value>: in place of the right one, signed by a.
line() {
	payload "$next" | grep "^Vvault-$2:" &&
	row "$2 $3" "$1" "$(forged a "s/^Vvault-$2:.*/Vvault-$2: $3/")"
}

test_case 'wrong trailers: seq, root, digests of parents, and the rest' '
	begin &&
	line bad-encoding Seq 0 &&
	line wrong-seq Seq 1 &&
	line wrong-seq Seq 4 &&
	line bad-encoding Seq 9007199254740993 &&
	line bad-encoding Seq 02 &&
	line wrong-root Root "sha256:$zeros" &&
	line wrong-parents Parents "sha256:$zeros" &&
	line bad-encoding Parents "sha256:$zeros sha256:$zeros" &&
	line bad-encoding Format 2 &&
	line bad-encoding Change replace &&
	line bad-change Change forget &&
	nothing_moved && quarantined 1 && mended
'

test_case 'Members older than the parents knew' '
	begin && first=$(git -C r rev-list --max-parents=0 \
		"refs/heads/vault/$A") &&
	digest=$(git -C r cat-file commit "$first" | sha256sum | cut -c1-64) &&
	refuses wrong-members a \
		"s/^Vvault-Members:.*/Vvault-Members: sha256:$digest/"
'

test_case 'Members that nobody has are waited for, and never merged' '
	begin && id=$(forged a \
		"s/^Vvault-Members:.*/Vvault-Members: sha256:'$zeros'/") &&
	shows "$nova/$A" "$id" && b_finds held unknown-members "$id" &&
	quarantined 1 && mended
'

test_case 'another vault in its words' '
	begin && refuses foreign-vault a "s/^\(Vvault-Vault: .*\)....$/\1aaaa/"
'

test_case 'another construct in its words' '
	begin && refuses wrong-construct a \
		"s/^Vvault-Construct:.*/Vvault-Construct: nova/"
'

# encoded <title> <sed script>: signed by a, who is not honest.
encoded() {
	row "$1" bad-encoding "$(forged a "$2")"
}

test_case 'another encoding, signed by a member' '
	begin &&
	encoded "another zone" "s/ +0000\$/ +0100/" &&
	encoded "a zone of -0000" "s/ +0000\$/ -0000/" &&
	encoded "another committer" "/^committer/s/vvault/other/" &&
	encoded "an extra header" "s/^committer.*/&\nencoding UTF-8/" &&
	encoded "a merge tag" "s/^committer.*/&\nmergetag object 1/" &&
	encoded "a trailer twice" "s/^Vvault-Seq:.*/&\n&/" &&
	encoded "an unknown trailer" "s/^Vvault-Seq:.*/&\nVvault-More: 1/" &&
	encoded "another order" "/^Vvault-Seq:/d
		s/^Vvault-Root:.*/&\nVvault-Seq: 2/" &&
	encoded "a missing trailer" "/^Vvault-Change:/d" &&
	encoded "a second paragraph" "s/^Vvault-Format:/more\n\n&/" &&
	encoded "a parent twice" "s/^parent.*/&\n&/" &&
	encoded "a control character" "s/^A version of/A\x1b[31mversion of/" &&
	! LC_ALL=C grep -q "[[:cntrl:]]\[31m" err &&
	encoded "a carriage return" "s/^Vvault-Seq:.*/&\r/" &&
	encoded "a blank at the end of a line" "s/^Vvault-Seq:.*/& /" &&
	nothing_moved && quarantined 1 && clone_refuses bad-encoding && mended
'

# wrapped <title> <code> <perl script>: of the whole commit, which git may
# take for the same signature.
wrapped() {
	row "$1" "$2" "$(git -C r cat-file commit "$next" | perl -0pe "$3" |
		git -C r hash-object --literally -t commit -w --stdin)"
}

test_case 'another wrapping of the same signature' '
	begin &&
	wrapped "a gpgsig-sha256 beside" bad-encoding \
		"s/(\n\n)/\ngpgsig-sha256 -----BEGIN\n -----END\$1/" &&
	wrapped "armor at another column" bad-signature \
		"s/(\n U1NI[^\n]{20})/\$1\n /" &&
	wrapped "an empty line at the end of the armor" bad-signature \
		"s/(-----END SSH SIGNATURE-----)/\$1\n /" &&
	wrapped "two signatures" bad-encoding \
		"s/(gpgsig.*?END SSH SIGNATURE-----\n)/\$1\$1/s" &&
	wrapped "a signature before the committer" bad-encoding \
		"s/(committer[^\n]*\n)(gpgsig.*?END SSH SIGNATURE-----\n)/\$2\$1/s" &&
	wrapped "a byte behind the end" bad-encoding "s/\z/\n/" &&
	wrapped "no signature" bad-encoding \
		"s/gpgsig.*?END SSH SIGNATURE-----\n//s" &&
	nothing_moved && quarantined 1 && clone_refuses bad-encoding && mended
'

done_testing
