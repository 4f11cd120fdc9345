#!/bin/sh
# The official clients of the Model Context Protocol, as npm has them today,
# against `vvault mcp`. No part of `make check`: `make nightly`.
. "$(dirname "$0")/programs.sh"

# served_vault: with a construct that agents may write to; serve starts the
# server in it.
served_vault() {
	new_vault && vvault remember --new nova "the harbour opens at nine" >/dev/null 2>&1 && vvault mcp admit nova &&
	printf '#!/bin/sh\nexport VVAULT_KEYS="%s"\nexec "%s/vvault" -C "%s/v" mcp --write nova\n' \
		"$VVAULT_KEYS" "$VV_BUILD" "$PWD" >serve && chmod +x serve
}

# drives <mode> <package>: each tool, through that client.
drives() {
	modules=$(installed "$2") || skip_case "it cannot be installed"
	served_vault && timeout 60 node "$VV_TOP/tests/mcp/drive.mjs" "$modules" "$1" "$PWD/serve" && vvault verify
}

test_case 'client 2.4 by the handshake of 2025' '
	drives legacy @modelcontextprotocol/client@2.4
'

test_case 'client 2.4 finds 2026-07-28 by itself' '
	drives auto @modelcontextprotocol/client@2.4
'

test_case 'client 2.4 bound to 2026-07-28' '
	drives pin @modelcontextprotocol/client@2.4
'

test_case 'sdk 1.32' '
	drives sdk @modelcontextprotocol/sdk@1.32
'

test_case 'the inspector' '
	bin=$(installed @modelcontextprotocol/inspector@2.12)/.bin || skip_case "it cannot be installed"
	served_vault && inspect() { HOME=$PWD timeout 60 "$bin/mcp-inspector" --cli "$PWD/serve" "$@"; } &&
	inspect --method tools/list >out && jq -e ".tools | length == 5" out &&
	inspect --method tools/call --tool-name recall --tool-arg query=harbour >out && grep "opens at nine" out &&
	inspect --method resources/list >out && grep "vvault://nova" out &&
	inspect --method prompts/get --prompt-name boot --prompt-args construct=nova >out && grep "opens at nine" out
'

# What it asks of any server; its other scenarios want the tools of its own
# test server by their names. It needs a newer node than Debian 12 has.
test_case 'the conformance suite, through a bridge from HTTP' '
	bin=$(installed @modelcontextprotocol/conformance@0.1.16)/.bin || skip_case "it cannot be installed"
	newer=$(installed node@22)/.bin/node || skip_case "node 22 cannot be installed"
	served_vault && "$newer" "$bin/conformance" --help >/dev/null || exit 1
	node "$VV_TOP/tests/mcp/bridge.mjs" 8137 "$PWD/serve" >bridged & bridge=$!
	for i in 1 2 3 4 5 6 7 8 9 10; do test -s bridged && break; sleep 0.3; done
	status=0 && for scenario in server-initialize ping tools-list resources-list prompts-list; do
		timeout 60 "$newer" "$bin/conformance" server --url http://127.0.0.1:8137/mcp --scenario $scenario >out 2>&1 || { cat out; status=1; }
	done; kill $bridge; test $status = 0
'

done_testing
