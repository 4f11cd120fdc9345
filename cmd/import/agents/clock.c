#include "cmd/import/agents/clock.h"

#include "lib/time/timestamp.h"

/* So many seconds are further away than any time that is usual, so many
 * milliseconds long ago. */
#define MILLISECONDS_FROM 1e11

struct chat_time clock_utc(const struct jval *value)
{
	struct chat_time time;
	double number;

	if (jval_number(value, &number) && number >= MILLISECONDS_FROM)
		return chat_time_of_ms(value);
	time = chat_time_of(value);
	time.flags &= ~(unsigned)TIMESTAMP_NO_ZONE;
	return time;
}
