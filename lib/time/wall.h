/*
 * The clock on a person's wall: their time zone, and what time it is. Where
 * these come from is the caller's matter; nothing here asks the system.
 */
#ifndef VV_LIB_TIME_WALL_H
#define VV_LIB_TIME_WALL_H

#include <stdint.h>

struct wall {
	/* Seconds east of UTC at that time (microseconds since 1970, UTC).
	 * NULL: UTC. */
	int (*offset)(void *arg, int64_t micros);
	void *arg;
	int64_t now;		/* microseconds, UTC; 0: timestamp_now() */
};

int64_t wall_now(const struct wall *wall);

/* What the clock shows at a time, in microseconds as though it were UTC. */
int64_t wall_shown(const struct wall *wall, int64_t micros);

/*
 * When it shows that. Of two such times the first; what a change of the clock
 * jumps over is as far behind the change as it lies in the gap.
 */
int64_t wall_when(const struct wall *wall, int64_t shown);

#endif
