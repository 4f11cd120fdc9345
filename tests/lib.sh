# Helpers of the command tests, read after tap.sh.

# new_vault [<option of init>...]: a vault `v`, and every command uses it.
new_vault() {
	vvault init "$@" v >/dev/null
	export VVAULT_DIR="$PWD/v"
}

# as <device> <command>...: with the keys of another device.
as() (
	export VVAULT_KEYS="$tap_case/keys-$1"
	shift
	"$@"
)

# did: who this device is.
did() {
	vvault key show --json | jq -r .did
}

# version_of <expression>: the id of the one version that it names.
version_of() {
	vvault show --json "$1" | jq -r .version
}

# add <construct> <content>: one memory; prints the id of its record.
add() {
	vvault add "$1" memory:create "{\"content\":\"$2\"}"
}

# entity_of <record>: what it speaks of.
entity_of() {
	vvault cat "$1" | jq -r .entity
}

# keys_are '<names in order>': of the JSON object on standard input.
keys_are() {
	jq -r 'keys_unsorted | join(" ")' >keys.got
	test "$(cat keys.got)" = "$1" || {
		echo "keys are '$(cat keys.got)', not '$1'" >&2
		return 1
	}
}

# is_id <text>: 40 lower-case hex digits.
is_id() {
	printf '%s\n' "$1" | grep -qxE '[0-9a-f]{40}'
}

# error_is <code>: the JSON error in the file err has it and a message.
error_is() {
	jq -e --arg code "$1" '.error.code == $code and
		(.error.message | length > 0) and
		(.error | keys == ["code", "message"])' err >/dev/null || {
		cat err >&2
		return 1
	}
}

# two_devices [<option of init>...]: vaults a and b of devices a and b, the
# bare repository r between them. a has the construct nova; b is a writer.
two_devices() {
	git init -q --bare r
	as a vvault init "$@" a >/dev/null
	as a vvault -C a add --new nova memory:create \
		'{"content":"the first"}' >/dev/null
	as a vvault -C a remote add origin "$PWD/r"
	as a vvault -C a push >/dev/null
	as b vvault clone "$PWD/r" b >/dev/null 2>&1
	as a vvault -C a member add "$(as b did)" >/dev/null
	as a vvault -C a push >/dev/null
	as b vvault -C b pull >/dev/null
}
