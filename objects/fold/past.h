/*
 * The records that set one field, or delete, in the order of who had seen
 * whom, with what lies between them left out. Only for the fold.
 */
#ifndef VV_OBJECTS_FOLD_PAST_H
#define VV_OBJECTS_FOLD_PAST_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "objects/fold/graph.h"

/*
 * parents[parents_at[i] .. parents_at[i + 1]) are the marked records in the
 * past of record i from which all other marked ones in its past can be
 * reached; few of them can be reached from each other. Only of marked records
 * are children counted: children_n[i] says how many marked ones have i among
 * their parents.
 */
struct fold_past {
	bool *is_marked;
	uint32_t *place;	/* of each record in graph->order */
	uint32_t *parents_at;
	uint32_t *parents;
	uint32_t *children_n;
	size_t parents_n;
	size_t cap;
	uint32_t *stamp;	/* who asked last; for making */
};

/*
 * is_marked: one bool a record, taken over by *out also when this fails.
 * *out_is_whole false: there would be too many parents; the past is of no use
 * then but for is_marked. ERR_NOMEM.
 */
MUST_USE int fold_past_init(struct fold_past *past,
			    const struct fold_graph *graph, bool *is_marked,
			    bool *out_is_whole, struct err *err);
void fold_past_release(struct fold_past *past);

#endif
