# Helpers of the tests of proofs, read after lib.sh.

second="$VV_TOP/tests/proof/second.py"
export second

# bare <command>...: on a machine that has nothing of any vault.
bare() {
	mkdir -p bare && env -u VVAULT_DIR HOME="$PWD/bare" \
		VVAULT_KEYS="$PWD/bare/keys" "$@" && test -z "$(ls -A bare)"
}

# both_hold <proof> <record>: and say the same of it.
both_hold() {
	bare vvault check-proof --json "$1" >out && jq -e .holds out >/dev/null &&
	test "$(jq -r .record out)" = "$2" &&
	python3 "$second" "$1" >again &&
	test "$(cat again)" = "$(jq -r '"holds \(.record) \(.device) \(.time |
		fromdateiso8601)"' out)"
}

# refused <proof> [<words>]: by the program; all_refused: by the other, too.
refused() {
	expect_exit 1 vvault check-proof --json "$1" >out &&
	jq -r .message out | grep "${2:-.}" && mkdir -p edits &&
	cp "$1" "edits/$(ls edits | wc -l)"
}

all_refused() {
	python3 "$second" edits/* >out && test "$(wc -l <out)" -eq "$1" &&
	! grep -v "^refused" out
}

# edit <filter>: the proof, changed so, in its form.
edit() {
	jq -cS "$1" proof >edited
}
