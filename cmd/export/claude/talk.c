#include "cmd/export/claude/claude.h"

#include "cmd/export/plain.h"
#include "cmd/import/claude_ai/claude_ai.h"

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

/* A member as the source spelt it, else as the record has it. */
static int add_own(struct export_members *members, const struct jval *native,
		   const char *name, struct span text, struct err *err)
{
	return export_member_either(members, name, jval_get(native, name), text,
				    err);
}

static struct span sender_of(const struct jval *state)
{
	struct span role = jval_get_text(state, "role");

	return span_equals(role, span_str("user")) ? span_str("human") : role;
}

static int add_times(struct export_members *members, const struct jval *state,
		     const struct jval *native, bool is_message,
		     struct err *err)
{
	const struct jval *created = jval_get(native, "created_at");
	const struct jval *updated = jval_get(native, "updated_at");
	int rc;

	rc = export_member_either(members, "created_at", created,
				  jval_get_text(state, "created"), err);
	/* A message says it only where it differs. */
	if (rc >= 0 && is_message)
		rc = export_member_either(members, "updated_at", updated ?
					  updated : created,
					  jval_get_text(state, "created"), err);
	else if (rc >= 0)
		rc = export_member_either(members, "updated_at", updated,
					  jval_get_text(state, "updated"), err);
	return rc;
}

static int add_message(struct export_members *members, struct span entity,
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

	rc = add_own(members, native, "uuid", id_of(entity), err);
	if (rc >= 0)
		rc = add_own(members, native, "text",
			     jval_get_text(state, "content"), err);
	if (rc >= 0)
		rc = export_claude_lists(members, state, native, err);
	if (rc >= 0)
		rc = add_own(members, native, "sender", sender_of(state), err);
	if (rc >= 0)
		rc = add_times(members, state, native, true, err);
	if (rc >= 0)
		rc = add_own(members, native, "parent_message_uuid", parent.at ?
			     id_of(parent) : span_str(CLAUDE_AI_NO_PARENT),
			     err);
	if (rc >= 0)
		rc = add_own(members, native, "model",
			     jval_get_text(state, "model"), err);
	if (rc >= 0)
		rc = export_member_rest(members, native, known, err);
	return rc < 0 ? rc : export_members_end(members, err);
}

static int add_messages(struct view *view, struct buf *out,
			const struct claude_stated *messages, size_t n,
			struct err *err)
{
	struct export_members members;
	struct jdoc *doc;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < n; i++) {
		doc = NULL;
		members = (struct export_members){ out, false };
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

int export_claude_talk(struct view *view, const struct claude_talk *talk,
		       struct buf *out, struct err *err)
{
	static const char *const known[] = {
		"uuid", "name", "created_at", "updated_at", "model",
		"chat_messages", NULL
	};
	struct export_members members = { out, false };
	const struct jval *native;
	struct span title;
	struct jdoc *doc = NULL;
	int rc;

	rc = export_doc(view, talk->state, &doc, err);
	if (rc < 0)
		return rc;
	native = jval_get(jdoc_root(doc), "native");
	title = jval_get_text(jdoc_root(doc), "title");
	rc = add_own(&members, native, "uuid", id_of(talk->entity), err);
	if (rc >= 0)
		rc = add_own(&members, native, "name",
			     title.at ? title : span_str(""), err);
	if (rc >= 0)
		rc = add_times(&members, jdoc_root(doc), native, false, err);
	if (rc >= 0)
		rc = add_own(&members, native, "model",
			     jval_get_text(jdoc_root(doc), "model"), err);
	if (rc >= 0)
		rc = export_member_rest(&members, native, known, err);
	if (rc >= 0)
		rc = export_member(&members, span_str("chat_messages"), err);
	if (rc >= 0)
		rc = buf_add_char(out, '[', err);
	if (rc >= 0)
		rc = add_messages(view, out, talk->messages, talk->messages_n,
				  err);
	if (rc >= 0)
		rc = buf_add_str(out, "]}", err);
	jdoc_free(doc);
	return rc;
}
