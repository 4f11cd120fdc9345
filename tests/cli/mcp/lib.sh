# Helpers of the tests of `vvault mcp`, read after tap.sh and lib.sh.

# begin [<version>]: the first message of a client before 2026-07-28.
begin() {
	printf '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"%s","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}\n' \
		"${1:-2025-06-18}"
}

# ask <method> [<params>] [<id>]: a request.
ask() {
	printf '{"jsonrpc":"2.0","id":%s,"method":"%s","params":%s}\n' \
		"${3:-1}" "$1" "${2:-{\}}"
}

# meta [<version>]: what each request since 2026-07-28 has.
meta() {
	printf '"_meta":{"io.modelcontextprotocol/protocolVersion":"%s","io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}' \
		"${1:-2026-07-28}"
}

# served [<option>...]: what is asked on standard input is answered in the file
# out, a line each.
served() {
	expect_exit 0 vvault mcp "$@" >out 2>err
}

# tool <name> <arguments> [<option>...]: one call; its result in the file out.
tool() {
	call_name=$1 call_arguments=$2 && shift 2 &&
	{ begin && ask tools/call "{\"name\":\"$call_name\",\"arguments\":$call_arguments}"; } |
		vvault mcp "$@" >all 2>err &&
	sed -n "2s/^{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":\(.*\)}$/\1/p" all >out && test -s out
}

# gives '<jq>': that holds for the structured result in out.
gives() {
	jq -e ".isError != true and (.structuredContent | $1)" <out >/dev/null || {
		cat out >&2
		return 1
	}
}

# refuses <pattern>: the call was not done, for a reason that matches.
refuses() {
	jq -r 'select(.isError) | .content[0].text' <out >why && grep -qE "$1" why || {
		cat out >&2
		return 1
	}
}

# a_talk: a construct `nova` with a conversation and memories, and `luna`.
a_talk() {
	once make_talk && export VVAULT_DIR="$PWD/v"
}

make_talk() {
	new_vault && vvault add --new nova session:create --entity session:t:1 \
		"{\"title\":\"About spring\",\"provider\":\"t\"}" >/dev/null &&
	say a user 0 "When does spring begin in the harbour?" &&
	say b assistant 1 "In March." ",\"parent\":\"message:t:1/a\"" &&
	say c user 2 "Then the boats go out." ",\"parent\":\"message:t:1/b\"" &&
	vvault remember nova "the harbour opens at nine" >/dev/null 2>&1 &&
	vvault remember --new luna "a secret of the harbour: quokka" >/dev/null 2>&1
}

# say <name> <role> <index> <text> [<members>]: a message of session:t:1.
say() {
	vvault add nova message:create --entity "message:t:1/$1" \
		"{\"session\":\"session:t:1\",\"index\":$3,\"role\":\"$2\",\"visibility\":\"visible\",\"created\":\"2026-01-0$(($3 + 1))T00:00:00Z\",\"content\":\"$4\"$5}" >/dev/null
}
