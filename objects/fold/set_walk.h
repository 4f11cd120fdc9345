/*
 * Which elements of a set are there, told by following every addition through
 * the whole graph, 64 at a time: for elements of which less will not do. Only
 * for the fold.
 */
#ifndef VV_OBJECTS_FOLD_SET_WALK_H
#define VV_OBJECTS_FOLD_SET_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "objects/fold/graph.h"

#define FOLD_SET_BITS 64

/*
 * One pass over the graph follows a batch of holders, a bit each: seen are the
 * additions in a record's past or itself, gone those of them that a removal
 * has seen. A batch has whole elements, or 64 holders of one that has more;
 * then is_held says that an addition of an earlier batch reaches the record's
 * past and is not gone there.
 */
struct fold_set_walk {
	const struct fold_graph *graph;
	const bool *is_marked;	/* records that remove what they do not hold */
	bool *is_held;
	bool *is_holder;	/* of the element that has more than 64 */
	uint64_t *own;		/* per record: bits of what it holds */
	uint64_t *seen;
	uint64_t *gone;
	uint64_t added;		/* bits that turned out to be additions */
	uint64_t killed;	/* those that some removal has seen */
	size_t used;
	uint32_t holders[FOLD_SET_BITS];
	uint64_t element[FOLD_SET_BITS];	/* bits of its element */
	bool *answer[FOLD_SET_BITS];
};

/* is_marked: borrowed, one bool a record. */
void fold_set_walk_init(struct fold_set_walk *walk,
			const struct fold_graph *graph, const bool *is_marked);
void fold_set_walk_release(struct fold_set_walk *walk);

/*
 * Ask for an element: records that hold it, ancestors first, in the order of
 * graph->order. *answer, false before, is true once the element turns out to
 * be there, at the latest after fold_set_walk_finish().
 */
MUST_USE int fold_set_walk_add(struct fold_set_walk *walk,
			       const uint32_t *holders, size_t n,
			       bool *answer, struct err *err);
void fold_set_walk_finish(struct fold_set_walk *walk);

#endif
