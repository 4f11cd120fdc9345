#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/watching.sh"

test_case 'what was there and what is written comes in, until a signal ends it' '
	new_home && says 1 1 null "the heron stands" && start_watch &&
	soon holds "the heron stands" && says 1 2 1 "the heron flies" && soon holds "the heron flies" &&
	says 2 1 null "another talk" && soon holds "another talk" &&
	soon told captured ".agent == \"claude-code\" and .sessions.new == 1 and .messages == 1" &&
	end_watch TERM && test ! -s said
'

test_case 'people read lines with local times, and -q leaves what went well' '
	new_home && export TZ=Asia/Tokyo && says 1 1 null "one" && : >events && beside out vvault watch &&
	soon grep "Claude Code: 1 new session, 1 new message" out &&
	grep "^$(TZ=Asia/Tokyo date +%Y-%m-)[0-9 :]*  watching what is written by Claude Code, " out &&
	kill -HUP $watch && wait $watch && grep "ended$" out && ! grep "{" out &&
	says 1 2 1 "two" && beside quiet vvault -q watch && soon holds two && kill -TERM $watch && wait $watch &&
	test ! -s quiet
'

test_case 'a place that comes later, and goes' '
	new_home && rm -r home/.claude && start_watch && mkdir -p "$claude" && says 1 1 null "new here" &&
	soon holds "new here" && rm -r home/.claude && mkdir -p "$claude" && says 2 1 null "here again" &&
	soon holds "here again" && holds "new here" && mv home/.claude home/gone &&
	mkdir -p "$claude" && says 3 1 null "once more" && soon holds "once more" && holds "here again" && end_watch
'

test_case 'files that are renamed, cut, put in place and deleted' '
	new_home && says 1 1 null "first of one" && says 1 2 1 "second of one" && says 2 1 null "first of two" &&
	start_watch && soon holds "first of two" && soon holds "second of one" &&
	one=$claude/5e551000-0000-4000-8000-000000000001.jsonl two=$claude/5e551000-0000-4000-8000-000000000002.jsonl &&
	head -n 1 "$one" >cut && cat cut >"$one" && says 1 3 1 "third of one" && soon holds "third of one" &&
	holds "second of one" && cp "$two" put && to=put && says 2 2 1 "second of two" && cp "$two" put &&
	says 2 3 2 "third of two" && cp "$two" put && mv put "$two" && soon holds "third of two" &&
	mv "$one" "$claude/moved.jsonl" && rm "$two" && says 3 1 null "the last" && soon holds "the last" &&
	for text in "first of one" "second of one" "third of one" "first of two" "second of two"; do
		holds "$text" || exit 1
	done && end_watch && test "$(vvault ls --json claude-code message | jq -s length)" = 7
'

test_case 'one watch is enough: another one says so, and ends' '
	new_home && start_watch && expect_exit 1 vvault watch 2>err &&
	grep "another .vvault watch. looks after this vault" err && end_watch &&
	start_watch && end_watch
'

test_case 'kill -9 loses nothing: the next one goes on' '
	new_home && says 1 1 null "before" && start_watch && soon holds before && kill -9 $watch &&
	says 1 2 1 "while nobody looked" && rm events && start_watch && soon holds "while nobody looked" &&
	says 1 3 2 after && kill -9 $watch && rm events && start_watch && soon holds after && end_watch &&
	vvault verify
'

test_case 'a vault that is in use is waited for, without a word' '
	new_home && mkdir -p v/vvault/capture && lock v/vvault/capture/lock && says 1 1 null "patience" &&
	start_watch && ! holds patience && unlock && soon holds patience && end_watch && test "$(count_of failed)" = 0
'

test_case 'a vault that was moved away ends it, with words' '
	new_home && says 1 1 null one && start_watch && soon holds one && mv v w && says 1 2 1 two &&
	expect_exit 128 wait $watch && cat said && grep "the vault is no more at" said
'

test_case 'no vault, no key, no right, no remote, no folder: it does not begin' '
	new_home && expect_exit 128 vvault -C nowhere watch 2>err && grep "no vault at nowhere" err &&
	VVAULT_KEYS=$PWD/none expect_exit 128 vvault watch 2>err && grep "no device key\|cannot be" err &&
	expect_exit 128 vvault watch --push nobody 2>err && grep nobody err &&
	expect_exit 128 vvault watch nofolder 2>err && grep "no folder" err &&
	expect_exit 129 vvault watch --agent claude-cod 2>err && grep "is .claude-code. meant" err &&
	expect_exit 129 vvault watch --every 10m 2>err && expect_exit 129 vvault watch --push x --every soon 2>err &&
	expect_exit 129 vvault watch --push x --every 0s 2>err && expect_exit 129 vvault watch --push x --every 5 2>err
'

test_case 'capsules that come are imported, and hooks are told' '
	new_home && mkdir -p caps/deep v/vvault/hooks && cp "$VV_TOP"/tests/data/demo/*.capsule . &&
	printf "#!/bin/sh\ncat >>\"$PWD/heard\"\n" >v/vvault/hooks/post-import && chmod 700 v/vvault/hooks/post-import &&
	vvault hooks approve post-import >/dev/null && cp wren-1.capsule caps && says 1 1 null "not asked for" &&
	start_watch caps && soon told imported ".construct == \"wren-001\"" &&
	mv wren-2.capsule caps/deep && soon grep -c wren-001 heard && soon told imported ".path | endswith(\"/deep/wren-2.capsule\")" &&
	echo "no capsule" >caps/broken.capsule && soon told note ".message | contains(\"broken.capsule\")" &&
	echo other >caps/other.txt && mkdir caps/later && cp wren-3.capsule caps/later/.hidden.capsule &&
	cp wren-3.capsule caps/later && soon told imported ".path | endswith(\"/later/wren-3.capsule\")" &&
	jq -es "length == 3 and all(.hook == \"post-import\" and .construct == \"wren-001\")" heard &&
	end_watch && test "$(count_of note)" = 1 && ! holds "not asked for" &&
	vvault import caps/wren-1.capsule --json | jq -e ".records.new == 0"
'

test_case 'a capsule that is still written to is waited for' '
	new_home && mkdir caps && start_watch caps && whole=$VV_TOP/tests/data/demo/wren-1.capsule &&
	{ head -c 1000 "$whole" && cp "$VV_TOP"/tests/data/demo/wren-2.capsule caps && sleep 0.5 &&
		tail -c +1001 "$whole"; } >caps/wren-1.capsule &&
	soon told imported && soon told imported ".path | endswith(\"wren-1.capsule\")" && end_watch && test "$(count_of note)" = 0
'

done_testing
