/*
 * conversations.json of Claude.ai, from the records that its importer made:
 * importing it again gives the same sessions and messages.
 */
#include "cmd/export/claude/claude.h"

#include <stdlib.h>

#include "cmd/export/conversations.h"
#include "cmd/export/plain.h"
#include "cmd/import/claude_ai/claude_ai.h"
#include "lib/json/jcs_scan.h"

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
static void add_own(struct export_members *members, const struct jval *native,
		    const char *name, struct span text)
{
	if (!export_is_absent(jval_get(native, "absent"), name))
		export_member_either(members, name, jval_get(native, name),
				     text);
}

static struct span sender_of(const struct jval *state)
{
	struct span role = jval_get_text(state, "role");

	return span_equals(role, span_str("user")) ? span_str("human") : role;
}

static void add_times(struct export_members *members, const struct jval *state,
		      const struct jval *native, bool is_message)
{
	const struct jval *created = jval_get(native, "created_at");
	const struct jval *updated = jval_get(native, "updated_at");

	/* A message says it only where it differs. */
	if (is_message && !updated)
		updated = created;
	export_member_either(members, "created_at", created,
			     jval_get_text(state, "created"));
	if (!export_is_absent(jval_get(native, "absent"), "updated_at"))
		export_member_either(members, "updated_at", updated,
				     jval_get_text(state, is_message ?
						   "created" : "updated"));
}

static void add_message(struct buf *out, struct span entity,
			const struct jval *state)
{
	static const char *const known[] = {
		"uuid", "text", "content", "sender", "created_at",
		"updated_at", "attachments", "files", "parent_message_uuid",
		"model", "blocks", "absent", NULL
	};
	const struct jval *native = jval_get(state, "native");
	struct span parent = jval_get_text(state, "parent");
	struct export_members members = { .out = out };

	add_own(&members, native, "uuid", id_of(entity));
	add_own(&members, native, "text", export_claude_said(state));
	export_claude_lists(&members, state, native);
	add_own(&members, native, "sender", sender_of(state));
	add_times(&members, state, native, true);
	add_own(&members, native, "parent_message_uuid", parent.at ?
		id_of(parent) : span_str(CLAUDE_AI_NO_PARENT));
	add_own(&members, native, "model", jval_get_text(state, "model"));
	export_member_rest(&members, native, known);
	export_members_end(&members);
}

/* A message at its place in the source. */
struct placed {
	int64_t index;
	const struct export_state *message;
};

/* Messages are sorted by entity as they come. */
static int order_placed(const void *a, const void *b)
{
	const struct placed *x = a;
	const struct placed *y = b;

	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	return (x->message > y->message) - (x->message < y->message);
}

static struct placed *place_all(const struct export_conversation *conversation,
				struct err *err)
{
	struct placed *all = calloc(conversation->n + 1, sizeof(*all));
	struct span index;
	size_t i;

	if (!all) {
		(void)err_set(err, ERR_NOMEM, "out of memory");
		return NULL;
	}
	for (i = 0; i < conversation->n; i++) {
		all[i].message = &conversation->messages[i];
		if (jcs_find(buf_span(&all[i].message->state), "index",
			     &index))
			(void)jcs_integer(index, &all[i].index);
	}
	qsort(all, conversation->n, sizeof(*all), order_placed);
	return all;
}

static int add_messages(struct view *view,
			const struct export_conversation *conversation,
			struct buf *out, struct err *err)
{
	struct placed *all = place_all(conversation, err);
	struct jdoc *doc;
	size_t i;
	int rc = all ? 0 : ERR_NOMEM;

	buf_put_char(out, '[');
	for (i = 0; rc == 0 && i < conversation->n; i++) {
		rc = export_doc(view, buf_span(&all[i].message->state), &doc,
				err);
		if (rc < 0)
			break;
		buf_put_str(out, i ? "," : "");
		add_message(out, buf_span(&all[i].message->entity),
			    jdoc_root(doc));
		jdoc_free(doc);
	}
	buf_put_char(out, ']');
	free(all);
	return rc;
}

static int write_conversation(void *arg,
			      const struct export_conversation *conversation,
			      struct buf *out, struct err *err)
{
	static const char *const known[] = {
		"uuid", "name", "created_at", "updated_at", "model",
		"chat_messages", "absent", NULL
	};
	struct export_members members = { .out = out };
	const struct jval *native;
	const struct jval *state;
	struct span title;
	struct jdoc *doc = NULL;
	int rc = export_doc(arg, conversation->state, &doc, err);

	if (rc < 0)
		return rc;
	state = jdoc_root(doc);
	native = jval_get(state, "native");
	title = jval_get_text(state, "title");
	add_own(&members, native, "uuid", id_of(conversation->entity));
	add_own(&members, native, "name", title.at ? title : span_str(""));
	add_times(&members, state, native, false);
	add_own(&members, native, "model", jval_get_text(state, "model"));
	export_member_rest(&members, native, known);
	export_member(&members, "chat_messages");
	rc = add_messages(arg, conversation, out, err);
	export_members_end(&members);
	jdoc_free(doc);
	return rc;
}

int export_claude(const struct export *export, struct err *err)
{
	const struct export_conversation_visitor visitor = {
		write_conversation, export->view, "claude", "Claude.ai"
	};

	return export_conversations(export, &visitor, err);
}
