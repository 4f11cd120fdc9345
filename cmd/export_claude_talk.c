#include "cmd/export_claude.h"

#include "cmd/export_plain.h"
#include "cmd/import/claude_ai.h"

/* Members of an object being written. */
struct members {
	struct buf *out;
	bool has_some;
};

static int begin_member(struct members *members, struct span name,
			struct err *err)
{
	int rc;

	rc = buf_add_str(members->out, members->has_some ? "," : "{", err);
	members->has_some = true;
	if (rc >= 0)
		rc = export_string(name, members->out, err);
	return rc < 0 ? rc : buf_add_char(members->out, ':', err);
}

static int add_text(struct members *members, const char *name,
		    struct span text, struct err *err)
{
	int rc;

	rc = begin_member(members, span_str(name), err);
	return rc < 0 ? rc : export_string(text, members->out, err);
}

static int add_raw(struct members *members, const char *name,
		   const struct jval *value, struct err *err)
{
	int rc;

	rc = begin_member(members, span_str(name), err);
	return rc < 0 ? rc : buf_add_span(members->out, value->raw, err);
}

static int end_members(struct members *members, struct err *err)
{
	return buf_add_str(members->out, members->has_some ? "}" : "{}", err);
}

static bool is_named(struct span name, const char *const *names)
{
	for (; *names; names++) {
		if (span_equals(name, span_str(*names)))
			return true;
	}
	return false;
}

/* All members but those that are named; what was set apart in "rest" too. */
static int add_others(struct members *members, const struct jval *object,
		      const char *const *known, struct err *err)
{
	const struct jval *child = jval_first(object);
	const struct jval *rest = jval_get(object, "rest");
	int rc = 0;

	for (; rc >= 0 && child; child = child->next) {
		if (child == rest || is_named(child->key, known))
			continue;
		rc = begin_member(members, child->key, err);
		if (rc >= 0)
			rc = buf_add_span(members->out, child->raw, err);
	}
	if (rc < 0 || !jval_is(rest, JVAL_OBJECT))
		return rc;
	for (child = jval_first(rest); rc >= 0 && child; child = child->next) {
		if (is_named(child->key, known) &&
		    !span_equals(child->key, span_str("blocks")))
			continue;
		rc = begin_member(members, child->key, err);
		if (rc >= 0)
			rc = buf_add_span(members->out, child->raw, err);
	}
	return rc;
}

/* What the source said itself, else what the record says. */
static int add_either(struct members *members, const char *name,
		      const struct jval *own, struct span text,
		      struct err *err)
{
	if (own)
		return add_raw(members, name, own, err);
	return text.at ? add_text(members, name, text, err) : 0;
}

/* The id of an entity: what stands behind its last '/', or else its second
 * colon. */
static struct span id_of(struct span entity)
{
	size_t i;

	for (i = entity.len; i && entity.at[i - 1] != '/'; i--)
		;
	if (!i) {
		for (i = 0; i < entity.len && entity.at[i] != ':'; i++)
			;
		for (i++; i < entity.len && entity.at[i] != ':'; i++)
			;
		i++;
	}
	return i < entity.len ? span_of(entity.at + i, entity.len - i) :
		span_of("", 0);
}

static int add_block(struct members *block, const struct jval *layout,
		     struct span text, struct err *err)
{
	static const char *const none[] = { "type", "text", NULL };
	int rc;

	rc = add_text(block, "type", span_str("text"), err);
	if (rc >= 0)
		rc = add_text(block, "text", text, err);
	if (rc >= 0)
		rc = add_others(block, jval_get(layout, "rest"), none, err);
	return rc < 0 ? rc : end_members(block, err);
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
	const struct jval *layout = jval_first(jval_at(state,
						       "native.blocks"));
	const struct jval *part = jval_first(jval_get(state, "parts"));
	struct span content = jval_get_text(state, "content");
	struct members block;
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
		if (rc >= 0 && part && !(layout && at <= n)) {
			rc = buf_add_span(out, block_of(part)->raw, err);
			part = part->next;
			continue;
		}
		if (!jval_integer(jval_get(layout, "bytes"), &bytes) ||
		    bytes < 0 || used > content.len ||
		    (size_t)bytes > content.len - used)
			bytes = used < content.len ?
				(long long)(content.len - used) : 0;
		block = (struct members){ out, false };
		if (rc >= 0)
			rc = add_block(&block, layout, span_of(content.at +
					used, (size_t)bytes), err);
		used += (size_t)bytes + 2;
		used = used < content.len ? used : content.len;
		layout = layout->next;
	}
	return rc;
}

/* Attachments or files. */
static int add_items(struct members *members, const struct jval *state,
		     const char *name, const char *type, struct err *err)
{
	static const char *const none[] = { NULL };
	const struct jval *part = jval_first(jval_get(state, "parts"));
	struct members item;
	size_t n = 0;
	int rc;

	rc = begin_member(members, span_str(name), err);
	if (rc >= 0)
		rc = buf_add_char(members->out, '[', err);
	for (; rc >= 0 && part; part = part->next) {
		if (!jval_is_text(jval_get(part, "type"), type))
			continue;
		rc = n++ ? buf_add_char(members->out, ',', err) : 0;
		item = (struct members){ members->out, false };
		if (rc >= 0 && jval_is(jval_get(part, type), JVAL_OBJECT) &&
		    !strcmp(type, "attachment")) {
			rc = add_others(&item, jval_get(part, type), none,
					err);
			if (rc >= 0)
				rc = end_members(&item, err);
		} else if (rc >= 0 && jval_get(part, type)) {
			rc = buf_add_span(members->out,
					  jval_get(part, type)->raw, err);
		}
	}
	return rc < 0 ? rc : buf_add_char(members->out, ']', err);
}

