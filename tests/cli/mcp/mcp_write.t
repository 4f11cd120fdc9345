#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/lib.sh"

test_case 'nothing is written before an owner has let agents in, and then by a key of their own' '
	a_talk && tool remember "{\"construct\":\"nova\",\"content\":\"x\"}" --write nova && refuses "not let in" &&
	! test -e keys/mcp && vvault mcp admit --json nova >admitted && vvault mcp admit --json nova >again && cmp admitted again &&
	vvault member list --json | jq -se "length == 2 and .[1].role == \"writer\" and (.[1].name | test(\"agents for nova\"))" &&
	tool remember "{\"construct\":\"nova\",\"content\":\"the user likes tea\",\"type\":\"preference\",\"tags\":[\"tea\",\"user\"]}" --write nova &&
	gives ".construct == \"nova\" and (.records | length) == 1" && e=$(jq -r .structuredContent.entity <out) &&
	vvault show --json "$e" | jq -e ".state | .source == \"mcp/test\" and .type == \"preference\" and (.tags | length) == 2" &&
	agent=$(jq -r .did <admitted) && vvault log --json -n 1 nova |
		jq -e --arg did "$agent" ".device == \$did and .records == 1 and .subject == \"mcp:test remember: the user likes tea\"" &&
	tool recall "{\"query\":\"tea\"}" && gives ".hits[0].from | .signer == \"$agent\" and
		.via == \"mcp:test\" and .source == \"mcp/test\" and .role == \"writer\"" &&
	vvault verify >/dev/null && vvault member role --yes "$agent" reader >/dev/null &&
	tool remember "{\"construct\":\"nova\",\"content\":\"y\"}" --write nova && refuses "no writer" && ! grep -a "vvault " why
'

