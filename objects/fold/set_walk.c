#include "objects/fold/set_walk.h"

#include <stdlib.h>
#include <string.h>

void fold_set_walk_init(struct fold_set_walk *walk,
			const struct fold_graph *graph, const bool *is_marked)
{
	memset(walk, 0, sizeof(*walk));
	walk->graph = graph;
	walk->is_marked = is_marked;
}

void fold_set_walk_release(struct fold_set_walk *walk)
{
	free(walk->is_held);
	free(walk->is_holder);
	free(walk->own);
	free(walk->seen);
	free(walk->gone);
	walk->is_held = walk->is_holder = NULL;
	walk->own = walk->seen = walk->gone = NULL;
}

/* Most sets never come here: memory is taken when the first does. */
static int walk_begin(struct fold_set_walk *walk, struct err *err)
{
	size_t n = walk->graph->n;

	if (walk->own)
		return 0;
	walk->is_held = calloc(n, sizeof(*walk->is_held));
	walk->is_holder = calloc(n, sizeof(*walk->is_holder));
	walk->own = calloc(n, sizeof(*walk->own));
	walk->seen = calloc(n, sizeof(*walk->seen));
	walk->gone = calloc(n, sizeof(*walk->gone));
	if (!walk->is_held || !walk->is_holder || !walk->own || !walk->seen ||
	    !walk->gone)
		return err_set(err, ERR_NOMEM, "out of memory");
	return 0;
}

/* Collect into seen and gone what the records named by this one have. */
static void walk_past(struct fold_set_walk *walk, uint32_t here)
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
	walk->seen[here] = seen;
	walk->gone[here] = gone;
}

/* The elements that the record holds, as the bits of all their holders. */
static uint64_t held_elements(const struct fold_set_walk *walk, uint64_t own)
{
	uint64_t held = 0;
	size_t bit;

	for (bit = 0; own; bit++, own >>= 1) {
		if (own & 1)
			held |= walk->element[bit];
	}
	return held;
}

/* A record that holds an element adds it unless its past holds it. */
static void walk_additions(struct fold_set_walk *walk, uint32_t here)
{
	uint64_t alive = walk->seen[here] & ~walk->gone[here];
	uint64_t own = walk->own[here];
	size_t bit;

	for (bit = 0; own; bit++, own >>= 1) {
		if (own & 1 && !(alive & walk->element[bit])) {
			walk->seen[here] |= (uint64_t)1 << bit;
			walk->added |= (uint64_t)1 << bit;
		}
	}
}

static void walk_record(struct fold_set_walk *walk, uint32_t here,
			bool is_slice)
{
	uint64_t removed;

	walk_past(walk, here);
	if (is_slice && walk->seen[here] & ~walk->gone[here])
		walk->is_held[here] = true;
	if (!walk->is_marked[here])
		return;
	removed = walk->seen[here] & ~held_elements(walk, walk->own[here]);
	if (is_slice && walk->is_holder[here])
		removed = 0;
	walk->killed |= removed;
	walk->gone[here] |= removed;
	if (!is_slice || !walk->is_held[here])
		walk_additions(walk, here);
}

/* Follow what has been asked for. is_slice: some holders of one element. */
static void walk_batch(struct fold_set_walk *walk, bool is_slice)
{
	const struct fold_graph *graph = walk->graph;
	uint64_t there;
	size_t i;

	walk->added = walk->killed = 0;
	for (i = 0; i < walk->used; i++)
		walk->own[walk->holders[i]] |= (uint64_t)1 << i;
	for (i = 0; i < graph->n; i++)
		walk_record(walk, graph->order[i], is_slice);
	there = walk->added & ~walk->killed;
	for (i = 0; i < walk->used; i++) {
		walk->own[walk->holders[i]] = 0;
		if (there >> i & 1)
			*walk->answer[i] = true;
	}
	walk->used = 0;
}

static void walk_take(struct fold_set_walk *walk, const uint32_t *holders,
		      size_t n, bool *answer)
{
	uint64_t ones = n < FOLD_SET_BITS ? ((uint64_t)1 << n) - 1 :
					    UINT64_MAX;
	size_t i;

	for (i = 0; i < n; i++) {
		walk->holders[walk->used + i] = holders[i];
		walk->element[walk->used + i] = ones << walk->used;
		walk->answer[walk->used + i] = answer;
	}
	walk->used += n;
}

/* An element of many holders, in slices. */
static void walk_alone(struct fold_set_walk *walk, const uint32_t *holders,
		       size_t n, bool *answer)
{
	size_t slice;
	size_t at;

	memset(walk->is_held, 0, walk->graph->n * sizeof(*walk->is_held));
	for (at = 0; at < n; at++)
		walk->is_holder[holders[at]] = true;
	for (at = 0; at < n && !*answer; at += slice) {
		slice = n - at < FOLD_SET_BITS ? n - at : FOLD_SET_BITS;
		walk_take(walk, holders + at, slice, answer);
		walk_batch(walk, true);
	}
	for (at = 0; at < n; at++)
		walk->is_holder[holders[at]] = false;
}

int fold_set_walk_add(struct fold_set_walk *walk, const uint32_t *holders,
		      size_t n, bool *answer, struct err *err)
{
	int rc = walk_begin(walk, err);

	if (rc < 0)
		return rc;
	if (n > FOLD_SET_BITS - walk->used)
		fold_set_walk_finish(walk);
	if (n <= FOLD_SET_BITS)
		walk_take(walk, holders, n, answer);
	else
		walk_alone(walk, holders, n, answer);
	return 0;
}

void fold_set_walk_finish(struct fold_set_walk *walk)
{
	if (walk->used)
		walk_batch(walk, false);
}
