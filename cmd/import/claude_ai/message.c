#include "cmd/import/claude_ai/run.h"

#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"

/* What stands where a program could not show thoughts and tools. */
#define UNSUPPORTED "This block is not supported on your current device yet."

/* Whom we do not know is no person: what a program says of itself. */
static const struct take_role roles[] = {
	{ "human", "user" },
	{ "user", "user" },
	{ "assistant", "assistant" },
	{ "tool", "tool" },
	{ "developer", "developer" },
	{ "system", "system" },
	{ NULL, "system" },
};

static bool is_text_block(const struct jval *block)
{
	return jval_is_text(jval_get(block, "type"), "text") &&
	       jval_is(jval_get(block, "text"), JVAL_STRING);
}

static void begin_item(struct buf *list)
{
	buf_put_char(list, list->len ? ',' : '[');
}

static void end_list(struct buf *list)
{
	if (list->len)
		buf_put_char(list, ']');
}

/* Its text goes to content, what else it says to blocks. */
static void put_text_block(struct claude_ai_run *run, const struct jval *block,
			   size_t at)
{
	struct take take = take_begin(block);
	struct span text = take_text(&take, "text");

	(void)take_word(&take, "type", "text");
	if (run->blocks.len)
		buf_put_str(&run->content, "\n\n");
	buf_put_span(&run->content, text);
	begin_item(&run->blocks);
	buf_putf(&run->blocks, "{\"at\":%zu,\"bytes\":%zu", at, text.len);
	buf_reset(&run->value);
	take_put(&take, &run->value);
	buf_fail(&run->blocks, run->value.failed);
	if (run->value.len) {
		buf_put_str(&run->blocks, ",\"rest\":");
		buf_put_span(&run->blocks, buf_span(&run->value));
	}
	buf_put_char(&run->blocks, '}');
}

/* Could it be taken for a part that we made? */
static bool is_like_ours(const struct jval *block)
{
	const struct jval *type = jval_get(block, "type");

	return !jval_is(block, JVAL_OBJECT) || jval_is_text(type, "block") ||
	       jval_is_text(type, "words") ||
	       jval_is_text(type, "attachment") || jval_is_text(type, "file");
}

static void put_block(struct claude_ai_run *run, const struct jval *block)
{
	bool is_wrapped = is_like_ours(block);

	begin_item(&run->parts);
	if (is_wrapped)
		buf_put_str(&run->parts, "{\"block\":");
	buf_fail(&run->parts, jdoc_to_jcs(block, &run->parts, NULL));
	if (is_wrapped)
		buf_put_str(&run->parts, ",\"type\":\"block\"}");
}

static void read_blocks(struct claude_ai_run *run, struct take *message)
{
	const struct jval *block;
	size_t at = 0;

	block = jval_first(take_value(message, "content", JVAL_ARRAY));
	for (; block; block = block->next, at++) {
		if (is_text_block(block))
			put_text_block(run, block, at);
		else
			put_block(run, block);
	}
	end_list(&run->blocks);
	if (run->blocks.len)
		fields_buf(&run->fields, "blocks", &run->blocks);
}

/* Nothing but the placeholder, any number of times, fenced or not? */
static bool is_placeholder(struct span text)
{
	static const size_t len = sizeof(UNSUPPORTED) - 1;
	bool is_seen = false;
	size_t i = 0;

	while (i < text.len) {
		if (strchr("` \t\r\n", text.at[i]) && text.at[i]) {
			i++;
			continue;
		}
		if (text.len - i < len || memcmp(text.at + i, UNSUPPORTED, len))
			return false;
		i += len;
		is_seen = true;
	}
	return is_seen;
}

/* Without blocks of text `text` is the content; with them it says nothing
 * more unless it differs. */
static void read_text(struct claude_ai_run *run, struct take *message)
{
	const struct jval *value = take_see(message, "text");
	struct span text = jval_text(value);

	if (text.at && !run->blocks.len &&
	    !(run->parts.len && is_placeholder(text)))
		buf_put_span(&run->content, text);
	else if (!text.at || !span_equals(text, buf_span(&run->content)))
		return;
	take_done(message, value);
}

/*
 * The attachment: its text is what is said where the person said nothing else,
 * for so stands what was pasted; else a blob.
 */
static void put_attachment(struct claude_ai_run *run,
			   const struct jval *attachment, bool is_said,
			   struct jcs_fields *part)
{
	struct take take = take_begin(attachment);
	const struct jval *text = take_see(&take, "extracted_content");
	bool has_text = jval_text(text).len && !(text->marks & JVAL_TEXT_WTF);
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct err why = ERR_INIT;

	if (has_text)
		take_done(&take, text);
	if (has_text && is_said) {
		part_place(&run->content, text->as.text, part);
	} else if (has_text) {
		buf_reset(&run->value);
		fields_fail(&fields, chat_add_blob(&run->chat, text->as.text,
			"text/plain;charset=utf-8", &run->value, &why), &why);
		fields_buf(&fields, "extracted_content", &run->value);
	}
	claude_ai_rest(&take, &fields);
	fields_object(part, "attachment", &fields);
	jcs_fields_release(&fields);
}

