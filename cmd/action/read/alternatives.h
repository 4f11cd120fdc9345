/*
 * Where a session forks: the alternatives that somebody speaks in. Sources
 * hang what only tells of a session beside what is said in it.
 */
#ifndef VV_CMD_ACTION_READ_ALTERNATIVES_H
#define VV_CMD_ACTION_READ_ALTERNATIVES_H

#include "cmd/action/read/transcript.h"

/* Set transcript->speaks, on which the others build. */
MUST_USE int alternatives_mark(struct transcript *transcript, struct err *err);

/* Which one a message is, from 1, and how many stand where it does; 0: it is
 * none of them. */
size_t alternative_of(const struct transcript *transcript, size_t message,
		      size_t *out_of);
/* How many follow a message. */
size_t alternatives_below(const struct transcript *transcript, size_t here);

/* Take another one at the first fork, at a message or behind it. ERR_INVALID:
 * it does not fork there, or not so often. */
MUST_USE int alternatives_take(struct transcript *transcript, size_t here,
			       uint64_t branch, struct err *err);

#endif