test_case 'remember in place of a memory, and only where it may' '
	a_talk && vvault mcp admit nova >/dev/null && e=$(vvault ls nova memory --json | jq -r .entity | head -n 1) &&
	luna=$(vvault ls luna memory --json | jq -r .entity | head -n 1) &&
	tool remember "{\"construct\":\"nova\",\"content\":\"the harbour opens at ten\",\"replaces\":\"$e\"}" --write nova &&
	gives ".entity == \"$e\"" && vvault show --json "$e" | jq -e ".state.content == \"the harbour opens at ten\"" &&
	tool history "{\"ref\":\"$e\"}" --write nova && gives "(.versions | length) == 2 and
		(.versions[] | select(.from.via == \"mcp:test\") | (.changes[0].fields[] | select(.path == \"/content\") |
		(.from | test(\"at nine\")) and (.to | test(\"at ten\"))))" &&
	vvault edit "$e" --field type=factual >/dev/null && tool recall "{\"query\":\"ten\"}" && gives ".hits[0].from.via == \"mcp:test\"" &&
	tool read "{\"ref\":\"$e\"}" && gives ".turns[0].from.role == \"writer\"" && vvault undo >/dev/null &&
	tool remember "{\"construct\":\"luna\",\"content\":\"x\"}" --write nova && refuses "may be written to: nova" &&
	tool remember "{\"construct\":\"nova\",\"content\":\"x\",\"replaces\":\"$luna\"}" --write nova && refuses . &&
	tool remember "{\"construct\":\"nova\",\"content\":\"x\",\"replaces\":\"session:t:1\"}" --write nova && refuses "no memory of" &&
	tool remember "{\"construct\":\"nova\",\"content\":\" - \"}" --write nova && refuses "no words" &&
	tool remember "{\"construct\":\"nova\",\"content\":\"x\",\"type\":\"secret\"}" --write nova && refuses "is one of" &&
	vvault ls luna memory --json | jq -se "length == 1" && vvault undo >/dev/null && vvault show --json "$e" |
		jq -e ".state.content == \"the harbour opens at nine\""
'

test_case 'at most so many within a minute, and none that is too long' '
	a_talk && vvault mcp admit nova >/dev/null && { begin; for i in $(seq 1 32); do
		ask tools/call "{\"name\":\"remember\",\"arguments\":{\"construct\":\"nova\",\"content\":\"note $i\"}}"; done
	} | served --write nova && jq -se "([.[] | select(.result.structuredContent)] | length) == 30 and
		([.[] | select(.result.isError)] | length) == 2" <out &&
	tool remember "{\"construct\":\"nova\",\"content\":\"by another server\"}" --write nova && refuses "within a minute" &&
	vvault remember nova "by hand" >/dev/null 2>&1 &&
	long=$(head -c 70000 /dev/zero | tr "\\0" x) && { begin; printf "%s" "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"remember\",\"arguments\":{\"construct\":\"nova\",\"content\":\""; echo "$long\"}}}"; } |
		served --write nova && sed -n 2p out | jq -e ".result.isError and (.result.content[0].text | test(\"too long\"))"
'

test_case 'two servers and a command line write to one construct at once' '
	a_talk && vvault mcp admit nova >/dev/null && for s in a b; do
		{ begin; for i in 1 2 3 4 5 6; do
			ask tools/call "{\"name\":\"remember\",\"arguments\":{\"construct\":\"nova\",\"content\":\"by $s $i\"}}"; done
		} | vvault mcp --write nova >out.$s 2>err.$s &
	done && for i in 1 2 3 4 5 6; do vvault remember nova "by hand $i" >/dev/null 2>&1 || exit; done && wait &&
	cat out.a out.b | jq -se "([.[] | select(.result.structuredContent.version)] | length) == 12" &&
	vvault ls nova memory --json | jq -se "([.[] | select(.state.content | startswith(\"by \"))] | length) == 18" &&
	vvault status --json | jq -e ".forks == 0 and .conflicts == 0" && vvault verify >/dev/null
'

test_case 'history of a construct: who signed what, since when' '
	a_talk && vvault mcp admit nova >/dev/null && from=$(version_of nova) &&
	tool remember "{\"construct\":\"nova\",\"content\":\"tea\"}" --write nova &&
	tool history "{\"construct\":\"nova\",\"from\":\"$from\"}" && gives "(.versions | length) == 1 and
		(.versions[0] | .construct == \"nova\" and .from.via == \"mcp:test\" and .records == 1 and
		.changes[0].change == \"added\" and (.subject | test(\"remember: tea\")))" &&
	tool history "{\"construct\":\"nova\",\"limit\":2}" && gives "(.versions | length) == 2" &&
	tool history "{\"construct\":\"nova\",\"to\":\"2020-01-01\"}" && gives ".versions == []" &&
	tool history "{\"ref\":\"message:t:1/b\"}" && gives "(.versions | length) == 1" &&
	tool history "{}" && refuses "either" && tool history "{\"ref\":\"x\",\"construct\":\"nova\"}" && refuses "either" &&
	tool history "{\"construct\":\"luna\"}" --construct nova && refuses "no construct" && ! grep -a "quokka" all &&
	tool history "{\"construct\":\"vault\"}" --construct nova ; ! grep -a quokka all &&
	tool history "{\"construct\":\"nova\"}" --kinds message && gives "all(.versions[]; .subject == null and all(.changes[]; .kind == \"message\" or .kind == \"session\"))" &&
	! grep -a "opens at nine\|tea" all
'

test_case 'resources and prompts' '
	a_talk && { begin; ask resources/list; ask resources/templates/list; ask resources/read "{\"uri\":\"vvault://nova\"}";
		ask resources/read "{\"uri\":\"vvault://nova/session%3At:1\"}"; ask prompts/list;
		ask prompts/get "{\"name\":\"boot\",\"arguments\":{\"construct\":\"nova\",\"query\":\"harbour\"}}";
		ask prompts/get "{\"name\":\"handoff\",\"arguments\":{\"construct\":\"nova\",\"since\":\"2020-01-01\"}}";
		ask resources/read "{\"uri\":\"vvault://luna\"}"; ask resources/read "{\"uri\":\"file:///etc/passwd\"}";
		ask prompts/get "{\"name\":\"none\"}"; ask prompts/get "{\"name\":\"boot\"}"; } | served --construct nova &&
	sed -n 2p out | jq -e "[.result.resources[].uri] == [\"vvault://nova\"]" &&
	sed -n 3p out | jq -e "(.result.resourceTemplates | length) == 2" &&
	sed -n 4p out | jq -e ".result.contents[0] | .mimeType == \"text/markdown\" and (.text | test(\"harbour opens\") and test(\"<<<recalled\"))" &&
	sed -n 5p out | jq -e ".result.contents[0].text | test(\"In March\")" &&
	sed -n 6p out | jq -e "[.result.prompts[].name] == [\"boot\",\"handoff\"]" &&
	sed -n 7p out | jq -e ".result.messages[0] | .role == \"user\" and (.content.text | test(\"harbour opens\"))" &&
	sed -n 8p out | jq -e ".result.messages[0].content.text | test(\"added memory\")" &&
	for n in 9 10 11 12; do sed -n ${n}p out | jq -e ".error.code == -32602" || exit; done && ! grep -a quokka out &&
	{ begin; ask resources/list; ask prompts/list; ask resources/read "{\"uri\":\"vvault://nova\"}"; } | served --kinds message &&
	sed -n 2p out | jq -e ".result.resources == []" && sed -n 3p out | jq -e "[.result.prompts[].name] == [\"handoff\"]" &&
	sed -n 4p out | jq -e ".error"
'

test_case 'what was not verified is not there, but for its number' '
	two_devices && as a vvault -C a member role --yes "$(as b did)" reader >/dev/null &&
	as b vvault -C b add nova memory:create "{\"content\":\"quokka\"}" >/dev/null && as b vvault -C b push >/dev/null &&
	expect_exit 1 as a vvault -C a fetch >/dev/null 2>&1 && export VVAULT_DIR="$PWD/a" VVAULT_KEYS="$tap_case/keys-a" &&
	tool status "{}" && gives ".constructs | length == 1 and .[0].quarantined == 1" &&
	tool recall "{\"query\":\"quokka\"}" && gives ".hits == [] and .searched[0].held == 1" && ! grep -a quokka all &&
	tool history "{\"construct\":\"nova\"}" && gives "(.versions | length) == 1"
'

done_testing
