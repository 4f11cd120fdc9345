/*
 * Points in time: microseconds since 1970, UTC, without a calendar library.
 */
#ifndef VV_LIB_TIME_TIMESTAMP_H
#define VV_LIB_TIME_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/span.h"

#define TIMESTAMP_TEXT 27	/* 2026-11-21T01:20:00.123456Z */
#define TIMESTAMP_TEXT_MAX 28
#define TIMESTAMP_DATE_TEXT_MAX 11	/* 2026-11-21 */

/* First microsecond of the year 1, last one of the year 9999. */
#define TIMESTAMP_MIN (-INT64_C(62135596800000000))
#define TIMESTAMP_MAX INT64_C(253402300799999999)
#define TIMESTAMP_SECOND INT64_C(1000000)
#define TIMESTAMP_DAY INT64_C(86400000000)

/* What was written by a program of today has a time from 2000-01-01 on and
 * before 2101-01-01; one outside of that is a slip. */
#define TIMESTAMP_USUAL_FROM INT64_C(946684800000000)
#define TIMESTAMP_USUAL_END INT64_C(4133980800000000)

/* What a reader may want to know about the text beside its value. */
enum timestamp_flags {
	TIMESTAMP_NO_ZONE = 1,	/* none was written: taken as UTC */
	TIMESTAMP_UNUSUAL = 2,	/* outside the years 2000 to 2100 */
	TIMESTAMP_CUT = 4,	/* finer than a microsecond: cut off */
	TIMESTAMP_NO_TIME = 8	/* a date alone: taken as its midnight */
};

struct date {
	int year;		/* 1 to 9999 */
	int month;		/* 1 to 12 */
	int day;		/* 1 to 31 */
};

/* The computer's clock. */
int64_t timestamp_now(void);

/*
 * Read ISO 8601: YYYY-MM-DD, or that with T or a space, hh:mm, optionally
 * :ss with 0 to 9 digits behind a dot, and Z, +hh:mm, +hhmm, +hh or nothing.
 * A leap second :60 is the first moment of the next minute. out_flags may be
 * NULL. ERR_INVALID for anything else, or outside the years 1 to 9999.
 */
MUST_USE int timestamp_parse(struct span text, int64_t *out_micros,
			     unsigned *out_flags, struct err *err);

/*
 * Read decimal seconds since 1970 as JSON writes numbers: exact, no double
 * between. Digits beyond the microsecond are cut towards the past.
 * ERR_INVALID for another form or outside the years 1 to 9999.
 */
MUST_USE int timestamp_from_decimal_seconds(struct span text,
					    int64_t *out_micros,
					    unsigned *out_flags,
					    struct err *err);

/*
 * "2026-11-21T01:20:00.123456Z", or its date alone. Outside TIMESTAMP_MIN
 * and TIMESTAMP_MAX the nearest of the two is written.
 */
void timestamp_text(int64_t micros, char out[TIMESTAMP_TEXT_MAX]);
void timestamp_date_text(int64_t micros, char out[TIMESTAMP_DATE_TEXT_MAX]);

/* False for a date that no calendar has. */
bool date_is_valid(struct date date);

/* Midnight at the begin of a valid date. */
int64_t timestamp_from_date(struct date date);

/* The UTC date of a time between TIMESTAMP_MIN and TIMESTAMP_MAX. */
struct date timestamp_date(int64_t micros);

/* The last microsecond of the UTC day that holds the time. */
int64_t timestamp_day_end(int64_t micros);

#endif
