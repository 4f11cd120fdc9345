#include "cmd/export/chatgpt/chatgpt.h"

#include "cmd/export/plain.h"
#include "cmd/import/chatgpt/chatgpt.h"
#include "lib/time/timestamp.h"

int export_chatgpt_rest(struct export_members *members,
			const struct jval *object, struct err *err)
{
	const struct jval *child;
	int rc = 0;

	if (!jval_is(object, JVAL_OBJECT))
		return 0;
	for (child = jval_first(object); rc >= 0 && child;
	     child = child->next) {
		rc = export_member(members, child->key, err);
		if (rc >= 0)
			rc = buf_add_span(members->out, child->raw, err);
	}
	return rc;
}

int export_chatgpt_time(struct export_members *members, const char *name,
			const struct jval *native, const struct jval *time,
			struct err *err)
{
	long long micros = 0;
	int64_t parsed;
	int rc;

	if (jval_get(native, name))
		return 0;
	rc = export_member(members, span_str(name), err);
	if (rc < 0)
		return rc;
	if (timestamp_parse(jval_text(time), &parsed, NULL, NULL) < 0)
		return buf_add_str(members->out, "null", err);
	micros = parsed < 0 ? -parsed : parsed;
	return buf_printf(members->out, err, "%s%lld.%06lld",
			  parsed < 0 ? "-" : "", micros / 1000000,
			  micros % 1000000);
}

static int put_author(const struct chatgpt_export_node *node,
		      struct export_members *message, struct err *err)
{
	const struct jval *state = jdoc_root(node->doc);
	const struct jval *native = jval_get(node->native, "author");
	const struct jval *name = jval_get(state, "name");
	struct export_members author = { message->out, false };
	int rc;

	if (jval_get(jval_get(node->native, "message"), "author"))
		return 0;
	rc = export_member(message, span_str("author"), err);
	if (rc >= 0 && !jval_get(native, "role"))
		rc = export_member_text(&author, "role",
					jval_get_text(state, "role"), err);
	if (rc >= 0 && name && !jval_get(native, "name"))
		rc = export_member_raw(&author, "name", name, err);
	if (rc >= 0)
		rc = export_chatgpt_rest(&author, native, err);
	return rc < 0 ? rc : export_members_end(&author, err);
}

/* The text where the type of the content has it, unless that stands there. */
static int put_text(const struct chatgpt_export_node *node,
		    const struct jval *native, struct export_members *content,
		    struct err *err)
{
	const struct jval *state = jdoc_root(node->doc);
	const struct jval *parts = jval_get(state, "parts");
	const struct jval *text = jval_get(state, "content");
	const char *member = chatgpt_text_member(jval_text(
		jval_get(native, "content_type")));
	int rc;

	if (!member || !text || jval_get(native, member))
		return 0;
	if (strcmp(member, "parts"))
		return export_member_raw(content, member, text, err);
	if (parts)
		return export_member_raw(content, member, parts, err);
	rc = export_member(content, span_str(member), err);
	if (rc >= 0)
		rc = buf_add_char(content->out, '[', err);
	if (rc >= 0)
		rc = buf_add_span(content->out, text->raw, err);
	return rc < 0 ? rc : buf_add_char(content->out, ']', err);
}

static int put_content(const struct chatgpt_export_node *node,
		       struct export_members *message, struct err *err)
{
	const struct jval *native = jval_get(node->native, "content");
	struct export_members content = { message->out, false };
	int rc;

	if (jval_get(jval_get(node->native, "message"), "content"))
		return 0;
	rc = export_member(message, span_str("content"), err);
	if (rc < 0)
		return rc;
	if (native && !jval_is(native, JVAL_OBJECT))
		return buf_add_span(message->out, native->raw, err);
	rc = export_chatgpt_rest(&content, native, err);
	if (rc >= 0)
		rc = put_text(node, native, &content, err);
	return rc < 0 ? rc : export_members_end(&content, err);
}

int export_chatgpt_message(const struct chatgpt_export_node *node,
			   struct buf *out, struct err *err)
{
	const struct jval *state = jdoc_root(node->doc);
	const struct jval *native = jval_get(node->native, "message");
	struct export_members message = { out, false };
	int rc = 0;

	if (jval_is_text(jval_get(state, "visibility"), "meta"))
		return buf_add_str(out, "null", err);
	if (!jval_get(native, "id"))
		rc = export_member_text(&message, "id", node->key, err);
	if (rc >= 0)
		rc = put_author(node, &message, err);
	if (rc >= 0)
		rc = export_chatgpt_time(&message, "create_time", native,
					 jval_get(state, "created"), err);
	if (rc >= 0)
		rc = put_content(node, &message, err);
	if (rc >= 0)
		rc = export_chatgpt_rest(&message, native, err);
	return rc < 0 ? rc : export_members_end(&message, err);
}
