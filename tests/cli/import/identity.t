#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# Two things of one name never become one construct in silence; the same one,
# grown or edited, stays one.

# gpt <conversation> <gizmo>: a conversation of ChatGPT with a GPT.
gpt() {
	jq -n --arg id "$1" --arg gizmo "$2" '{title: $id, conversation_id: $id,
		gizmo_id: $gizmo, gizmo_type: "gpt", mapping: {u: {id: "u", parent: null,
		children: [], message: {id: "u", author: {role: "user"}, content:
		{content_type: "text", parts: ["said in " + $id]}}}}}'
}

# sessions <construct>
sessions() {
	vvault ls --json "$1" session | jq -r .entity | sort
}

test_case 'GPTs whose ids differ in their letters alone are two' '
	new_vault && jq -s . <<-END >one.json &&
	$(gpt c1 g-abcDEF) $(gpt c2 g-ABCdef) $(gpt c3 g-abcDEF)
	END
	vvault import one.json >out && grep "another g-ABCdef spelt g-abcDEF stands in .g-abcdef.; this one is .g-abcdef-2." out &&
	test "$(sessions g-abcdef)" = "session:chatgpt:c1
session:chatgpt:c3" && test "$(sessions g-abcdef-2)" = session:chatgpt:c2 &&
	jq -s . <<-END >two.json &&
	$(gpt c4 g-ABCdef)
	END
	vvault import two.json >out && ! grep another out &&
	test "$(sessions g-abcdef-2)" = "session:chatgpt:c2
session:chatgpt:c4"
'

test_case 'agents of mem0 whose ids become one name are two' '
	new_vault && jq -n "{results: [{id: \"1\", memory: \"likes tea\", agent_id: \"Nova Bot\", user_id: \"u\"},
		{id: \"2\", memory: \"likes ink\", agent_id: \"nova-bot\", user_id: \"u\"}]}" >one.json &&
	vvault import one.json >out && grep "this one is .nova-bot-2." out &&
	jq -n "{results: [{id: \"3\", memory: \"more\", agent_id: \"nova-bot\", user_id: \"u\"}]}" >two.json &&
	vvault import two.json >out && ! grep another out &&
	vvault ls --json nova-bot memory | jq -e ".entity == \"memory:mem0:1\"" &&
	vvault ls --json nova-bot-2 memory | jq -r .entity | sort >got &&
	printf "memory:mem0:2\nmemory:mem0:3\n" | cmp - got
'

# agent <name> <begun> [<words of its block>]: an agent file of Letta.
agent() {
	jq -n --arg name "$1" --arg at "$2" --arg block "${3:-none}" '{created_at:
		"2026-05-01T00:00:00Z", agents: [{name: $name, agent_type: "letta_v1", system:
		"You are a helpful agent, and you remember all that is said.", block_ids: ["b"],
		messages: [{role: "system", content: "You are.", created_at: $at}]}],
		blocks: [{id: "b", label: "persona", value: $block}]}'
}

test_case 'agents of Letta of one name that were begun apart are two; one that has changed is one' '
	new_vault && agent Nova 2026-01-01T00:00:00.000001Z "I like tea." >one.af &&
	agent Nova 2026-01-02T00:00:00.000001Z "I like ink." >two.af &&
	agent Nova 2026-01-01T00:00:00.000001Z "I like tea and ink." >grown.af &&
	vvault import one.af two.af >out && grep "another Nova stands in .nova.; this one is .nova-2." out &&
	vvault import grown.af >out && ! grep another out &&
	vvault ls --json nova memory | jq -e ".state.content == \"I like tea and ink.\"" &&
	vvault ls --json nova-2 memory | jq -e ".state.content == \"I like ink.\"" &&
	vvault import --json two.af >out && jq -e ".version == null" out &&
	test "$(vvault construct list | wc -l)" -eq 2
'

# card <creator> <greeting>; chat <id> <greeting>: of a character Heron.
card() {
	jq -n --arg creator "$1" --arg greeting "$2" '{spec: "chara_card_v2", spec_version: "2.0",
		data: {name: "Heron", description: ("made by " + $creator), first_mes: $greeting,
		creator: $creator, alternate_greetings: ["Or so, {{user}}."]}}'
}

