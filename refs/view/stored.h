/*
 * When the vault learned something: what a view held before a time, to tell
 * what was stored since. The version that first held a thing counts, whatever
 * the thing says of its own time; a compaction stores nothing anew.
 */
#ifndef VV_REFS_VIEW_STORED_H
#define VV_REFS_VIEW_STORED_H

#include "objects/tree/tree.h"
#include "refs/view/view.h"

struct stored;

/* What the view's versions of before that time (microseconds) held: nothing
 * where they are all younger. Lists segments, reads none. The view is borrowed
 * as long. */
MUST_USE int stored_new(struct view *view, int64_t since, struct stored **out,
			struct err *err);
void stored_free(struct stored *stored);

/*
 * Of a segment of the view: were all of its records there before, or none? A
 * mixed one is laid where another is gone, whose records it may have.
 */
enum stored_age { STORED_BEFORE, STORED_SINCE, STORED_MIXED };
enum stored_age stored_segment(const struct stored *stored,
			       const struct tree_segment *segment);

/* Was that record of the entity there before; or, id NULL, any of it? */
MUST_USE int stored_has(struct stored *stored, struct span entity,
			const unsigned char *id, bool *out, struct err *err);

#endif
