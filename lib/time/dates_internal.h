/*
 * The words of a date, and what they say.
 */
#ifndef VV_LIB_TIME_DATES_INTERNAL_H
#define VV_LIB_TIME_DATES_INTERNAL_H

#include <stdbool.h>

#include "lib/time/dates.h"
#include "lib/time/timestamp.h"

#define DATE_TEXT_MAX 100
#define DATE_CHUNKS_MAX 16
#define DATE_MINUTE (60 * TIMESTAMP_SECOND)
#define DATE_HOUR (60 * DATE_MINUTE)

/* What stands between two blanks: its number first, -1 for none. */
struct date_chunk {
	struct span text;
	int number;
	struct span rest;
};

enum date_unit { SECONDS, MINUTES, HOURS, DAYS, WEEKS, MONTHS, YEARS, UNITS };

enum date_day {
	DAY_NONE, DAY_BACK, DAY_OF_WEEK, DAY_OF_YEAR, DAY_IN_UNIT, DAY_AGO,
	DAY_NOW
};

/* What the words say, as far as they are read. */
struct date_words {
	char low[DATE_TEXT_MAX];
	struct span text;
	struct date_chunk at[DATE_CHUNKS_MAX];
	size_t n;
	size_t next;
	enum date_day what;
	int number;		/* days back, or which day of the week */
	bool is_last;		/* the word stood before it ... */
	bool is_until_now;	/* ... and a number between them */
	enum date_unit unit;
	int amounts[UNITS];
	bool is_moment;		/* hours and smaller units are among them */
	int year, month, day;	/* 0: not named */
	int64_t clock;		/* microseconds of the day; -1: none */
	int64_t clock_len;
	struct err *err;
};

/* Read the text of words; what they say is all zero before, and clock -1.
 * ERR_INVALID. */
MUST_USE int date_words_read(struct date_words *words);

/* ERR_INVALID: the text is no date, for this reason. */
MUST_USE int date_words_refuse(const struct date_words *words,
			       const char *why);

#endif
