#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# The records of each sample, pinned: what an importer makes of a source is
# what other devices make of it, and what the next export grows from. A line of
# tests/data/record_ids is the digest over the sorted ids of what a source
# made, and the source; "-" where nothing comes of it. Where a change of records
# is meant, the case prints the lines that are to be.
pinned=$VV_TOP/tests/data/record_ids

# construct_of <source>: whose name it gets here.
construct_of() {
	printf '%s\n' "of-$1" | tr 'A-Z /_' 'a-z---' | cut -c 1-60
}

test_case 'each sample makes the records that it made' '
	some <"$pinned" >wanted && sed "s/^[^ ]*  //" wanted >sources &&
	test "$(wc -l <sources)" -gt 40 && new_vault --plain &&
	while read -r source; do
		expect_exit 3 vvault import --construct "$(construct_of "$source")" \
			"$VV_TOP/tests/data/$source" </dev/null >out 2>&1 ||
		test $? -eq 1 || { cat out; exit 1; }
	done <sources &&
	vvault verify --full --json | jq -r ".sets | to_entries[] |
		.key + \" \" + .value" >sets &&
	while read -r source; do
		digest=$(sed -n "s/^$(construct_of "$source") //p" sets)
		echo "${digest:--}  $source"
	done <sources >made && diff wanted made
'

test_case 'each sample is pinned, or part of a folder that is' '
	cd "$VV_TOP/tests/data" && find . -type f ! -name record_ids |
		sed "s,^\./,," | sort >"$tap_case/files" && cd - >/dev/null &&
	sed "s/^[^ ]*  //" "$pinned" | sort >sources &&
	while read -r file; do
		path=$file
		while ! grep -qxF "$path" sources; do
			case $path in
			*/*) path=${path%/*} ;;
			*) echo "not pinned: $file" && exit 1 ;;
			esac
		done
	done <"$tap_case/files"
'

done_testing
