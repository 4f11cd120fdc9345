#include "refs/index/words/days.h"

#include <stdlib.h>
#include <string.h>

#include "lib/time/timestamp.h"

#define SLACK_DAYS 10

static const char *const months[] = {
	"january", "february", "march", "april", "may", "june", "july",
	"august", "september", "october", "november", "december"
};

/* Both sorted. */
static const char *const times[] = {
	"ago", "april", "august", "day", "days", "december", "evening",
	"february", "friday", "january", "july", "june", "last", "march",
	"monday", "month", "months", "morning", "next", "night", "november",
	"october", "recently", "saturday", "september", "since", "soon",
	"spring", "summer", "sunday", "thursday", "today", "tomorrow",
	"tonight", "tuesday", "wednesday", "week", "weekend", "weeks",
	"winter", "year", "years", "yesterday"
};
static const char *const numbers[] = {
	"couple", "dozen", "eight", "eleven", "few", "five", "four", "half",
	"hundred", "nine", "once", "one", "seven", "several", "six", "ten",
	"thousand", "three", "twelve", "twice", "two"
};

static int order(const void *key, const void *item)
{
	const struct span *form = key;
	const char *const *word = item;

	return span_compare(*form, span_str(*word));
}

static bool is_among(struct span form, const char *const *list, size_t n)
{
	return bsearch(&form, list, n, sizeof(*list), order) != NULL;
}

/* All of it digits, with an ending as in "8th" or without: 0 if not. */
static int number_of(struct span form)
{
	int number = 0;
	size_t i = 0;

	while (i < form.len && i < 4 && form.at[i] >= '0' &&
	       form.at[i] <= '9')
		number = number * 10 + form.at[i++] - '0';
	form = span_of(form.at + i, form.len - i);
	if (!i || (form.len && !span_equals(form, span_str("th")) &&
		   !span_equals(form, span_str("st")) &&
		   !span_equals(form, span_str("nd")) &&
		   !span_equals(form, span_str("rd"))))
		return 0;
	return number;
}

static bool is_year(int number)
{
	return number >= 1950 && number <= 2099;
}

bool word_tells_time(struct span form)
{
	return is_year(number_of(form)) ||
	       is_among(form, times, sizeof(times) / sizeof(*times));
}

bool word_tells_number(struct span form)
{
	return number_of(form) > 0 ||
	       is_among(form, numbers, sizeof(numbers) / sizeof(*numbers));
}

static int month_of(struct span form)
{
	int i;

	for (i = 0; i < 12; i++) {
		if (span_equals(form, span_str(months[i])))
			return i + 1;
	}
	return 0;
}

/* "may" and "march" are a month only beside a number, or behind such words. */
static bool is_month_named(const struct word *words, size_t n, size_t at)
{
	static const char *const before[] = { "during", "in", "of", "since" };
	struct span form = words[at].form;

	if (!span_equals(form, span_str("may")) &&
	    !span_equals(form, span_str("march")))
		return true;
	if (at + 1 < n && number_of(words[at + 1].form))
		return true;
	return at && (number_of(words[at - 1].form) ||
		      is_among(words[at - 1].form, before, 4));
}

static bool is_day(int number)
{
	return number >= 1 && number <= 31;
}

struct days days_read(const struct word *words, size_t n)
{
	struct days days = { 0, 0, 0 };
	size_t i;

	for (i = 0; i < n; i++) {
		int number = number_of(words[i].form);
		int month = month_of(words[i].form);

		if (is_year(number))
			days.year = number;
		if (!month || !is_month_named(words, n, i))
			continue;
		days.month = month;
		if (i && is_day(number_of(words[i - 1].form)))
			days.day = number_of(words[i - 1].form);
		else if (i + 1 < n && is_day(number_of(words[i + 1].form)))
			days.day = number_of(words[i + 1].form);
	}
	return days;
}

bool days_any(const struct days *days)
{
	return days->year || days->month;
}

/* "2024...", which is no word of a text beside "..". */
static bool is_like_date(struct span side)
{
	size_t i;

	for (i = 0; i < 4; i++) {
		if (i >= side.len || side.at[i] < '0' || side.at[i] > '9')
			return false;
	}
	return side.len == 4 || side.at[4] == '-';
}

static int read_side(struct span side, const struct wall *wall,
		     struct period *out, struct err *err)
{
	return side.len ? dates_read(side, wall, out, err) : 0;
}

int days_range(struct span text, const struct wall *wall,
	       struct period *out, bool *out_is_one, struct err *err)
{
	struct period since = PERIOD_ALL;
	struct period until = PERIOD_ALL;
	struct err reason = ERR_INIT;
	struct span from = text;
	struct span to;
	int rc;

	*out_is_one = false;
	for (from.len = 0; from.len + 1 < text.len; from.len++) {
		if (!memcmp(text.at + from.len, "..", 2))
			break;
	}
	if (from.len + 1 >= text.len || text.len == 2)
		return 0;
	to = span_of(text.at + from.len + 2, text.len - from.len - 2);
	rc = read_side(from, wall, &since, &reason);
	if (rc == 0)
		rc = read_side(to, wall, &until, &reason);
	if (rc == 0 && since.start > until.end)
		rc = err_set(&reason, ERR_INVALID, "'%.*s' ends before it "
			     "begins", (int)text.len, text.at);
	*out_is_one = rc == 0;
	*out = (struct period){ since.start, until.end };
	return rc == 0 || !((!from.len || is_like_date(from)) &&
			    (!to.len || is_like_date(to))) ? 0 :
	       err_copy(err, rc, &reason);
}

static bool hold_in(const struct days *days, int year, int64_t micros)
{
	struct date first = { year, days->month ? days->month : 1,
			      days->day ? days->day : 1 };
	struct date end = first;
	int64_t last;

	if (days->day) {
		if (!date_is_valid(first))
			return false;
		last = timestamp_from_date(first) + TIMESTAMP_DAY;
	} else {
		end.year += !days->month || days->month == 12;
		end.month = days->month ? days->month % 12 + 1 : 1;
		last = timestamp_from_date(end);
	}
	return micros >= timestamp_from_date(first) &&
	       micros < last + SLACK_DAYS * TIMESTAMP_DAY;
}

bool days_hold(const struct days *days, int64_t micros)
{
	int year;

	if (!days_any(days) || micros < TIMESTAMP_MIN + 2 * 366 * TIMESTAMP_DAY)
		return false;
	if (days->year)
		return hold_in(days, days->year, micros);
	year = timestamp_date(micros).year;
	return hold_in(days, year, micros) || hold_in(days, year - 1, micros);
}
