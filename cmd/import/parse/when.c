#include "cmd/import/parse/when.h"

#include <stdbool.h>
#include <strings.h>

#include "cmd/import/parse/when_zone.h"
#include "lib/base/buf.h"
#include "lib/base/text.h"

#define TEXT_MAX 256		/* longer texts are no times */
#define NUMBER_MAX 400
#define SHOWN_MAX 80

/* Takes pieces off the front of a text whose spaces are all single ' '. */
struct reader {
	const char *at;
	const char *end;
};

/* What was read so far. */
struct when {
	struct date date;
	int64_t of_day;
	int64_t east;		/* of the zone */
	unsigned flags;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool take_char(struct reader *reader, char c)
{
	if (reader->at == reader->end || *reader->at != c)
		return false;
	reader->at++;
	return true;
}

static void skip_space(struct reader *reader)
{
	(void)take_char(reader, ' ');
}

/* "," and a space, each may be missing. */
static void skip_comma(struct reader *reader)
{
	skip_space(reader);
	(void)take_char(reader, ',');
	skip_space(reader);
}

static bool is_at_end(const struct reader *reader)
{
	return reader->at == reader->end;
}

/* A number of min to max digits, not followed by another one. */
static bool take_number(struct reader *reader, int min, int max, int *out)
{
	struct reader at = *reader;
	int digits = 0;
	int value = 0;

	while (at.at < at.end && is_digit(*at.at)) {
		if (++digits > max)
			return false;
		value = value * 10 + (*at.at++ - '0');
	}
	if (digits < min)
		return false;
	*reader = at;
	*out = value;
	return true;
}

static struct span peek_word(const struct reader *reader)
{
	const char *at = reader->at;

	while (at < reader->end && is_letter(*at))
		at++;
	return span_of(reader->at, (size_t)(at - reader->at));
}

static bool take_word(struct reader *reader, const char *word)
{
	struct span next = peek_word(reader);

	if (next.len != strlen(word) || strncasecmp(next.at, word, next.len))
		return false;
	reader->at += next.len;
	return true;
}

/* --- Dates ---------------------------------------------------------------- */

/* One of these names, or its begin of three letters or more. */
static bool take_name(struct reader *reader, const char *const *names,
		      int count, int *out)
{
	struct span word = peek_word(reader);
	int i;

	if (word.len < 3)
		return false;
	for (i = 0; i < count; i++) {
		if (word.len > strlen(names[i]) ||
		    strncasecmp(word.at, names[i], word.len) != 0)
			continue;
		reader->at += word.len;
		(void)take_char(reader, '.');
		*out = i + 1;
		return true;
	}
	return false;
}

static bool take_month(struct reader *reader, int *out)
{
	static const char *const names[] = {
		"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November",
		"December"
	};

	return take_name(reader, names, 12, out);
}

/* What names of months begin with in the languages that write the day first:
 * German, French, Spanish, Italian, Portuguese, Dutch. */
static bool take_other_month(struct reader *reader, int *out)
{
	static const struct {
		const char *begin;
		int month;
	} names[] = {
		{ "jan", 1 }, { "gen", 1 }, { "ene", 1 }, { "feb", 2 },
		{ "f\xc3\xa9v", 2 }, { "fev", 2 }, { "mar", 3 },
		{ "m\xc3\xa4r", 3 }, { "maa", 3 }, { "mrt", 3 },
		{ "apr", 4 }, { "avr", 4 }, { "abr", 4 }, { "mai", 5 },
		{ "may", 5 }, { "mei", 5 }, { "mag", 5 }, { "juil", 7 },
		{ "jun", 6 }, { "jui", 6 }, { "giu", 6 }, { "jul", 7 },
		{ "lug", 7 }, { "aug", 8 }, { "ao\xc3\xbb", 8 },
		{ "ago", 8 }, { "sep", 9 }, { "set", 9 }, { "oct", 10 },
		{ "okt", 10 }, { "ott", 10 }, { "out", 10 }, { "nov", 11 },
		{ "dec", 12 }, { "d\xc3\xa9" "c", 12 }, { "dic", 12 },
		{ "dez", 12 },
	};
	const char *end = reader->at;
	size_t len;
	size_t i;

	while (end < reader->end && (is_letter(*end) || (*end & 0x80)))
		end++;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		len = strlen(names[i].begin);
		if ((size_t)(end - reader->at) < len ||
		    strncasecmp(reader->at, names[i].begin, len) != 0)
			continue;
		reader->at = end;
		(void)take_char(reader, '.');
		*out = names[i].month;
		return true;
	}
	return false;
}

