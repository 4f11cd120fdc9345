/*
 * What others did beside a version, without having seen it.
 */
#ifndef VV_REFS_WRITE_BESIDE_H
#define VV_REFS_WRITE_BESIDE_H

#include "refs/view/view.h"

struct beside {
	git_oid *heads;		/* maximal; an array that the caller frees */
	size_t n;
	bool has_others;	/* another device wrote since, or beside it */
};

/* Of what stands now, what does not descend from the versions of `of`, nor is
 * among their ancestors. */
MUST_USE int beside_find(const struct view *of, const struct view *now,
			 struct beside *out, struct err *err);

#endif
