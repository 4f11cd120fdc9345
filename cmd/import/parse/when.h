/*
 * Times as people and programs write them, beyond ISO 8601.
 */
#ifndef VV_CMD_IMPORT_PARSE_WHEN_H
#define VV_CMD_IMPORT_PARSE_WHEN_H

#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/time/timestamp.h"

/*
 * Times are microseconds since 1970, UTC; flags are enum timestamp_flags:
 * no zone written (or one that nobody here knows): taken as UTC; a date
 * alone; an unusual year. Nothing is completed from the clock or guessed: an
 * hour of 13 PM or a day that no calendar has is ERR_INVALID, with the text
 * in the message. out_flags may be NULL. Month names are English, whole or
 * by at least three letters, behind a day also German, French, Spanish,
 * Italian, Portuguese and Dutch ones; case and runs of spaces do not matter, and the
 * no-break spaces U+00A0, U+2009, U+202F are spaces.
 */

/*
 * A date, a time of day or a date with one, and a zone:
 *
 *   ISO 8601, as timestamp_parse()        2024-03-01T20:05:00Z
 *   Month D, YYYY[,] [time]               March 1, 2024 8:05pm
 *   D Month[,] YYYY[,] [time]             8 May 2023, 13:56
 *   D.M.YYYY[,] [time]                    26.3.2026, 13:42:07
 *   time on D Month, YYYY                 1:56 pm on 8 May, 2023
 *   Month-D-YYYY                          March-15-2024
 *   YYYY-M-D @HHh MMm SSs [MSms]          2024-03-01@20h05m00s
 *   YYYY/M/D [(Day)] [time]               2023/05/30 (Tue) 23:40
 *
 * A time is H:MM[:SS[.fraction]] with AM or PM or without; zones are
 * Z, UTC, GMT, +hh:mm, UTC+h, and the abbreviations that mean one offset.
 */
MUST_USE int when_parse(struct span text, int64_t *out_micros,
			unsigned *out_flags, struct err *err);

/* The first word is a month or weekday and a whole date follows: a heading
 * like "Month D, YYYY". Gives its midnight. */
MUST_USE int when_parse_day(struct span text, int64_t *out_micros,
			    unsigned *out_flags, struct err *err);

/*
 * "H:MM:SS AM|PM [TZ]" of a day whose midnight when_parse_day() gave; the
 * flags are those of the two together.
 */
MUST_USE int when_parse_clock(struct span text, int64_t midnight,
			      int64_t *out_micros, unsigned *out_flags,
			      struct err *err);

/*
 * A number as JSON writes it: seconds since 1970 with decimals, or
 * milliseconds, exact. What the number counts is the source's business, never
 * guessed from its size.
 */
enum when_unit { WHEN_SECONDS, WHEN_MILLISECONDS };
MUST_USE int when_from_number(struct span digits, enum when_unit unit,
			      int64_t *out_micros, unsigned *out_flags,
			      struct err *err);

#endif
