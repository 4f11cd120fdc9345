/*
 * Stretches of a calendar that something is counted by: each has a number, in
 * which they follow one another, and a name.
 */
#ifndef VV_LIB_TIME_STRETCH_H
#define VV_LIB_TIME_STRETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/span.h"

enum stretch {
	STRETCH_YEAR,		/* "2026" */
	STRETCH_MONTH,		/* "2026-01"; a number that 12 divides: January */
	STRETCH_WEEK,		/* "2026-W05", as in ISO 8601 */
	STRETCH_DAY,		/* "2026-01-31" */
	STRETCH_WEEKDAY,	/* "Monday", which is 0 */
	STRETCH_HOUR,		/* "00" to "23", of any day */
	STRETCHES
};

#define STRETCH_NAME_MAX 16

/* By its word: "month". */
bool stretch_find(struct span word, enum stretch *out);
const char *stretch_word(enum stretch stretch);

/* The number of the one that holds a time: microseconds as a clock shows them
 * (wall_shown()). */
int64_t stretch_number(enum stretch stretch, int64_t shown);
void stretch_name(enum stretch stretch, int64_t number,
		  char out[STRETCH_NAME_MAX]);

/* Of those that come again and again (hours, weekdays) how many there are;
 * 0 of the others. */
int64_t stretch_cycle(enum stretch stretch);

#endif
