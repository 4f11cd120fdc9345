#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

S=hunter2-planted

# lines <entity> <data>...: records as a source has them.
record() {
	printf '{"at":"%s","data":%s,"entity":"%s","prev":[],"type":"%s:create"}\n' \
		"$3" "$2" "$1" "${1%%:*}"
}

# A session with the secret in its second message, an answer to that, a copy of
# it in another session, and a memory of its own.
source_file() {
	t=2026-01-01T00:00:00.000000Z-0000-00000000
	printf '{"$vvault":"jsonl-1","construct":"nova"}\n' &&
	record session:x:one '{"title":"The garden"}' $t &&
	record message:x:one/1 '{"content":"roses","index":1,"role":"user","session":"session:x:one"}' $t &&
	record message:x:one/2 '{"content":"my password is '$S'","index":2,"parent":"message:x:one/1","role":"user","session":"session:x:one"}' $t &&
	record message:x:one/3 '{"content":"noted","index":3,"parent":"message:x:one/2","role":"assistant","session":"session:x:one"}' $t &&
	record session:x:two '{"title":"The copy"}' $t &&
	record message:x:two/2 '{"about":{"copy_of":"none"},"content":"my password is '$S'","copy_of":"message:x:one/2","index":1,"role":"user","session":"session:x:two"}' $t &&
	record memory:keep '{"content":"tulips"}' $t
}

begin() {
	once make "$@" && export VVAULT_DIR="$PWD/v"
}

make() {
	new_vault "$@" && source_file >f.jsonl && vvault import f.jsonl >/dev/null 2>&1
}

# shows <command>...: does it show the secret?
silent() {
	rc=0 && vvault "$@" >out 2>&1 || rc=$?
	test $rc -lt 128 || { cat out >&2; return 1; }
	! grep "$S" out >&2 || { echo "$* shows it" >&2; return 1; }
}

test_case 'nothing shows what was forgotten, at no version and in no way' '
	begin && id=$(vvault show --json message:x:one/2 | jq -r ".records[0]") &&
	vvault grep $S >out &&
	vvault recall password >out &&
	vvault forget --yes message:x:one/2 >out 2>err && cat out err >&2 &&
	grep "^forgotten in nova: 2 messages$" out &&
	for words in "show nova~1" "ls --json nova~1" "read session:x:one" \
		"read --json session:x:two" "log -p nova" "log --json -p" \
		"diff nova~1 nova" "recall --json planted" "grep $S" \
		"export nova --format jsonl" "export nova~1 --format jsonl" \
		"context nova" "stats nova" "session list" "status" "undo --list" \
		"blame message:x:one/3" "conflicts" "forget --list --json" \
		"construct show nova"
	do silent $words || return; done &&
	expect_exit 128 vvault cat $id 2>err && ! grep $S err &&
	expect_exit 128 vvault show message:x:one/2 2>err &&
	expect_exit 128 vvault show nova~1 message:x:one/2 2>err &&
	vvault ls --json nova message | jq -r .entity | sort >got &&
	printf "%s\n" message:x:one/1 message:x:one/3 | cmp got - &&
	for words in "read session:x:one" "handoff session:x:one" \
		"export nova --format markdown"
	do vvault $words >out && grep -A99 roses out | grep noted || return; done &&
	vvault resume --dry-run --as codex --in . session:x:one >out &&
	vvault grep tulips &&
	vvault verify --full
'