static int add_lists(struct members *members, const struct jval *state,
		     const struct jval *native, struct err *err)
{
	int rc;

	if (jval_get(native, "content")) {
		rc = add_raw(members, "content", jval_get(native, "content"),
			     err);
	} else {
		rc = begin_member(members, span_str("content"), err);
		if (rc >= 0)
			rc = buf_add_char(members->out, '[', err);
		if (rc >= 0)
			rc = add_content(members->out, state, err);
		if (rc >= 0)
			rc = buf_add_char(members->out, ']', err);
	}
	if (rc >= 0)
		rc = jval_get(native, "attachments") ?
			add_raw(members, "attachments",
				jval_get(native, "attachments"), err) :
			add_items(members, state, "attachments", "attachment",
				  err);
	if (rc >= 0)
		rc = jval_get(native, "files") ?
			add_raw(members, "files", jval_get(native, "files"),
				err) :
			add_items(members, state, "files", "file", err);
	return rc;
}

static struct span sender_of(const struct jval *state)
{
	struct span role = jval_get_text(state, "role");

	return span_equals(role, span_str("user")) ? span_str("human") : role;
}

static int add_times(struct members *members, const struct jval *state,
		     const struct jval *native, bool is_message,
		     struct err *err)
{
	const struct jval *created = jval_get(native, "created_at");
	const struct jval *updated = jval_get(native, "updated_at");
	int rc;

	rc = add_either(members, "created_at", created,
			jval_get_text(state, "created"), err);
	/* A message says it only where it differs. */
	if (rc >= 0 && is_message)
		rc = add_either(members, "updated_at", updated ? updated :
				created, jval_get_text(state, "created"),
				err);
	else if (rc >= 0)
		rc = add_either(members, "updated_at", updated,
				jval_get_text(state, "updated"), err);
	return rc;
}

static int add_message(struct members *members, struct span entity,
		       const struct jval *state, struct err *err)
{
	static const char *const known[] = {
		"uuid", "text", "content", "sender", "created_at",
		"updated_at", "attachments", "files", "parent_message_uuid",
		"model", "blocks", NULL
	};
	const struct jval *native = jval_get(state, "native");
	struct span parent = jval_get_text(state, "parent");
	int rc;

	rc = add_either(members, "uuid", jval_get(native, "uuid"),
			id_of(entity), err);
	if (rc >= 0)
		rc = add_either(members, "text", jval_get(native, "text"),
				jval_get_text(state, "content"), err);
	if (rc >= 0)
		rc = add_lists(members, state, native, err);
	if (rc >= 0)
		rc = add_either(members, "sender", jval_get(native, "sender"),
				sender_of(state), err);
	if (rc >= 0)
		rc = add_times(members, state, native, true, err);
	if (rc >= 0)
		rc = add_either(members, "parent_message_uuid",
				jval_get(native, "parent_message_uuid"),
				parent.at ? id_of(parent) :
				span_str(CLAUDE_AI_NO_PARENT), err);
	if (rc >= 0)
		rc = add_either(members, "model", jval_get(native, "model"),
				jval_get_text(state, "model"), err);
	if (rc >= 0)
		rc = add_others(members, native, known, err);
	return rc < 0 ? rc : end_members(members, err);
}

static int add_messages(struct view *view, struct buf *out,
			const struct claude_stated *messages, size_t n,
			struct err *err)
{
	struct members members;
	struct jdoc *doc;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < n; i++) {
		doc = NULL;
		members = (struct members){ out, false };
		rc = export_doc(view, buf_span(&messages[i].state), &doc, err);
		if (rc >= 0 && i)
			rc = buf_add_char(out, ',', err);
		if (rc >= 0)
			rc = add_message(&members,
					 buf_span(&messages[i].entity),
					 jdoc_root(doc), err);
		jdoc_free(doc);
	}
	return rc;
}

int export_claude_talk(struct view *view, struct span entity,
		       struct span state, const struct claude_stated *messages,
		       size_t n, struct buf *out, struct err *err)
{
	static const char *const known[] = {
		"uuid", "name", "created_at", "updated_at", "model",
		"chat_messages", NULL
	};
	struct members members = { out, false };
	const struct jval *native;
	struct span title;
	struct jdoc *doc = NULL;
	int rc;

	rc = export_doc(view, state, &doc, err);
	if (rc < 0)
		return rc;
	native = jval_get(jdoc_root(doc), "native");
	title = jval_get_text(jdoc_root(doc), "title");
	rc = add_either(&members, "uuid", jval_get(native, "uuid"),
			id_of(entity), err);
	if (rc >= 0)
		rc = add_either(&members, "name", jval_get(native, "name"),
				title.at ? title : span_str(""), err);
	if (rc >= 0)
		rc = add_times(&members, jdoc_root(doc), native, false, err);
	if (rc >= 0)
		rc = add_either(&members, "model", jval_get(native, "model"),
				jval_get_text(jdoc_root(doc), "model"), err);
	if (rc >= 0)
		rc = add_others(&members, native, known, err);
	if (rc >= 0)
		rc = begin_member(&members, span_str("chat_messages"), err);
	if (rc >= 0)
		rc = buf_add_char(out, '[', err);
	if (rc >= 0)
		rc = add_messages(view, out, messages, n, err);
	if (rc >= 0)
		rc = buf_add_str(out, "]}", err);
	jdoc_free(doc);
	return rc;
}
