#include "refs/index/recall.h"

#include <stdlib.h>
#include <string.h>

#include "refs/index/lookup.h"
#include "refs/index/newer.h"

/* The rows of words are candidates, each to be read: in the order in which
 * they lie, so that each segment is read once. */
struct candidate {
	struct row *row;
	uintptr_t segment;	/* where it is described */
	uint32_t line;
};

static int order_placed(const void *a, const void *b)
{
	const struct candidate *x = a;
	const struct candidate *y = b;

	if (x->segment != y->segment)
		return x->segment < y->segment ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

static int read_placed(struct recall *recall, const struct candidate *list,
		       size_t n, struct err *err)
{
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct spoken spoken = SPOKEN_INIT;
	bool is_hit = false;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++) {
		rc = recall_read(recall, list[i].row, &data, &spoken, err);
		if (rc == 0)
			rc = recall->pick->holds(recall->pick->arg,
						 buf_span(&spoken.text),
						 &is_hit, err);
		if (!is_hit)
			list[i].row->flags |= ROW_IS_OUT;
	}
	buf_release(&data);
	spoken_release(&spoken);
	return rc;
}

static int pick_placed(struct recall *recall, struct err *err)
{
	struct rows *rows = &recall->rows;
	struct candidate *list = calloc(rows->n + 1, sizeof(*list));
	const struct tree_segment *segment = NULL;
	size_t n = 0;
	size_t i;
	int rc = 0;

	if (!list)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < rows->n; i++) {
		struct row *row = &rows->at[i];

		if (!(row->flags & ROW_IS_PLACED) || row->flags & ROW_IS_OUT)
			continue;
		rc = lookup_place(recall->lookups[row->construct], row,
				  &segment, &list[n].line, err);
		list[n].row = row;
		list[n++].segment = (uintptr_t)segment;
	}
	qsort(list, n, sizeof(*list), order_placed);
	if (rc == 0)
		rc = read_placed(recall, list, n, err);
	free(list);
	return rc;
}

/* What hits are ordered by: that of the session first. */
struct placed_hit {
	size_t row;
	const struct row *at;
	const struct row *newest;	/* hit of its session */
};

/* The same whatever came first into the rows. */
static int order_rows(const struct row *x, const struct row *y)
{
	int order = span_compare(x->entity, y->entity);

	return order ? order : (x->tie > y->tie) - (x->tie < y->tie);
}

static int order_hits(const void *a, const void *b)
{
	const struct placed_hit *x = a;
	const struct placed_hit *y = b;

	if (x->newest != y->newest && x->newest->micros != y->newest->micros)
		return x->newest->micros > y->newest->micros ? -1 : 1;
	if (x->newest != y->newest)
		return order_rows(x->newest, y->newest);
	if (x->at->index != y->at->index)
		return x->at->index < y->at->index ? -1 : 1;
	return order_rows(x->at, y->at);
}

static bool is_newer(const struct row *row, const struct row *than)
{
	if (!than || row->micros != than->micros)
		return !than || row->micros > than->micros;
	return order_rows(row, than) < 0;
}

static int keep_hits(struct recall *recall, struct placed_hit *hits, size_t n,
		     struct err *err)
{
	size_t i;

	recall->hits = calloc(n + 1, sizeof(*recall->hits));
	if (!recall->hits)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < n; i++)
		recall->hits[i].row = hits[i].row;
	recall->hits_n = n;
	return 0;
}

static int order_all(struct recall *recall, size_t most, struct err *err)
{
	const struct rows *rows = &recall->rows;
	struct placed_hit *hits = calloc(rows->n + 1, sizeof(*hits));
	const struct row **newest = calloc(rows->sessions.count + 1,
					   sizeof(*newest));
	size_t n = 0;
	size_t i;
	int rc;

	if (!hits || !newest) {
		rc = err_set(err, ERR_NOMEM, "out of memory");
		goto out;
	}
	for (i = 0; i < rows->n; i++) {
		const struct row *row = &rows->at[i];

		if (row->flags & ROW_IS_OUT)
			continue;
		hits[n++] = (struct placed_hit){ i, row, NULL };
		if (is_newer(row, newest[row->session]))
			newest[row->session] = row;
	}
	for (i = 0; i < n; i++)
		hits[i].newest = newest[hits[i].at->session];
	qsort(hits, n, sizeof(*hits), order_hits);
	rc = keep_hits(recall, hits, n < most ? n : most, err);
out:
	free(hits);
	free(newest);
	return rc;
}

static int choose_rows(struct recall *recall, size_t n, struct err *err)
{
	const struct row_needs needs = {
		.is_chosen = recall->filter.project != NULL
	};
	int rc = 0;

	free(recall->hits);
	recall->hits = NULL;
	recall->hits_n = 0;
	if (needs.is_chosen)
		rc = rows_narrow(&recall->rows, &needs, err);
	if (rc == 0 && recall->filter.stored_since)
		rc = rows_keep_newer(recall, err);
	if (rc == 0)
		rc = pick_placed(recall, err);
	return rc < 0 ? rc : order_all(recall, n, err);
}

int recall_choose(struct recall *recall, size_t n, struct err *err)
{
	struct err reason = ERR_INIT;
	int rc = choose_rows(recall, n, &reason);

	if (rc == 0)
		return 0;
	if (recall->is_plain || (rc != ERR_CORRUPT && rc != ERR_NOT_FOUND &&
				 rc != ERR_UNTRUSTED))
		return err_set(err, (enum err_code)rc, "%s", reason.text);
	rc = recall_start_anew(recall, err);
	return rc < 0 ? rc : choose_rows(recall, n, err);
}