test_case 'its source does not bring it back, nor one that has grown' '
	begin && vvault forget --yes --match $S >out 2>err &&
	vvault import --json f.jsonl >out 2>err && cat out err >&2 &&
	jq -e ".records.new == 0 and .version == null and
		.sources[0].skipped[0].count == 2" out &&
	vvault import f.jsonl >out 2>&1 && grep "unchanged" out &&
	grep "2 things were left out" out &&
	{ source_file; record memory:more "{\"content\":\"daffodils\"}" \
		2026-01-02T00:00:00.000000Z-0000-00000000; } >g.jsonl &&
	vvault import --json g.jsonl >out 2>err && cat out >&2 &&
	jq -e ".records.new == 1 and
		.sources[0].skipped[0].count == 2 and
		(.sources[0].skipped[0].reason | test(\"forgotten\"))" out &&
	silent grep $S && vvault grep daffodils &&
	vvault import g.jsonl >out 2>&1 && ! grep $S out
'

test_case 'what goes is told before, and asked for' '
	begin && expect_exit 128 vvault forget --match $S 2>err </dev/null &&
	grep "2 records (2 messages).*--yes" err && ! grep $S err &&
	vvault forget --dry-run --match $S >out &&
	grep "^would be forgotten in nova: 2 messages" out &&
	vvault grep $S >out && vvault forget --dry-run --json message:x:one/2 >out &&
	jq -e ".version == null and .records == 2 and .also.copies == 1 and
		.left == 1 and .kinds == {\"message\":2}" out &&
	expect_exit 1 vvault forget --yes --match nowhere-at-all 2>err &&
	grep "nothing here has it" err &&
	expect_exit 129 vvault forget 2>err && expect_exit 129 vvault forget --list x &&
	expect_exit 129 vvault forget --match "" 2>err &&
	expect_exit 128 vvault forget --yes nova 2>err && grep "is a construct" err
'

# What says what went is one segment, in a folder that has nothing else.
test_case 'nothing older is shown where what was forgotten cannot be read' '
	begin --plain && vvault add nova memory:create "{\"content\":\"x\"}" >/dev/null &&
	vvault forget --yes message:x:one/2 >/dev/null 2>&1 && silent show nova~2 &&
	blob=$(git -C "$VVAULT_DIR" ls-tree -r "$(version_of nova)" |
		sed -n "s/.* blob \(..\)\(.*\)\tforget.*/\1\/\2/p") &&
	rm "$VVAULT_DIR/objects/$blob" && silent ls nova &&
	for words in "ls --json nova~2 message" "diff nova~2 nova" \
		"export nova~2 --format jsonl" "log -p nova"
	do
		expect_exit 128 vvault $words >out 2>&1 && ! grep $S out &&
		grep "forgotten by now" out || return
	done
'

test_case 'words are looked for in what was said, not in how it is kept' '
	begin && vvault add nova memory:create --entity memory:odd \
		"{\"content\":\"B\u00e4r \\\"x\\\"\\nund\",\"tags\":[\"grizzly\"]}" >/dev/null &&
	for words in content message:x:one/1 session:x user "\",\"" create 2026 index
	do
		expect_exit 1 vvault forget --yes --match "$words" 2>err || return
	done &&
	for words in "Bär" "\"x\"
und" grizzly
	do
		vvault forget --dry-run --json --match "$words" >out &&
		jq -e ".named[0].entity == \"memory:odd\" and .records == 1" out || return
	done
'

test_case 'a capsule that holds it is named, and said to show it still' '
	begin && vvault import "$VV_TOP/tests/data/capsules/core.capsule" >/dev/null 2>&1 &&
	it=$(vvault ls --json core-kim memory | jq -r .entity) && test "$it" &&
	vvault forget --yes "$it" >out 2>err && cat err >&2 &&
	grep "1 capsule holds it word by word and stays" err &&
	grep "still shown by the capsules;" err &&
	vvault forget --yes memory:keep >out 2>err && ! grep capsule err
'

# Two files of which one begins like the other, which has an escape.
test_case 'of the files that were kept, those go that brought it' '
	new_vault && long="only this of all that is said is what nobody else may ever come to know" &&
	talk() {
		printf "[{\"id\":\"%s\",\"conversations\":[{\"from\":\"human\",\"value\":\"%s\"},{\"from\":\"gpt\",\"value\":\"ok\"}]}]\n" "$@"
	} &&
	talk a "$long, gr\\u00fcn" >f.json && talk b "$long" >g.json &&
	vvault import --construct nova --keep-source f.json g.json >/dev/null 2>&1 &&
	it=$(vvault grep --json "grün" | jq -r .entity) &&
	vvault forget --yes --json "$it" >out 2>err && cat out err >&2 &&
	jq -e ".also.files == 1 and .kinds == {\"message\":1,\"source\":1}" out &&
	grep "1 file that was kept" err && vvault ls --json nova source >out &&
	jq -r .state.sha256 out >got && sha256sum g.json | cut -d" " -f1 | cmp got - &&
	vvault verify --full
'

# One in its session, one of several messages with a place of its own.
test_case 'knowledge that was drawn from it goes too, and what was drawn from that' '
	begin && vvault add nova acu:create --entity "acu:x:one/2#0" \
		"{\"content\":\"it is $S\",\"source\":{\"message\":\"message:x:one/2\"}}" >/dev/null &&
	vvault add nova acu:create --entity acu:both \
		"{\"content\":\"$S, in short\",\"parents\":[\"acu:x:one/2#0\",\"acu:x:one/1#0\"]}" >/dev/null &&
	vvault add nova acu:create --entity "acu:x:one/1#0" \
		"{\"content\":\"roses\",\"source\":{\"message\":\"message:x:one/1\"}}" >/dev/null &&
	vvault forget --yes --json message:x:one/2 >out 2>err && cat out err >&2 &&
	jq -e ".also.drawn == 2 and .kinds == {\"acu\":2,\"message\":2}" out &&
	grep "2 pieces of knowledge that were drawn" err && silent ls --json nova acu &&
	vvault ls --json nova acu | jq -e ".entity == \"acu:x:one/1#0\""
'

# A hundred folders without copies, and one that gets some: by a device that has
# looked before, by one that never has, and without what they remember.
test_case 'what repeats it later, and elsewhere, goes too' '
	two_devices && forget() {
		vvault forget --yes --construct nova "$@" 2>&1 | sed -n "s/^forgotten in nova: //p"
	} && t=2026-01-01T00:00:00.000000Z-0000-00000000 && export VVAULT_DIR="$PWD/a" VVAULT_KEYS="$tap_case/keys-a" &&
	for i in $(seq 300); do
		record message:x:s$i/1 "{\"content\":\"number $i\",\"index\":1,\"role\":\"user\",\"session\":\"session:x:s$i\"}" $t || exit 1
	done >many.jsonl && vvault import --construct nova many.jsonl >out &&
	forget message:x:s1/1 >out && grep -x "1 message" out &&
	vvault add nova message:create --as-is --entity message:x:t/1 \
		"{\"content\":\"number 2\",\"copy_of\":\"message:x:s2/1\",\"index\":1,\"role\":\"user\",\"session\":\"session:x:t\"}" &&
	forget message:x:s2/1 >out && grep -x "2 messages" out && forget message:x:s3/1 >out && grep -x "1 message" out &&
	vvault push && as b vvault -C b pull && vvault member role "$(as b did)" owner --yes && vvault push && as b vvault -C b pull &&
	as b vvault -C b add nova message:create --as-is --entity message:x:t/2 \
		"{\"content\":\"number 4\",\"copy_of\":\"message:x:s4/1\",\"index\":1,\"role\":\"user\",\"session\":\"session:x:t\"}" &&
	as b vvault -C b push && vvault pull && forget message:x:s4/1 >out && grep -x "2 messages" out &&
	vvault add nova message:create --as-is --entity message:x:t/3 \
		"{\"content\":\"number 5\",\"copy_of\":\"message:x:s5/1\",\"index\":1,\"role\":\"user\",\"session\":\"session:x:t\"}" &&
	rm a/vvault/cache/* && forget message:x:s5/1 >out && grep -x "2 messages" out
'

test_case 'another construct that has it too is named' '
	begin && vvault construct split --session session:x:two --into luna nova >/dev/null 2>&1 &&
	vvault forget --yes message:x:one/2 >out 2>err && cat err >&2 &&
	grep "still shown by .luna.;" err && vvault grep $S | grep luna &&
	vvault forget --yes --construct luna message:x:two/2 >out 2>err &&
	grep "nothing shows it" err && silent grep $S
'

test_case 'no hand changes what says that something was forgotten' '
	begin && vvault forget --yes memory:keep >/dev/null 2>&1 && said=$(vvault forget --list --json | jq -r .entity) &&
	for words in "rm $said" "tag $said green" "edit --content x $said" "forget --yes $said"; do
		expect_exit 128 vvault $words 2>err && cat err && grep "says what was forgotten" err || return
	done && test "$(vvault forget --list --json | jq -r .entity)" = "$said"
'

test_case 'of many things, too' '
	begin && { printf "{\"\$vvault\":\"jsonl-1\",\"construct\":\"nova\"}\n" && for i in $(seq 400); do
		record "memory:m$i" "{\"content\":\"$S and $i\"}" 2026-01-01T00:00:00.000000Z-0000-00000000
	done; } >many.jsonl && vvault import many.jsonl >/dev/null &&
	{ sed "1s/nova/luna/;1q" many.jsonl && grep "\"memory:m399\"" many.jsonl; } >one.jsonl &&
	vvault import one.jsonl >/dev/null && vvault forget --yes --construct nova --match "$S" >out 2>err && cat out err >&2 &&
	grep "still shown by .luna." err && vvault forget --yes --construct luna --match "$S" >out 2>err &&
	grep "nothing shows it" err && silent grep $S
'

test_case 'where a word of several goes, and what still shows it, is said' '
	begin && id=$(vvault add nova memory:update --entity memory:keep "{\"content\":\"$S\"}") &&
	vvault add nova memory:update --entity memory:keep "{\"content\":\"lilies\"}" >/dev/null &&
	vvault forget --yes --json "$id" >out 2>err && cat out err >&2 &&
	jq -e ".named[0].what == \"1 of 3 records of memory \u0027lilies\u0027\" and
		.disputed == 1 and .kinds == {\"memory\":1} and .records == 1" out &&
	grep "conflicts. has it then" err && vvault conflicts | grep tulips &&
	grep "nothing shows it" err && vvault remember nova "once $S" >/dev/null 2>&1 &&
	vvault forget --yes --json --match "once $S" >out 2>err && cat err >&2 &&
	jq -e ".subjects == 1 and .disputed == 0" out && vvault log nova | grep $S &&
	grep "still shown by .vvault log. (how some of it begins);" err
'

test_case 'a session goes with what is in it, a record alone, and again is no' '
	begin && id=$(vvault add nova memory:update --entity memory:keep \
		"{\"content\":\"$S\"}") &&
	vvault forget --yes $id >out && vvault show memory:keep | grep tulips &&
	vvault forget --yes --json session:x:one >out &&
	jq -e ".kinds == {\"message\":4,\"session\":1} and .records == 5" out &&
	expect_exit 128 vvault forget --yes session:x:one 2>err &&
	vvault ls --json nova | jq -r .entity | sort >got &&
	printf "%s\n" memory:keep session:x:two | cmp got - &&
	expect_exit 1 vvault undo --yes >out 2>err && cat out err >&2 &&
	grep "gone for good" out err &&
	vvault verify --full
'

test_case 'a source goes with all that it brought' '
	begin && vvault add nova memory:create --entity memory:own \
		"{\"content\":\"mine\"}" >/dev/null &&
	vvault forget --yes --source f.jsonl >out && cat out >&2 &&
	vvault ls --json nova | jq -r .entity >got && echo memory:own | cmp got - &&
	expect_exit 128 vvault forget --yes --source f.jsonl 2>err &&
	vvault verify --full
'

test_case 'the list says how much, when, by whom and where, and not what' '
	begin && vvault forget --list >out && test ! -s out &&
	git init -q --bare r.git && vvault remote add origin "$PWD/r.git" >/dev/null &&
	vvault push >/dev/null 2>&1 && vvault forget --yes --match $S >/dev/null 2>&1 &&
	vvault forget --list --json >out && ! grep $S out &&
	keys_are "construct devices did entity kinds name records remotes time version" <out &&
	jq -e ".records == 2 and .remotes == [{\"name\":\"origin\",\"told\":false}] and
		.devices[0].told" out &&
	vvault forget --list >out && grep "remotes that were not told: origin" out &&
	vvault add --new other memory:create "{\"content\":\"x\"}" >/dev/null &&
	vvault forget --list --construct nova | cmp - out &&
	vvault forget --list --construct other >none && test ! -s none &&
	expect_exit 128 vvault forget --list --construct neither 2>err &&
	vvault push >/dev/null 2>&1 && vvault forget --list >out &&
	grep "in the history of remotes: origin" out
'

test_case 'only owners may, and a writer cannot say it in any other way' '
	begin --plain --name alice && git init -q --bare r.git &&
	vvault remote add origin "$PWD/r.git" >/dev/null &&
	id=$(vvault show --json memory:keep | jq -r ".records[0]") &&
	vvault push >/dev/null 2>&1 &&
	VVAULT_DIR= as bob vvault clone r.git b >/dev/null 2>&1 &&
	bob=$(VVAULT_DIR=b as bob did) && vvault member add "$bob" >/dev/null &&
	vvault push >/dev/null 2>&1 && cd b && export VVAULT_DIR="$PWD" &&
	as bob vvault pull >/dev/null 2>&1 &&
	expect_exit 128 as bob vvault forget --yes memory:keep 2>err &&
	grep "only an owner" err &&
	expect_exit 128 as bob vvault add nova forget:create "{\"records\":[\"$id\"]}" 2>err &&
	{ printf "{\"\$vvault\":\"jsonl-1\",\"construct\":\"nova\"}\n" &&
	  printf "{\"at\":\"2026-01-01T00:00:00.000000Z-0000-00000000\",\"data\":{\"records\":[\"%s\"]},\"entity\":\"forget:aaaaaaaaaaaaaaaaaaaaaaaaaa\",\"prev\":[],\"type\":\"forget:create\"}\n" $id; } >w.jsonl &&
	expect_exit 3 as bob vvault import w.jsonl >out && grep "cannot be imported" out &&
	as bob vvault show memory:keep | grep tulips
'

# Two devices of one owner each, of which one was away.
two_owners() {
	begin --plain --name alice && git init -q --bare r.git &&
	vvault remote add origin "$PWD/r.git" >/dev/null && vvault push >/dev/null 2>&1 &&
	VVAULT_DIR= as bob vvault clone r.git b >/dev/null 2>&1 &&
	bob=$(VVAULT_DIR=b as bob did) &&
	vvault member add --role owner "$bob" >/dev/null &&
	vvault push >/dev/null 2>&1 && as bob vvault -C b pull >/dev/null 2>&1
}

# Bob knows nothing of it: he writes, cuts anew what it stands in, and draws
# something from it, which is his own word and stays until it is named.
test_case 'what another wrote before he heard of it brings nothing back' '
	two_owners && vvault forget --yes --match $S >/dev/null 2>&1 &&
	as bob vvault -C b add nova memory:create "{\"content\":\"crocus\"}" >/dev/null &&
	as bob vvault -C b gc >/dev/null 2>&1 &&
	as bob vvault -C b add nova acu:create --entity "acu:x:one/2#0" \
		"{\"content\":\"late\",\"source\":{\"message\":\"message:x:one/2\"}}" >/dev/null &&
	as bob vvault -C b push >/dev/null 2>&1 && vvault pull >out 2>&1 &&
	silent grep $S && vvault grep crocus &&
	vvault ls --json nova acu | jq -e ".state.content == \"late\"" &&
	vvault forget --yes "acu:x:one/2#0" >/dev/null 2>&1 &&
	test -z "$(vvault ls nova acu)" && vvault push >/dev/null 2>&1 &&
	as bob vvault -C b grep $S >out && as bob vvault -C b pull >out 2>&1 &&
	expect_exit 1 as bob vvault -C b grep $S >out && test ! -s out &&
	vvault gc >/dev/null 2>&1 && vvault verify --full && silent grep $S &&
	as bob vvault -C b verify --full &&
	vvault verify --full --json | jq -S .sets >one &&
	vvault push >/dev/null 2>&1 && as bob vvault -C b pull >/dev/null 2>&1 &&
	as bob vvault -C b verify --full --json | jq -S .sets | cmp one -
'

done_testing
