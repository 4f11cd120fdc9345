#!/bin/sh
# Processes that write at the same time: every record that a command said it
# wrote is there afterwards, and nothing else is.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../robust.sh"

# adds <construct> <tag> <n>: so many one after the other; ids to <tag>.ids
adds() {
	for i in $(seq "$3"); do
		vvault add --new "$1" memory:create \
			"{\"content\":\"$2 $i\"}" || return
	done >"$2.ids"
}

# all_there <construct> <ids>...: each id is a record, no id is said twice.
all_there() {
	construct=$1 && shift
	vvault ls --json "$construct" | jq -r '.records[]' | sort >have &&
		sort "$@" >said && test -z "$(uniq -d said)" &&
		comm -13 have said >lost && test ! -s lost || {
		echo "lost: $(wc -l <lost) of $(wc -l <said)" >&2
		return 1
	}
}

# two_at_once <n> [<option of init>...]
two_at_once() {
	n=$1 && shift
	new_vault "$@"
	adds nova one "$n" & one=$!
	adds nova two "$n"
	wait $one
	test "$(cat one.ids two.ids | wc -l)" -eq $((2 * n))
	all_there nova one.ids two.ids
	test "$(records_in v nova)" -eq $((2 * n))
	test "$(entities_in v nova memory)" -eq $((2 * n))
	test "$(vvault log --json nova |
		jq -r 'select(.change == "add").seq' | wc -l)" -eq $((2 * n))
	verified v && no_leftovers v && git_is_content v
}

test_case 'two processes of 200 adds each give 400 records' '
	two_at_once 200
'

test_case 'and in a plain vault as well' '
	two_at_once $(size 25 200) --plain
'

test_case 'two processes on two constructs do not wait for each other' '
	new_vault
	adds nova one 40 & one=$!
	adds luna two 40
	wait $one
	all_there nova one.ids && all_there luna two.ids
	test "$(records_in v nova)" -eq 40
	test "$(records_in v luna)" -eq 40
	verified v && no_leftovers v
'

test_case 'adds beside imports of capsules and lines' '
	new_vault
	for i in 1 2 3 4 5; do capsule Nova $i $((i * 30)) >$i.capsule; done
	lines nova 3000 >lines.jsonl
	adds nova one 40 & one=$!
	for i in 1 2 3 4 5; do
		vvault import --construct nova $i.capsule >>imported
	done & two=$!
	vvault import --construct nova lines.jsonl >>imported
	wait $one && wait $two
	all_there nova one.ids
	entities_in v nova memory >/dev/null
	test "$(grep -c "memory:nova-" entities.out)" -eq 3000
	test "$(grep -c "memory:capsule:" entities.out)" -eq 150
	test "$(wc -l <entities.out)" -eq 3190
	verified v && no_leftovers v && git_is_content v
'

test_case 'the same file by two processes at once holds each record once' '
	new_vault
	lines nova 3000 >lines.jsonl
	vvault import --construct nova lines.jsonl >one & one=$!
	vvault import --construct nova lines.jsonl >two
	wait $one
	test "$(entities_in v nova memory)" -eq 3000
	test "$(jq -r ".records | length" entities.out | sort -u)" -eq 1
	test "$(records_in v nova)" -eq 3000
	verified v
	vvault import --json --construct nova lines.jsonl | tee again
	jq -e ".version == null and .records.new == 0 and
		.records.known == 3000" again
'

test_case 'a reader beside a writer always sees a whole state' '
	new_vault && add_new() { vvault add --new nova memory:create --as-is "{}"; }
	add_new >/dev/null
	adds nova one 60 & one=$!
	seen=1
	while kill -0 $one 2>/dev/null; do
		now=$(entities_in v nova memory)
		test "$now" -ge "$seen"
		seen=$now
		vvault verify >/dev/null
		vvault log nova >/dev/null
	done
	wait $one
	test "$(entities_in v nova memory)" -eq 61
'

test_case 'two processes make one vault and one device key' '
	vvault init v >one.out 2>one.err & one=$!
	two=0 && vvault init v >two.out 2>two.err || two=$?
	first=0 && wait $one || first=$?
	test "$first.$two" = 0.128 || test "$first.$two" = 128.0
	verified v && no_leftovers v
	test "$(ls keys | wc -l)" -le 2
	vvault -C v add --new nova memory:create --as-is "{}"
'

done_testing
