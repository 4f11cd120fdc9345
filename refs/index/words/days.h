/*
 * The days that a question speaks of: "in May 2023", "on 8 May", "2022".
 */
#ifndef VV_REFS_INDEX_WORDS_DAYS_H
#define VV_REFS_INDEX_WORDS_DAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/time/dates.h"
#include "refs/index/words/words.h"

struct days {
	int year;		/* 0: any */
	int month;		/* 0: none is named */
	int day;		/* 0: all of the month */
};

/* What the words of a question name; all 0 when they name no time. */
struct days days_read(const struct word *words, size_t n);
bool days_any(const struct days *days);

/* Was it said on one of the days, or in the ten behind them? People tell of a
 * thing later. */
bool days_hold(const struct days *days, int64_t micros);

/* "2024-01..2024-03", "yesterday..": dates by the wall, of which one may be
 * left out. ERR_INVALID: dates they seem to be, but are not, or the wrong way
 * round; what else is nothing like that is none. */
MUST_USE int days_range(struct span text, const struct wall *wall,
			struct period *out, bool *out_is_one,
			struct err *err);

/* Is the word one that tells a time ("yesterday", "week", "2022"), a number
 * ("three", "12")? */
bool word_tells_time(struct span form);
bool word_tells_number(struct span form);

#endif
