/*
 * Files of a writer on their way to where the agent finds them: whole or not at
 * all, over nothing that differs, and never while the agent is at it.
 */
#ifndef VV_CMD_RESUME_PLACING_H
#define VV_CMD_RESUME_PLACING_H

#include "cmd/resume/writer.h"

enum placed {
	PLACED_NOT,	/* nothing is there; of an entry: it lacks there */
	PLACED_SAME,	/* it is there, byte for byte */
	PLACED_GROWN,	/* it is there, and the agent has gone on behind it */
	PLACED_OTHER	/* something else is there */
};

/* What stands in the place of a file. *out_changed: when that was last
 * changed, in microseconds; 0 where nothing is. */
MUST_USE int placing_look(const struct resume_file *file,
			enum placed *out_placed, int64_t *out_changed,
			struct err *err);

/* Let it have changed now; its bytes stay. */
MUST_USE int placing_touch(const struct resume_file *file, struct err *err);

/* Remove what processes that were killed have left in such a room. */
void placing_sweep(const char *room);

/*
 * Put it there: made in `room`, a folder beside the sessions on their disk (a
 * log beside itself), with mode 0600, or that of what was there, written to
 * the disk, and then named. Folders on the way are made. ERR_EXISTS: something
 * else has come there; an entry whose list is not what it was is ERR_CHANGED.
 * A failure leaves nothing.
 */
MUST_USE int placing_put(const struct resume_file *file, const char *room,
		       struct err *err);

#endif