chat() {
	jq -nc --arg id "$1" --arg greeting "$2" '{user_name: "Ines", character_name: "Heron",
		chat_metadata: {integrity: $id}}, {name: "Heron", is_user: false, mes: $greeting},
		{name: "Ines", is_user: true, mes: ("said in " + $id)}'
}

test_case 'a chat goes to the character whose card it begins as' '
	new_vault && card ann "Hello {{user}}, I am {{char}}, a bird." >bird.json &&
	card bob "Hello, {{user}}. I am a captain." >captain.json &&
	chat c1 "Hello Ines, I am Heron, a bird." >c1.jsonl &&
	chat c2 "Hello, Ines. I am a captain." >c2.jsonl && chat c3 "Who are you?" >c3.jsonl &&
	vvault import bird.json captain.json c1.jsonl >out && cat out &&
	test "$(sessions heron)" = session:sillytavern:c1 &&
	vvault import c2.jsonl >out && test "$(sessions heron-2)" = session:sillytavern:c2 &&
	expect_exit 1 vvault import c3.jsonl >out &&
	grep "several characters are called Heron (.heron., .heron-2.), and the chat begins as none" out &&
	vvault import --construct heron-2 c3.jsonl >out && chat c3 "Who are you?" >c3.jsonl &&
	echo "{\"name\":\"Heron\",\"is_user\":false,\"mes\":\"More.\"}" >>c3.jsonl &&
	vvault import c3.jsonl >out && test "$(sessions heron-2)" = "session:sillytavern:c2
session:sillytavern:c3" && test "$(sessions heron)" = session:sillytavern:c1
'

test_case 'chats of one name in two folders of SillyTavern are of two characters' '
	new_vault && mkdir -p data/chats/Heron data/chats/Heron1 &&
	chat c1 "I am a bird." >data/chats/Heron/one.jsonl &&
	chat c2 "I am a captain." >data/chats/Heron1/one.jsonl &&
	vvault import data >out && grep "another Heron of the folder Heron stands in .heron.; this one is .heron-2." out &&
	chat c4 "Something else." >data/chats/Heron1/two.jsonl && vvault import data >out && ! grep another out &&
	test "$(sessions heron)" = session:sillytavern:c1 &&
	test "$(sessions heron-2)" = "session:sillytavern:c2
session:sillytavern:c4"
'

test_case 'capsules of one name with other signatures are of two; snapshots of one are of one' '
	caps=$VV_TOP/tests/data/capsules && new_vault &&
	jq "del(.metadata.fingerprint_hash) | .metadata.tether_signature = \"OTHER\" |
		.metadata.uuid = \"5d3c1f0e-0000-4d52-9d3a-0a1b2c3d4e01\"" "$caps/mira_v1.capsule" >other.capsule &&
	vvault import "$caps/mira_v1.capsule" other.capsule >out && cat out &&
	grep "another Mira of TETHER-LABEL stands in .mira.; this one is .mira-2." out &&
	vvault import "$caps/mira_v2.capsule" "$caps/mira_v3.capsule" >out && ! grep another out &&
	test "$(vvault ls mira capsule | wc -l)" -eq 3 && test "$(vvault ls mira-2 capsule | wc -l)" -eq 1
'

test_case 'a capsule without the signature is no snapshot of one that has it; unsigned ones are one' '
	caps=$VV_TOP/tests/data/capsules && new_vault &&
	unsigned() {
		jq --arg uuid "5d3c1f0e-0000-4d52-9d3a-0a1b2c3d4e0$1" --argjson n "$1" "
			del(.metadata.fingerprint_hash, .metadata.tether_signature) | .metadata.uuid = \$uuid |
			.metadata.timestamp = \"2026-11-0\($1)T00:00:00Z\" | .traits = {n: \$n}" "$caps/mira_v1.capsule"
	} &&
	unsigned 1 >one.capsule && unsigned 2 >two.capsule && unsigned 3 >three.capsule &&
	vvault import one.capsule two.capsule >out && ! grep another out &&
	vvault import three.capsule >out && ! grep another out &&
	test "$(vvault ls mira capsule | wc -l)" -eq 3 && rm -rf v && new_vault &&
	vvault import "$caps/mira_v1.capsule" >/dev/null && before=$(version_of mira) &&
	vvault import one.capsule >out && grep "another Mira of TETHER-LABEL stands in .mira.; this one is .mira-2." out &&
	vvault import two.capsule >out && test "$(version_of mira)" = "$before" &&
	test "$(vvault ls mira-2 capsule | wc -l)" -eq 2 &&
	vvault import "$caps/mira_v2.capsule" >out && ! grep another out &&
	test "$(vvault ls mira capsule | wc -l)" -eq 2 &&
	vvault import --construct mira three.capsule >/dev/null && unsigned 4 >four.capsule &&
	vvault import four.capsule >out && test "$(vvault ls mira-2 capsule | wc -l)" -eq 3 &&
	rm -rf v && new_vault && vvault import "$caps/mira_v1.capsule" one.capsule >out &&
	test "$(vvault ls mira capsule | wc -l)" -eq 1 && test "$(vvault ls mira-2 capsule | wc -l)" -eq 1
