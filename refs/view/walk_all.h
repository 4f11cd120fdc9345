/*
 * The versions of all constructs of a vault in one order.
 */
#ifndef VV_REFS_VIEW_WALK_ALL_H
#define VV_REFS_VIEW_WALK_ALL_H

#include "refs/history/history.h"
#include "refs/vault/vault.h"

/*
 * Tell every version, as history_walk() does. The times of heads are
 * remembered in vvault/cache/times, and of a construct only those are read
 * whose turn comes: the newest few of thousands of constructs cost one
 * listing of the refs. A construct that is damaged is told to hurt, with the
 * visitor's arg, and the others go on unless that returns an error.
 */
MUST_USE int vault_walk_all(struct vault *vault,
			    const struct history_visitor *visitor,
			    int (*hurt)(void *arg, const char *construct,
					struct err *reason),
			    struct err *err);

#endif
