/*
 * Packs that come, checked before anything of them is used.
 */
#ifndef VV_REFS_REMOTE_TRANSPORT_RECEIVE_H
#define VV_REFS_REMOTE_TRANSPORT_RECEIVE_H

#include <git2.h>

#include "refs/remote/transport/trip.h"

/* Check packs that repo receives, as they come, against the trip's limits;
 * they go into its own pack folder. */
MUST_USE int receive_guarded(struct trip *trip, git_repository *repo,
			     struct err *err);
/* Take a pack file (open, at its start; name is for messages) the same way. */
MUST_USE int receive_file(struct trip *trip, git_repository *repo, int fd,
			  const char *name, struct err *err);

#endif
