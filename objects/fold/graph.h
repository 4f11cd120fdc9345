/*
 * Who had seen whom: the records of one entity as a graph by `prev`. Only for
 * the fold.
 */
#ifndef VV_OBJECTS_FOLD_GRAPH_H
#define VV_OBJECTS_FOLD_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "objects/fold/fold.h"

/*
 * Records are numbered 0 to n - 1 in the order of their ids, doubles dropped.
 * An edge leads from a record to one that it names in prev; an id that is not
 * among the records makes none. Hashes admit no cycle; where ids lie, edges
 * are dropped until there is none, so that every walk ends.
 */
struct fold_graph {
	size_t n;
	const struct fold_record **at;
	uint32_t *rank;			/* place in the order of (at, id) */
	uint32_t *order;		/* every record after those it names */
	uint32_t *edges_at;		/* n + 1: edges of i are edges[..] */
	uint32_t *edges;
	bool *is_delete;
	bool has_delete;
	uint64_t *marks;		/* fold_graph_cover(): in */
	uint64_t *covered;		/* fold_graph_cover(): out */
};

MUST_USE int fold_graph_init(struct fold_graph *graph,
			     const struct fold_record *records, size_t n,
			     struct err *err);
void fold_graph_release(struct fold_graph *graph);

/*
 * covered[i] becomes the union of marks[j] of all records j that have i
 * among their ancestors: 64 questions in one pass over the graph.
 */
void fold_graph_cover(struct fold_graph *graph);

#endif
