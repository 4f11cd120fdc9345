#!/bin/sh
# Databases that their program writes to while they are read.
. "$(dirname "$0")/../../../tap.sh"
. "$(dirname "$0")/../../../lib.sh"

# writes <milliseconds> <mode>: an agent at work, in the background.
writes() {
	"$VV_BUILD/tests/tools/write_sqlite" work.db "$1" "$2" >written 2>errors &
	until test -e work.db.count; do kill -0 $! || return; sleep 0.01; done
}

messages() {
	vvault ls --json opencode message | wc -l
}

test_case 'while it is written to: no error, nothing old, nobody kept out, nothing left' '
	new_vault && writes 600000 wal &&
	for time in 1 2 3 4 5 6; do
		before=$(cat work.db.count) && { vvault import work.db >said 2>&1 || { cat said; exit 1; }; } &&
		test "$(messages)" -ge "$before" || exit 1
	done && touch work.db.stop && wait $! && cat written && grep -q " 0 errors" written &&
	vvault import work.db >said && test "$(messages)" = "$(cat work.db.count)" &&
	test "$(ls work.db*)" = "work.db
work.db.count
work.db.stop"
'

test_case 'the log alone changes what is known of it' '
	new_vault && writes 1500 wal && wait $! && cp work.db first.db && vvault import work.db >/dev/null &&
	sleep 0.2 && vvault import work.db >/dev/null && sleep 0.2 && vvault import work.db >said &&
	grep unchanged said && mkfifo go && { sqlite3 work.db >told <go & } && exec 7>go &&
	echo "PRAGMA wal_autocheckpoint=0; INSERT INTO message VALUES (\"msg_x\", \"ses_1\", 1795009999000, 1795009999000, json_object(\"role\", \"user\")); SELECT \"done\";" >&7 &&
	until grep -q done told; do sleep 0.05; done && cmp work.db first.db &&
	vvault import work.db >said && cat said && grep " 2 new" said && exec 7>&- && wait
'

test_case 'one with a journal, while it is written to: nobody waits for long' '
	new_vault && writes 600000 delete &&
	for time in 1 2 3 4; do
		before=$(cat work.db.count) && { vvault import work.db >said 2>&1 || { cat said; exit 1; }; } &&
		test "$(messages)" -ge "$before" || exit 1
	done && touch work.db.stop && wait $! && cat written errors && grep -q " 0 errors" written
'

test_case 'one that its program keeps to itself is told, soon' '
	new_vault && writes 300 delete && wait $! && mkfifo go && { sqlite3 work.db >told <go & } && exec 7>go &&
	echo "BEGIN EXCLUSIVE; SELECT \"done\";" >&7 && until grep -q done told; do sleep 0.05; done &&
	began=$(date +%s) && expect_exit 3 vvault import work.db >said && cat said &&
	grep "locked by its program" said && test $(($(date +%s) - began)) -lt 10 && exec 7>&- && wait
'

test_case 'of one with a journal a transaction is not seen until it is whole' '
	new_vault && writes 1000 delete && wait $! && grep " 0 errors" written && mkfifo go &&
	{ sqlite3 work.db >told <go & } && exec 7>go &&
	echo "BEGIN IMMEDIATE; INSERT INTO message VALUES (\"msg_x\", \"ses_1\", 1795009999000, 1795009999000, json_object(\"role\", \"user\")); SELECT \"done\";" >&7 &&
	until grep -q done told; do sleep 0.05; done && test -e work.db-journal && vvault import work.db >/dev/null &&
	test "$(messages)" = "$(cat work.db.count)" &&
	echo "COMMIT; SELECT \"over\";" >&7 && until grep -q over told; do sleep 0.05; done &&
	vvault import work.db >said && cat said && grep " 2 new" said && exec 7>&- && wait
'

done_testing
