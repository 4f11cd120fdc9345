#include "cmd/browse/hits.h"

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

static int keep_turns(struct hits *hits, const struct jval *list,
		      struct hit_turns *out, struct err *err)
{
	const struct jval *turn = jval_first(list);
	int rc = 0;

	out->at = arena_alloc(&hits->arena, (jval_count(list) + 1) *
			      sizeof(*out->at));
	if (!out->at)
		return err_set(err, ERR_NOMEM, "no memory for a hit");
	for (; rc == 0 && turn; turn = turn->next) {
		struct hit_turn *kept = &out->at[out->n];

		rc = keep_who(hits, turn, &kept->who, err);
		if (rc == 0)
			rc = keep_text(hits, turn, "text", &kept->text, err);
		out->n += rc == 0;
	}
	return rc;
}

static int keep_day(struct hits *hits, struct hit *hit, struct err *err)
{
	char text[WALL_TEXT_MAX];
	int64_t micros;

	if (!hit->at.len || timestamp_parse(hit->at, &micros, NULL, NULL) < 0)
		return 0;
	wall_text_date(&hits->wall, micros, text);
	return arena_keep(&hits->arena, span_str(text), &hit->day, err);
}

/* What both kinds of object have. */
static int keep_place(struct hits *hits, const struct jval *object,
		      struct hit *hit, struct err *err)
{
	int rc = keep_text(hits, object, "construct", &hit->construct, err);

	if (rc == 0)
		rc = keep_text(hits, object, "entity", &hit->entity, err);
	if (rc == 0)
		rc = keep_text(hits, object, "title", &hit->title, err);
	if (rc == 0)
		rc = keep_text(hits, object, "at", &hit->at, err);
	return rc < 0 ? rc : keep_day(hits, hit, err);
}

int hits_add_recall(struct hits *hits, const struct jval *object,
		    struct err *err)
{
	long long nth;
	struct hit *hit;
	int rc = hits_next(hits, &hit, err);

	if (rc == 0)
		rc = keep_place(hits, object, hit, err);
	if (rc == 0)
		rc = keep_text(hits, object, "session", &hit->session, err);
	if (rc == 0)
		rc = keep_who(hits, object, &hit->who, err);
	if (rc == 0)
		rc = keep_text(hits, object, "snippet", &hit->snippet, err);
	if (rc == 0)
		rc = keep_marks(hits, hit, jval_get(object, "marks"), err);
	if (rc == 0)
		rc = keep_turns(hits, jval_get(object, "before"), &hit->before,
				err);
	if (rc == 0)
		rc = keep_turns(hits, jval_get(object, "after"), &hit->after,
				err);
	if (rc < 0)
		return rc;
	hit->is_first = !jval_integer(jval_get(object, "nth"), &nth) ||
			nth == 1;
	hits->n++;
	return 0;
}

int hits_add_session(struct hits *hits, const struct jval *object,
		     struct err *err)
{
	struct hit *hit;
	int rc = hits_next(hits, &hit, err);

	if (rc == 0)
		rc = keep_place(hits, object, hit, err);
	if (rc == 0)
		rc = keep_text(hits, object, "provider", &hit->who, err);
	if (rc < 0)
		return rc;
	hit->is_session = true;
	hit->is_first = true;
	hit->session = hit->entity;
	hits->n++;
	return 0;
}

static int compare_newest(const void *a, const void *b)
{
	return span_compare(((const struct hit *)b)->at,
			    ((const struct hit *)a)->at);
}

void hits_sort_newest(struct hits *hits)
{
	if (hits->n)
		qsort(hits->at, hits->n, sizeof(*hits->at), compare_newest);
}
