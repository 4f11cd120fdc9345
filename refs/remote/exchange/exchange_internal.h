/*
 * What goes over with a folder on this machine, and what floods.
 */
#ifndef VV_REFS_REMOTE_EXCHANGE_EXCHANGE_INTERNAL_H
#define VV_REFS_REMOTE_EXCHANGE_EXCHANGE_INTERNAL_H

#include "lib/os/folder.h"
#include "refs/remote/exchange/exchange.h"

/*
 * Leave out of heads (sorted) what goes beyond the limit of refs. Only those
 * count that neither the vault nor the side repository knows. Members of the
 * vault come first, and among all those whose device shows few: who floods
 * is the one that is cut, and is told as a problem.
 */
MUST_USE int flood_bound(struct trip *trip, struct side *side,
			 struct head_list *heads, struct err *err);

/*
 * Open the repository at the trip's path: itself if bare, else its .git.
 * ERR_DENIED for one that keeps objects or refs elsewhere, ERR_UNSUPPORTED
 * for one in a form that is not known here. is_push: ERR_DENIED also for one
 * whose owner has hooks that a push would run.
 */
MUST_USE int local_open(const struct trip *trip, bool is_push,
			struct folder *out, struct err *err);
/* The heads of such a repository, sorted. is_push: locks of refs that killed
 * processes left go. */
MUST_USE int local_heads(struct trip *trip, const struct folder *git_dir,
			 bool is_push, struct head_list *out, struct err *err);
/* Copy its packs and loose objects; loose ones are added to the store. */
MUST_USE int local_objects(struct trip *trip, struct side *side,
			   const struct folder *git_dir, struct err *err);

#endif
