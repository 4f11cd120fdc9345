/*
 * What versions reach: themselves, their trees and all that lies in these,
 * in the order in which it may be written: whatever is referred to before
 * what refers to it. A ref may move only when all of it is there.
 */
#ifndef VV_REFS_HISTORY_REACH_H
#define VV_REFS_HISTORY_REACH_H

#include <stdbool.h>

#include "lib/base/err.h"
#include "lib/base/table.h"
#include "objects/store/store.h"
#include "refs/history/history.h"

/*
 * Append to the table (keys of GIT_OID_RAWSZ bytes) the ids that the range's
 * heads reach and what is hidden does not. Complete without asking which
 * objects happen to be there: only what hidden versions reach is taken for
 * whole. The cost goes with what is new: trees are compared to those of the
 * parents. ERR_NOT_FOUND for a tree or version that is missing.
 */
MUST_USE int reach_list(struct store *store, const struct history_range *range,
			struct table *out, struct err *err);

/* Told of each object that is there; name is that of the entry of a tree, and
 * NULL for versions and their trees. */
struct reach_visitor {
	int (*object)(void *arg, const git_oid *id, enum object_type type,
		      const char *name, struct err *err);
	void *arg;
};

/*
 * What of that is missing or damaged: add the ids to out, and go on behind
 * them where something else leads there. Versions and trees are read, and
 * segments only if reads. visitor may be NULL; it may be told of an object
 * twice.
 */
MUST_USE int reach_holes(struct store *store, const struct history_range *range,
			 bool reads, const struct reach_visitor *visitor,
			 struct table *out, struct err *err);

/*
 * Is all of that in the repository? To be asked before a ref moves to heads:
 * ERR_CORRUPT names the first object that is not.
 */
MUST_USE int reach_check(struct store *store, const struct history_range *range,
			 struct err *err);

#endif
