#!/bin/sh
# Requests that are none, are too large, or mean ill: each is answered with an
# error or not at all, and the server goes on.
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/lib.sh"

# bad: a hundred lines, none of which may be answered with a result.
bad() {
	cat <<-'end'
	{
	}
	[]
	[1]
	null
	true
	"x"
	1
	{}
	[{"jsonrpc":"2.0","id":1,"method":"ping"}]
	{"jsonrpc":"2.0"}
	{"jsonrpc":"1.0","id":1,"method":"ping"}
	{"jsonrpc":2.0,"id":1,"method":"ping"}
	{"id":1,"method":"ping"}
	{"jsonrpc":"2.0","id":1}
	{"jsonrpc":"2.0","id":1,"method":1}
	{"jsonrpc":"2.0","id":1,"method":""}
	{"jsonrpc":"2.0","id":1,"method":null}
	{"jsonrpc":"2.0","id":null,"method":"ping"}
	{"jsonrpc":"2.0","id":1.5,"method":"ping"}
	{"jsonrpc":"2.0","id":1e3,"method":"ping"}
	{"jsonrpc":"2.0","id":true,"method":"ping"}
	{"jsonrpc":"2.0","id":[1],"method":"ping"}
	{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}
	{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}
	{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}
	{"jsonrpc":"2.0","id":"\ud800","method":"ping"}
	{"jsonrpc":"2.0","id":1,"method":"pin"}
	{"jsonrpc":"2.0","id":1,"method":"PING"}
	{"jsonrpc":"2.0","id":1,"method":"ping\u0000"}
	{"jsonrpc":"2.0","id":1,"method":"tools/list/"}
	{"jsonrpc":"2.0","id":1,"method":"../tools/list"}
	{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[]}
	{"jsonrpc":"2.0","id":1,"method":"tools/list","params":"x"}
	{"jsonrpc":"2.0","id":1,"method":"tools/list","params":1}
	{"jsonrpc":"2.0","id":1,"method":"initialize"}
	{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}
	{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":1}}
	{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{}}
	{"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"debug"}}
	{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{}}
	{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{}}
	{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage","params":{}}
	{"jsonrpc":"2.0","id":1,"method":"tools/call"}
	{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}
	{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":1}}
	{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete"}}
	{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"remember","arguments":{"construct":"nova","content":"x"}}}
	{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"recall\u0000","arguments":{"query":"x"}}}
	{"jsonrpc":"2.0","id":1,"method":"resources/read"}
	{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":1}}
	{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"vvault://"}}
	{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"vvault:///etc/passwd"}}
	{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"vvault://../x"}}
	{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"vvault://nova/"}}
	{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"vvault://nova/%"}}
	{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"vvault://nova/%00"}}
	{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"vvault://nova/%zz"}}
	{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"vvault://nova/x\u0000y"}}
	{"jsonrpc":"2.0","id":1,"method":"prompts/get"}
	{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"boot","arguments":[]}}
	{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"boot","arguments":{"construct":1}}}
	{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"boot","arguments":{"construct":"nova\u0000"}}}
	{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"boot","arguments":{"construct":"--write"}}}
	{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":1}}}
	{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":""}}}
	{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28\u0000"}}}
	{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2025-11-25"}}}
	{"jsonrpc":"2.0","id":1,"method":"ping"} x
	{"jsonrpc":"2.0","id":1,"method":"ping",}
	{'jsonrpc':'2.0'}
	{"jsonrpc":"2.0","id":1,"method":"ping"
	{"jsonrpc":"2.0","id":01,"method":"ping"}
	{"jsonrpc":"2.0","id":1,"method":"p\ing"}
	{"jsonrpc":"2.0","id":NaN,"method":"ping"}
	Content-Length: 40
	end
	printf '\n \n\t\n\377\376\n\000\n{"jsonrpc":"2.0","id":"\001","method":"ping"}\n'
	printf '\357\273\277{"jsonrpc":"2.0","id":1,"method":"ping"}\n'
	printf '{"jsonrpc":"2.0","id":"\377","method":"ping"}\n'
	head -c 300000 /dev/zero | tr '\0' '[' && echo
	perl -e 'print "{\"a\":" x 5000, "\n", "[" x 40, "]" x 40, "\n";
		print "{\"jsonrpc\":\"2.0\",\"id\":\"", "x" x 5000, "\",\"method\":\"ping\"}\n";
		print "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"", "x" x 5000, "\"}\n";
		print "[", join(",", (1) x 150000), "]\n";
		print "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"x\":\"", "y" x 5000000, "\"}\n";
		print "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"", "z" x 100000, "\"}}\n"'
}

# ill: arguments of tools; each call is refused, and tells why.
ill() {
	cat <<-'end'
	recall {}
	recall []
	recall "x"
	recall {"query":""}
	recall {"query":1}
	recall {"query":["x"]}
	recall {"query":"a\u0000b"}
	recall {"query":"\ud800"}
	recall {"query":"x","q":"y"}
	recall {"query":"x","limit":0}
	recall {"query":"x","limit":51}
	recall {"query":"x","limit":-1}
	recall {"query":"x","limit":1e9}
	recall {"query":"x","limit":99999999999999999999}
	recall {"query":"x","budget":1}
	recall {"query":"x","kinds":["vault"]}
	recall {"query":"x","kinds":[["message"]]}
	recall {"query":"x","kinds":{"a":1}}
	recall {"query":"x","role":"root"}
	recall {"query":"x","since":"someday"}
	recall {"query":"x","as_of":"$(id)"}
	recall {"query":"x","construct":"../../etc"}
	recall {"query":"x","construct":"--all"}
	recall {"query":"x","construct":"@1"}
	recall {"query":"x","cursor":"1"}
	recall {"query":"x","cursor":"999999999999999999.0.0"}
	recall {"query":"x","cursor":"%n%s"}
	recall {"query":"x","all":true}
	recall {"query":"x","--all":"x"}
	read {"ref":"../../../etc/passwd"}
	read {"ref":"@1"}
	read {"ref":"-"}
	read {"ref":"vault"}
	read {"ref":"message:"}
	read {"ref":"bagaaiera"}
	read {"ref":"message:t:1/b","around":21}
	read {"ref":"message:t:1/b","format":"html"}
	history {"construct":"nova..luna"}
	history {"construct":"nova","from":"--all"}
	history {"ref":"message:t:1/b","from":"nova"}
	status {"x":1}
	end
}

test_case 'a hundred lines that are no good request: no result, and the server goes on' '
	a_talk && { begin; bad; ask ping "{}" 4711; } >in && test "$(wc -l <in)" -ge 90 &&
	served <in && jq -se "(.[1:-1] | all(has(\"result\") | not) and all(.error.message | length < 2000)) and
		length > 85 and .[-1] == {\"id\":4711,\"jsonrpc\":\"2.0\",\"result\":{}}" <out && ! grep -aF -e "vvault verify" -e "$PWD" out
'

test_case 'arguments that are wrong or mean ill are refused, with a reason and no command' '
	a_talk && { begin; ill | while read -r name arguments; do
		ask tools/call "{\"name\":\"$name\",\"arguments\":$arguments}"; done; } >in && served <in &&
	jq -r ".[1:][] | select(.result.isError != true and .error == null) | tojson" -s <out >through && cat through && ! test -s through &&
	jq -se ".[1:] | all((.result.content[0].text // .error.message) | length > 0 and length < 2000 and (test(\"vvault [a-z]\") | not))" <out
'

test_case 'news is never answered, whatever it says; ids come back as they were' '
	a_talk && { begin; printf "%s\n" "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}" \
		"{\"jsonrpc\":\"2.0\",\"method\":\"tools/call\",\"params\":{\"name\":\"none\"}}" \
		"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}" \
		"{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{}}" "{\"jsonrpc\":\"2.0\",\"id\":9,\"error\":{\"code\":1,\"message\":\"\"}}"
		ask ping "{}" "\"a \\\" \\u00e9\""; ask ping "{}" 123456789012345678901234567890; ask ping "{}" -7; ask ping "{}" "\"\""; } |
	served && sed 1d out >rest && printf "%s\n" "{\"id\":\"a \\\" é\",\"jsonrpc\":\"2.0\",\"result\":{}}" \
		"{\"id\":123456789012345678901234567890,\"jsonrpc\":\"2.0\",\"result\":{}}" \
		"{\"id\":-7,\"jsonrpc\":\"2.0\",\"result\":{}}" "{\"id\":\"\",\"jsonrpc\":\"2.0\",\"result\":{}}" | cmp - rest
'

test_case 'a last line without its end is answered, and a client that goes ends the server' '
	a_talk && { begin; ask ping "{}" 5 | tr -d "\\n"; } | served && sed -n 2p out | grep "\"id\":5" &&
	{ begin; while ask ping; do :; done; } 2>/dev/null | timeout 20 vvault mcp 2>err | head -n 2 >few && test "$(wc -l <few)" = 2
'

test_case 'before the first call the vault is neither read nor written' '
	a_talk && touch mark && sleep 0.05 && { begin; ask tools/list; ask ping; } | served &&
	test -z "$(find v "$VVAULT_KEYS" -newer mark)" && mv v gone && { begin; ask tools/list; ask tools/call "{\"name\":\"status\"}"; } | served &&
	sed -n 2p out | jq -e ".result.tools" >/dev/null && sed -n 3p out | jq -e ".result.isError"
'

done_testing
