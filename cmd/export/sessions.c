#include "cmd/export/markdown.h"

#include <stdlib.h>

#include "cmd/export/talk.h"
#include "lib/base/array.h"
#include "lib/os/spill.h"

/* Conversations that are rendered wait for their turn; in memory up to so
 * much of them, then on disk. */
#define WAITING_MAX ((size_t)16 << 20)

/* A conversation; text is what came of its messages. */
struct talk {
	struct buf entity;
	struct buf title;
	struct buf created;
	struct buf text;
	struct spill_piece piece;	/* where is_aside */
	bool is_aside;
};

struct talks {
	const struct export *export;
	struct talk *at;
	size_t n;
	size_t cap;
	size_t aside_n;			/* that many are on disk, or empty */
	size_t waiting;			/* bytes of the others */
	struct spill *spill;
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
		buf_release(&talk->created);
		buf_release(&talk->text);
	}
	spill_free(talks->spill);
	free(talks->at);
}

static int order_by_time(const void *a, const void *b)
{
	const struct talk *x = a;
	const struct talk *y = b;
	int order = span_compare(buf_span(&x->created), buf_span(&y->created));

	return order ? order : span_compare(buf_span(&x->entity),
					    buf_span(&y->entity));
}

/* Are the messages at hand of the conversation that this entity is of? */
static bool is_at_hand(const struct talks *talks, struct span entity)
{
	return talks->said.n &&
	       span_equals(export_conversation_of(
				buf_span(&talks->said.at[0].entity)),
			   export_conversation_of(entity));
}

/* Put all texts on disk that are not there. */
static int put_aside(struct talks *talks, struct err *err)
{
	int rc = 0;

	if (!talks->spill)
		rc = spill_new(talks->export->temp_folder, &talks->spill, err);
	for (; rc == 0 && talks->aside_n < talks->n; talks->aside_n++) {
		struct talk *talk = &talks->at[talks->aside_n];

		rc = spill_add(talks->spill, buf_span(&talk->text),
			       &talk->piece, err);
		talk->is_aside = true;
		buf_release(&talk->text);
	}
	talks->waiting = 0;
	return rc;
}

static int fill_talk(struct talks *talks, const struct view_entity *session,
		     struct talk *talk, struct err *err)
{
	struct buf active = BUF_INIT(BUF_NO_LIMIT);
	struct view *view = talks->export->view;
	int rc;

	rc = buf_add_span(&talk->entity, session->entity, err);
	if (rc == 0)
		rc = talk_text(view, session->state, "title", &talk->title,
			       err);
	if (rc == 0)
		rc = talk_text(view, session->state, "created",
			       &talk->created, err);
	if (rc == 0)
		rc = talk_text(view, session->state, "active", &active, err);
	if (rc == 0 && is_at_hand(talks, session->entity))
		rc = talk_render(view, &talks->said, &active, &talk->text,
				 err);
	buf_release(&active);
	return rc;
}

static int add_talk(struct talks *talks, const struct view_entity *session,
		    struct err *err)
{
	const struct buf none = BUF_INIT(BUF_NO_LIMIT);
	struct talk *talk;
	int rc = array_room(talks, err);

	if (rc < 0)
		return rc;
	talk = &talks->at[talks->n++];
	*talk = (struct talk){ .entity = none, .title = none,
			       .created = none, .text = none };
	rc = fill_talk(talks, session, talk, err);
	talks->waiting += talk->text.len;
	return rc;
}

/* Comes behind its messages, which are rendered at once. */
static int take_session(struct talks *talks, const struct view_entity *session,
			struct err *err)
{
	int rc = session->state.at ? add_talk(talks, session, err) : 0;

	said_reset(&talks->said);
	if (rc == 0 && talks->waiting > WAITING_MAX)
		rc = put_aside(talks, err);
	return rc;
}

static int take_entity(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct talks *talks = arg;

	if (!strcmp(entity->kind->name, "session"))
		return take_session(talks, entity, err);
	if (strcmp(entity->kind->name, "message") || !entity->state.at)
		return 0;
	/* Messages of which there is no session are of no conversation. */
	if (!is_at_hand(talks, entity->entity))
		said_reset(&talks->said);
	return said_add(&talks->said, talks->export->view, entity, err);
}

static int write_talk(struct talks *talks, struct talk *talk, struct err *err)
{
	struct buf head = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_put_str(&head, "\n### ");
	markdown_put_lines(&head, talk->title.len ? buf_span(&talk->title) :
			   buf_span(&talk->entity), "");
	buf_put_char(&head, '\n');
	rc = export_bytes(talks->export, &head, err);
	if (rc == 0 && talk->is_aside)
		rc = spill_read(talks->spill, &talk->piece, &talk->text, err);
	if (rc == 0)
		rc = export_bytes(talks->export, &talk->text, err);
	buf_release(&talk->text);
	buf_release(&head);
	return rc;
}

int markdown_sessions(const struct export *export, struct err *err)
{
	struct talks talks = { .export = export };
	const struct view_visitor visitor = { take_entity, &talks };
	size_t i;
	int rc;

	rc = view_each_home(export->view, "session", &visitor, err);
	if (rc == 0 && talks.n) {
		qsort(talks.at, talks.n, sizeof(*talks.at), order_by_time);
		rc = host_bytes(export->host,
				span_str("\n## Conversations\n"), err);
	}
	for (i = 0; rc == 0 && i < talks.n; i++)
		rc = write_talk(&talks, &talks.at[i], err);
	talks_release(&talks);
	return rc;
}
