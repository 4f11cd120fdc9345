#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

capsules=$VV_TOP/tests/data/capsules
export capsules

# secrets_in <folder>: what no plain vault may hold, in any object.
secrets_in() {
	{
		git -C "$1" cat-file --batch-all-objects --batch
		find "$1" -type f -exec cat {} +
	} | grep -a -e sekret-token -e lighthouse-host -e proc-lantern \
		-e 02:00:5e:10 -e hidden-twice -e 203.0.113.7
}

# state: what the construct mira is, without its history.
state() {
	vvault show --json mira | jq -cS "{persona, counts}" &&
	vvault ls --json mira | jq -cS . | sort
}

test_case 'a capsule becomes records of its construct' '
	new_vault && vvault import --json "$capsules/mira_v1.capsule" >out 2>err &&
	test ! -s err && keys_are "construct records sources version" <out &&
	jq -e ".construct == \"mira\" and .records == {new: 8, known: 0} and
		(.sources | length) == 1 and .sources[0].format == \"capsule\" and
		.sources[0].read == 8 and .sources[0].imported == 8 and
		.sources[0].skipped == [] and
		.sources[0].fingerprint == \"verified-forge\" and
		.sources[0].redacted == false" out &&
	test "$(jq -r .version out)" = "$(version_of mira)" &&
	vvault show --json mira | jq -e ".persona.traits.creativity == 0.6 and
		.persona.personality.personality_type == \"INFP\" and
		.counts == {capsule: 1, construct: 1, memory: 6}"
'

test_case 'a person reads what happened' '
	new_vault && vvault import "$capsules/mira_v1.capsule" >out &&
	grep -xE "mira  [0-9a-f]{10}  8 new, 0 known" out &&
	grep -F "mira_v1.capsule: capsule, 8 records, fingerprint verified-forge" out &&
	grep -F "note: the bootstrapScript is kept as text and never run" out
'

test_case 'the same file again makes no version' '
	new_vault && vvault import "$capsules/mira_v1.capsule" >/dev/null &&
	before=$(version_of mira) &&
	vvault import --json "$capsules/mira_v1.capsule" >out &&
	jq -e ".version == null and .records == {new: 0, known: 8}" out &&
	test "$(version_of mira)" = "$before"
'

