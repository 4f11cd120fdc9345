#!/bin/sh
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

# told_is: what is in out, without what differs from run to run, is standard
# input.
told_is() {
	sed -E "s/[0-9]{4}-[0-9-]{5}T[0-9:]{8}(Z|[+-][0-9:]{5})/TIME/; s/[0-9.]+ (kB|MB|bytes)/SIZE/" out |
		cmp - /dev/fd/3 3<&0
}

# short <device>: how its did is written beside a name.
short() {
	as "$1" did | cut -c9-20
}

key_hint="key not backed up: 'vvault key backup <file>'"

test_case 'a new vault' '
	new_vault && vvault status >out && told_is <<-end
	you        $(did | cut -c9-20), owner; $key_hint
	vault      $PWD/v, sealed: $(cat v/vvault/id)
	holds      0 constructs, SIZE; '"'vvault import <file>'"' brings some in
	remote     none: '"'vvault remote add <name> <url>'"' names a place for a copy
	end
'

test_case 'who one is, what there is, and what waits to be pushed' '
	two_devices && as a vvault -C a member rename "$(short a)" laptop >/dev/null &&
	as a vvault -C a add --new wren session:create --as-is "{}" >/dev/null &&
	as a vvault -C a add --new wren message:create --as-is --entity message:p:t/1 \
		"{\"session\":\"session:p:t\",\"content\":\"x\"}" >/dev/null &&
	sleep 1 && as a vvault -C a add nova memory:create --as-is "{\"n\":2}" >/dev/null &&
	git init -q --bare s && as a vvault -C a remote add spare "$PWD/s" &&
	as b vvault -C b add nova memory:create --as-is "{\"n\":3}" >/dev/null &&
	as b vvault -C b push >/dev/null && as a vvault -C a fetch >/dev/null &&
	as a vvault -C a status >out && told_is <<-end &&
	you        laptop ($(short a)), owner; $key_hint
	vault      a, sealed: $(cat a/vvault/id)
	holds      2 constructs, 5 records, SIZE
	           nova              3 memories, TIME
	           wren              1 message in 2 sessions, TIME
	remote     origin: 4 versions to push (wren 2, nova 1, members and keys 1): '"'vvault push origin'"'
	remote     spare: never fetched or pushed, 9 versions to push (nova 4, members and keys 3, wren 2): '"'vvault push spare'"'
	end
	echo secret >phrase && as a vvault key backup --passphrase-file phrase >k &&
	as a vvault -C a status >out && head -n 1 out |
		grep -xE "you        laptop \($(short a)\), owner; key backed up [-0-9]+T[0-9:]+(Z|[+-][0-9:]+)" &&
	says ".device.backup | test(\"^20\")" as a vvault -C a status --json
'

test_case 'a member to be is told what to ask for' '
	two_devices && as c vvault clone "$PWD/r" c >/dev/null 2>&1 &&
	VVAULT_DEVICE_NAME=attic as c vvault -C c status >out && told_is <<-end
	you        $(short c), no member yet; an owner lets you in with this, and a push:
	           vvault member add --name attic $(as c did)
	vault      c, sealed: $(cat a/vvault/id)
	holds      1 construct, SIZE
	sealed     this device holds no key, so that only hashes and signatures are checked
	remote     origin: up to date
	end
'

test_case 'the last import: when, from where, what it brought' '
	new_vault && says ".import == null" vvault status --json &&
	printf "%s\n" "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}" \
		>talk.jsonl && vvault import --construct nova talk.jsonl >/dev/null &&
	says ".import.new > 0 and .import.constructs == [\"nova\"]" \
		vvault status --json && n=$(vvault status --json | jq .import.new) &&
	vvault status >out && grep "^import " out >line && mv line out &&
	told_is <<-end &&
	import     TIME from $PWD/talk.jsonl: $n new records for nova
	end
	vvault import --construct nova - <talk.jsonl >/dev/null &&
	vvault import --dry-run --construct luna talk.jsonl >/dev/null &&
	vvault status >out && grep "^import " out >line && mv line out &&
	told_is <<-end && ! grep -a talk v/vvault/last-import &&
	import     TIME from standard input: nothing new
	end
	printf "\\377\\376what is this" >odd && expect_exit 3 vvault import --construct nova odd >/dev/null 2>&1 &&
	vvault status | grep "^import .*/odd: refused$" && says ".import.refused" vvault status --json &&
	as thief vvault init other >/dev/null &&
	says ".import == null" as thief vvault -C "$PWD/v" status --json
'

