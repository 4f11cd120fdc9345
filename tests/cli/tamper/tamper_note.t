#!/bin/sh
# Notes of versions: each is sealed for its own.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

forge() {
	"$VV_BUILD/tests/tools/forge" "$@"
}

# forge_head <sed script>...: b writes, and its head is signed anew with another
# text and put into r. Sets ref and forged.
forge_head() {
	as b vvault -C b add nova memory:create "{\"content\":\"x\"}" >/dev/null
	as b vvault -C b push >/dev/null
	ref=$(git -C b for-each-ref --contains "$(as b vvault -C b log -n 1 --json nova |
		jq -r .version)" --format="%(refname)" refs/heads)
	git -C r cat-file commit "$ref" >commit
	sed -e "/^gpgsig /,/END SSH/d" "$@" commit >payload
	forged=$(forge sign "$tap_case/keys-b" r <payload)
	git -C r update-ref "$ref" "$forged"
	git -C a for-each-ref refs/heads >before
}

test_case 'a note that does not open is refused' '
	two_devices
	forge_head -e "s/^\(Vvault-Note: .\{100\}\)..../\1AAAA/"
	expect_exit 1 as a vvault -C a pull >out 2>err
	grep bad-note err
	git -C a for-each-ref refs/heads | cmp before -
	as a vvault -C a construct list --json | jq -e ".construct == \"nova\""
'

test_case 'the note of another version is refused' '
	two_devices
	as b vvault -C b add nova memory:create "{\"content\":\"w\"}" >/dev/null
	note=$(git -C b cat-file commit "$(as b vvault -C b log -n 1 --json nova |
		jq -r .version)" | grep "^Vvault-Note: ")
	forge_head -e "s|^Vvault-Note: .*|$note|"
	expect_exit 1 as a vvault -C a pull >out 2>err
	grep bad-note err
	git -C a for-each-ref refs/heads | cmp before -
'

test_case 'a version without a note is refused in an encrypted vault' '
	two_devices
	forge_head -e "/^Vvault-Note: /d" \
		-e "s/^A version of .*/in plain words/"
	expect_exit 1 as a vvault -C a pull >out 2>err
	grep no-note err
	git -C a for-each-ref refs/heads | cmp before -
'

done_testing
