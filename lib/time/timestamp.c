#include "lib/time/timestamp.h"

#include <time.h>

#define FRACTION_DIGITS_MAX 9

int64_t timestamp_now(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_REALTIME, &now) < 0)
		return 0;
	return (int64_t)now.tv_sec * TIMESTAMP_SECOND + now.tv_nsec / 1000;
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30,
				    31, 31, 30, 31, 30, 31 };

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool date_is_valid(struct date date)
{
	return date.year >= 1 && date.year <= 9999 && date.month >= 1 &&
	       date.month <= 12 && date.day >= 1 &&
	       date.day <= days_in_month(date.year, date.month);
}

/*
 * Days since 1970 and back, counted in years that begin in March: the leap
 * day is then the last one, and the months' lengths follow one formula.
 * 719468 days lie between 0000-03-01 and 1970-01-01; 146097 are 400 years.
 */
static int64_t days_of(struct date date)
{
	int64_t year = date.month <= 2 ? date.year - 1 : date.year;
	int64_t month = (date.month + 9) % 12;
	int64_t era = year / 400;
	int64_t of_era = year % 400;
	int64_t of_year = (153 * month + 2) / 5 + date.day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

static struct date date_of(int64_t days)
{
	int64_t since = days + 719468;
	int64_t era = since / 146097;
	int64_t of_era = since % 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 -
			of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;
	struct date date;

	date.day = (int)(of_year - (153 * month + 2) / 5 + 1);
	date.month = (int)(month < 10 ? month + 3 : month - 9);
	date.year = (int)(era * 400 + year + (date.month <= 2));
	return date;
}

int64_t timestamp_from_date(struct date date)
{
	return days_of(date) * TIMESTAMP_DAY;
}

/* Rounds towards the past, also before 1970. */
static int64_t day_number(int64_t micros)
{
	int64_t days = micros / TIMESTAMP_DAY;

	return micros % TIMESTAMP_DAY < 0 ? days - 1 : days;
}

struct date timestamp_date(int64_t micros)
{
	return date_of(day_number(micros));
}

int64_t timestamp_day_end(int64_t micros)
{
	if (micros > TIMESTAMP_MAX - TIMESTAMP_DAY)
		return TIMESTAMP_MAX;
	return (day_number(micros) + 1) * TIMESTAMP_DAY - 1;
}

static int64_t clamp(int64_t micros)
{
	if (micros < TIMESTAMP_MIN)
		return TIMESTAMP_MIN;
	return micros > TIMESTAMP_MAX ? TIMESTAMP_MAX : micros;
}

/* Digits of a value that fits the width; printf is far too slow for this. */
static char *put_digits(char *out, int64_t value, int width)
{
	int i;

	for (i = width - 1; i >= 0; i--) {
		out[i] = (char)('0' + value % 10);
		value /= 10;
	}
	return out + width;
}

static char *put_date(char *out, struct date date)
{
	out = put_digits(out, date.year, 4);
	*out++ = '-';
	out = put_digits(out, date.month, 2);
	*out++ = '-';
	return put_digits(out, date.day, 2);
}

void timestamp_text(int64_t micros, char out[TIMESTAMP_TEXT_MAX])
{
	int64_t time = clamp(micros);
	int64_t of_day = time - day_number(time) * TIMESTAMP_DAY;
	int64_t seconds = of_day / TIMESTAMP_SECOND;

	out = put_date(out, timestamp_date(time));
	*out++ = 'T';
	out = put_digits(out, seconds / 3600, 2);
	*out++ = ':';
	out = put_digits(out, seconds / 60 % 60, 2);
	*out++ = ':';
	out = put_digits(out, seconds % 60, 2);
	*out++ = '.';
	out = put_digits(out, of_day % TIMESTAMP_SECOND, 6);
	*out++ = 'Z';
	*out = '\0';
}

void timestamp_date_text(int64_t micros, char out[TIMESTAMP_DATE_TEXT_MAX])
{
	*put_date(out, timestamp_date(clamp(micros))) = '\0';
}

/* Takes pieces off the front of a text. */
struct reader {
	const char *at;
	const char *end;
};

static bool take_char(struct reader *reader, char c)
{
	if (reader->at == reader->end || *reader->at != c)
		return false;
	reader->at++;
	return true;
}

static bool is_digit_next(const struct reader *reader)
{
	return reader->at < reader->end && *reader->at >= '0' &&
	       *reader->at <= '9';
}

static bool take_digits(struct reader *reader, int width, int *out)
{
	int value = 0;
	int i;

	for (i = 0; i < width; i++) {
		if (!is_digit_next(reader))
			return false;
		value = value * 10 + (*reader->at++ - '0');
	}
	*out = value;
	return true;
}

static bool take_date(struct reader *reader, struct date *date)
{
	return take_digits(reader, 4, &date->year) &&
	       take_char(reader, '-') &&
	       take_digits(reader, 2, &date->month) &&
	       take_char(reader, '-') &&
	       take_digits(reader, 2, &date->day) && date_is_valid(*date);
}

/* The digits behind a dot as microseconds. */
static bool take_fraction(struct reader *reader, int64_t *micros,
			  unsigned *flags)
{
	int64_t unit = TIMESTAMP_SECOND / 10;
	int digits = 0;

	while (is_digit_next(reader)) {
		int digit = *reader->at++ - '0';

		if (++digits > FRACTION_DIGITS_MAX)
			return false;
		if (!unit && digit)
			*flags |= TIMESTAMP_CUT;
		*micros += digit * unit;
		unit /= 10;
	}
	return digits > 0;
}

static bool take_time(struct reader *reader, int64_t *micros, unsigned *flags)
{
	int hour, minute;
	int second = 0;

	if (!take_digits(reader, 2, &hour) || !take_char(reader, ':') ||
	    !take_digits(reader, 2, &minute))
		return false;
	if (take_char(reader, ':')) {
		if (!take_digits(reader, 2, &second))
			return false;
		if ((take_char(reader, '.') || take_char(reader, ',')) &&
		    !take_fraction(reader, micros, flags))
			return false;
	}
	if (hour > 23 || minute > 59 || second > 60)
		return false;
	*micros += (hour * 3600 + minute * 60 + second) * TIMESTAMP_SECOND;
	return true;
}

static bool take_zone(struct reader *reader, int64_t *micros, unsigned *flags)
{
	bool is_east;
	int hours;
	int minutes = 0;

	if (reader->at == reader->end) {
		*flags |= TIMESTAMP_NO_ZONE;
		return true;
	}
	if (take_char(reader, 'Z') || take_char(reader, 'z'))
		return true;
	is_east = take_char(reader, '+');
	if (!is_east && !take_char(reader, '-'))
		return false;
	if (!take_digits(reader, 2, &hours))
		return false;
	if (reader->at < reader->end) {
		(void)take_char(reader, ':');
		if (!take_digits(reader, 2, &minutes))
			return false;
	}
	if (hours > 23 || minutes > 59)
		return false;
	*micros = (hours * 3600 + minutes * 60) * TIMESTAMP_SECOND;
	if (is_east)
		*micros = -*micros;
	return true;
}

static int finish(int64_t micros, unsigned flags, int64_t *out_micros,
		  unsigned *out_flags, struct err *err)
{
	if (micros < TIMESTAMP_MIN || micros > TIMESTAMP_MAX)
		return err_set(err, ERR_INVALID,
			       "time outside the years 1 to 9999");
	if (micros < TIMESTAMP_USUAL_FROM || micros >= TIMESTAMP_USUAL_END)
		flags |= TIMESTAMP_UNUSUAL;
	*out_micros = micros;
	if (out_flags)
		*out_flags = flags;
	return 0;
}

int timestamp_parse(struct span text, int64_t *out_micros, unsigned *out_flags,
		    struct err *err)
{
	struct reader reader = { text.at, text.at + text.len };
	unsigned flags = 0;
	int64_t of_day = 0;
	int64_t zone = 0;
	struct date date;
	bool is_good = text.len && take_date(&reader, &date);

	if (is_good && reader.at == reader.end)
		return finish(timestamp_from_date(date),
			      TIMESTAMP_NO_ZONE | TIMESTAMP_NO_TIME,
			      out_micros, out_flags, err);
	is_good = is_good &&
		  (take_char(&reader, 'T') || take_char(&reader, 't') ||
		   take_char(&reader, ' ')) &&
		  take_time(&reader, &of_day, &flags) &&
		  take_zone(&reader, &zone, &flags) &&
		  reader.at == reader.end;
	if (!is_good)
		return err_set(err, ERR_INVALID, "not an ISO 8601 time");
	return finish(timestamp_from_date(date) + of_day + zone, flags,
		      out_micros, out_flags, err);
}

/* A JSON number as digits and the place of its decimal point. */
struct decimal {
	bool is_negative;
	struct span whole;	/* digits before the dot */
	struct span fraction;	/* digits behind it, may be empty */
	int exponent;
};

/* No exponent beyond this matters: the range check refuses it or it is 0. */
#define EXPONENT_MAX 100000

static bool take_exponent(struct reader *reader, int *out)
{
	bool is_negative = take_char(reader, '-');
	int value = 0;

	if (!is_negative)
		(void)take_char(reader, '+');
	if (!is_digit_next(reader))
		return false;
	while (is_digit_next(reader)) {
		value = value * 10 + (*reader->at++ - '0');
		if (value > EXPONENT_MAX)
			value = EXPONENT_MAX;
	}
	*out = is_negative ? -value : value;
	return true;
}

static struct span take_run(struct reader *reader)
{
	const char *start = reader->at;

	while (is_digit_next(reader))
		reader->at++;
	return span_of(start, (size_t)(reader->at - start));
}

static bool take_decimal(struct reader *reader, struct decimal *out)
{
	out->is_negative = take_char(reader, '-');
	out->whole = take_run(reader);
	out->fraction = span_of("", 0);
	out->exponent = 0;
	if (!out->whole.len || (out->whole.len > 1 && out->whole.at[0] == '0'))
		return false;
	if (take_char(reader, '.')) {
		out->fraction = take_run(reader);
		if (!out->fraction.len)
			return false;
	}
	if (take_char(reader, 'e') || take_char(reader, 'E'))
		if (!take_exponent(reader, &out->exponent))
			return false;
	return reader->at == reader->end;
}

static int digit_at(const struct decimal *decimal, int64_t i)
{
	int64_t whole_len = (int64_t)decimal->whole.len;

	if (i < whole_len)
		return decimal->whole.at[i] - '0';
	if (i - whole_len < (int64_t)decimal->fraction.len)
		return decimal->fraction.at[i - whole_len] - '0';
	return 0;
}

/*
 * The digits up to the microsecond as an integer, magnitude only. False when
 * it is out of range; has_rest tells of digits behind that are not zero.
 */
static bool scale(const struct decimal *decimal, int64_t *out, bool *has_rest)
{
	int64_t digits = (int64_t)(decimal->whole.len + decimal->fraction.len);
	int64_t kept = (int64_t)decimal->whole.len + decimal->exponent + 6;
	int64_t value = 0;
	int64_t i;

	*has_rest = false;
	for (i = kept < 0 ? 0 : kept; i < digits; i++)
		*has_rest = *has_rest || digit_at(decimal, i) != 0;
	for (i = 0; i < kept; i++) {
		value = value * 10 + digit_at(decimal, i);
		if (value > TIMESTAMP_MAX)
			return false;
	}
	*out = value;
	return true;
}

int timestamp_from_decimal_seconds(struct span text, int64_t *out_micros,
				   unsigned *out_flags, struct err *err)
{
	struct reader reader = { text.at, text.at + text.len };
	struct decimal decimal;
	bool has_rest;
	int64_t micros;

	if (!text.len || text.len > EXPONENT_MAX ||
	    !take_decimal(&reader, &decimal))
		return err_set(err, ERR_INVALID, "not a number of seconds");
	if (!scale(&decimal, &micros, &has_rest))
		return err_set(err, ERR_INVALID,
			       "time outside the years 1 to 9999");
	if (decimal.is_negative)
		micros = has_rest ? -micros - 1 : -micros;
	return finish(micros, has_rest ? TIMESTAMP_CUT : 0, out_micros,
		      out_flags, err);
}
