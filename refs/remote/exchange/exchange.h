/*
 * Fetching from a remote, by wire or from a folder.
 */
#ifndef VV_REFS_REMOTE_EXCHANGE_EXCHANGE_H
#define VV_REFS_REMOTE_EXCHANGE_EXCHANGE_H

#include "refs/remote/side/side.h"
#include "refs/remote/transport/trip.h"

/* Get what is new at the other side into the side repository. out: what it
 * has of heads, ours only, sorted. */
MUST_USE int network_fetch(struct trip *trip, struct side *side,
			   struct head_list *out, struct err *err);
MUST_USE int local_fetch(struct trip *trip, struct side *side,
			 struct head_list *out, struct err *err);

/* Only what heads there are. repo: any that is ours, to speak from. */
MUST_USE int heads_look(struct trip *trip, git_repository *repo,
			struct head_list *out, struct err *err);

#endif
