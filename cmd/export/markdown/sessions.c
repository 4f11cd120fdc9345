#include "cmd/export/markdown/markdown.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"
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
	struct markdown_untold *untold;
};

static void talks_release(struct talks *talks)
{
	struct talk *talk;

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

/* What was noted on it, before what was said. */
static int put_notes(struct span state, struct buf *out, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span notes = span_of(NULL, 0);
	struct jcs_iter iter;
	struct span note;
	int rc = 0;

	(void)jcs_find(state, "notes", &notes);
	iter = jcs_iter_object(notes);
	while (rc == 0 && jcs_next(&iter, NULL, &note)) {
		buf_reset(&text);
		if (jcs_type_of(note) != JCS_STRING)
			continue;
		rc = jcs_string_decode(note, &text, err);
		if (rc == 0) {
			markdown_put_lines(out, buf_span(&text), "> ");
			buf_put_char(out, '\n');
			rc = buf_end(out, err);
		}
	}
	buf_release(&text);
	return rc;
}

static int fill_talk(struct talks *talks, struct talk_home *home,
		     struct talk *talk, struct err *err)
{
	struct view *view = talks->export->view;
	struct span state = buf_span(&home->state);
	int rc;

	rc = buf_add_span(&talk->entity, buf_span(&home->entity), err);
	if (rc == 0)
		rc = talk_text(view, state, "title", &talk->title, err);
	if (rc == 0)
		rc = talk_text(view, state, "created", &talk->created, err);
	if (rc == 0)
		rc = put_notes(state, &talk->text, err);
	return rc < 0 ? rc : markdown_talk(view, home, &talk->text,
					   &talks->untold->natives, err);
}

static int take_home(void *arg, struct talk_home *home, struct err *err)
{
	const struct buf none = BUF_INIT(BUF_NO_LIMIT);
	struct talks *talks = arg;
	struct talk *talk;
	int rc;

	talks->untold->others += home->others;
	if (home->is_deleted) {
		talks->untold->deleted += said_count(&home->said);
		return 0;
	}
	rc = array_room(talks, err);
	if (rc < 0)
		return rc;
	talk = &talks->at[talks->n++];
	*talk = (struct talk){ .entity = none, .title = none,
			       .created = none, .text = none };
	rc = fill_talk(talks, home, talk, err);
	talks->waiting += talk->text.len;
	if (rc == 0 && talks->waiting > WAITING_MAX)
		rc = put_aside(talks, err);
	return rc;
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

int markdown_sessions(const struct export *export,
		      struct markdown_untold *untold, struct err *err)
{
	struct talks talks = { .export = export, .untold = untold };
	const struct talk_home_visitor visitor = { take_home, &talks };
	size_t i;
	int rc;

	rc = talk_homes_each(export->view, &visitor, err);
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
