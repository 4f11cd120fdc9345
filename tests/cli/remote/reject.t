#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../servers.sh"
. "$(dirname "$0")/../../tamper.sh"

prepare

memories() {
	test "$(as b vvault -C b show nova --json | jq .counts.memory)" -eq "$1"
}

test_case 'a version that is rejected goes, what was before stays' '
	begin && as b vvault -C b pull && memories 3 &&
	as b vvault -C b reject "nova/$A" >out && grep "^rejected  $next" out &&
	memories 2 && ! git -C b for-each-ref --points-at "$next" refs/heads |
		grep . && as b vvault -C b verify --full && quarantined 1 &&
	says -s ".[0].state == \"rejected\"" \
		as b vvault -C b quarantine list --json
'

test_case 'what it stands on stays, also what no ref stood at before' '
	begin && as a vvault -C a add nova memory:create "{\"content\":\"4\"}" &&
	as a vvault -C a push && as b vvault -C b pull && memories 4 &&
	as b vvault -C b reject "nova/$A" && memories 3 &&
	test "$(git -C b rev-parse "refs/heads/$nova/$A")" = "$next" &&
	as b vvault -C b verify --full
'

test_case 'what was rejected does not hide that its ref is lost' '
	begin && as a vvault -C a add nova memory:create "{\"content\":\"4\"}" &&
	as a vvault -C a push && as b vvault -C b pull &&
	as b vvault -C b reject "nova/$A" && as b vvault -C b verify &&
	git -C b update-ref -d "refs/heads/$nova/$A" &&
	expect_exit 1 as b vvault -C b verify >out && grep "lost-ref" out &&
	as b vvault -C b verify --repair >out && memories 3 &&
	as b vvault -C b verify
'

test_case 'fetch does not bring it back, nor what stands on it' '
	begin && as b vvault -C b pull && as b vvault -C b reject "$next" &&
	expect_exit 1 as b vvault -C b pull >out 2>err &&
	grep "^vvault: rejected: $next" err && grep "^held " out && memories 2 &&
	as a vvault -C a add nova memory:create "{\"content\":\"4\"}" &&
	as a vvault -C a push && expect_exit 1 as b vvault -C b pull >out 2>err &&
	memories 2 && as b vvault -C b add nova memory:create \
		"{\"content\":\"b\"}" && memories 3 &&
	! git -C b rev-list "refs/heads/$nova/$B" | grep "$next" &&
	as b vvault -C b verify --full
'

test_case 'the word can be taken back' '
	begin && as b vvault -C b pull && as b vvault -C b reject "$next" &&
	says ".rejected == false" as b vvault -C b reject --undo --json "$next" &&
	as b vvault -C b pull && memories 3 &&
	expect_exit 128 as b vvault -C b reject --undo "$next" 2>err &&
	grep "not rejected" err
'

test_case 'what this device has built on cannot be rejected' '
	begin && as b vvault -C b pull && as b vvault -C b add nova \
		memory:create "{\"content\":\"b\"}" && refs_of b >now &&
	expect_exit 128 as b vvault -C b reject --json "$next" 2>err &&
	error_is denied && refs_of b | cmp - now && memories 4
'

test_case 'a union is several versions' '
	begin && as b vvault -C b pull && as w vvault -C w add nova \
		memory:create "{\"content\":\"w\"}" && as w vvault -C w push &&
	as b vvault -C b pull && expect_exit 128 as b vvault -C b reject nova \
		2>err && grep "several" err
'

done_testing
