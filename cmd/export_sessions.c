#include "cmd/export_talk.h"

#include <stdlib.h>

/* A conversation; text is what came of its messages. */
struct talk {
	struct buf entity;
	struct buf title;
	struct buf active;
	struct buf created;
	struct buf text;
};

struct talks {
	struct view *view;
	struct talk *at;
	size_t n;
	size_t cap;
	struct said_list said;		/* messages of the session at hand */
};

static void talks_release(struct talks *talks)
{
	struct talk *talk;

	said_release(&talks->said);
	while (talks->n) {
		talk = &talks->at[--talks->n];
		buf_release(&talk->entity);
		buf_release(&talk->title);
		buf_release(&talk->active);
		buf_release(&talk->created);
		buf_release(&talk->text);
	}
	free(talks->at);
}

static int keep_session(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct talks *talks = arg;
	struct buf none = BUF_INIT(BUF_NO_LIMIT);
	struct span state = entity->state;
	size_t cap = talks->cap ? talks->cap * 2 : 64;
	struct talk *talk = talks->at;
	int rc;

	if (!state.at)
		return 0;
	if (talks->n == talks->cap) {
		talk = realloc(talk, cap * sizeof(*talk));
		if (!talk)
			return err_set(err, ERR_NOMEM, "out of memory");
		talks->at = talk;
		talks->cap = cap;
	}
	talk = &talks->at[talks->n++];
	*talk = (struct talk){ none, none, none, none, none };
	rc = buf_add_span(&talk->entity, entity->entity, err);
	if (rc >= 0)
		rc = talk_text(talks->view, state, "title", &talk->title,
				 err);
	if (rc >= 0)
		rc = talk_text(talks->view, state, "active", &talk->active,
				 err);
	if (rc >= 0)
		rc = talk_text(talks->view, state, "created",
				 &talk->created, err);
	return rc;
}

static int order_by_entity(const void *a, const void *b)
{
	const struct talk *x = a;
	const struct talk *y = b;

	return span_compare(buf_span(&x->entity), buf_span(&y->entity));
}

static int order_by_time(const void *a, const void *b)
{
	const struct talk *x = a;
	const struct talk *y = b;
	int order = span_compare(buf_span(&x->created), buf_span(&y->created));

	return order ? order : order_by_entity(a, b);
}

/* "session:P:C" of "message:P:C/N"; the '/' is there, or the record would
 * not be valid. */
static int session_of(struct span message, struct buf *out, struct err *err)
{
	static const size_t kind = sizeof("message") - 1;
	const char *slash = memchr(message.at, '/', message.len);
	size_t len = slash ? (size_t)(slash - message.at) : message.len;
	int rc;

	rc = buf_add_str(out, "session", err);
	if (rc >= 0)
		rc = buf_add(out, message.at + kind, len - kind, err);
	return rc;
}

/* All messages of one session have come. */
static int flush_said(struct talks *talks, struct err *err)
{
	struct talk key = { .entity = BUF_INIT(BUF_NO_LIMIT) };
	struct talk *talk = NULL;
	int rc = 0;

	if (talks->said.n)
		rc = session_of(buf_span(&talks->said.at[0].entity),
				&key.entity, err);
	if (rc >= 0 && talks->n)
		talk = bsearch(&key, talks->at, talks->n, sizeof(key),
			       order_by_entity);
	if (talk)
		rc = talk_render(talks->view, &talks->said, &talk->active,
				 &talk->text, err);
	buf_release(&key.entity);
	said_reset(&talks->said);
	return rc;
}

/* Up to the '/': message:<provider>:<conversation>. */
static bool is_same_session(struct span a, struct span b)
{
	const char *slash = memchr(a.at, '/', a.len);
	size_t len = slash ? (size_t)(slash - a.at) + 1 : a.len;

	return b.len >= len && !memcmp(a.at, b.at, len);
}

/* A view gives the messages of a session one after the other. */
static int keep_message(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct talks *talks = arg;
	int rc = 0;

	if (!entity->state.at)
		return 0;
	if (talks->said.n &&
	    !is_same_session(buf_span(&talks->said.at[0].entity),
			     entity->entity))
		rc = flush_said(talks, err);
	if (rc >= 0)
		rc = said_add(&talks->said, talks->view, entity, err);
	return rc;
}

static int write_talk(const struct talk *talk, struct err *err)
{
	struct buf head = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = buf_add_str(&head, "\n### ", err);
	if (rc >= 0)
		rc = export_lines(talk->title.len ? buf_span(&talk->title) :
				  buf_span(&talk->entity), "", &head, err);
	if (rc >= 0)
		rc = buf_add_char(&head, '\n', err);
	if (rc >= 0) {
		export_bytes(buf_span(&head));
		export_bytes(buf_span(&talk->text));
	}
	buf_release(&head);
	return rc;
}

int export_sessions(struct session *session, struct view *view)
{
	struct talks talks = { .view = view };
	const struct view_visitor sessions = { keep_session, &talks };
	const struct view_visitor messages = { keep_message, &talks };
	struct err *err = &session->err;
	size_t i;
	int rc;

	rc = view_each(view, kind_find(span_str("session")), false, &sessions,
		       err);
	if (rc >= 0 && talks.n) {
		qsort(talks.at, talks.n, sizeof(*talks.at), order_by_entity);
		rc = view_each(view, kind_find(span_str("message")), false,
			       &messages, err);
	}
	if (rc >= 0)
		rc = flush_said(&talks, err);
	if (rc >= 0 && talks.n) {
		qsort(talks.at, talks.n, sizeof(*talks.at), order_by_time);
		export_bytes(span_str("\n## Conversations\n"));
	}
	for (i = 0; rc >= 0 && i < talks.n; i++)
		rc = write_talk(&talks.at[i], err);
	talks_release(&talks);
	return rc;
}
