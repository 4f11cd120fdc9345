/*
 * What `rm` deletes: what was named, and what lives in a session that was.
 */
#ifndef VV_CMD_ACTION_MEND_HAND_DOOMED_H
#define VV_CMD_ACTION_MEND_HAND_DOOMED_H

#include "cmd/action/mend/hand/target.h"

/* One that goes; owns all. */
struct doomed_one {
	char *entity;
	const struct kind *kind;
	struct standing standing;
};

struct doomed {
	struct doomed_one *at;
	size_t n;
	size_t cap;
	size_t messages;	/* of sessions, that were not named */
};

#define DOOMED_INIT { NULL, 0, 0, 0 }
void doomed_release(struct doomed *doomed);

/* Add what was named, and of a session all that stands in it. Each entity is
 * there once. */
MUST_USE int doomed_add(struct doomed *doomed, const struct target *target,
			struct err *err);

#endif
