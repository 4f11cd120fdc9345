/*
 * Would new records change what others said of an entity? A question about
 * what the fold shows, not about records: what loses changes nothing.
 */
#ifndef VV_REFS_WRITE_OVERRULE_H
#define VV_REFS_WRITE_OVERRULE_H

#include <stdbool.h>

#include "lib/base/err.h"
#include "lib/base/span.h"
#include "objects/record/kinds.h"

/* Records of one entity; all borrowed. */
struct overrule {
	const struct kind *kind;
	size_t others_n;	/* records of others that stand */
	size_t standing_n;	/* theirs and the source's own */
	bool has_delete;	/* one of theirs is a delete */
	bool counts_additions;	/* where others said it all: new fields too */
	struct span words;	/* what the others' records alone fold to, */
	struct span from;	/* all that stand, */
	struct span to;		/* and these with the new ones; absent: not
				   live */
};

/*
 * *out: a field that others set and that stands gets another value or goes,
 * an element of a set of theirs goes, the entity goes or, having been deleted
 * by them, comes back. With counts_additions any difference counts where all
 * that stands is of others. ERR_NOMEM.
 */
MUST_USE int overrule_is(const struct overrule *question, bool *out,
			 struct err *err);

#endif
