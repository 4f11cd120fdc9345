#include "objects/fold_set.h"

#include <stdlib.h>

/* What the value of one setter holds. */
struct element {
	struct span value;
	uint32_t setter;	/* position among the setters */
};

struct elements {
	struct element *at;
	size_t n;
	size_t cap;
};

/* What a record does to the field. */
enum effect { EFFECT_NONE, EFFECT_LACKS, EFFECT_HOLDS };

/*
 * The walk over the graph that follows one element. Additions are followed
 * 64 at a time, a bit each: seen are those in a record's past or itself,
 * gone those of them that a removal has seen. is_held: some addition of an
 * earlier batch or this one reaches the record's past and is not gone there.
 */
struct walk {
	const struct fold_graph *graph;
	unsigned char *effect;
	bool *is_last;		/* no later setter: nobody can remove it */
	bool *is_held;
	uint64_t *seen;
	uint64_t *gone;
	uint64_t killed;	/* additions that some removal has seen */
	uint64_t used;		/* bits given out in this batch */
	size_t resume;		/* place at which the next batch begins */
};

static void walk_release(struct walk *walk)
{
	free(walk->effect);
	free(walk->is_last);
	free(walk->is_held);
	free(walk->seen);
	free(walk->gone);
}

static int walk_init(struct walk *walk, const struct fold_graph *graph,
		     struct err *err)
{
	memset(walk, 0, sizeof(*walk));
	walk->graph = graph;
	walk->effect = calloc(graph->n, sizeof(*walk->effect));
	walk->is_last = calloc(graph->n, sizeof(*walk->is_last));
	walk->is_held = calloc(graph->n, sizeof(*walk->is_held));
	walk->seen = calloc(graph->n, sizeof(*walk->seen));
	walk->gone = calloc(graph->n, sizeof(*walk->gone));
	if (!walk->effect || !walk->is_last || !walk->is_held ||
	    !walk->seen || !walk->gone)
		return err_set(err, ERR_NOMEM, "out of memory");
	return 0;
}

/* Collect into seen and gone what the records named by this one have. */
static void walk_past(struct walk *walk, uint32_t here)
{
	const struct fold_graph *graph = walk->graph;
	uint64_t seen = 0;
	uint64_t gone = 0;
	uint32_t edge;

	for (edge = graph->edges_at[here]; edge < graph->edges_at[here + 1];
	     edge++) {
		seen |= walk->seen[graph->edges[edge]];
		gone |= walk->gone[graph->edges[edge]];
	}
	if (seen & ~gone)
		walk->is_held[here] = true;
	walk->seen[here] = seen;
	walk->gone[here] = gone;
}

/*
 * A record that holds the element: an addition, unless its past holds it.
 * True when the addition can never be removed.
 */
static bool walk_addition(struct walk *walk, uint32_t here, size_t place)
{
	if (walk->is_held[here] || place >= walk->resume)
		return false;
	if (walk->is_last[here])
		return true;
	if (walk->used == UINT64_MAX) {
		walk->resume = place;
		return false;
	}
	walk->seen[here] |= walk->used + 1;
	walk->used = 2 * walk->used + 1;
	return false;
}

/* Follow the additions from `start` on, at most 64 of them. */
static bool walk_batch(struct walk *walk, size_t start)
{
	size_t place;

	walk->used = walk->killed = 0;
	walk->resume = SIZE_MAX;
	for (place = 0; place < walk->graph->n; place++) {
		uint32_t here = walk->graph->order[place];

		walk_past(walk, here);
		if (walk->effect[here] == EFFECT_LACKS) {
			walk->killed |= walk->seen[here];
			walk->gone[here] |= walk->seen[here];
		} else if (walk->effect[here] == EFFECT_HOLDS &&
			   place >= start &&
			   walk_addition(walk, here, place)) {
			return true;
		}
	}
	return (walk->used & ~walk->killed) != 0;
}

static bool walk_is_present(struct walk *walk)
{
	size_t start = 0;

	memset(walk->is_held, 0, walk->graph->n * sizeof(*walk->is_held));
	do {
		if (walk_batch(walk, start))
			return true;
		start = walk->resume;
	} while (start != SIZE_MAX);
	return false;
}

