/*
 * conversations.json of Claude.ai, from the records that its importer made:
 * importing it again gives the same sessions and messages.
 */
#include "cmd/export/export.h"

#include <stdlib.h>

#include "cmd/export/claude/claude.h"
#include "cmd/cli/out.h"
#include "lib/base/array.h"
#include "lib/base/table.h"
#include "lib/json/jcs_scan.h"

/* One conversation at a time: a view gives its messages in a row. */
struct claude_export {
	struct view *view;
	struct table sessions;		/* sha256 of entity: place in states */
	struct claude_stated *states;
	size_t states_n;
	size_t states_cap;
	bool *is_written;
	struct buf talk;		/* entity of the session at hand */
	struct claude_stated *messages;
	size_t messages_n;
	size_t messages_cap;
	uint64_t foreign;		/* sessions of other providers */
	size_t written;
};

static bool is_ours(struct span session)
{
	return span_begins(session, "session:claude:");
}

/* ":P:C" of "message:P:C/N". */
static struct span session_part(struct span message)
{
	static const size_t kind = sizeof("message") - 1;
	const char *slash = memchr(message.at, '/', message.len);
	size_t len = slash ? (size_t)(slash - message.at) : message.len;

	return span_of(message.at + kind, len - kind);
}

/* Copy an entity to the end of a list. */
static int add_stated(struct claude_stated **stated, size_t *n, size_t *cap,
		      const struct view_entity *entity, struct err *err)
{
	struct claude_stated *last;
	void *list = *stated;
	struct span value;
	int rc;

	rc = array_grow(&list, cap, *n, sizeof(*last), err);
	*stated = list;
	if (rc < 0)
		return rc;
	last = &(*stated)[(*n)++];
	memset(last, 0, sizeof(*last));
	last->entity = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	last->state = last->entity;
	if (jcs_find(entity->state, "index", &value))
		(void)jcs_integer(value, &last->index);
	rc = buf_add_span(&last->entity, entity->entity, err);
	return rc < 0 ? rc : buf_add_span(&last->state, entity->state, err);
}

static int keep_session(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct claude_export *export = arg;
	unsigned char id[SHA256_BYTES];
	int rc;

	if (!entity->state.at)
		return 0;
	if (!is_ours(entity->entity)) {
		export->foreign++;
		return 0;
	}
	sha256_of(entity->entity.at, entity->entity.len, id);
	rc = table_put(&export->sessions, id, export->states_n, err);
	return rc < 0 ? rc : add_stated(&export->states, &export->states_n,
					&export->states_cap, entity, err);
}

static int order_messages(const void *a, const void *b)
{
	const struct claude_stated *x = a;
	const struct claude_stated *y = b;

	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	return span_compare(buf_span(&x->entity), buf_span(&y->entity));
}

static void stated_release(struct claude_stated *stated)
{
	buf_release(&stated->entity);
	buf_release(&stated->state);
}

static void forget_messages(struct claude_export *export)
{
	while (export->messages_n)
		stated_release(&export->messages[--export->messages_n]);
}

static int write_talk(struct claude_export *export, struct span entity,
		      struct span state, struct err *err)
{
	const struct claude_talk talk = {
		entity, state, export->messages, export->messages_n
	};
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (export->messages_n)
		qsort(export->messages, export->messages_n,
		      sizeof(*export->messages), order_messages);
	rc = buf_add_str(&out, export->written++ ? ",\n" : "", err);
	if (rc >= 0)
		rc = export_claude_talk(export->view, &talk, &out, err);
	if (rc >= 0)
		export_bytes(buf_span(&out));
	buf_release(&out);
	return rc;
}

/* All messages of one session have come. */
static int flush(struct claude_export *export, struct err *err)
{
	unsigned char id[SHA256_BYTES];
	struct span talk = buf_span(&export->talk);
	uint64_t at;
	int rc = 0;

	sha256_of(talk.at, talk.len, id);
	if (export->messages_n && table_get(&export->sessions, id, &at)) {
		rc = write_talk(export, talk,
				buf_span(&export->states[at].state), err);
		export->is_written[at] = true;
	} else if (export->messages_n && is_ours(talk)) {
		rc = write_talk(export, talk, span_str("{}"), err);
	}
	forget_messages(export);
	return rc;
}

static int keep_message(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct claude_export *export = arg;
	struct span talk = session_part(entity->entity);
	int rc = 0;

	if (!entity->state.at)
		return 0;
	if (export->talk.len != talk.len + 7 ||
	    memcmp(export->talk.data + 7, talk.at, talk.len)) {
		rc = flush(export, err);
		buf_reset(&export->talk);
		if (rc >= 0)
			rc = buf_add_str(&export->talk, "session", err);
		if (rc >= 0)
			rc = buf_add_span(&export->talk, talk, err);
	}
	if (rc < 0 || !is_ours(buf_span(&export->talk)))
		return rc;
	return add_stated(&export->messages, &export->messages_n,
			  &export->messages_cap, entity, err);
}

/* Those without messages, in the order of the view. */
static int write_empty(struct claude_export *export, struct err *err)
{
	const struct claude_stated *stated;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < export->states_n; i++) {
		stated = &export->states[i];
		if (!export->is_written[i])
			rc = write_talk(export, buf_span(&stated->entity),
					buf_span(&stated->state), err);
	}
	return rc;
}

static void claude_export_release(struct claude_export *export)
{
	size_t i;

	forget_messages(export);
	for (i = 0; i < export->states_n; i++)
		stated_release(&export->states[i]);
	free(export->states);
	free(export->is_written);
	free(export->messages);
	table_release(&export->sessions);
	buf_release(&export->talk);
}

int export_claude(struct session *session, struct view *view)
{
	struct claude_export export = {
		.view = view,
		.sessions = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.talk = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct view_visitor sessions = { keep_session, &export };
	const struct view_visitor messages = { keep_message, &export };
	struct err *err = &session->err;
	int rc;

	rc = view_each(view, kind_find(span_str("session")), false, &sessions,
		       err);
	export.is_written = calloc(export.states_n + 1, sizeof(bool));
	if (rc >= 0 && !export.is_written)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	export_bytes(span_str("["));
	if (rc >= 0)
		rc = view_each(view, kind_find(span_str("message")), false,
			       &messages, err);
	if (rc >= 0)
		rc = flush(&export, err);
	if (rc >= 0)
		rc = write_empty(&export, err);
	if (rc >= 0)
		export_bytes(span_str("]\n"));
	if (rc >= 0 && export.foreign)
		out_note("left out: %llu conversations that did not come from "
			 "Claude.ai", (unsigned long long)export.foreign);
	claude_export_release(&export);
	return rc;
}