/* "Tuesday, " or "(Tue) ": nothing is checked against it. */
static void skip_weekday(struct reader *reader)
{
	static const char *const names[] = {
		"Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
		"Saturday", "Sunday"
	};
	struct reader at = *reader;
	bool has_paren = take_char(&at, '(');
	int day;

	if (!take_name(&at, names, 7, &day) ||
	    (has_paren && !take_char(&at, ')')))
		return;
	skip_comma(&at);
	*reader = at;
}

/* "1st" */
static void skip_ordinal(struct reader *reader)
{
	(void)(take_word(reader, "st") || take_word(reader, "nd") ||
	       take_word(reader, "rd") || take_word(reader, "th"));
}

/* Month D, YYYY and Month-D-YYYY */
static bool take_month_first(struct reader *reader, struct date *date)
{
	if (!take_month(reader, &date->month))
		return false;
	if (take_char(reader, '-'))
		return take_number(reader, 1, 2, &date->day) &&
		       take_char(reader, '-') &&
		       take_number(reader, 4, 4, &date->year);
	skip_space(reader);
	if (!take_number(reader, 1, 2, &date->day))
		return false;
	skip_ordinal(reader);
	skip_comma(reader);
	return take_number(reader, 4, 4, &date->year);
}

/* "de " */
static void skip_of(struct reader *reader)
{
	skip_space(reader);
	if (take_word(reader, "de"))
		skip_space(reader);
}

/* D Month, YYYY and D. Month YYYY and D de Month de YYYY */
static bool take_day_first(struct reader *reader, struct date *date)
{
	if (!take_number(reader, 1, 2, &date->day))
		return false;
	skip_ordinal(reader);
	(void)take_char(reader, '.');
	skip_of(reader);
	if (!take_month(reader, &date->month) &&
	    !take_other_month(reader, &date->month))
		return false;
	skip_comma(reader);
	skip_of(reader);
	return take_number(reader, 4, 4, &date->year);
}

/* D.M.YYYY */
static bool take_dotted(struct reader *reader, struct date *date)
{
	return take_number(reader, 1, 2, &date->day) &&
	       take_char(reader, '.') &&
	       take_number(reader, 1, 2, &date->month) &&
	       take_char(reader, '.') &&
	       take_number(reader, 4, 4, &date->year);
}

/* YYYY-M-D and YYYY/M/D */
static bool take_year_first(struct reader *reader, struct date *date)
{
	char between;

	if (!take_number(reader, 4, 4, &date->year) || is_at_end(reader))
		return false;
	between = *reader->at;
	return (between == '-' || between == '/') &&
	       take_char(reader, between) &&
	       take_number(reader, 1, 2, &date->month) &&
	       take_char(reader, between) &&
	       take_number(reader, 1, 2, &date->day);
}

static bool take_date(struct reader *reader, struct date *date)
{
	bool (*const forms[])(struct reader *, struct date *) = {
		take_month_first, take_day_first, take_year_first,
		take_dotted
	};
	size_t i;

	skip_weekday(reader);
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct reader at = *reader;

		if (!forms[i](&at, date))
			continue;
		*reader = at;
		return date_is_valid(*date);
	}
	return false;
}

/* --- Times of day --------------------------------------------------------- */

/* 1: PM, 0: AM, -1: neither. "p.m." too. */
static int take_half(struct reader *reader)
{
	struct reader at = *reader;
	int half = -1;
	char c;

	skip_space(&at);
	if (is_at_end(&at))
		return -1;
	c = (char)(*at.at++ | 0x20);
	if (c != 'a' && c != 'p')
		return -1;
	(void)take_char(&at, '.');
	if (is_at_end(&at) || (*at.at++ | 0x20) != 'm')
		return -1;
	(void)take_char(&at, '.');
	if (is_at_end(&at) || !is_letter(*at.at))
		half = c == 'p';
	if (half >= 0)
		*reader = at;
	return half;
}

static bool take_fraction(struct reader *reader, int64_t *micros,
			  unsigned *flags)
{
	int64_t unit = TIMESTAMP_SECOND / 10;
	int digits = 0;

	while (reader->at < reader->end && is_digit(*reader->at)) {
		int digit = *reader->at++ - '0';

		if (!unit && digit)
			*flags |= TIMESTAMP_CUT;
		*micros += digit * unit;
		unit /= 10;
		digits++;
	}
	return digits > 0 && digits <= 9;
}