/* Attachments or files, behind the blocks. */
static void read_items(struct claude_ai_run *run, struct take *message,
		       const char *member, const char *type)
{
	bool is_attached = !strcmp(type, "attachment");
	bool is_said = !run->content.len;
	struct jcs_fields part = JCS_FIELDS_INIT;
	const struct jval *item;

	item = jval_first(take_value(message, member, JVAL_ARRAY));
	for (; item; item = item->next) {
		jcs_fields_reset(&part);
		fields_str(&part, "type", type);
		if (is_attached && jval_is(item, JVAL_OBJECT))
			put_attachment(run, item, is_said, &part);
		else
			fields_value(&part, type, item);
		begin_item(&run->parts);
		buf_fail(&run->parts,
			 jcs_fields_write(&part, &run->parts, NULL));
	}
	jcs_fields_release(&part);
}

/* One of a type that is not known here. */
static bool is_strange(const struct jval *block)
{
	static const char *const types[] = {
		"thinking", "redacted_thinking", "tool_use", "tool_result",
		"server_tool_use", "mcp_tool_use", "token_budget", "image",
		"document", NULL
	};
	struct span type = jval_get_text(block, "type");
	size_t i = 0;

	while (types[i] && !span_equals(type, span_str(types[i])))
		i++;
	return !types[i] && !span_ends(type, "_tool_result") &&
	       !is_text_block(block);
}

/* What is said in blocks of unknown types is said too, behind all else. What a
 * program puts beside a person's words is not theirs; what they spoke is. */
static void read_strange(struct claude_ai_run *run, const struct jval *message,
			 bool is_person)
{
	const struct jval *block = jval_first(jval_get(message, "content"));
	struct jcs_fields part = JCS_FIELDS_INIT;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	for (; block; block = block->next) {
		buf_reset(&text);
		if (is_strange(block) &&
		    (!is_person || jval_is_text(jval_get(block, "type"),
						"voice_note")))
			prose_put(block, &text);
		fields_fail(&run->fields, text.failed, NULL);
		if (!text.len)
			continue;
		fields_str(&part, "type", "words");
		part_place(&run->content, buf_span(&text), &part);
		begin_item(&run->parts);
		buf_fail(&run->parts,
			 jcs_fields_write(&part, &run->parts, NULL));
		jcs_fields_reset(&part);
	}
	jcs_fields_release(&part);
	buf_release(&text);
}

/* What changed with the message itself says nothing more. */
static void read_updated(struct take *message)
{
	const struct jval *created = take_see(message, "created_at");
	const struct jval *updated = take_see(message, "updated_at");

	if (created && updated && span_equals(created->raw, updated->raw))
		take_done(message, updated);
}

static int read_message(struct claude_ai_run *run,
			const struct claude_ai_node *node,
			struct chat_message *out, struct err *err)
{
	static const char *const own[] = {
		"uuid", "text", "content", "sender", "created_at",
		"updated_at", "attachments", "files", "parent_message_uuid",
		"model", NULL
	};
	static const char *const written[] = {
		"uuid", "text", "content", "sender", "updated_at",
		"attachments", "files", "parent_message_uuid", NULL
	};
	struct take message = take_exact(node->value);
	const struct jval *model = take_see(&message, "model");

	out->role = take_role(&message, "sender", roles);
	out->created = claude_ai_take_time(&message, "created_at");
	out->model = jval_text(model);
	if (out->model.at)
		take_done(&message, model);
	claude_ai_take_key(run, &message, "uuid", node->key);
	/* One that was lost stays as it was said. */
	if (span_equals(jval_text(take_see(&message, "parent_message_uuid")),
			node->parent.at ? node->parent :
			span_str(CLAUDE_AI_NO_PARENT)))
		claude_ai_take_key(run, &message, "parent_message_uuid",
				   node->parent);
	read_updated(&message);
	read_blocks(run, &message);
	read_text(run, &message);
	read_items(run, &message, "attachments", "attachment");
	read_items(run, &message, "files", "file");
	read_strange(run, node->value, !strcmp(out->role, "user"));
	end_list(&run->parts);
	claude_ai_keep(&message, own, &run->fields);
	claude_ai_rest(&message, &run->fields);
	claude_ai_absent(run, &message, written);
	fields_fail(&run->fields, run->content.failed, NULL);
	fields_fail(&run->fields, run->parts.failed, NULL);
	return claude_ai_native(run, &out->native, err);
}

int claude_ai_message(struct claude_ai_run *run,
		      const struct claude_ai_tree *tree, size_t at,
		      struct err *err)
{
	const struct claude_ai_node *node = &tree->at[at];
	struct chat_message message = {
		.key = node->key, .parent = node->parent,
		.index = (int64_t)at, .visibility = "visible",
	};
	int rc;

	buf_reset(&run->content);
	buf_reset(&run->parts);
	buf_reset(&run->blocks);
	jcs_fields_reset(&run->fields);
	rc = read_message(run, node, &message, err);
	buf_reset(&run->copy_of);
	if (rc == 0 && run->original.len && jval_get(node->value, "uuid")) {
		chat_put_entity(CLAUDE_AI_PROVIDER, run->original, node->key,
				&run->copy_of);
		rc = buf_end(&run->copy_of, err);
		message.copy_of = buf_span(&run->copy_of);
	}
	message.content = buf_span(&run->content);
	message.parts = buf_span(&run->parts);
	return rc < 0 ? rc : chat_put_message(&run->chat, &message, err);
}