static int elements_push(struct elements *list, struct span value,
			 size_t setter, struct err *err)
{
	if (list->n == list->cap) {
		size_t cap = list->cap ? 2 * list->cap : 16;
		struct element *at = realloc(list->at, cap * sizeof(*at));

		if (!at)
			return err_set(err, ERR_NOMEM, "out of memory");
		list->at = at;
		list->cap = cap;
	}
	list->at[list->n].value = value;
	list->at[list->n++].setter = (uint32_t)setter;
	return 0;
}

static int element_order(const void *left, const void *right)
{
	const struct element *a = left;
	const struct element *b = right;
	int order = span_compare(a->value, b->value);

	return order ? order : (a->setter > b->setter) - (a->setter < b->setter);
}

static int elements_collect(struct elements *list,
			    const struct fold_leaf *setters, size_t setters_n,
			    struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < setters_n; i++) {
		struct jcs_iter iter = jcs_iter_array(setters[i].value);
		struct span value = setters[i].value;

		switch (jcs_type_of(value)) {
		case JCS_NULL:
			break;
		case JCS_ARRAY:
			while (rc == 0 && jcs_next(&iter, NULL, &value))
				rc = elements_push(list, value, i, err);
			break;
		default:
			rc = elements_push(list, value, i, err);
		}
	}
	if (list->n > 1)
		qsort(list->at, list->n, sizeof(*list->at), element_order);
	return rc;
}

/* Equal elements from `at` on. */
static size_t elements_run(const struct elements *list, size_t at)
{
	size_t end = at + 1;

	while (end < list->n &&
	       span_equals(list->at[at].value, list->at[end].value))
		end++;
	return end - at;
}

static void walk_prepare(struct walk *walk, const struct fold_leaf *setters,
			 size_t setters_n)
{
	size_t i;

	for (i = 0; i < walk->graph->n; i++) {
		if (walk->graph->is_delete[i])
			walk->effect[i] = EFFECT_LACKS;
	}
	for (i = 0; i < setters_n; i++) {
		walk->effect[setters[i].owner] = EFFECT_LACKS;
		walk->is_last[setters[i].owner] = !setters[i].is_superseded;
	}
}

static void walk_mark(struct walk *walk, const struct fold_leaf *setters,
		      const struct element *run, size_t run_n,
		      enum effect effect)
{
	while (run_n--)
		walk->effect[setters[(run++)->setter].owner] =
			(unsigned char)effect;
}

/* Append the elements that are there; *out_count says how many. */
static int set_write(struct walk *walk, const struct fold_leaf *setters,
		     const struct elements *list, struct buf *out,
		     struct err *err)
{
	const char *before = "[";
	size_t run_n;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < list->n; i += run_n) {
		const struct element *run = &list->at[i];
		bool is_present;

		run_n = elements_run(list, i);
		walk_mark(walk, setters, run, run_n, EFFECT_HOLDS);
		is_present = walk_is_present(walk);
		walk_mark(walk, setters, run, run_n, EFFECT_LACKS);
		if (!is_present)
			continue;
		rc = buf_add_str(out, before, err);
		if (rc == 0)
			rc = buf_add_span(out, run->value, err);
		before = ",";
	}
	if (rc == 0 && *before == ',')
		rc = buf_add_char(out, ']', err);
	return rc;
}

/* Without elements the field stands, empty, where a last word was not null. */
static bool set_is_kept(const struct fold_leaf *setters, size_t setters_n)
{
	size_t i;

	for (i = 0; i < setters_n; i++) {
		if (!setters[i].is_superseded &&
		    jcs_type_of(setters[i].value) != JCS_NULL)
			return true;
	}
	return false;
}

int fold_set(const struct fold_graph *graph, const struct fold_leaf *setters,
	     size_t setters_n, struct buf *out, struct err *err)
{
	struct elements list = { NULL, 0, 0 };
	struct walk walk;
	size_t before = out->len;
	int rc;

	rc = walk_init(&walk, graph, err);
	if (rc == 0)
		rc = elements_collect(&list, setters, setters_n, err);
	if (rc < 0)
		goto out;
	walk_prepare(&walk, setters, setters_n);
	rc = set_write(&walk, setters, &list, out, err);
	if (rc == 0 && out->len == before && set_is_kept(setters, setters_n))
		rc = buf_add_str(out, "[]", err);
out:
	walk_release(&walk);
	free(list.at);
	return rc;
}
