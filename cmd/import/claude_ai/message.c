#include "cmd/import/claude_ai/run.h"

#include "lib/time/timestamp.h"

/* What stands where a program could not show thoughts and tools. */
#define UNSUPPORTED "This block is not supported on your current device yet."

static const char *const block_taken[] = { "type", "text", NULL };
static const char *const message_taken[] = {
	"uuid", "text", "content", "sender", "created_at", "updated_at",
	"attachments", "files", "parent_message_uuid", "model", NULL
};

bool claude_ai_is_artifact(const struct jval *block)
{
	return jval_is_text(jval_get(block, "type"), "tool_use") &&
	       jval_is_text(jval_get(block, "name"), "artifacts") &&
	       jval_is(jval_get(block, "input"), JVAL_OBJECT);
}

static bool is_text_block(const struct jval *block)
{
	return jval_is_text(jval_get(block, "type"), "text") &&
	       jval_is(jval_get(block, "text"), JVAL_STRING);
}

static int begin_item(struct buf *list, struct err *err)
{
	return buf_add_char(list, list->len ? ',' : '[', err);
}

static int end_list(struct buf *list, struct err *err)
{
	return list->len ? buf_add_char(list, ']', err) : 0;
}

/* Its text goes to content, what else it says to blocks. */
static int add_text_block(struct claude_ai_run *run, const struct jval *block,
			  size_t at, struct err *err)
{
	struct span text = jval_get_text(block, "text");
	int rc;

	rc = run->blocks.len ? buf_add_str(&run->content, "\n\n", err) : 0;
	if (rc >= 0)
		rc = buf_add_span(&run->content, text, err);
	if (rc >= 0)
		rc = begin_item(&run->blocks, err);
	if (rc >= 0)
		rc = buf_printf(&run->blocks, err, "{\"at\":%zu,\"bytes\":%zu",
				at, text.len);
	if (rc < 0)
		return rc;
	buf_reset(&run->value);
	rc = chat_add_rest(&run->value, block, block_taken, err);
	if (rc >= 0 && run->value.len) {
		rc = buf_add_str(&run->blocks, ",\"rest\":", err);
		if (rc >= 0)
			rc = buf_add_span(&run->blocks, buf_span(&run->value),
					  err);
	}
	return rc < 0 ? rc : buf_add_char(&run->blocks, '}', err);
}

/* Could it be taken for a part that we made? */
static bool is_like_ours(const struct jval *block)
{
	const struct jval *type = jval_get(block, "type");

	return !jval_is(block, JVAL_OBJECT) || jval_is_text(type, "block") ||
	       jval_is_text(type, "attachment") || jval_is_text(type, "file");
}

static int add_block(struct claude_ai_run *run, const struct jval *block,
		     struct err *err)
{
	bool is_wrapped = is_like_ours(block);
	int rc;

	rc = begin_item(&run->parts, err);
	if (rc >= 0 && is_wrapped)
		rc = buf_add_str(&run->parts, "{\"block\":", err);
	if (rc >= 0)
		rc = jdoc_to_jcs(block, &run->parts, err);
	if (rc >= 0 && is_wrapped)
		rc = buf_add_str(&run->parts, ",\"type\":\"block\"}", err);
	return rc;
}

static int add_blocks(struct claude_ai_run *run, const struct jval *content,
		      struct err *err)
{
	const struct jval *block = NULL;
	size_t at = 0;
	int rc = 0;

	if (jval_is(content, JVAL_ARRAY))
		block = jval_first(content);
	for (; rc >= 0 && block; block = block->next, at++)
		rc = is_text_block(block) ?
			add_text_block(run, block, at, err) :
			add_block(run, block, err);
	return rc;
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
static int take_text(struct claude_ai_run *run, const struct jval *message,
		     struct err *err)
{
	const struct jval *text = jval_get(message, "text");
	int rc;

