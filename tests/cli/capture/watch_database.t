#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/watching.sh"

# here <text>: the vault has a message of OpenCode that says so.
here() {
	vvault grep -l "$1" opencode
}

test_case 'what an agent writes to the log of its database comes in, alone' '
	new_home && base=$XDG_DATA_HOME/opencode && mkdir -p "$base" &&
	sqlite3 "$base/opencode.db" <"$VV_TOP/tests/data/opencode/talk.sql" >/dev/null &&
	start_watch && soon here "Now it blinks" && mkfifo go &&
	{ sqlite3 "$base/opencode.db" >told <go & } && exec 7>go &&
	echo "PRAGMA wal_autocheckpoint=0; INSERT INTO message VALUES (\"msg_9\", \"ses_lamp\", 1795000050000, 1795000050000, json_object(\"role\", \"user\", \"time\", json_object(\"created\", 1795000050000)));
		INSERT INTO part VALUES (\"prt_91\", \"msg_9\", \"ses_lamp\", 9, 9, json_object(\"type\", \"text\", \"text\", \"From the log\")); SELECT \"done\";" >&7 &&
	soon grep done told && soon here "From the log" && test -s "$base/opencode.db-wal" &&
	echo "UPDATE part SET data = json_object(\"type\", \"text\", \"text\", \"Said anew\") WHERE id = \"prt_91\"; SELECT \"over\";" >&7 &&
	soon grep over told && soon here "Said anew" && exec 7>&- && end_watch &&
	vvault ls --json opencode session | jq -s -e "length == 3"
'

done_testing
