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
static bool is_named(const struct word *words, size_t n, size_t at)
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
		if (!month || !is_named(words, n, i))
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

/* Digits of a fixed number behind what was read; -1: no such number. */
static int digits_at(struct span text, size_t at, size_t n)
{
	int number = 0;
	size_t i;

	if (at + n > text.len)
		return -1;
	for (i = at; i < at + n; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return -1;
		number = number * 10 + text.at[i] - '0';
	}
	return number;
}

/* "2024", "2024-01" or "2024-01-31", whose first day that is, and whose last
 * lies before next. */
static bool read_days(struct span text, struct date *first, struct date *next)
{
	bool has_month = text.len > 4;
	bool has_day = text.len > 7;

	if ((text.len != 4 && text.len != 7 && text.len != 10) ||
	    (has_month && text.at[4] != '-') || (has_day && text.at[7] != '-'))
		return false;
	*first = (struct date){ digits_at(text, 0, 4),
				has_month ? digits_at(text, 5, 2) : 1,
				has_day ? digits_at(text, 8, 2) : 1 };
	*next = *first;
	next->year += !has_month || (!has_day && next->month == 12);
	if (has_month && !has_day)
		next->month = next->month % 12 + 1;
	return date_is_valid(*first) && date_is_valid(*next);
}

static int64_t end_of(struct span text, struct date next)
{
	return timestamp_from_date(next) + (text.len == 10 ? TIMESTAMP_DAY : 0)
	       - 1;
}

bool days_range(struct span text, int64_t *out_since, int64_t *out_until)
{
	struct date first;
	struct date next;
	struct span from = text;
	struct span to;

	for (from.len = 0; from.len + 1 < text.len; from.len++) {
		if (!memcmp(text.at + from.len, "..", 2))
			break;
	}
	if (from.len + 1 >= text.len || text.len == 2)
		return false;
	to = span_of(text.at + from.len + 2, text.len - from.len - 2);
	if ((from.len && !read_days(from, &first, &next)))
		return false;
	*out_since = from.len ? timestamp_from_date(first) : INT64_MIN;
	if (to.len && !read_days(to, &first, &next))
		return false;
	*out_until = to.len ? end_of(to, next) : INT64_MAX;
	return true;
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
