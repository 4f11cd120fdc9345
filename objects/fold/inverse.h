/*
 * What takes a change of one entity back, without touching what was said of it
 * since: a pure function of four states.
 */
#ifndef VV_OBJECTS_FOLD_INVERSE_H
#define VV_OBJECTS_FOLD_INVERSE_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

/*
 * States are canonical objects, all there. All borrowed. without: what stands
 * now, had there been neither the change nor any later word of whoever takes
 * it back; before, as long as nobody else has spoken.
 */
struct fold_inverse {
	struct span before;
	struct span after;	/* the change */
	struct span now;
	struct span without;
	const char *const *sets;	/* of the kind */
	const struct span *later;	/* data of the records since, in the
					   order of their times */
	size_t later_n;
};

/* A field that the change set stays, for it has another value by now: by the
 * word of later[by], of nobody in particular if by == later_n. path: a JSON
 * Pointer. */
struct fold_inverse_visitor {
	int (*left)(void *arg, struct span path, size_t by, struct err *err);
	void *arg;
};

/*
 * Append to out the data of an update that sets the fields which the change
 * set, and that stand as it set them, to what they are without it; null where
 * there is none. Of sets, what the change added goes, and what it took comes
 * back.
 * "{}" where there is nothing to do.
 */
MUST_USE int fold_invert(const struct fold_inverse *inverse,
			 const struct fold_inverse_visitor *visitor,
			 struct buf *out, struct err *err);

#endif
