#include "lib/time/dates_internal.h"

#include <string.h>

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
static int resolve_parts(const struct date_words *words, int64_t now,
			 struct period *out)
{
	struct date date = { words->year, words->month ? words->month : 1,
			     words->day ? words->day : 1 };
	int64_t latest = words->is_last ? months_of(now) - !words->day :
			 months_of(now);
	int tries;

	if (words->day && !words->month)
		return date_words_refuse(words, "a day without its month; several "
			      "words stand in quotes: '2 weeks ago'");
	if (words->is_last && words->year)
		return date_words_refuse(words, "either 'last' or a year");
	if (!date.year)
		date.year = timestamp_date(now).year;
	/* Eight years lie at most between two 29ths of February. */
	for (tries = 0; !words->year && tries < 8; tries++) {
		if (date_is_valid(date) &&
		    date.year * INT64_C(12) + date.month - 1 <= latest &&
		    timestamp_from_date(date) <= day_of(now) -
		    (words->is_last ? TIMESTAMP_DAY : 0))
			break;
		date.year--;
	}
	if (!date_is_valid(date))
		return date_words_refuse(words, "no calendar has that day");
	if (words->day)
		return set_days(out, timestamp_from_date(date), 1);
	return set_months(out, date.year * INT64_C(12) + date.month - 1,
			  words->month ? 1 : 12);
}

/* "last week", "this month". */
static int resolve_unit(const struct date_words *words, int64_t now,
			struct period *out)
{
	int64_t today = day_of(now);
	int64_t months = months_of(now);
	int back = words->is_last;

