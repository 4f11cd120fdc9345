#include "cmd/browse/view/hits.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/time/timestamp.h"
#include "lib/time/wall_text.h"

void hits_reset(struct hits *hits)
{
	arena_release(&hits->arena);
	hits->n = 0;
}

void hits_release(struct hits *hits)
{
	hits_reset(hits);
	free(hits->at);
	hits->at = NULL;
	hits->cap = 0;
}

/* Room for one more, all zero. */
static int hits_next(struct hits *hits, struct hit **out, struct err *err)
{
	int rc = array_room(hits, err);

	if (rc < 0)
		return rc;
	*out = &hits->at[hits->n];
	**out = (struct hit){ 0 };
	return 0;
}

static int keep_text(struct hits *hits, const struct jval *object,
		     const char *name, struct span *out, struct err *err)
{
	return arena_keep(&hits->arena, jval_get_text(object, name), out, err);
}

static int keep_who(struct hits *hits, const struct jval *object,
		    struct span *out, struct err *err)
{
	struct span name = jval_get_text(object, "name");

	return arena_keep(&hits->arena, name.len ? name :
			  jval_get_text(object, "role"), out, err);
}

/* Marks that are not in order inside the snippet end the list. */
static int keep_marks(struct hits *hits, struct hit *hit,
		      const struct jval *marks, struct err *err)
{
	const struct jval *mark = jval_first(marks);
	long long least = 0;
	long long start;
	long long end;

	hit->marks = arena_alloc(&hits->arena, (jval_count(marks) + 1) *
				 sizeof(*hit->marks));
	if (!hit->marks)
		return err_set(err, ERR_NOMEM, "no memory for a hit");
	for (; mark; mark = mark->next) {
		if (!jval_integer(jval_item(mark, 0), &start) ||
		    !jval_integer(jval_item(mark, 1), &end) || start < least ||
		    end < start || (size_t)end > hit->snippet.len)
			break;
		hit->marks[hit->marks_n++] = (struct hit_mark){ (size_t)start,
								(size_t)end };
		least = end;
	}
	return 0;
}

static int keep_day(struct hits *hits, struct hit *hit, struct span at,
		    struct err *err)
{
	char text[WALL_TEXT_MAX];
	int64_t micros;

	if (!at.len || timestamp_parse(at, &micros, NULL, NULL) < 0)
		return 0;
	wall_text_date(&hits->wall, micros, text);
	return arena_keep(&hits->arena, span_str(text), &hit->day, err);
}

/* What is taken as it stands. */
static int keep_texts(struct hits *hits, const struct jval *object,
		      struct hit *hit, struct err *err)
{
	const struct { const char *name; struct span *to; } texts[] = {
		{ "construct", &hit->construct }, { "entity", &hit->entity },
		{ "session", &hit->session }, { "title", &hit->title },
		{ "snippet", &hit->snippet },
	};
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < sizeof(texts) / sizeof(texts[0]); i++)
		rc = keep_text(hits, object, texts[i].name, texts[i].to, err);
	return rc;
}

int hits_add_recall(struct hits *hits, const struct jval *object,
		    struct err *err)
{
	long long nth;
	struct hit *hit;
	int rc = hits_next(hits, &hit, err);

	if (rc == 0)
		rc = keep_texts(hits, object, hit, err);
	if (rc == 0)
		rc = keep_day(hits, hit, jval_get_text(object, "at"), err);
	if (rc == 0)
		rc = keep_who(hits, object, &hit->who, err);
	if (rc == 0)
		rc = keep_marks(hits, hit, jval_get(object, "marks"), err);
	if (rc < 0)
		return rc;
	hit->is_first = !jval_integer(jval_get(object, "nth"), &nth) ||
			nth == 1;
	hits->n++;
	return 0;
}

/* "claude-code claude-opus-4-6, 119 messages, 2 branches  /srv/mill". */
static int keep_facts(struct hits *hits, const struct jval *object,
		      struct hit *hit, struct err *err)
{
	const struct jval *model = jval_first(jval_get(object, "models"));
	struct span project = jval_get_text(object, "project");
	struct buf facts = BUF_INIT(BUF_NO_LIMIT);
	long long messages = 0;
	long long branches = 0;
	int rc;

	(void)!jval_integer(jval_get(object, "messages"), &messages);
	(void)!jval_integer(jval_get(object, "branches"), &branches);
	buf_put_span(&facts, jval_get_text(object, "provider"));
	for (; model; model = model->next) {
		buf_put_str(&facts, facts.len ? " " : "");
		buf_put_span(&facts, jval_text(model));
	}
	buf_putf(&facts, "%s%lld message%s", facts.len ? ", " : "", messages,
		 messages == 1 ? "" : "s");
	if (branches > 1)
		buf_putf(&facts, ", %lld branches", branches);
	buf_put_str(&facts, project.len ? "  " : "");
	buf_put_span(&facts, project);
	rc = buf_end(&facts, err);
	if (rc == 0)
		rc = arena_keep(&hits->arena, buf_span(&facts), &hit->snippet,
				err);
	buf_release(&facts);
	return rc;
}

int hits_add_session(struct hits *hits, const struct jval *object,
		     struct err *err)
{
	struct hit *hit;
	int rc = hits_next(hits, &hit, err);

	if (rc == 0)
		rc = keep_texts(hits, object, hit, err);
	if (rc == 0)
		rc = keep_day(hits, hit, jval_get_text(object, "updated"),
			      err);
	if (rc == 0)
		rc = keep_text(hits, object, "first", &hit->first, err);
	if (rc == 0)
		rc = keep_facts(hits, object, hit, err);
	if (rc < 0)
		return rc;
	hit->is_session = true;
	hit->is_first = true;
	hit->entity = hit->session;
	hits->n++;
	return 0;
}
