/*
 * What versions reach: themselves, their trees and all that lies in these,
 * in the order in which it may be written: whatever is referred to before
 * what refers to it. A ref may move only when all of it is there.
 */
#ifndef VV_REFS_REACH_H
#define VV_REFS_REACH_H

#include "lib/err.h"
#include "lib/table.h"
#include "objects/store.h"
#include "refs/history.h"

/*
 * Append to the table (keys of GIT_OID_RAWSZ bytes) the ids that the range's
 * heads reach and what is hidden does not. Complete without asking which
 * objects happen to be there: only what hidden versions reach is taken for
 * whole. The cost goes with what is new: trees are compared to those of the
 * parents. ERR_NOT_FOUND for a tree or version that is missing.
 */
MUST_USE int reach_list(git_repository *repo,
			const struct history_range *range, struct table *out,
			struct err *err);

/*
 * Is all of that in the repository? To be asked before a ref moves to heads:
 * ERR_CORRUPT names the first object that is not.
 */
MUST_USE int reach_check(git_repository *repo,
			 const struct history_range *range, struct err *err);

#endif
