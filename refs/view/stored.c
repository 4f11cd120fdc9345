#include "refs/view/stored.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/table.h"
#include "lib/time/timestamp.h"
#include "refs/history/history.h"
#include "refs/view/view_internal.h"

struct stored {
	struct view *view;		/* borrowed */
	struct view *before;
	struct table segments;		/* of it: digests */
	struct tree_segments gone;	/* of these: what the view lacks */
};

static int take_digest(void *arg, const struct tree_segment *segment,
		       struct err *err)
{
	struct table *table = arg;

	return table_put(table, segment->digest, 1, err);
}

struct gathering {
	struct tree_segments *gone;
	const struct table *standing;
};

static int take_gone(void *arg, const struct tree_segment *segment,
		     struct err *err)
{
	const struct gathering *gathering = arg;
	uint64_t one;

	return table_get(gathering->standing, segment->digest, &one) ? 0 :
	       tree_segments_add(gathering->gone, segment, err);
}

static int list_segments(struct stored *stored, struct err *err)
{
	struct view *view = stored->view;
	struct table standing = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT);
	struct gathering gathering = { &stored->gone, &standing };
	const struct tree_visitor before = { take_digest, &stored->segments };
	const struct tree_visitor now = { take_digest, &standing };
	const struct tree_visitor gone = { take_gone, &gathering };
	struct store *store = view->vault->store;
	int rc = tree_each(store, &stored->before->tree, &before, err);

	if (rc == 0)
		rc = tree_each(store, &view->tree, &now, err);
	if (rc == 0)
		rc = tree_each(store, &stored->before->tree, &gone, err);
	table_release(&standing);
	return rc;
}

int view_before(struct view *view, int64_t end, struct view **out,
		struct err *err)
{
	int64_t seconds = end / TIMESTAMP_SECOND + (end % TIMESTAMP_SECOND > 0);
	size_t n = view->heads_n;
	git_oid *heads = calloc(n + 1, sizeof(*heads));
	int rc;

	if (!heads)
		return err_set(err, ERR_NOMEM, "out of memory");
	memcpy(heads, view->heads, n * sizeof(*heads));
	rc = history_before(view->vault->store, &heads, &n, seconds, err);
	if (rc == 0)
		rc = view_open_versions(view->vault, view->ref_name, heads, n,
					out, err);
	free(heads);
	return rc;
}

int stored_new(struct view *view, int64_t since, struct stored **out,
	       struct err *err)
{
	struct stored *stored = calloc(1, sizeof(*stored));
	int rc;

	if (!stored)
		return err_set(err, ERR_NOMEM, "out of memory");
	stored->segments = (struct table)TABLE_INIT(SHA256_BYTES,
						    TABLE_NO_LIMIT);
	stored->view = view;
	rc = view_before(view, since, &stored->before, err);
	if (rc == 0)
		rc = list_segments(stored, err);
	if (rc < 0)
		stored_free(stored);
	else
		*out = stored;
	return rc;
}

void stored_free(struct stored *stored)
{
	if (!stored)
		return;
	view_free(stored->before);
	table_release(&stored->segments);
	tree_segments_release(&stored->gone);
	free(stored);
}

/* One of the two folders holds the other: records move between such alone. */
static bool is_along(const struct place *a, const struct place *b)
{
	unsigned n = a->digits_n < b->digits_n ? a->digits_n : b->digits_n;

	return !strcmp(a->dir, b->dir) && !memcmp(a->digits, b->digits, n) &&
	       (!a->home[0] || !b->home[0] || !strcmp(a->home, b->home));
}

enum stored_age stored_segment(const struct stored *stored,
			       const struct tree_segment *segment)
{
	uint64_t one;
	size_t i;

	if (table_get(&stored->segments, segment->digest, &one))
		return STORED_BEFORE;
	for (i = 0; i < stored->gone.n; i++) {
		if (is_along(&stored->gone.at[i].place, &segment->place))
			return STORED_MIXED;
	}
	return STORED_SINCE;
}

struct asking {
	const unsigned char *id;
	bool is_found;
};

static int ask(void *arg, const struct view_entity *entity, struct err *err)
{
	struct asking *asking = arg;
	size_t i;

	(void)err;
	asking->is_found = !asking->id;
	for (i = 0; i < entity->records_n; i++) {
		if (asking->id && !memcmp(entity->records[i].id, asking->id,
					  RECORD_ID_BYTES))
			asking->is_found = true;
	}
	return 0;
}

int stored_has(struct stored *stored, struct span entity,
	       const unsigned char *id, bool *out, struct err *err)
{
	struct asking asking = { id, false };
	const struct view_visitor visitor = { ask, &asking };
	int rc = view_one(stored->before, entity, &visitor, err);

	*out = asking.is_found;
	return rc;
}

static int count_records(void *arg, const struct view_entity *entity,
			 struct err *err)
{
	size_t *n = arg;

	(void)err;
	*n += entity->records_n;
	return 0;
}

/* Records of a home only become more, so that their number tells. */
static int has_grown(struct stored *stored, struct span entity, bool *out,
		     struct err *err)
{
	size_t before = 0;
	size_t now = 0;
	const struct view_visitor of_before = { count_records, &before };
	const struct view_visitor of_now = { count_records, &now };
	int rc = view_home(stored->before, entity, &of_before, err);

	if (rc == 0)
		rc = view_home(stored->view, entity, &of_now, err);
	*out = now != before;
	return rc;
}

int stored_since(struct stored *stored, struct span entity, bool *out,
		 struct err *err)
{
	struct tree_segments along = TREE_SEGMENTS_INIT;
	bool is_any = false;
	size_t i;
	int rc = view_along(stored->view, entity, &along, err);

	*out = false;
	for (i = 0; i < along.n; i++)
		is_any |= stored_segment(stored, &along.at[i]) !=
			  STORED_BEFORE;
	if (rc == 0 && is_any)
		rc = has_grown(stored, entity, out, err);
	tree_segments_release(&along);
	return rc;
}