test_case 'capsules in any order give the same fold' '
	new_vault && for n in 1 2 3; do
		vvault import "$capsules/mira_v$n.capsule" >/dev/null || exit 1
	done && state >one &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" &&
	vvault import "$capsules/mira_v3.capsule" >/dev/null &&
	vvault import "$capsules/mira_v1.capsule" "$capsules/mira_v2.capsule" >/dev/null &&
	state >two && cmp one two &&
	vvault show --json mira | jq -e ".persona.traits.wit == 0.4 and
		(.persona.traits | has(\"patience\") | not) and
		.counts.memory == 5"
'

test_case 'several capsules of a construct are one version' '
	new_vault && vvault import --json "$capsules/mira_v1.capsule" \
		"$capsules/core.capsule" "$capsules/mira_v2.capsule" >out &&
	test "$(wc -l <out)" -eq 2 &&
	jq -se ".[0].construct == \"mira\" and (.[0].sources | length) == 2 and
		.[1].construct == \"core-kim\"" out &&
	test "$(vvault log --json mira | wc -l)" -eq 1 &&
	vvault log --json mira | jq -e ".subject == \"import: 2 capsules\""
'

test_case 'two plain vaults hold the same records' '
	new_vault --plain && vvault import "$capsules/odd.capsule" >/dev/null &&
	vvault init --plain w >/dev/null &&
	vvault -C w import "$capsules/odd.capsule" >/dev/null &&
	test "$(vvault verify --full --json | jq -r .sets.odette)" = \
		"$(vvault -C w verify --full --json | jq -r .sets.odette)"
'

test_case 'a changed capsule is refused, unless it is accepted' '
	new_vault && expect_exit 1 vvault import --json "$capsules/mira_changed.capsule" >out &&
	jq -e ".version == null and .construct == \"mira\" and
		.sources[0].imported == 0 and .sources[0].refused and
		.sources[0].fingerprint == \"mismatch\" and
		.sources[0].skipped[0].at == \"/metadata/fingerprint_hash\"" out &&
	test -z "$(vvault construct list --json | jq -r .construct | grep mira)" &&
	vvault import --accept-mismatch "$capsules/mira_changed.capsule" >out &&
	grep -F "fingerprint mismatch" out &&
	vvault ls --json mira capsule |
		jq -e ".state.fingerprint.check == \"mismatch\""
'

test_case 'each fingerprint is named' '
	new_vault && vvault import --json "$capsules/core.capsule" \
		"$capsules/js.capsule" "$capsules/chatty.capsule" \
		"$capsules/memup21.capsule" "$capsules/memup20.capsule" >out &&
	test "$(jq -r ".sources[].fingerprint" out | sort | tr "\n" " ")" = \
		"absent unverifiable-js unverifiable-js verified-core verified-memup "
'

test_case 'a bad file does not stop the others' '
	new_vault && : >empty && echo "just words" >words &&
	echo "{\"a\":1,\"b\":2}" >strange.json &&
	expect_exit 3 vvault import --json empty "$capsules/mira_v1.capsule" \
		words "$capsules/torn.capsule" strange.json >out &&
	jq -se "map(select(.construct == \"mira\"))[0].records.new == 8" out &&
	jq -se "map(select(.construct == null))[0].sources | length == 4" out &&
	jq -r "select(.construct == null).sources[] | .path + \": \" +
		.skipped[0].reason" out >reasons &&
	grep -F "empty: this is an empty file" reasons &&
	grep -F "words: this is plain text" reasons &&
	grep -F "members a, b" reasons &&
	grep -E "torn.capsule: this capsule cannot be read: .*byte 900" reasons
'

test_case 'what is not there is told before anything is imported' '
	new_vault
	expect_exit 128 vvault import "$capsules/core.capsule" nowhere >out 2>err
	test ! -s out && test -z "$(vvault construct list)"
	test "$(tr -d "\047" <err)" = "vvault: nowhere: there is no such file or folder; nothing was imported"
'

test_case 'an empty folder is no silence' '
	new_vault && mkdir d && expect_exit 1 vvault import d >out 2>err
	test ! -s out && grep -Fx "vvault: nothing to import was found: no files are there" err
	echo hello >d/readme && expect_exit 1 vvault import d >out 2>err
	grep -Fx "vvault: nothing to import was found" err
	grep -F "d/readme" out
'

test_case 'what was not imported is told by reason, without a list of formats, and in all' '
	new_vault && mkdir d && cp "$capsules/core.capsule" "$capsules/mira_v1.capsule" d
	for i in 1 2 3 4 5; do echo "words $i" >d/note$i; done && : >d/none
	vvault import d >out && cat out
	sed -n "/^not imported/,\$p" out >told
	{ echo "not imported"
	echo "  d/none: unknown"
	echo "    left out: this is an empty file, which is not known here"
	echo "  5 files: this is plain text, which is not known here"
	echo "    d/note1, d/note2, d/note3 and 2 more"; } >want
	head -n 5 told | cmp - want
	! grep "^known formats" told || exit 1
	test "$(tail -n 1 told)" = "in all: 11 new records, 0 known, in 2 constructs; 6 files not imported"
'

test_case 'of many sources some are named, the rest counted' '
	new_vault && mkdir d && for i in $(seq 12); do
		printf "%s\n" "{\"\$vvault\":\"jsonl-1\",\"construct\":\"c\"}" "{\"at\":\"2024-01-01T00:00:00.000000Z-0000-00000000\",\"data\":{\"content\":\"$i\"},\"entity\":\"memory:m$i\",\"prev\":[],\"type\":\"memory:create\"}" >d/$(printf %02d $i).jsonl
	done
	vvault import d >out && cat out && test "$(wc -l <out)" -eq 13
	grep -xE "c  [0-9a-f]{10}  12 new, 0 known" out
	grep -Fx "  d/10.jsonl: jsonl, 1 record" out
	grep -Fx "  and 2 more files: 2 records" out
	grep -Fx "in all: 12 new records, 0 known, in 1 construct" out
'

test_case 'a format that would read what is not known is named' '
	new_vault && echo "user: hello" >talk.log
	expect_exit 3 vvault import --json talk.log >out
	suggested=$(jq -r ".sources[0].suggested" out) && test "$suggested" = chatty
	expect_exit 3 vvault import talk.log | grep -F "talk.log: " | grep -F -e "--format chatty"
	vvault import --format chatty talk.log | grep -E " [1-9][0-9]* new"
'

test_case 'two imports at once count what each has brought' '
	for i in $(seq 300); do
		printf "{\"at\":\"2024-01-01T00:00:00.000000Z-0000-00000000\",\"data\":{\"content\":\"%d\"},\"entity\":\"memory:m%d\",\"prev\":[],\"type\":\"memory:create\"}\n" $i $i
	done >all && head -n 200 all >one && tail -n 200 all >two
	for n in 1 2 3; do
		rm -rf v && new_vault && k=0
		for f in one two two; do
			k=$((k + 1))
			vvault import --json --construct c $f >$k.of.$n &
		done
		wait
		cat ./*.of.$n | jq -se "(map(.records.new) | add) == 300 and
			(map(.records.known) | add) == 300 and
			all((.version == null) == (.records.new == 0))"
		vvault construct list --json | jq -e ".records == 300"
	done
'

test_case 'a folder is walked, strangers in it are left out' '
	new_vault && mkdir -p d/e && cp "$capsules/mira_v1.capsule" d/e/x &&
	cp "$capsules/core.capsule" d/y && echo hello >d/readme &&
	ln -s "$capsules/js.capsule" d/link && mkfifo d/pipe &&
	vvault import --json d >out &&
	test "$(jq -r "select(.construct != null).construct" out | tr "\n" " ")" = \
		"mira core-kim " &&
	jq -r "select(.construct == null).sources[].path" out | grep -x d/readme &&
	mkdir f && cp d/readme f && expect_exit 1 vvault import f >out
'

test_case 'a capsule comes on standard input, or through a pipe' '
	new_vault && vvault import - <"$capsules/core.capsule" >out &&
	grep -F "core-kim" out &&
	cat "$capsules/js.capsule" | vvault import --json - | jq -e ".construct == \"jay\"" &&
	mkfifo p && { cat "$capsules/chatty.capsule" >p & } &&
	vvault import p >out && grep -F "chat-ada" out
'

test_case 'a pipe is waited for until somebody writes into it' '
	new_vault && mkfifo p &&
	{ sleep 1 && cat "$capsules/chatty.capsule" >p & } &&
	vvault import p >out && grep -F "chat-ada" out
'

test_case 'a folder of three files is one undertone' '
	new_vault && vvault import --json "$capsules/undertone" >out &&
	jq -e ".construct == \"umbra-001\" and .records.new == 2 and
		.sources[0].dialect == \"undertone\"" out &&
	vvault ls --json umbra-001 capsule >state &&
	jq -e ".state.native.scoring_weights.top_k == 5 and
		(.state.source | keys) == [\"capsule.json\",
		\"memory_sources.json\", \"scoring_weights.json\"] and
		.state.persona.integration_prompt == \"hum quietly\"" state
'

test_case 'a name never becomes a path; --construct beats it' '
	new_vault && vvault import --json "$capsules/slip.capsule" >out &&
	jq -e ".construct == \"etc-passwd\"" out && test ! -e Etc && test ! -e ../Etc &&
	vvault import --json --construct my-own "$capsules/slip.capsule" >out &&
	jq -e ".construct == \"my-own\"" out &&
	vvault show --json my-own | jq -e ".construct == \"my-own\"" &&
	expect_exit 129 vvault import --construct vault "$capsules/slip.capsule" 2>err &&
	expect_exit 129 vvault import --construct ../x "$capsules/slip.capsule" 2>err &&
	expect_exit 129 vvault import --format nope "$capsules/slip.capsule" 2>err &&
	expect_exit 129 vvault import 2>err
'

test_case 'a plain vault holds nothing of the machine' '
	new_vault --plain && vvault import "$capsules/mira_v1.capsule" \
		"$capsules/odd.capsule" "$capsules/twice.capsule" \
		"$capsules/undertone" >out &&
	grep -F "was emptied before storing" out &&
	expect_exit 1 secrets_in v >found &&
	vvault export mira --format capsule 2>err |
		jq -e ".environment == {} and .traits.creativity == 0.6" &&
	grep -F "emptied" err
'

test_case '--no-redact keeps the exact bytes beside the emptied ones' '
	new_vault --plain && vvault import "$capsules/mira_v1.capsule" >/dev/null &&
	vvault import --json --no-redact "$capsules/mira_v1.capsule" >out &&
	jq -e ".records == {new: 1, known: 7} and
		(.sources[0].notes | map(select(test(\"for all to read\"))) | length) == 1" out &&
	vvault export mira --format capsule >got 2>err && test ! -s err &&
	cmp got "$capsules/mira_v1.capsule" &&
	secrets_in v >found &&
	vvault ls --json mira | expect_exit 1 grep -e sekret -e lighthouse
'

test_case 'an encrypted vault keeps them sealed; --redact empties them' '
	new_vault && vvault import "$capsules/mira_v1.capsule" >/dev/null &&
	vvault export mira --format capsule | cmp - "$capsules/mira_v1.capsule" &&
	expect_exit 1 secrets_in v >found &&
	vvault ls --json mira | expect_exit 1 grep -e sekret -e lighthouse &&
	vvault init w >/dev/null &&
	vvault -C w import --json --redact "$capsules/mira_v1.capsule" |
		jq -e ".sources[0].redacted" &&
	vvault -C w export mira --format capsule 2>/dev/null |
		jq -e ".environment == {}"
'

test_case 'a large capsule comes back whole' '
	new_vault && perl -e "print \"{\\\"metadata\\\":{\\\"instance_name\\\":\\\"Big\\\",\\\"uuid\\\":\\\"u1\\\"},\\\"memory\\\":{\\\"long_term_memories\\\":[\",
		join(\",\", map { \"\\\"memory number \$_\\\"\" } 1 .. 9000),
		\",\\\"\", \"x\" x 400000, \"\\\"]}}\"" >big.capsule &&
	vvault import --json big.capsule >out && jq -e ".records.new == 9003" out &&
	vvault export big --format capsule | cmp - big.capsule &&
	vvault show --json big | jq -e ".counts.memory == 9001" &&
	vvault import --json big.capsule | jq -e ".version == null"
'

test_case 'our own lines come in; a broken one leaves nothing' '
	new_vault && vvault import "$capsules/mira_v1.capsule" >/dev/null &&
	vvault export mira --format jsonl >lines &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" &&
	{ cat lines; echo "{\"at\":\"never\"}"; } >broken &&
	expect_exit 3 vvault import --json broken >out &&
	jq -e ".version == null and .sources[0].imported == 0 and
		.sources[0].skipped[0].at == \"line $(wc -l <broken)\"" out &&
	test -z "$(vvault construct list --json)" &&
	head -c 2500 lines >torn && expect_exit 3 vvault import torn >out &&
	vvault import --json lines | jq -e ".records == {new: 8, known: 0}" &&
	vvault import --json - <lines | jq -e ".version == null"
'

test_case 'lines without a header need --construct' '
	new_vault && vvault import "$capsules/core.capsule" >/dev/null &&
	vvault export core-kim --format jsonl | sed 1d | grep -v capsule: >lines &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" &&
	expect_exit 1 vvault import lines >out && grep -F -e "--construct" out &&
	vvault import --json --construct kim lines | jq -e ".construct == \"kim\"" &&
	printf "%s\n" "{\"\$vvault\":\"jsonl-9\",\"construct\":\"x\"}" >newer &&
	expect_exit 3 vvault import newer >out && grep -F "newer than this" out
'

test_case 'a record without its blob, or of a reserved kind, is refused' '
	new_vault && vvault import "$capsules/core.capsule" >/dev/null &&
	vvault export core-kim --format jsonl >lines &&
	grep -v "^{\"\$blob" lines >bare && grep "^{\"\$blob" lines >blob &&
	vvault init w >/dev/null && export VVAULT_DIR="$PWD/w" &&
	expect_exit 3 vvault import bare >out && grep -F "refers to the blob" out &&
	sed "s/\"bytes\":\"..../\"bytes\":\"AAAA/" lines >other &&
	expect_exit 3 vvault import other >out && grep -F "not those of its name" out &&
	printf "%s\n" "{\"at\":\"0000-00-00T00:00:00.000000Z-0000-00000000\",\"data\":{},\"entity\":\"member:x\",\"prev\":[],\"type\":\"member:add\"}" >member &&
	expect_exit 3 vvault import --construct x member >out &&
	grep -F "cannot be imported" out
'

test_case 'an export of sealed capsules is emptied on its way to a plain vault' '
	new_vault && vvault import "$capsules/mira_v1.capsule" \
		"$capsules/mira_v2.capsule" >/dev/null &&
	vvault import --construct mira "$capsules/undertone" >/dev/null &&
	vvault export mira --format jsonl >lines &&
	vvault init --plain w >/dev/null && vvault -C w import lines >out &&
	grep -F "emptied before storing" out && expect_exit 1 secrets_in w >found &&
	vvault -C w import --json --construct mira "$capsules/mira_v1.capsule" \
		"$capsules/mira_v2.capsule" "$capsules/undertone" |
		jq -e ".version == null" &&
	vvault -C w import --json lines | jq -e ".version == null"
'

test_case 'what ../shared has, all of it' '
	need_shared && new_vault &&
	expect_exit 3 vvault import --json "$VV_SHARED/data/vvault" >out &&
	jq -se "map(.sources[]) | map(select(.fingerprint == \"mismatch\")) |
		length == 2" out &&
	vvault export nova --format capsule |
		cmp - "$VV_SHARED/data/vvault/history/Nova_v3.capsule" &&
	vvault verify
'

test_case 'the record of a file itself is counted, and told apart; one is one' '
	new_vault && printf "%s\n" "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}" >one.jsonl &&
	printf "%s\n" "{\"messages\":[{\"role\":\"user\",\"content\":\"y\"}]}" >two.jsonl &&
	vvault import --construct nova one.jsonl >out && n=$(vvault ls nova | wc -l) &&
	grep -Ex "nova  [0-9a-f]{10}  $n new \(1 of the file itself\), 0 known" out &&
	grep -x "  one.jsonl: .*, $((n - 1)) records.*" out &&
	vvault import --construct luna one.jsonl two.jsonl | grep " new (2 of the files themselves), 0 known$"
'

done_testing
