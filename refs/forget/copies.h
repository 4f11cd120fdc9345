/*
 * Messages that repeat others, wherever they are: by `copy_of`.
 */
#ifndef VV_REFS_FORGET_COPIES_H
#define VV_REFS_FORGET_COPIES_H

#include "refs/view/view.h"

struct copies_visitor {
	/* Told of each such message, once or more. */
	int (*copy)(void *arg, struct span entity, struct err *err);
	void *arg;
};

/*
 * Those of these n messages, by their entities. Looks at every segment of
 * conversations but where it is known that no message is repeated, and reads
 * what may have one: all that have any where n is large, and of which nothing
 * is known.
 */
MUST_USE int copies_find(struct view *view, const struct span *of, size_t n,
			 const struct copies_visitor *visitor,
			 struct err *err);

#endif
