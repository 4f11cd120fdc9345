#include "cmd/cli/local_wall.h"

#include <time.h>

#include "lib/time/timestamp.h"

/* The same moment in UTC and here, both read as though they were UTC. The
 * zone's file is read when it is first asked for: most commands never do. */
static int offset_of(void *arg, int64_t micros)
{
	static bool has_zone;	/* there is one person */
	time_t seconds = (time_t)(micros / TIMESTAMP_SECOND -
				  (micros % TIMESTAMP_SECOND < 0));
	struct tm here;
	struct date date;
	int64_t shown;

	(void)arg;
	if (!has_zone)
		tzset();
	has_zone = true;
	if (!localtime_r(&seconds, &here))
		return 0;
	date = (struct date){ here.tm_year + 1900, here.tm_mon + 1,
			      here.tm_mday };
	shown = timestamp_from_date(date) / TIMESTAMP_SECOND +
		here.tm_hour * 3600 + here.tm_min * 60 + here.tm_sec;
	return (int)(shown - seconds);
}

const struct wall *local_wall(void)
{
	static struct wall wall;

	if (!wall.offset)
		wall = (struct wall){ offset_of, NULL, timestamp_now() };
	return &wall;
}
