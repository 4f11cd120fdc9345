#include "cmd/export/claude/claude.h"

static int add_block(struct export_members *block, const struct jval *layout,
		     struct span text, struct err *err)
{
	static const char *const none[] = { "type", "text", NULL };
	int rc;

	rc = export_member_text(block, "type", span_str("text"), err);
	if (rc >= 0)
		rc = export_member_text(block, "text", text, err);
	if (rc >= 0)
		rc = export_member_rest(block, jval_get(layout, "rest"), none,
					err);
	return rc < 0 ? rc : export_members_end(block, err);
}

/* A block that was wrapped to tell it from parts of our own. */
static const struct jval *block_of(const struct jval *part)
{
	const struct jval *type = jval_get(part, "type");

	if (jval_is_text(type, "attachment") || jval_is_text(type, "file"))
		return NULL;
	if (jval_is_text(type, "block"))
		return jval_get(part, "block");
	return part;
}

/* Blocks of text at their places, the others between them in their order. */
static int add_content(struct buf *out, const struct jval *state,
		       struct err *err)
{
	const struct jval *layout = jval_first(jval_at(state, "native.blocks"));
	const struct jval *part = jval_first(jval_get(state, "parts"));
	struct span content = jval_get_text(state, "content");
	struct span text;
	struct export_members block;
	long long at = -1;
	long long bytes = 0;
	size_t used = 0;
	long long n;
	int rc = 0;

	for (n = 0; rc >= 0; n++) {
		while (part && !block_of(part))
			part = part->next;
		if (layout && !jval_integer(jval_get(layout, "at"), &at))
			at = n;
		if (!part && !layout)
			break;
		rc = n ? buf_add_char(out, ',', err) : 0;
		if (rc < 0)
			break;
		if (part && !(layout && at <= n)) {
			rc = buf_add_span(out, block_of(part)->raw, err);
			part = part->next;
			continue;
		}
		if (!jval_integer(jval_get(layout, "bytes"), &bytes) ||
		    bytes < 0 || used > content.len ||
		    (size_t)bytes > content.len - used)
			bytes = used < content.len ?
				(long long)(content.len - used) : 0;
		block = (struct export_members){ out, false };
		text = span_of(content.at + used, (size_t)bytes);
		rc = add_block(&block, layout, text, err);
		used += (size_t)bytes + 2;
		used = used < content.len ? used : content.len;
		layout = layout->next;
	}
	return rc;
}

/* Attachments or files. */
static int add_items(struct export_members *members, const struct jval *state,
		     const char *name, const char *type, struct err *err)
{
	static const char *const none[] = { NULL };
	const struct jval *part = jval_first(jval_get(state, "parts"));
	struct export_members item;
	size_t n = 0;
	int rc;

	rc = export_member(members, span_str(name), err);
	if (rc >= 0)
		rc = buf_add_char(members->out, '[', err);
	for (; rc >= 0 && part; part = part->next) {
		if (!jval_is_text(jval_get(part, "type"), type))
			continue;
		rc = n++ ? buf_add_char(members->out, ',', err) : 0;
		item = (struct export_members){ members->out, false };
		if (rc >= 0 && jval_is(jval_get(part, type), JVAL_OBJECT) &&
		    !strcmp(type, "attachment")) {
			rc = export_member_rest(&item, jval_get(part, type),
						none, err);
			if (rc >= 0)
				rc = export_members_end(&item, err);
		} else if (rc >= 0 && jval_get(part, type)) {
			rc = buf_add_span(members->out, jval_get(part,
								 type)->raw,
					  err);
		}
	}
	return rc < 0 ? rc : buf_add_char(members->out, ']', err);
}

int export_claude_lists(struct export_members *members,
			const struct jval *state, const struct jval *native,
			struct err *err)
{
	int rc;

	if (jval_get(native, "content")) {
		rc = export_member_raw(members, "content", jval_get(native,
								    "content"),
				       err);
	} else {
		rc = export_member(members, span_str("content"), err);
		if (rc >= 0)
			rc = buf_add_char(members->out, '[', err);
		if (rc >= 0)
			rc = add_content(members->out, state, err);
		if (rc >= 0)
			rc = buf_add_char(members->out, ']', err);
	}
	if (rc >= 0)
		rc = jval_get(native, "attachments") ?
			export_member_raw(members, "attachments",
					  jval_get(native, "attachments"),
					  err) : add_items(members, state,
							   "attachments",
							   "attachment", err);
	if (rc >= 0)
		rc = jval_get(native, "files") ?
			export_member_raw(members, "files", jval_get(native,
								     "files"),
					  err) : add_items(members, state,
							   "files", "file",
							   err);
	return rc;
}