/* A half turns 12 into 0 or 12; without one the hour stands. */
static bool set_time(struct when *when, const int parts[3], int half)
{
	int hour = parts[0];

	if (half >= 0) {
		if (hour < 1 || hour > 12)
			return false;
		hour = hour % 12 + (half ? 12 : 0);
	}
	if (hour > 23 || parts[1] > 59 || parts[2] > 59)
		return false;
	when->of_day += (hour * 3600 + parts[1] * 60 + parts[2]) *
			TIMESTAMP_SECOND;
	return true;
}

/* H:MM[:SS[.fraction]] [AM|PM] */
static bool take_time(struct reader *reader, struct when *when)
{
	int parts[3] = { 0, 0, 0 };

	if (!take_number(reader, 1, 2, &parts[0]) ||
	    !take_char(reader, ':') || !take_number(reader, 2, 2, &parts[1]))
		return false;
	if (take_char(reader, ':')) {
		if (!take_number(reader, 2, 2, &parts[2]))
			return false;
		if (take_char(reader, '.') &&
		    !take_fraction(reader, &when->of_day, &when->flags))
			return false;
	}
	return set_time(when, parts, take_half(reader));
}

/* @HHh MMm SSs [MSms] */
static bool take_letter_time(struct reader *reader, struct when *when)
{
	int parts[3] = { 0, 0, 0 };
	int millis = 0;
	int i;

	for (i = 0; i < 3; i++) {
		skip_space(reader);
		if (!take_number(reader, 1, 2, &parts[i]) ||
		    !take_char(reader, "hms"[i]))
			return false;
	}
	skip_space(reader);
	if (!is_at_end(reader) && (!take_number(reader, 1, 3, &millis) ||
				   !take_word(reader, "ms")))
		return false;
	when->of_day = millis * INT64_C(1000);
	return set_time(when, parts, -1);
}

/* All that is left must be the zone. */
static bool take_zone(struct reader *reader, struct when *when)
{
	struct span left;

	skip_space(reader);
	left = span_of(reader->at, (size_t)(reader->end - reader->at));
	reader->at = reader->end;
	if (left.len > 2 && left.at[0] == '(' && left.at[left.len - 1] == ')')
		left = span_of(left.at + 1, left.len - 2);
	if (when_zone_offset(left, &when->east))
		return true;
	when->flags |= TIMESTAMP_NO_ZONE;
	return !left.len || when_zone_is_name(left);
}

/* --- Whole texts ---------------------------------------------------------- */

/* 1:56 pm on 8 May, 2023 */
static bool take_time_first(struct reader *reader, struct when *when)
{
	if (!take_time(reader, when))
		return false;
	skip_comma(reader);
	if (take_word(reader, "on"))
		skip_space(reader);
	if (!take_date(reader, &when->date))
		return false;
	return take_zone(reader, when);
}

static bool take_date_first(struct reader *reader, struct when *when)
{
	if (!take_date(reader, &when->date))
		return false;
	skip_comma(reader);
	if (take_char(reader, '@')) {
		when->flags |= TIMESTAMP_NO_ZONE;
		return take_letter_time(reader, when) && is_at_end(reader);
	}
	skip_weekday(reader);
	if (is_at_end(reader)) {
		when->flags |= TIMESTAMP_NO_ZONE | TIMESTAMP_NO_TIME;
		return true;
	}
	if (take_word(reader, "at"))
		skip_space(reader);
	return take_time(reader, when) && take_zone(reader, when);
}

/* Bytes of the space at the begin of text, 0 if there is none. */
static size_t space_len(struct span text)
{
	if (text.at[0] == ' ' || (text.at[0] >= '\t' && text.at[0] <= '\r'))
		return 1;
	if (span_begins(text, "\xc2\xa0"))
		return 2;
	return span_begins(text, "\xe2\x80\xaf") ||
	       span_begins(text, "\xe2\x80\x89") ? 3 : 0;
}

/* The text with single spaces, none at its ends; empty if it is too long. */
static struct reader simplify(struct span text, char out[TEXT_MAX])
{
	struct reader reader = { out, out };
	bool has_space = false;
	size_t len = 0;
	size_t i = 0;
	size_t space;

	while (i < text.len) {
		space = space_len(span_of(text.at + i, text.len - i));
		if (space) {
			has_space = len > 0;
			i += space;
			continue;
		}
		if (len + 2 > TEXT_MAX)
			return reader;
		if (has_space)
			out[len++] = ' ';
		has_space = false;
		out[len++] = text.at[i++];
	}
	reader.end = out + len;
	return reader;
}