'

# named <name> <uuid>: a capsule; claude: a session of Claude Code.
named() {
	jq --arg name "$1" --arg uuid "5d3c1f0e-0000-4d52-9d3a-0a1b2c3d4e0$2" "
		del(.metadata.fingerprint_hash) | .metadata.instance_name = \$name |
		.metadata.uuid = \$uuid | .metadata.tether_signature = \$name" \
		"$VV_TOP/tests/data/capsules/mira_v1.capsule"
}

claude() {
	jq -nc '{type: "user", uuid: "u1", parentUuid: null, sessionId: "5e55",
		timestamp: "2026-03-01T10:00:00.000Z", message: {role: "user", content: "Hello."}}'
}

test_case 'the names of providers are no names of personas, whichever came first' '
	kinds() { vvault ls --json "$1" | jq -r "select(.kind != \"source\") | .kind" | sort -u | tr "\n" " "; } &&
	claude >a.jsonl && named Claude-Code 1 >b.capsule && card ann "I am." | jq ".data.name = \"Claude Code\"" >c.json &&
	for order in "a.jsonl b.capsule c.json" "c.json b.capsule a.jsonl"; do
		rm -rf v && new_vault && for file in $order; do
			vvault import "$file" >"$file.out" || exit 1
		done && test "$(kinds claude-code)" = "message session " || exit 1
		grep ".claude-code. is kept for what comes from there; this one is .claude-code-2." b.capsule.out &&
		grep "this one is .claude-code-2." c.json.out && ! grep kept a.jsonl.out || exit 1
		vvault ls claude-code-2 capsule | grep . || exit 1
	done && named claude-CODE 2 >d.capsule && vvault import d.capsule >out &&
	grep "this one is .claude-code-3." out &&
	chat c1 "Hm." | sed "s/Heron/Codex/g" >chat.jsonl && vvault import chat.jsonl >out &&
	grep "this one is .codex-2." out && test "$(sessions codex-2)" = session:sillytavern:c1 &&
	agent Gemini 2026-01-01T00:00:00.000001Z >g.af && vvault import g.af >out &&
	grep "this one is .gemini-2." out && vvault ls gemini-2 message | grep . &&
	vvault import --construct codex d.capsule >out && vvault ls codex capsule | grep .
'

test_case 'lines of records of another character of the name are refused; grown ones are taken' '
	new_vault && vvault init w >/dev/null && card ann "I am a bird." >bird.json &&
	card bob "I am a captain." >captain.json && vvault import bird.json >/dev/null &&
	vvault -C w import captain.json >/dev/null && vvault -C w export heron --format jsonl >captain.jsonl &&
	vvault export heron --format jsonl >bird.jsonl && before=$(version_of heron) &&
	expect_exit 1 vvault import captain.jsonl >out && grep "another one of the name stands in .heron." out &&
	test "$(version_of heron)" = "$before" &&
	vvault import --construct captain captain.jsonl >/dev/null &&
	vvault init x >/dev/null && vvault -C x import bird.jsonl >/dev/null &&
	card ann "I am a grey bird." >grown.json && vvault -C x import --allow-changes grown.json >/dev/null &&
	vvault -C x export heron --format jsonl >grown.jsonl && vvault import --allow-changes grown.jsonl >/dev/null &&
	vvault ls --json heron construct | jq -e ".state.persona.first_mes == \"I am a grey bird.\""
'

done_testing
