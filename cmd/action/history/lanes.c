#include "cmd/action/history/lanes.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"

#define LANES_DRAWN 60		/* others are there, and not seen */

/* Lane k is drawn in column 2k, what leads from it to the next in 2k + 1. */

void lanes_release(struct lanes *lanes)
{
	free(lanes->at);
	buf_release(&lanes->rows);
	buf_release(&lanes->star);
	buf_release(&lanes->below);
}

struct row {
	struct buf *out;
	size_t begin;
};

/* Blanks, in room for n lanes and what leads to the right of them; no terminal
 * is as wide as the lanes of thousands of constructs. */
static struct row row_begin(struct buf *out, size_t n)
{
	struct row row = { out, out->len };

	n = n < LANES_DRAWN ? n : LANES_DRAWN;
	for (n = 2 * n + 2; n; n--)
		buf_put_char(out, ' ');
	return row;
}

static void row_set(const struct row *row, size_t column, char mark)
{
	if (row->begin + column < row->out->len)
		row->out->data[row->begin + column] = mark;
}

static void row_end(const struct row *row)
{
	size_t len = row->out->len;

	while (len > row->begin && row->out->data[len - 1] == ' ')
		len--;
	buf_cut(row->out, len);
}

/* A row of so many lanes, the lane `at` with a mark of its own. */
static void put_lanes(struct buf *out, size_t n, size_t at, char mark)
{
	struct row row = row_begin(out, n);
	size_t i;

	for (i = 0; i < n && i < LANES_DRAWN; i++)
		row_set(&row, 2 * i, '|');
	/* A version always has its star, be it in the last column. */
	if (n)
		row_set(&row, 2 * (at < LANES_DRAWN ? at : LANES_DRAWN), mark);
	row_end(&row);
}

/* A lane goes one to the left, across the others: "|/| |". */
static void put_across(struct buf *out, size_t n, size_t from)
{
	struct row row = row_begin(out, n);
	size_t i;

	for (i = 0; i < n; i++)
		row_set(&row, 2 * i, '|');
	row_set(&row, 2 * from - 1, '/');
	row_end(&row);
	buf_put_char(out, '\n');
}

/* Those from a lane on go one to the left: "| |/ /"; the one before them has
 * ended, or not. */
static void put_left(struct buf *out, size_t n, size_t from, bool has_ended)
{
	struct row row = row_begin(out, n);
	size_t i;

	for (i = 0; i < n; i++) {
		if (i >= from)
			row_set(&row, 2 * i - 1, '/');
		else if (!has_ended || i + 1 < from)
			row_set(&row, 2 * i, '|');
	}
	row_end(&row);
	buf_put_char(out, '\n');
}

/* Lanes behind `at` go one to the right, for a new one beside it. */
static void put_right(struct buf *out, size_t n, size_t at)
{
	struct row row = row_begin(out, n);
	size_t i;

	for (i = 0; i < n; i++)
		row_set(&row, i > at ? 2 * i + 1 : 2 * i, i > at ? '\\' : '|');
	row_set(&row, 2 * at + 1, '\\');
	row_end(&row);
	buf_put_char(out, '\n');
}

static void lane_drop(struct lanes *lanes, size_t at)
{
	memmove(&lanes->at[at], &lanes->at[at + 1],
		(lanes->n - at - 1) * sizeof(*lanes->at));
	lanes->n--;
}

static int lane_new(struct lanes *lanes, size_t at, const git_oid *id,
		    struct err *err)
{
	int rc = array_room(lanes, err);

	if (rc < 0)
		return rc;
	memmove(&lanes->at[at + 1], &lanes->at[at],
		(lanes->n - at) * sizeof(*lanes->at));
	lanes->at[at] = *id;
	lanes->n++;
	return 0;
}

/* Others that wait for the same version come to the first. */
static void lanes_join(struct lanes *lanes, size_t to)
{
	size_t i = to + 1;
	size_t step;

	while (i < lanes->n) {
		if (!git_oid_equal(&lanes->at[i], &lanes->at[to])) {
			i++;
			continue;
		}
		put_left(&lanes->rows, lanes->n, i, false);
		lane_drop(lanes, i);
		for (step = i - 1; step > to; step--)
			put_across(&lanes->rows, lanes->n, step);
	}
}

/* The lane of a version, a new one behind the others for a head. */
static int lane_of(struct lanes *lanes, const git_oid *id, size_t *out,
		   struct err *err)
{
	for (*out = 0; *out < lanes->n; ++*out) {
		if (git_oid_equal(&lanes->at[*out], id))
			return 0;
	}
	return lane_new(lanes, lanes->n, id, err);
}

/* It ends, or goes on to its parents. */
static int lane_go_on(struct lanes *lanes, size_t at,
		      const struct version *version, struct err *err)
{
	size_t i;
	int rc = 0;

	if (!version->parents_n) {
		if (at + 1 < lanes->n)
			put_left(&lanes->rows, lanes->n, at + 1, true);
		lane_drop(lanes, at);
		return 0;
	}
	lanes->at[at] = version->parents[0];
	for (i = 1; rc == 0 && i < version->parents_n; i++) {
		put_right(&lanes->rows, lanes->n, at + i - 1);
		rc = lane_new(lanes, at + i, &version->parents[i], err);
	}
	return rc < 0 ? rc : buf_end(&lanes->rows, err);
}

int lanes_meet(struct lanes *lanes, const struct version *version,
	       struct err *err)
{
	size_t at;
	int rc = lane_of(lanes, &version->id, &at, err);

	if (rc < 0)
		return rc;
	lanes_join(lanes, at);
	buf_reset(&lanes->star);
	buf_reset(&lanes->below);
	put_lanes(&lanes->star, lanes->n, at, '*');
	put_lanes(&lanes->below, lanes->n, at, version->parents_n ? '|' : ' ');
	rc = buf_end(&lanes->star, err);
	return rc < 0 ? rc : buf_end(&lanes->below, err);
}

int lanes_pass(struct lanes *lanes, const struct version *version,
	       struct err *err)
{
	size_t at;
	int rc = lane_of(lanes, &version->id, &at, err);

	if (rc < 0)
		return rc;
	lanes_join(lanes, at);
	return lane_go_on(lanes, at, version, err);
}

void lanes_put(struct lanes *lanes, struct jcs_fields *fields)
{
	struct jcs_fields graph = JCS_FIELDS_INIT;

	fields_text(&graph, "before", buf_span(&lanes->rows));
	fields_text(&graph, "at", buf_span(&lanes->star));
	fields_text(&graph, "below", buf_span(&lanes->below));
	fields_object(fields, "graph", &graph);
	jcs_fields_release(&graph);
	buf_reset(&lanes->rows);
}
