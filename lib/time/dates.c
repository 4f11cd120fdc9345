#include "lib/time/dates.h"

#include <string.h>

#include "lib/time/timestamp.h"

#define TEXT_MAX 100
#define CHUNKS_MAX 16
#define NUMBER_DIGITS 5
#define MINUTE (60 * TIMESTAMP_SECOND)
#define HOUR (60 * MINUTE)

/* What stands between two blanks: its number first, -1 for none. */
struct chunk {
	struct span text;
	int number;
	struct span rest;
};

enum unit { SECONDS, MINUTES, HOURS, DAYS, WEEKS, MONTHS, YEARS, UNITS };

enum day_word {
	DAY_NONE, DAY_BACK, DAY_OF_WEEK, DAY_OF_YEAR, DAY_IN_UNIT, DAY_AGO,
	DAY_NOW
};

/* What the words say, as far as they are read. */
struct reading {
	char low[TEXT_MAX];
	struct span text;
	struct chunk at[CHUNKS_MAX];
	size_t n;
	size_t next;
	enum day_word what;
	int number;		/* days back, or which day of the week */
	bool is_last;		/* the word stood before it ... */
	bool is_until_now;	/* ... and a number between them */
	enum unit unit;
	int amounts[UNITS];
	bool is_moment;		/* hours and smaller units are among them */
	int year, month, day;	/* 0: not named */
	int64_t clock;		/* microseconds of the day; -1: none */
	int64_t clock_len;
	struct err *err;
};

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

static int not_understood(const struct reading *reading, struct span word)
{
	return err_set(reading->err, ERR_INVALID, "'%.*s' is not understood "
		       "as a date; write 2026-01-31, yesterday, '2 weeks "
		       "ago', 'last friday', '8 may 2023' or 'march 2024'",
		       (int)word.len, word.at);
}

static int refuse(const struct reading *reading, const char *why)
{
	return err_set(reading->err, ERR_INVALID, "'%.*s' is no date: %s",
		       (int)reading->text.len, reading->text.at, why);
}