static int when_refuse(struct span text, struct err *err)
{
	struct buf shown = BUF_INIT(BUF_NO_LIMIT);
	size_t len = text.len < SHOWN_MAX ? text.len : SHOWN_MAX;
	int rc;

	rc = text_escape(&shown, span_of(text.at, len), 0, err);
	if (rc == 0)
		rc = err_set(err, ERR_INVALID, "not a time: '%s'",
			     buf_text(&shown));
	buf_release(&shown);
	return rc;
}

static int finish(const struct when *when, int64_t midnight,
		  struct span text, int64_t *out_micros, unsigned *out_flags,
		  struct err *err)
{
	int64_t micros = midnight + when->of_day - when->east;
	unsigned flags = when->flags;

	if (micros < TIMESTAMP_MIN || micros > TIMESTAMP_MAX)
		return when_refuse(text, err);
	if (micros < TIMESTAMP_USUAL_FROM || micros >= TIMESTAMP_USUAL_END)
		flags |= TIMESTAMP_UNUSUAL;
	*out_micros = micros;
	if (out_flags)
		*out_flags = flags;
	return 0;
}

int when_parse(struct span text, int64_t *out_micros, unsigned *out_flags,
	       struct err *err)
{
	char simple[TEXT_MAX];
	struct reader start = simplify(text, simple);
	struct reader reader = start;
	struct when when = { { 0, 0, 0 }, 0, 0, 0 };

	if (is_at_end(&reader))
		return when_refuse(text, err);
	if (timestamp_parse(span_of(start.at, (size_t)(start.end - start.at)),
			    out_micros, out_flags, NULL) == 0)
		return 0;
	if (!take_date_first(&reader, &when)) {
		reader = start;
		when = (struct when){ { 0, 0, 0 }, 0, 0, 0 };
		if (!take_time_first(&reader, &when))
			return when_refuse(text, err);
	}
	return finish(&when, timestamp_from_date(when.date), text, out_micros,
		      out_flags, err);
}

int when_parse_day(struct span text, int64_t *out_micros, unsigned *out_flags,
		   struct err *err)
{
	char simple[TEXT_MAX];
	struct reader reader = simplify(text, simple);
	struct when when = { { 0, 0, 0 }, 0, 0,
			     TIMESTAMP_NO_ZONE | TIMESTAMP_NO_TIME };

	skip_weekday(&reader);
	if (!take_month_first(&reader, &when.date) || !is_at_end(&reader) ||
	    !date_is_valid(when.date))
		return when_refuse(text, err);
	return finish(&when, timestamp_from_date(when.date), text, out_micros,
		      out_flags, err);
}

int when_parse_clock(struct span text, int64_t midnight, int64_t *out_micros,
		     unsigned *out_flags, struct err *err)
{
	char simple[TEXT_MAX];
	struct reader reader = simplify(text, simple);
	struct when when = { { 0, 0, 0 }, 0, 0, 0 };

	if (!take_time(&reader, &when) || !take_zone(&reader, &when))
		return when_refuse(text, err);
	return finish(&when, midnight, text, out_micros, out_flags, err);
}

/* Milliseconds are the number of seconds with an exponent of -3 more. */
static int from_milliseconds(struct span digits, int64_t *out_micros,
			     unsigned *out_flags, struct err *err)
{
	struct buf text = BUF_INIT(NUMBER_MAX + 8);
	size_t i;
	int rc;

	for (i = 0; i < digits.len; i++)
		if (!is_digit(digits.at[i]) && digits.at[i] != '.' &&
		    (i || digits.at[i] != '-'))
			return when_refuse(digits, err);
	rc = buf_add_span(&text, digits, err);
	if (rc == 0)
		rc = buf_add_str(&text, "e-3", err);
	if (rc == 0)
		rc = timestamp_from_decimal_seconds(buf_span(&text),
						    out_micros, out_flags,
						    err);
	buf_release(&text);
	return rc;
}

int when_from_number(struct span digits, enum when_unit unit,
		     int64_t *out_micros, unsigned *out_flags,
		     struct err *err)
{
	if (!digits.len || digits.len > NUMBER_MAX)
		return when_refuse(digits, err);
	if (unit == WHEN_MILLISECONDS)
		return from_milliseconds(digits, out_micros, out_flags, err);
	return timestamp_from_decimal_seconds(digits, out_micros, out_flags,
					      err);
}
