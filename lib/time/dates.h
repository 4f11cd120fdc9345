/*
 * Dates as people write them: "2026-01-31", "yesterday", "2 weeks ago".
 */
#ifndef VV_LIB_TIME_DATES_H
#define VV_LIB_TIME_DATES_H

#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/time/wall.h"

/* From its first to its last microsecond, UTC. */
struct period {
	int64_t start;
	int64_t end;
};

#define PERIOD_ALL { INT64_MIN, INT64_MAX }

/*
 * The stretch of time that a text names: a year, a month, a week, a day, a
 * minute, a second, or a moment, whichever it tells.
 *
 *   ISO 8601, by the wall where it names no zone
 *                             2026-01-31, 2026-01, 2026, 2026-01-31T10:00+01:00
 *   now, today, yesterday     also with a time: yesterday 14:03, noon, 3pm
 *   8 may 2023, may 8th       without a year the last that has begun
 *   march 2024, in march, in 2024
 *   monday, last friday       the last one; behind "last" not today
 *   last week, this month     of the calendar; weeks begin on Monday
 *   2 weeks ago, 3 days       that day; with hours, minutes, seconds: that
 *                             moment
 *   last 3 days               from the begin of that day until now
 *
 * Between the words stand spaces, commas, dots or "-"; in, on, of, at, the
 * and and are passed over, as is case. ERR_INVALID names the word that is not
 * understood; nothing is guessed.
 */
MUST_USE int dates_read(struct span text, const struct wall *wall,
			struct period *out, struct err *err);

/* The same where what is written has to mean the same to everybody: ISO 8601
 * is in UTC where it names no zone. */
MUST_USE int dates_read_shared(struct span text, const struct wall *wall,
			       struct period *out, struct err *err);

#endif
