/*
 * What takes a change of one entity back, without touching what was said of it
 * since: a pure function of four states.
 */
#ifndef VV_OBJECTS_FOLD_INVERSE_H
#define VV_OBJECTS_FOLD_INVERSE_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

/* A record that came after the change: what it sets. */
struct fold_later {
	struct span data;
	bool is_other;		/* by somebody else: what it sets is theirs */
};

/* States are canonical objects, all there. All borrowed. */
struct fold_inverse {
	struct span before;
	struct span after;	/* the change */
	struct span now;
	const char *const *sets;	/* of the kind */
	const struct fold_later *later;	/* in the order of their times */
	size_t later_n;
};

/* A field that the change set stays, for it was set since: by later[by], by
 * nobody in particular if by == later_n. path: a JSON Pointer. */
struct fold_inverse_visitor {
	int (*left)(void *arg, struct span path, size_t by, struct err *err);
	void *arg;
};

/*
 * Append to out the data of an update that sets the fields which the change
 * set, and that stand as it set them, back to what they were; null where there
 * was none. Of sets, what the change added goes, and what it took comes back.
 * "{}" where there is nothing to do.
 */
MUST_USE int fold_invert(const struct fold_inverse *inverse,
			 const struct fold_inverse_visitor *visitor,
			 struct buf *out, struct err *err);

#endif
