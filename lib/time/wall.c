#include "lib/time/wall.h"

#include "lib/time/timestamp.h"

int64_t wall_now(const struct wall *wall)
{
	return wall->now ? wall->now : timestamp_now();
}

static int64_t offset_at(const struct wall *wall, int64_t micros)
{
	return wall->offset ?
	       wall->offset(wall->arg, micros) * TIMESTAMP_SECOND : 0;
}

int64_t wall_shown(const struct wall *wall, int64_t micros)
{
	return micros + offset_at(wall, micros);
}

/* No clock is changed twice within two days: the offset is the one of the day
 * before, or that of the day after. */
int64_t wall_when(const struct wall *wall, int64_t shown)
{
	int64_t before = shown - offset_at(wall, shown - TIMESTAMP_DAY);
	int64_t after = shown - offset_at(wall, shown + TIMESTAMP_DAY);

	if (wall_shown(wall, before) != shown &&
	    wall_shown(wall, after) == shown)
		return after;
	return before;
}