	if (!jval_is(text, JVAL_STRING))
		return jval_is(text, JVAL_NULL) ? 0 :
			claude_ai_keep(run, "text", text, err);
	if (!run->blocks.len && !(run->parts.len &&
				  is_placeholder(text->as.text)))
		return buf_add_span(&run->content, text->as.text, err);
	if (span_equals(text->as.text, buf_span(&run->content)))
		return 0;
	rc = claude_ai_keep(run, "text", text, err);
	return rc;
}

/* The attachment with its text as a blob. */
static int add_attachment(struct claude_ai_run *run,
			  const struct jval *attachment, struct err *err)
{
	static const char *const taken[] = { "extracted_content", NULL };
	const struct jval *text = jval_get(attachment, "extracted_content");
	struct jcs_fields kept = run->fields;
	struct span object = { NULL, 0 };
	int rc = 0;

	/* The message's own native is being collected. */
	run->fields = (struct jcs_fields)JCS_FIELDS_INIT;
	if (jval_text(text).len && !(text->marks & JVAL_TEXT_WTF)) {
		buf_reset(&run->value);
		rc = chat_add_blob(&run->chat, text->as.text,
				   "text/plain;charset=utf-8", &run->value,
				   err);
		if (rc >= 0)
			rc = jcs_fields_raw(&run->fields, "extracted_content",
					    buf_span(&run->value), err);
	} else {
		rc = claude_ai_keep(run, "extracted_content", text, err);
	}
	if (rc >= 0)
		rc = claude_ai_keep_rest(run, attachment, taken, err);
	if (rc >= 0)
		rc = claude_ai_native(run, &object, err);
	jcs_fields_release(&run->fields);
	run->fields = kept;
	if (rc >= 0)
		rc = buf_add_span(&run->parts, object.at ? object :
				  span_str("{}"), err);
	return rc;
}

/* Attachments or files, behind the blocks. */
static int add_items(struct claude_ai_run *run, const struct jval *message,
		     const char *member, const char *type, struct err *err)
{
	const struct jval *list = jval_get(message, member);
	const struct jval *item;
	bool is_text = !strcmp(type, "attachment");
	int rc = 0;

	if (!jval_is(list, JVAL_ARRAY))
		return jval_is(list, JVAL_NULL) ? 0 :
			claude_ai_keep(run, member, list, err);
	for (item = jval_first(list); rc >= 0 && item; item = item->next) {
		rc = begin_item(&run->parts, err);
		if (rc >= 0)
			rc = buf_printf(&run->parts, err, "{\"%s\":", type);
		if (rc >= 0)
			rc = is_text && jval_is(item, JVAL_OBJECT) ?
				add_attachment(run, item, err) :
				jdoc_to_jcs(item, &run->parts, err);
		if (rc >= 0)
			rc = buf_printf(&run->parts, err,
					",\"type\":\"%s\"}", type);
	}
	return rc;
}

static const char *role_of(struct span sender)
{
	static const char *const roles[] = {
		"user", "assistant", "tool", "developer", NULL
	};
	size_t i;

	if (span_equals(sender, span_str("human")))
		return "user";
	for (i = 0; roles[i]; i++) {
		if (span_equals(sender, span_str(roles[i])))
			return roles[i];
	}
	return "system";
}

/* What of the members that have a place in the record it does not tell. */
static int keep_odd(struct claude_ai_run *run,
		    const struct claude_ai_node *node, const char *role,
		    struct err *err)
{
	const struct jval *message = node->value;
	const struct jval *created = jval_get(message, "created_at");
	const struct jval *updated = jval_get(message, "updated_at");
	const struct jval *parent = jval_get(message, "parent_message_uuid");
	const struct jval *content = jval_get(message, "content");
	const struct jval *model = jval_get(message, "model");
	bool is_plain = true;
	int rc = 0;

	if (jval_get_text(message, "uuid").len)
		rc = claude_ai_is_plain_key(run, node->key, &is_plain, err);
	if (rc >= 0 && !is_plain)
		rc = claude_ai_keep(run, "uuid", jval_get(message, "uuid"),
				    err);
	is_plain = true;
	if (rc >= 0 && node->parent.at && parent)
		rc = claude_ai_is_plain_key(run, node->parent, &is_plain, err);
	if (rc >= 0 && (!is_plain || (!jval_is(parent, JVAL_STRING) &&
				      !jval_is(parent, JVAL_NULL))))
		rc = claude_ai_keep(run, "parent_message_uuid", parent, err);
	if (rc >= 0 && !jval_is_text(jval_get(message, "sender"), role))
		rc = claude_ai_keep(run, "sender", jval_get(message, "sender"),
				    err);
	if (rc >= 0)
		rc = claude_ai_keep_time(run, "created_at", created, err);
	if (rc >= 0 && updated && !(created && span_equals(created->raw,
							   updated->raw)))
		rc = claude_ai_keep(run, "updated_at", updated, err);
	if (rc >= 0 && content && !jval_is(content, JVAL_ARRAY) &&
	    !jval_is(content, JVAL_NULL))
		rc = claude_ai_keep(run, "content", content, err);
	if (rc >= 0 && model && !jval_is(model, JVAL_STRING))
		rc = claude_ai_keep(run, "model", model, err);
	return rc;
}

static int collect(struct claude_ai_run *run,
		   const struct claude_ai_node *node, const char *role,
		   struct err *err)
{
	const struct jval *message = node->value;
	int rc;

	rc = add_blocks(run, jval_get(message, "content"), err);
	if (rc >= 0)
		rc = end_list(&run->blocks, err);
	if (rc >= 0)
		rc = take_text(run, message, err);
	if (rc >= 0)
		rc = add_items(run, message, "attachments", "attachment", err);
	if (rc >= 0)
		rc = add_items(run, message, "files", "file", err);
	if (rc >= 0)
		rc = end_list(&run->parts, err);
	if (rc >= 0 && run->blocks.len)
		rc = jcs_fields_raw(&run->fields, "blocks",
				    buf_span(&run->blocks), err);
	if (rc >= 0)
		rc = keep_odd(run, node, role, err);
	if (rc >= 0)
		rc = claude_ai_keep_rest(run, message, message_taken, err);
	return rc;
}

int claude_ai_message(struct claude_ai_run *run,
		      const struct claude_ai_tree *tree, size_t at,
		      struct err *err)
{
	const struct claude_ai_node *node = &tree->at[at];
	struct chat_message message = { .key = node->key };
	int rc;

	buf_reset(&run->content);
	buf_reset(&run->parts);
	buf_reset(&run->blocks);
	jcs_fields_reset(&run->fields);
	message.parent = node->parent;
	message.index = (int64_t)at;
	message.role = role_of(jval_get_text(node->value, "sender"));
	message.created = node->created;
	message.visibility = "visible";
	message.model = jval_get_text(node->value, "model");
	rc = collect(run, node, message.role, err);
	if (rc >= 0)
		rc = claude_ai_native(run, &message.native, err);
	buf_reset(&run->copy_of);
	if (rc >= 0 && run->original.len && jval_get(node->value, "uuid")) {
		rc = chat_message_entity(CLAUDE_AI_PROVIDER, run->original,
					 node->key, &run->copy_of, err);
		message.copy_of = buf_span(&run->copy_of);
	}
	message.content = buf_span(&run->content);
	if (run->parts.len)
		message.parts = buf_span(&run->parts);
	return rc < 0 ? rc : chat_put_message(&run->chat, &message, err);
}