test_case 'of many constructs the newest are told' '
	new_vault && for i in 1 2 3 4 5 6 7; do
		vvault add --new c$i memory:create --as-is "{}" >/dev/null || exit 1
	done && sleep 1 && vvault add c2 memory:create --as-is "{\"x\":1}" >/dev/null &&
	vvault status >out && sed -n 3,4p out >head && tail -n 2 out | head -n 1 >>head &&
	mv head out && told_is <<-end
	holds      7 constructs, 8 records, SIZE
	           c2                2 memories, TIME
	           and 2 others: '"'vvault construct list'"'
	end
'

# The root of its tree is a node in which nobody speaks.
rooted_chat() {
	printf "%s" "[{\"id\":\"c1\",\"title\":\"T\",\"create_time\":1.7e9,\"update_time\":1.7e9,\"current_node\":\"b\",\"mapping\":{" \
		"\"r\":{\"id\":\"r\",\"parent\":null,\"children\":[\"a\"]}," \
		"\"a\":{\"id\":\"a\",\"parent\":\"r\",\"children\":[\"b\"],\"message\":{\"id\":\"a\",\"author\":{\"role\":\"user\"},\"create_time\":1.7e9,\"content\":{\"content_type\":\"text\",\"parts\":[\"hello\"]}}}," \
		"\"b\":{\"id\":\"b\",\"parent\":\"a\",\"children\":[],\"message\":{\"id\":\"b\",\"author\":{\"role\":\"assistant\"},\"create_time\":1.7e9,\"content\":{\"content_type\":\"text\",\"parts\":[\"hi\"]}}}}}]"
}

test_case 'messages are counted as stats and session list do' '
	new_vault && rooted_chat >c.json && vvault import --construct nova c.json >/dev/null &&
	test "$(vvault ls nova message | wc -l)" -eq 3 &&
	says ".messages == 2" vvault session list nova --json &&
	says ".newest[0].messages == 2 and .newest[0].sessions == 1" vvault status --json &&
	says ".newest[0].messages == 2" vvault status --json && vvault status | grep -q "2 messages in 1 session" &&
	says "select(.messages) | .messages == 2" vvault stats --json
'

test_case 'the shape of the JSON' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	vvault status --json >out &&
	keys_are "ahead behind bytes conflicts constructs device encrypted forks import newest path quarantined records remotes vault" <out &&
	jq -e --arg id "$(cat v/vvault/id)" --arg did "$(did)" --arg path "$PWD/v" \
		"del(.bytes, .newest[].written) == {ahead: {}, behind: {},
		conflicts: 0, constructs: 1, device: {backup: null,
		device: \$did, name: null, role: \"owner\"}, encrypted: true,
		forks: 0, import: null, newest: [{construct: \"nova\",
		memories: 1, messages: 0, sessions: 0}], path: \$path,
		quarantined: 0, records: 1, remotes: [], vault: \$id}" out
'

test_case 'a remote that has nothing yet' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	git init -q --bare r && vvault remote add origin "$PWD/r" &&
	vvault status --json | jq -e ".ahead == {origin: 2} and
		.behind == {origin: 0}" &&
	vvault status | grep "^remote     origin: never fetched or pushed, 2 versions to push"
'

test_case 'ahead and behind, by what was last seen' '
	two_devices && as a vvault -C a status --json | jq -e \
		".ahead.origin == 0 and .behind.origin == 0" &&
	as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	as a vvault -C a add nova memory:create --as-is "{}" >/dev/null &&
	as a vvault -C a status --json | jq -e \
		".ahead.origin == 2 and .behind.origin == 0" &&
	as a vvault -C a push >/dev/null &&
	as a vvault -C a status --json | jq -e ".ahead.origin == 0" &&
	as b vvault -C b status --json | jq -e ".behind.origin == 0" &&
	as b vvault -C b pull >/dev/null &&
	as b vvault -C b status --json | jq -e \
		".ahead.origin == 0 and .behind.origin == 0"
'

test_case 'a restored copy that goes on writing is a fork' '
	two_devices && cp -R a old &&
	as a vvault -C a add nova memory:create --as-is "{\"n\":1}" >/dev/null &&
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	rm -rf a && mv old a &&
	as a vvault -C a add nova memory:create --as-is "{\"n\":2}" >/dev/null &&
	as a vvault -C a pull >/dev/null 2>&1 &&
	as a vvault -C a add nova memory:create --as-is "{\"n\":3}" >/dev/null &&
	as a vvault -C a ls nova --json | jq -s -e "[.[].state.n] |
		contains([1, 2, 3])" &&
	as a vvault -C a status --json | jq -e ".forks == 1"
'

test_case 'a device that is no member may ask' '
	new_vault && vvault add --new nova memory:create --as-is "{}" >/dev/null &&
	as stranger vvault init other >/dev/null &&
	as stranger vvault -C "$PWD/v" status --json | jq -e ".constructs == 1"
'

test_case 'wrong words are usage errors' '
	new_vault && expect_exit 129 vvault status now 2>err &&
	expect_exit 129 vvault status --nope 2>err
'

done_testing
