/*
 * When the vault learned something: what a view held before a time, to tell
 * what was stored since. The version that first held a thing counts, whatever
 * the thing says of its own time; a compaction stores nothing anew.
 */
#ifndef VV_REFS_VIEW_STORED_H
#define VV_REFS_VIEW_STORED_H

#include "objects/tree/tree.h"
#include "refs/view/view.h"

/* The versions of a view that are older than that time (microseconds), as a
 * view of their own: of nothing, where there are none. */
MUST_USE int view_before(struct view *view, int64_t end, struct view **out,
			 struct err *err);

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


/* Has anything been stored since of an entity of the view, or of others of its
 * home, as of a session that messages came to? */
MUST_USE int stored_since(struct stored *stored, struct span entity,
			  bool *out, struct err *err);

#endif