static int two_days(const struct reading *reading)
{
	return refuse(reading, "it names two days, or one in an unknown way");
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

static bool is_word(const struct chunk *chunk, const char *word)
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

static void take_number(struct chunk *chunk)
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

static int split(struct reading *reading)
{
	const char *at = reading->low;
	const char *end = at + reading->text.len;

	while (at < end) {
		struct chunk *chunk = &reading->at[reading->n];
		const char *start = at;

		while (at < end && !is_between(*at))
			at++;
		if (at > start && reading->n == CHUNKS_MAX)
			return refuse(reading, "it is too long");
		if (at > start) {
			chunk->text = span_of(start, (size_t)(at - start));
			take_number(chunk);
			reading->n++;
		}
		at += at < end;
	}
	return reading->n ? 0 : refuse(reading, "it is empty");
}

static int say_day(struct reading *reading, enum day_word what)
{
	if (reading->what != DAY_NONE && reading->what != what)
		return two_days(reading);
	reading->what = what;
	return 0;
}

static int say_part(struct reading *reading, int *part, int value)
{
	if (*part)
		return two_days(reading);
	*part = value;
	return say_day(reading, DAY_OF_YEAR);
}

static int say_clock(struct reading *reading, int64_t clock, int64_t len)
{
	if (reading->clock >= 0)
		return refuse(reading, "it names two times of the day");
	reading->clock = clock;
	reading->clock_len = len;
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
static int read_clock(struct reading *reading, const struct chunk *chunk)
{
	struct span rest = chunk->rest;
	int hour = chunk->number;
	int minute = 0;
	int second = 0;
	bool has_minute = take_sixty(&rest, &minute);
	bool has_second = has_minute && take_sixty(&rest, &second);

	if (!rest.len && reading->next < reading->n &&
	    is_half_day(reading->at[reading->next].text))
		rest = reading->at[reading->next++].text;
	if (is_half_day(rest) && (hour < 1 || hour > 12))
		return not_understood(reading, chunk->text);
	if (is_half_day(rest))
		hour = hour % 12 + (rest.at[0] == 'p' ? 12 : 0);
	else if (rest.len || !has_minute || hour > 23)
		return not_understood(reading, chunk->text);
	return say_clock(reading, hour * HOUR + minute * MINUTE +
			 second * TIMESTAMP_SECOND,
			 has_second ? TIMESTAMP_SECOND : MINUTE);
}

static int read_amount(struct reading *reading, int number, int unit)
{
	reading->amounts[unit] += number;
	reading->is_moment = reading->is_moment || unit <= HOURS;
	return say_day(reading, DAY_AGO);
}

/* A number: so many of a unit, an hour, a day of the month, a year. */
static int read_number(struct reading *reading, const struct chunk *chunk)
{
	const struct chunk *next = reading->next < reading->n ?
				   &reading->at[reading->next] : NULL;
	int unit = unit_of(chunk->rest.len || !next ? chunk->rest :
			   next->text);

	if (unit >= 0) {
		reading->next += !chunk->rest.len;
		return read_amount(reading, chunk->number, unit);
	}
	if (chunk->rest.len ? chunk->rest.at[0] == ':' ||
	    is_half_day(chunk->rest) : next && is_half_day(next->text))
		return read_clock(reading, chunk);
	if (!chunk->rest.len && chunk->text.len == 4 && chunk->number)
		return say_part(reading, &reading->year, chunk->number);
	if (place_of(chunk->rest, endings) >= 0 && chunk->number >= 1 &&
	    chunk->number <= 31)
		return say_part(reading, &reading->day, chunk->number);
	return not_understood(reading, chunk->text);
}

static int read_calendar(struct reading *reading, const struct chunk *chunk)
{
	int place = place_of_begin(chunk->text, day_names);

	if (place >= 0 && reading->what == DAY_OF_WEEK)
		return two_days(reading);
	if (place >= 0) {
		reading->number = place;
		return say_day(reading, DAY_OF_WEEK);
	}
	place = place_of_begin(chunk->text, month_names);
	if (place >= 0)
		return say_part(reading, &reading->month, place + 1);
	return not_understood(reading, chunk->text);
}

static int read_word(struct reading *reading, const struct chunk *chunk);

/* "last week", "last 3 weeks", "last friday"; "this month". */
static int read_which(struct reading *reading, const struct chunk *chunk)
{
	bool is_last = is_word(chunk, "last");
	const struct chunk *next = &reading->at[reading->next];
	int unit;
	int rc;

	if (reading->next == reading->n || reading->what != DAY_NONE)
		return not_understood(reading, chunk->text);
	reading->next++;
	reading->is_last = is_last;
	unit = unit_of(next->text);
	if (unit >= DAYS) {
		reading->unit = (enum unit)unit;
		return say_day(reading, DAY_IN_UNIT);
	}
	if (!is_last)
		return not_understood(reading, next->text);
	if (next->number < 0 && place_of(next->text, number_names) < 0)
		return read_calendar(reading, next);
	reading->is_until_now = true;
	rc = next->number < 0 ? read_word(reading, next) :
	     read_number(reading, next);
	if (rc == 0 && reading->what != DAY_AGO)
		rc = not_understood(reading, next->text);
	return rc;
}

static int read_day_word(struct reading *reading, const struct chunk *chunk,
			 bool *is_one)
{
	*is_one = true;
	if (is_word(chunk, "now"))
		return say_day(reading, DAY_NOW);
	if (is_word(chunk, "noon"))
		return say_clock(reading, 12 * HOUR, MINUTE);
	if (is_word(chunk, "midnight"))
		return say_clock(reading, 0, MINUTE);
	*is_one = is_word(chunk, "today") || is_word(chunk, "yesterday");
	if (!*is_one)
		return 0;
	if (reading->what == DAY_BACK)
		return two_days(reading);
	reading->number = is_word(chunk, "yesterday");
	return say_day(reading, DAY_BACK);
}

static int read_word(struct reading *reading, const struct chunk *chunk)
{
	int number = place_of(chunk->text, number_names) + 1;
	bool is_one;
	int unit;
	int rc = read_day_word(reading, chunk, &is_one);

	if (rc < 0 || is_one)
		return rc;
	if (is_word(chunk, "a") || is_word(chunk, "an"))
		number = 1;
	if (number) {
		unit = reading->next < reading->n ?
		       unit_of(reading->at[reading->next++].text) : -1;
		return unit < 0 ? not_understood(reading, chunk->text) :
		       read_amount(reading, number, unit);
	}
	if (is_word(chunk, "last") || is_word(chunk, "this"))
		return read_which(reading, chunk);
	if (is_word(chunk, "ago") && reading->what == DAY_AGO &&
	    !reading->is_until_now)
		return 0;
	return read_calendar(reading, chunk);
}

static int read_chunks(struct reading *reading)
{
	int rc = 0;

	while (rc == 0 && reading->next < reading->n) {
		const struct chunk *chunk = &reading->at[reading->next++];

		if (place_of(chunk->text, fillers) >= 0)
			continue;
		rc = chunk->number >= 0 ? read_number(reading, chunk) :
		     read_word(reading, chunk);
	}
	if (rc == 0 && reading->what == DAY_NONE && reading->clock < 0)
		rc = not_understood(reading, reading->text);
	return rc;
}

/* From here on all is as the wall shows it, and ends are the first moment
 * that no longer belongs to it. */

static int64_t day_of(int64_t shown)
{
	return timestamp_from_date(timestamp_date(shown));
}

/* 0 for a Monday: 1970 began on a Thursday. */
static int week_day(int64_t shown)
{
	int64_t days = day_of(shown) / TIMESTAMP_DAY;

	return (int)(((days + 3) % 7 + 7) % 7);
}

/* Months are counted from the year 0; a day that one lacks is its last. */
static int64_t month_day(int64_t months, int day)
{
	struct date date = { (int)(months / 12), (int)(months % 12) + 1, day };

	while (!date_is_valid(date))
		date.day--;
	return timestamp_from_date(date);
}

static int64_t months_of(int64_t shown)
{
	struct date date = timestamp_date(shown);

	return date.year * INT64_C(12) + date.month - 1;
}

static int set_days(struct period *out, int64_t start, int64_t days)
{
	out->start = start;
	out->end = start + days * TIMESTAMP_DAY;
	return 0;
}

static int set_months(struct period *out, int64_t months, int64_t n)
{
	out->start = month_day(months, 1);
	out->end = months + n >= 10000 * 12 ? TIMESTAMP_MAX :
		   month_day(months + n, 1);
	return 0;
}

/* "8 may", "march 2024": without a year the last that has begun, and behind
 * "last" the last that is over. */
static int resolve_parts(const struct reading *reading, int64_t now,
			 struct period *out)
{
	struct date date = { reading->year, reading->month ? reading->month : 1,
			     reading->day ? reading->day : 1 };
	int64_t latest = reading->is_last ? months_of(now) - !reading->day :
			 months_of(now);
	int tries;

	if (reading->day && !reading->month)
		return refuse(reading, "a day without its month; several "
			      "words stand in quotes: '2 weeks ago'");
	if (reading->is_last && reading->year)
		return refuse(reading, "either 'last' or a year");
	if (!date.year)
		date.year = timestamp_date(now).year;
	/* Eight years lie at most between two 29ths of February. */
	for (tries = 0; !reading->year && tries < 8; tries++) {
		if (date_is_valid(date) &&
		    date.year * INT64_C(12) + date.month - 1 <= latest &&
		    timestamp_from_date(date) <= day_of(now) -
		    (reading->is_last ? TIMESTAMP_DAY : 0))
			break;
		date.year--;
	}
	if (!date_is_valid(date))
		return refuse(reading, "no calendar has that day");
	if (reading->day)
		return set_days(out, timestamp_from_date(date), 1);
	return set_months(out, date.year * INT64_C(12) + date.month - 1,
			  reading->month ? 1 : 12);
}

/* "last week", "this month". */
static int resolve_unit(const struct reading *reading, int64_t now,
			struct period *out)
{
	int64_t today = day_of(now);
	int64_t months = months_of(now);
	int back = reading->is_last;

	switch (reading->unit) {
	case DAYS:
		return set_days(out, today - back * TIMESTAMP_DAY, 1);
	case WEEKS:
		return set_days(out, today - (week_day(now) + 7 * back) *
				TIMESTAMP_DAY, 7);
	case MONTHS:
		return set_months(out, months - back, 1);
	default:
		return set_months(out, months - months % 12 - 12 * back, 12);
	}
}

static int resolve_week_day(const struct reading *reading, int64_t now,
			    struct period *out)
{
	int back = (week_day(now) - reading->number + 7) % 7;

	if (!back && reading->is_last)
		back = 7;
	return set_days(out, day_of(now) - back * TIMESTAMP_DAY, 1);
}

static int far_back(const struct reading *reading)
{
	return refuse(reading, "it lies too far back");
}

/* So many days, weeks, months and years before. */
static int go_back(const struct reading *reading, int64_t *shown)
{
	const int *amounts = reading->amounts;
	int64_t months = months_of(*shown) - amounts[MONTHS] -
			 amounts[YEARS] * INT64_C(12);
	int64_t of_day = *shown - day_of(*shown);

	if (months < 24)
		return far_back(reading);
	*shown = month_day(months, timestamp_date(*shown).day) + of_day -
		 (amounts[DAYS] + amounts[WEEKS] * INT64_C(7)) * TIMESTAMP_DAY;
	return *shown > TIMESTAMP_MIN + 2 * TIMESTAMP_DAY ? 0 :
	       far_back(reading);
}

static int64_t seconds_back(const struct reading *reading)
{
	const int *amounts = reading->amounts;

	return amounts[HOURS] * HOUR + amounts[MINUTES] * MINUTE +
	       amounts[SECONDS] * TIMESTAMP_SECOND;
}

static int resolve_ago(const struct reading *reading, int64_t now,
		       struct period *out)
{
	int rc = go_back(reading, &now);

	return rc < 0 ? rc : set_days(out, day_of(now), 1);
}

static int resolve_day(const struct reading *reading, int64_t now,
		       struct period *out)
{
	switch (reading->what) {
	case DAY_BACK:
		return set_days(out, day_of(now) - reading->number *
				TIMESTAMP_DAY, 1);
	case DAY_OF_WEEK:
		return resolve_week_day(reading, now, out);
	case DAY_OF_YEAR:
		return resolve_parts(reading, now, out);
	case DAY_IN_UNIT:
		return resolve_unit(reading, now, out);
	case DAY_AGO:
		return resolve_ago(reading, now, out);
	default:
		/* A time alone: today's, or yesterday's if that is to come. */
		return set_days(out, day_of(now - reading->clock), 1);
	}
}

/* Hours are counted as they pass, days as the calendar has them. */
static int resolve_moment(const struct reading *reading,
			  const struct wall *wall, struct period *out)
{
	int64_t now = wall_now(wall);
	int64_t shown = wall_shown(wall, now);
	int64_t then = shown;
	int rc = go_back(reading, &then);

	if (rc == 0 && reading->clock >= 0)
		rc = refuse(reading, "it names two times of the day");
	if (rc < 0)
		return rc;
	if (then != shown)
		now = wall_when(wall, then);
	out->start = now - seconds_back(reading);
	out->end = out->start;
	return out->start > TIMESTAMP_MIN ? 0 : far_back(reading);
}

static int resolve_stretch(const struct reading *reading,
			   const struct wall *wall, struct period *out)
{
	struct period shown;
	int rc = resolve_day(reading, wall_shown(wall, wall_now(wall)),
			     &shown);

	if (rc < 0)
		return rc;
	if (reading->clock >= 0 && shown.end - shown.start != TIMESTAMP_DAY)
		return refuse(reading, "a time of more or less than one day");
	if (reading->clock >= 0) {
		shown.start += reading->clock;
		shown.end = shown.start + reading->clock_len;
	}
	out->start = wall_when(wall, shown.start);
	out->end = wall_when(wall, shown.end) - 1;
	return 0;
}

static int resolve(const struct reading *reading, const struct wall *wall,
		   struct period *out)
{
	int rc = reading->what == DAY_NOW || reading->is_moment ? resolve_moment(reading, wall, out) :
		 resolve_stretch(reading, wall, out);

	if (rc == 0 && reading->is_until_now)
		out->end = wall_now(wall);
	return rc;
}

/* The places of its text say how exact a time of ISO 8601 is. */
static int64_t iso_len(struct span text, unsigned flags)
{
	if (flags & TIMESTAMP_NO_TIME)
		return TIMESTAMP_DAY;
	if (text.len < 17 || text.at[16] != ':')
		return MINUTE;
	return text.len > 19 && (text.at[19] == '.' || text.at[19] == ',') ?
	       1 : TIMESTAMP_SECOND;
}

/* "2024-05", or "2024". */
static bool read_iso_month(struct span text, struct period *out)
{
	char first[11] = "0000-01-01";
	bool has_month = text.len == 7 && text.at[4] == '-';

	if (!has_month && text.len != 4)
		return false;
	memcpy(first, text.at, text.len);
	if (timestamp_parse(span_str(first), &out->start, NULL, NULL) < 0)
		return false;
	set_months(out, months_of(out->start), has_month ? 1 : 12);
	out->end--;
	return true;
}

static bool read_iso(struct span text, struct period *out)
{
	unsigned flags;

	if (timestamp_parse(text, &out->start, &flags, NULL) < 0)
		return read_iso_month(text, out);
	out->end = out->start + iso_len(text, flags) - 1;
	return true;
}

int dates_read(struct span text, const struct wall *wall, struct period *out,
	       struct err *err)
{
	struct reading reading = { .text = text, .clock = -1, .err = err };
	struct period period;
	size_t i;
	int rc = 0;

	if (text.len > TEXT_MAX)
		return err_set(err, ERR_INVALID, "a date is not that long");
	if (!read_iso(text, &period)) {
		for (i = 0; i < text.len; i++)
			reading.low[i] = (char)(text.at[i] >= 'A' &&
				text.at[i] <= 'Z' ? text.at[i] + 32 :
				text.at[i]);
		rc = split(&reading);
		if (rc == 0)
			rc = read_chunks(&reading);
		if (rc == 0)
			rc = resolve(&reading, wall, &period);
	}
	if (rc == 0)
		*out = period;
	return rc;
}
