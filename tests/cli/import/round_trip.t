#!/bin/sh
. "$(dirname "$0")/../../tap.sh"
. "$(dirname "$0")/../../lib.sh"

# What comes back in the format that it came in: a member that is null, one
# that is an empty object and one that is not there are three things, at every
# place of the source.

data=$VV_TOP/tests/data
shared=${VV_SHARED:+$VV_SHARED/data}
field=${VV_SHARED:+$VV_SHARED/field}
export data shared field

# by_id: conversations in the order of their ids.
by_id='(if type == "object" and has("conversations") and
		(has("mapping") | not) then .conversations
	elif type == "object" then [.] else . end) |
	sort_by([.conversation_id, .id, .uuid] | map(strings) | first)'
export by_id

# is_equal <format> <file>...: the JSON of a source and of its export.
is_equal() {
	format=$1 && shift && rm -rf t && vvault init t >/dev/null &&
	vvault -C t import --construct all "$@" >out &&
	vvault -C t export all --format "$format" >back.json &&
	jq -S "$by_id" back.json >got && jq -sS "map($by_id) | add |
		$by_id" "$@" >want && test -s want &&
	cmp want got || { diff want got | head -20; return 1; }
}

# each_shape: three copies of a conversation (standard input) for each place
# in it but those that $but names, with null, {} and nothing there.
each_shape() {
	jq -c ". as \$talk | [paths | select($but | not)] as \$all |
		[range(\$all | length) as \$i | (\"null\", \"empty\", \"none\") |
		. as \$shape | \"\\(\$shape)-\\(\$i)\" as \$id |
		\$all[\$i] as \$at | \$talk | $name |
		if \$shape == \"none\" then delpaths([\$at]) else
		setpath(\$at; if \$shape == \"null\" then null else {} end) end]"
}

chatgpt_talk() {
	cat <<\END
{"title": "t", "create_time": 1700000000.25, "update_time": 1700000900,
"mapping": {
	"r": {"id": "r", "message": null, "parent": null, "children": ["u"]},
	"u": {"id": "u", "parent": "r", "children": ["a", "b"], "message": {
		"id": "u", "author": {"role": "user", "name": null, "metadata": {}},
		"create_time": 1700000001, "update_time": null,
		"content": {"content_type": "text", "parts": ["Say"]},
		"status": "finished_successfully", "end_turn": null, "weight": 1,
		"metadata": {"attachments": [{"id": "x", "name": null}], "deep": {"er": {}}},
		"recipient": "all", "channel": null}},
	"a": {"id": "a", "parent": "u", "children": [], "message": {
		"id": "a", "author": {"role": "tool", "name": "python", "metadata": {}},
		"create_time": 1700000002.000001,
		"content": {"content_type": "code", "language": "unknown", "text": "1"},
		"metadata": {}, "recipient": "python"}},
	"b": {"id": "b", "parent": "u", "children": [], "message": {
		"id": "b", "author": {"role": "assistant", "name": null},
		"create_time": null, "content": {"content_type": "multimodal_text",
			"parts": ["one", {"content_type": "image_asset_pointer",
				"asset_pointer": "sediment://file_1", "fovea": null}, "two"]},
		"metadata": {"model_slug": "m"}}}},
"current_node": "b", "conversation_id": "c", "id": "c", "gizmo_id": null,
"plugin_ids": null, "moderation_results": [], "default_model_slug": null}
END
}

claude_talk() {
	cat <<\END
{"uuid": "c", "name": "n", "summary": "", "created_at": "2026-01-02T03:04:05.000000Z",
"updated_at": "2026-01-03T00:00:00.000000Z", "account": {"uuid": "me"},
"settings": {"a": null, "b": {}}, "chat_messages": [
	{"uuid": "u", "text": "Say", "content": [{"type": "text", "text": "Say",
		"citations": [], "flags": null}], "sender": "human",
	"created_at": "2026-01-02T03:04:06.000000Z",
	"updated_at": "2026-01-02T03:04:06.000000Z",
	"attachments": [{"file_name": "f", "extracted_content": "long", "x": null}],
	"files": [{"file_name": null}],
	"parent_message_uuid": "00000000-0000-4000-8000-000000000000"},
	{"uuid": "a", "text": "", "content": [], "sender": "assistant",
	"created_at": "2026-01-02T03:04:07.000000Z",
	"updated_at": "2026-01-02T03:04:08.000000Z", "attachments": [],
	"files": [], "parent_message_uuid": "u", "model": null, "truncated": false}]}
END
}

test_case 'ChatGPT: null, {} and nothing, at every place' '
	# A node that is none is left out, and told.
	but="length == 1 and .[0] == \"mapping\" or
		length == 2 and .[0] == \"mapping\"" &&
	name=".conversation_id = \$id | .id = \$id" &&
	chatgpt_talk | each_shape >shapes.json &&
	test "$(jq length shapes.json)" -gt 200 && is_equal chatgpt shapes.json
'

test_case 'Claude.ai: null, {} and nothing, at every place' '
	# Without an id or messages it is no conversation; a message that is no
	# object is told.
	but="length == 1 and (.[0] == \"uuid\" or .[0] == \"chat_messages\") or
		length == 2 and .[0] == \"chat_messages\"" &&
	name=".uuid = \$id" && claude_talk | each_shape >shapes.json &&
	test "$(jq length shapes.json)" -gt 100 && is_equal claude shapes.json
'

test_case 'what was null when it came first is not null for ever' '
	new_vault && chatgpt_talk | jq -c ".title = null | [.]" >first.json &&
	chatgpt_talk | jq -c "[.]" >then.json &&
	vvault import first.json >out && vvault import then.json >out &&
	vvault export chatgpt --format chatgpt >back &&
	jq -e "map(.title) == [\"t\"]" back
'

test_case 'samples come back as they were' '
	is_equal chatgpt "$data/chatgpt/export/conversations-000.json" \
		"$data/chatgpt/export/conversations-001.json" &&
	is_equal chatgpt "$data/chatgpt/grow-2.json"
'

test_case 'real exports come back as they were' '
	need_shared && for file in "$shared"/chatgpt/*.json \
		"$shared"/chatgpt-edge/wrapped_object.json \
		"$shared"/chatgpt-synthetic/*.json
	do
		is_equal chatgpt "$file" || exit 1
	done &&
	is_equal claude "$shared/claude-ai/conversations.json" &&
	is_equal claude "$shared/claude-ai/conversations_2023_style.json" &&
	is_equal claude "$shared/claude-ai-synthetic/sample-01.json"
'

test_case 'the exports of the field come back as they were' '
	need_shared &&
	is_equal chatgpt "$field"/08-chatgpt-missing-fields/*.json &&
	is_equal chatgpt "$field"/09-chatgpt-voice/export/conversations.json &&
	is_equal chatgpt "$field"/29-chatgpt-project-canvas/conversations.json &&
	is_equal chatgpt "$field"/33-chatgpt-deep-research/conversations.json &&
	is_equal claude "$field"/11-claude-artifacts-2026/conversations.json \
		"$field"/11-claude-artifacts-2026/conversations_null.json
'

done_testing
