#include "lib/time/dates_internal.h"

#include <string.h>

#define NUMBER_DIGITS 5

static const char *const day_names[] = {
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
	"sunday", NULL
};
static const char *const month_names[] = {
	"january", "february", "march", "april", "may", "june", "july",
	"august", "september", "october", "november", "december", NULL
};
static const char *const number_names[] = {
	"one", "two", "three", "four", "five", "six", "seven", "eight",
	"nine", "ten", NULL
};
static const char *const fillers[] = {
	"in", "on", "of", "at", "the", "and", NULL
};
static const char *const endings[] = { "", "st", "nd", "rd", "th", NULL };
static const char *const units[][5] = {
	[SECONDS] = { "second", "sec", "s", NULL },
	[MINUTES] = { "minute", "min", NULL },
	[HOURS] = { "hour", "hr", "h", NULL },
	[DAYS] = { "day", "d", NULL },
	[WEEKS] = { "week", "w", NULL },
	[MONTHS] = { "month", NULL },
	[YEARS] = { "year", "y", NULL },
};

static int not_understood(const struct date_words *words, struct span word)
{
	return err_set(words->err, ERR_INVALID, "'%.*s' is not understood "
		       "as a date; write 2026-01-31, yesterday, '2 weeks "
		       "ago', 'last friday', '8 may 2023' or 'march 2024'",
		       (int)word.len, word.at);
}

int date_words_refuse(const struct date_words *words, const char *why)
{
	return err_set(words->err, ERR_INVALID, "'%.*s' is no date: %s",
		       (int)words->text.len, words->text.at, why);
}

static int two_days(const struct date_words *words)
{
	return date_words_refuse(words, "it names two days, or one in an "
				 "unknown way");
}

/* Its place in the list, -1 for none. */
static int place_of(struct span word, const char *const *list)
{
	int i;

	for (i = 0; list[i]; i++) {
		if (span_equals(word, span_str(list[i])))
			return i;
	}
	return -1;
}

/* The same by its first three letters or more. */
static int place_of_begin(struct span word, const char *const *list)
{
	int i;

	for (i = 0; word.len > 2 && list[i]; i++) {
		if (word.len <= strlen(list[i]) &&
		    !memcmp(word.at, list[i], word.len))
			return i;
	}
	return -1;
}

/* One thing, or several with an "s". */
static int unit_of(struct span word)
{
	bool is_many = word.len > 2 && word.at[word.len - 1] == 's';
	struct span one = span_of(word.at, word.len - is_many);
	int i;

	for (i = 0; i < UNITS; i++) {
		if (place_of(one, units[i]) >= 0)
			return i;
	}
	return -1;
}

static bool is_word(const struct date_chunk *chunk, const char *word)
{
	return span_equals(chunk->text, span_str(word));
}