	switch (words->unit) {
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

static int resolve_week_day(const struct date_words *words, int64_t now,
			    struct period *out)
{
	int back = (week_day(now) - words->number + 7) % 7;

	if (!back && words->is_last)
		back = 7;
	return set_days(out, day_of(now) - back * TIMESTAMP_DAY, 1);
}

static int far_back(const struct date_words *words)
{
	return date_words_refuse(words, "it lies too far back");
}

/* So many days, weeks, months and years before. */
static int go_back(const struct date_words *words, int64_t *shown)
{
	const int *amounts = words->amounts;
	int64_t months = months_of(*shown) - amounts[MONTHS] -
			 amounts[YEARS] * INT64_C(12);
	int64_t of_day = *shown - day_of(*shown);

	if (months < 24)
		return far_back(words);
	*shown = month_day(months, timestamp_date(*shown).day) + of_day -
		 (amounts[DAYS] + amounts[WEEKS] * INT64_C(7)) * TIMESTAMP_DAY;
	return *shown > TIMESTAMP_MIN + 2 * TIMESTAMP_DAY ? 0 :
	       far_back(words);
}

static int64_t seconds_back(const struct date_words *words)
{
	const int *amounts = words->amounts;

	return amounts[HOURS] * DATE_HOUR + amounts[MINUTES] * DATE_MINUTE +
	       amounts[SECONDS] * TIMESTAMP_SECOND;
}

static int resolve_ago(const struct date_words *words, int64_t now,
		       struct period *out)
{
	int rc = go_back(words, &now);

	return rc < 0 ? rc : set_days(out, day_of(now), 1);
}

static int resolve_day(const struct date_words *words, int64_t now,
		       struct period *out)
{
	switch (words->what) {
	case DAY_BACK:
		return set_days(out, day_of(now) - words->number *
				TIMESTAMP_DAY, 1);
	case DAY_OF_WEEK:
		return resolve_week_day(words, now, out);
	case DAY_OF_YEAR:
		return resolve_parts(words, now, out);
	case DAY_IN_UNIT:
		return resolve_unit(words, now, out);
	case DAY_AGO:
		return resolve_ago(words, now, out);
	default:
		/* A time alone: today's, or yesterday's if that is to come. */
		return set_days(out, day_of(now - words->clock), 1);
	}
}

/* Hours are counted as they pass, days as the calendar has them. */
static int resolve_moment(const struct date_words *words,
			  const struct wall *wall, struct period *out)
{
	int64_t now = wall_now(wall);
	int64_t shown = wall_shown(wall, now);
	int64_t then = shown;
	int rc = go_back(words, &then);

	if (rc == 0 && words->clock >= 0)
		rc = date_words_refuse(words, "it names two times of the day");
	if (rc < 0)
		return rc;
	if (then != shown)
		now = wall_when(wall, then);
	out->start = now - seconds_back(words);
	out->end = out->start;
	return out->start > TIMESTAMP_MIN ? 0 : far_back(words);
}

static int resolve_stretch(const struct date_words *words,
			   const struct wall *wall, struct period *out)
{
	struct period shown;
	int rc = resolve_day(words, wall_shown(wall, wall_now(wall)),
			     &shown);

	if (rc < 0)
		return rc;
	if (words->clock >= 0 && shown.end - shown.start != TIMESTAMP_DAY)
		return date_words_refuse(words, "a time of more or less "
					 "than one day");
	if (words->clock >= 0) {
		shown.start += words->clock;
		shown.end = shown.start + words->clock_len;
	}
	out->start = wall_when(wall, shown.start);
	out->end = wall_when(wall, shown.end) - 1;
	return 0;
}

static int resolve(const struct date_words *words, const struct wall *wall,
		   struct period *out)
{
	bool is_moment = words->what == DAY_NOW || words->is_moment;
	int rc = is_moment ? resolve_moment(words, wall, out) :
		 resolve_stretch(words, wall, out);

	if (rc == 0 && words->is_until_now)
		out->end = wall_now(wall);
	return rc;
}

/* The places of its text say how exact a time of ISO 8601 is. */
static int64_t iso_len(struct span text, unsigned flags)
{
	if (flags & TIMESTAMP_NO_TIME)
		return TIMESTAMP_DAY;
	if (text.len < 17 || text.at[16] != ':')
		return DATE_MINUTE;
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
	return true;
}

/* wall: of a time that names no zone. */
static bool read_iso(struct span text, const struct wall *wall,
		     struct period *out)
{
	unsigned flags = TIMESTAMP_NO_ZONE | TIMESTAMP_NO_TIME;
	int64_t len;

	if (timestamp_parse(text, &out->start, &flags, NULL) == 0)
		out->end = out->start + iso_len(text, flags);
	else if (!read_iso_month(text, out))
		return false;
	len = out->end - out->start;
	if (flags & TIMESTAMP_NO_ZONE) {
		out->start = wall_when(wall, out->start);
		out->end = len < TIMESTAMP_DAY ? out->start + len :
			   wall_when(wall, out->end);
	}
	out->end--;
	return true;
}

/* "2024-02-30", which the words would take for something else. */
static bool is_no_day(struct span text)
{
	char month[8] = "";
	struct period period;
	size_t i;

	if (text.len < 10 || text.at[4] != '-' || text.at[7] != '-' ||
	    (text.len > 10 && text.at[10] != 'T' && text.at[10] != ' '))
		return false;
	for (i = 0; i < 10; i++) {
		if (i != 4 && i != 7 && (text.at[i] < '0' || text.at[i] > '9'))
			return false;
	}
	memcpy(month, text.at, 7);
	return !read_iso_month(span_str(month), &period) ||
	       timestamp_parse(span_of(text.at, 10), &period.start, NULL,
			       NULL) < 0;
}

static int read_either(struct span text, const struct wall *iso,
		       const struct wall *wall, struct period *out,
		       struct err *err)
{
	struct date_words words = { .text = text, .clock = -1, .err = err };
	struct period period;
	int rc = 0;

	if (!read_iso(text, iso, &period)) {
		rc = is_no_day(text) ?
		     date_words_refuse(&words, "no calendar has that day") :
		     date_words_read(&words);
		if (rc == 0)
			rc = resolve(&words, wall, &period);
	}
	if (rc == 0)
		*out = period;
	return rc;
}

int dates_read(struct span text, const struct wall *wall, struct period *out,
	       struct err *err)
{
	return read_either(text, wall, wall, out, err);
}

int dates_read_shared(struct span text, const struct wall *wall,
		      struct period *out, struct err *err)
{
	static const struct wall utc;

	return read_either(text, &utc, wall, out, err);
}
