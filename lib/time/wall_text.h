/*
 * Times as a person reads them, by the clock on their wall.
 */
#ifndef VV_LIB_TIME_WALL_TEXT_H
#define VV_LIB_TIME_WALL_TEXT_H

#include "lib/time/wall.h"

#define WALL_TEXT_MAX 32

/*
 * "20 minutes ago", "today 09:12", "yesterday 14:03", "Monday 14:03",
 * "3 May 2024 14:03": all of them dates_read() takes, and, but for the first,
 * knows for the minute that they tell.
 */
void wall_text_near(const struct wall *wall, int64_t micros,
		    char out[WALL_TEXT_MAX]);

/* "2024-05-03T14:03:11+02:00", with "Z" for UTC; or its date alone. */
void wall_text_iso(const struct wall *wall, int64_t micros,
		   char out[WALL_TEXT_MAX]);
void wall_text_date(const struct wall *wall, int64_t micros,
		    char out[WALL_TEXT_MAX]);

#endif