static bool is_between(char c)
{
	return c == ' ' || c == '\t' || c == ',' || c == '.' || c == '-';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void take_number(struct date_chunk *chunk)
{
	size_t i;
	int number = 0;

	for (i = 0; i < chunk->text.len && is_digit(chunk->text.at[i]); i++) {
		if (i < NUMBER_DIGITS)
			number = number * 10 + chunk->text.at[i] - '0';
	}
	chunk->number = i && i <= NUMBER_DIGITS ? number : -1;
	if (i > NUMBER_DIGITS)
		i = 0;
	chunk->rest = span_of(chunk->text.at + i, chunk->text.len - i);
}

static char low(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static int split(struct date_words *words)
{
	const char *at = words->low;
	const char *end = at + words->text.len;
	size_t i;

	for (i = 0; i < words->text.len; i++)
		words->low[i] = low(words->text.at[i]);

	while (at < end) {
		struct date_chunk *chunk = &words->at[words->n];
		const char *start = at;

		while (at < end && !is_between(*at))
			at++;
		if (at > start && words->n == DATE_CHUNKS_MAX)
			return date_words_refuse(words, "it is too long");
		if (at > start) {
			chunk->text = span_of(start, (size_t)(at - start));
			take_number(chunk);
			words->n++;
		}
		at += at < end;
	}
	return words->n ? 0 : date_words_refuse(words, "it is empty");
}

static int say_day(struct date_words *words, enum date_day what)
{
	if (words->what != DAY_NONE && words->what != what)
		return two_days(words);
	words->what = what;
	return 0;
}

static int say_part(struct date_words *words, int *part, int value)
{
	if (*part)
		return two_days(words);
	*part = value;
	return say_day(words, DAY_OF_YEAR);
}

static int say_clock(struct date_words *words, int64_t clock, int64_t len)
{
	if (words->clock >= 0)
		return date_words_refuse(words, "it names two times of the day");
	words->clock = clock;
	words->clock_len = len;
	return 0;
}

/* ":03" of "14:03:25". */
static bool take_sixty(struct span *text, int *out)
{
	if (text->len < 3 || text->at[0] != ':' || !is_digit(text->at[1]) ||
	    !is_digit(text->at[2]) || text->at[1] > '5')
		return false;
	*out = (text->at[1] - '0') * 10 + text->at[2] - '0';
	*text = span_of(text->at + 3, text->len - 3);
	return true;
}

static bool is_half_day(struct span word)
{
	return span_equals(word, span_str("am")) ||
	       span_equals(word, span_str("pm"));
}

/* "14:03", "14:03:25", "3pm", "3:30 pm". */
static int read_clock(struct date_words *words, const struct date_chunk *chunk)
{
	struct span rest = chunk->rest;
	int hour = chunk->number;
	int minute = 0;
	int second = 0;
	bool has_minute = take_sixty(&rest, &minute);
	bool has_second = has_minute && take_sixty(&rest, &second);

	if (!rest.len && words->next < words->n &&
	    is_half_day(words->at[words->next].text))
		rest = words->at[words->next++].text;
	if (is_half_day(rest) && (hour < 1 || hour > 12))
		return not_understood(words, chunk->text);
	if (is_half_day(rest))
		hour = hour % 12 + (rest.at[0] == 'p' ? 12 : 0);
	else if (rest.len || !has_minute || hour > 23)
		return not_understood(words, chunk->text);
	return say_clock(words, hour * DATE_HOUR + minute * DATE_MINUTE +
			 second * TIMESTAMP_SECOND,
			 has_second ? TIMESTAMP_SECOND : DATE_MINUTE);
}

static int read_amount(struct date_words *words, int number, int unit)
{
	words->amounts[unit] += number;
	words->is_moment = words->is_moment || unit <= HOURS;
	return say_day(words, DAY_AGO);
}

/* A number: so many of a unit, an hour, a day of the month, a year. */
static int read_number(struct date_words *words, const struct date_chunk *chunk)
{
	const struct date_chunk *next = words->next < words->n ?
				   &words->at[words->next] : NULL;
	int unit = unit_of(chunk->rest.len || !next ? chunk->rest :
			   next->text);

	if (unit >= 0) {
		words->next += !chunk->rest.len;
		return read_amount(words, chunk->number, unit);
	}
	if (chunk->rest.len ? chunk->rest.at[0] == ':' ||
	    is_half_day(chunk->rest) : next && is_half_day(next->text))
		return read_clock(words, chunk);
	if (!chunk->rest.len && chunk->text.len == 4 && chunk->number)
		return say_part(words, &words->year, chunk->number);
	if (place_of(chunk->rest, endings) >= 0 && chunk->number >= 1 &&
	    chunk->number <= 31)
		return say_part(words, &words->day, chunk->number);
	return not_understood(words, chunk->text);
}

static int read_calendar(struct date_words *words, const struct date_chunk *chunk)
{
	int place = place_of_begin(chunk->text, day_names);

	if (place >= 0 && words->what == DAY_OF_WEEK)
		return two_days(words);
	if (place >= 0) {
		words->number = place;
		return say_day(words, DAY_OF_WEEK);
	}
	place = place_of_begin(chunk->text, month_names);
	if (place >= 0)
		return say_part(words, &words->month, place + 1);
	return not_understood(words, chunk->text);
}

static int read_word(struct date_words *words, const struct date_chunk *chunk);

/* "last week", "last 3 weeks", "last friday"; "this month". */
static int read_which(struct date_words *words, const struct date_chunk *chunk)
{
	bool is_last = is_word(chunk, "last");
	const struct date_chunk *next = &words->at[words->next];
	int unit;
	int rc;

	if (words->next == words->n || words->what != DAY_NONE)
		return not_understood(words, chunk->text);
	words->next++;
	words->is_last = is_last;
	unit = unit_of(next->text);
	if (unit >= DAYS) {
		words->unit = (enum date_unit)unit;
		return say_day(words, DAY_IN_UNIT);
	}
	if (!is_last)
		return not_understood(words, next->text);
	if (next->number < 0 && place_of(next->text, number_names) < 0)
		return read_calendar(words, next);
	words->is_until_now = true;
	rc = next->number < 0 ? read_word(words, next) :
	     read_number(words, next);
	if (rc == 0 && words->what != DAY_AGO)
		rc = not_understood(words, next->text);
	return rc;
}

static int read_day_word(struct date_words *words, const struct date_chunk *chunk,
			 bool *is_one)
{
	*is_one = true;
	if (is_word(chunk, "now"))
		return say_day(words, DAY_NOW);
	if (is_word(chunk, "noon"))
		return say_clock(words, 12 * DATE_HOUR, DATE_MINUTE);
	if (is_word(chunk, "midnight"))
		return say_clock(words, 0, DATE_MINUTE);
	*is_one = is_word(chunk, "today") || is_word(chunk, "yesterday");
	if (!*is_one)
		return 0;
	if (words->what == DAY_BACK)
		return two_days(words);
	words->number = is_word(chunk, "yesterday");
	return say_day(words, DAY_BACK);
}

static int read_word(struct date_words *words, const struct date_chunk *chunk)
{
	int number = place_of(chunk->text, number_names) + 1;
	bool is_one;
	int unit;
	int rc = read_day_word(words, chunk, &is_one);

	if (rc < 0 || is_one)
		return rc;
	if (is_word(chunk, "a") || is_word(chunk, "an"))
		number = 1;
	if (number) {
		unit = words->next < words->n ?
		       unit_of(words->at[words->next++].text) : -1;
		return unit < 0 ? not_understood(words, chunk->text) :
		       read_amount(words, number, unit);
	}
	if (is_word(chunk, "last") || is_word(chunk, "this"))
		return read_which(words, chunk);
	if (is_word(chunk, "ago") && words->what == DAY_AGO &&
	    !words->is_until_now)
		return 0;
	return read_calendar(words, chunk);
}

int date_words_read(struct date_words *words)
{
	int rc;

	if (words->text.len > DATE_TEXT_MAX)
		return err_set(words->err, ERR_INVALID,
			       "a date is not that long");
	rc = split(words);

	while (rc == 0 && words->next < words->n) {
		const struct date_chunk *chunk = &words->at[words->next++];

		if (place_of(chunk->text, fillers) >= 0)
			continue;
		rc = chunk->number >= 0 ? read_number(words, chunk) :
		     read_word(words, chunk);
	}
	if (rc == 0 && words->what == DAY_NONE && words->clock < 0)
		rc = not_understood(words, words->text);
	return rc;
}

