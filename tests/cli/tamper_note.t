#!/bin/sh
# A note that its writer made unreadable hides nothing but itself.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../lib.sh"

forge() {
	"$VV_BUILD/tests/tools/forge" "$@"
}

test_case 'a construct is read although the note of its head is not' '
	two_devices
	as b vvault -C b add nova memory:create "{\"content\":\"x\"}" >/dev/null
	as b vvault -C b push >/dev/null
	ref=$(git -C b for-each-ref --contains "$(as b vvault -C b log -n 1 --json nova |
		jq -r .version)" --format="%(refname)" refs/heads)
	git -C r cat-file commit "$ref" >commit
	sed -e "/^gpgsig /,/END SSH/d" \
		-e "s/^\(Vvault-Note: .\{100\}\)..../\1AAAA/" commit >payload
	forged=$(forge sign "$tap_case/keys-b" r <payload)
	git -C r update-ref "$ref" "$forged"
	as a vvault -C a pull >/dev/null
	test "$(git -C a rev-parse "$ref")" = "$forged"
	as a vvault -C a show --json nova | jq -e ".construct == \"nova\""
	as a vvault -C a ls nova memory --json >items
	test "$(wc -l <items)" -eq 2
	as a vvault -C a construct list --json | jq -e ".construct == \"nova\""
'

test_case 'a version without a note is refused in an encrypted vault' '
	two_devices
	as b vvault -C b add nova memory:create "{\"content\":\"x\"}" >/dev/null
	as b vvault -C b push >/dev/null
	ref=$(git -C b for-each-ref --contains "$(as b vvault -C b log -n 1 --json nova |
		jq -r .version)" --format="%(refname)" refs/heads)
	git -C r cat-file commit "$ref" >commit
	sed -e "/^gpgsig /,/END SSH/d" -e "/^Vvault-Note: /d" \
		-e "s/^A version of .*/in plain words/" commit >payload
	git -C r update-ref "$ref" "$(forge sign "$tap_case/keys-b" r <payload)"
	git -C a for-each-ref refs/heads >before
	expect_exit 1 as a vvault -C a pull >out 2>err
	grep no-note err
	git -C a for-each-ref refs/heads | cmp before -
'

done_testing
