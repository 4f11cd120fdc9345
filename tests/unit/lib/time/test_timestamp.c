#include "lib/time/timestamp.h"

#include <time.h>

#include "tests/tap.h"

static int64_t parsed(const char *text, unsigned *flags)
{
	int64_t micros = -1;
	struct err err = ERR_INIT;

	*flags = 0;
	if (timestamp_parse(span_str(text), &micros, flags, &err) < 0) {
		diag("'%s': %s", text, err.text);
		return INT64_MIN;
	}
	return micros;
}

/* Expected values: date -u -d '...' +%s */
static void test_parse(void)
{
	static const struct {
		const char *text;
		int64_t micros;
		unsigned flags;
	} cases[] = {
		{ "2026-11-21T01:20:00.123456Z", 1795224000123456, 0 },
		{ "2026-11-21t01:20:00z", 1795224000000000, 0 },
		{ "2026-11-21 01:20Z", 1795224000000000, 0 },
		{ "2026-11-21T02:20:00+01:00", 1795224000000000, 0 },
		{ "2026-11-20T19:50:00-0530", 1795224000000000, 0 },
		{ "2026-11-21T03:20:00+02", 1795224000000000, 0 },
		{ "2026-11-21T01:20:00", 1795224000000000, TIMESTAMP_NO_ZONE },
		{ "2026-11-21", 1795219200000000,
		  TIMESTAMP_NO_ZONE | TIMESTAMP_NO_TIME },
		{ "2026-11-21T01:20:00.1Z", 1795224000100000, 0 },
		{ "2026-11-21T01:20:00,5Z", 1795224000500000, 0 },
		{ "2026-11-21T01:20:00.123456789Z", 1795224000123456,
		  TIMESTAMP_CUT },
		{ "2026-11-21T01:20:00.123456000Z", 1795224000123456, 0 },
		{ "2016-12-31T23:59:60Z", 1483228800000000, 0 },
		{ "1970-01-01T00:00:00Z", 0, TIMESTAMP_UNUSUAL },
		{ "1969-12-31T23:59:59.999999Z", -1, TIMESTAMP_UNUSUAL },
		{ "1999-12-31T23:59:59Z", 946684799000000,
		  TIMESTAMP_UNUSUAL },
		{ "2000-01-01T00:00:00Z", 946684800000000, 0 },
		{ "2100-12-31T23:59:59Z", 4133980799000000, 0 },
		{ "2101-01-01T00:00:00Z", 4133980800000000,
		  TIMESTAMP_UNUSUAL },
		{ "0001-01-01T00:00:00Z", TIMESTAMP_MIN, TIMESTAMP_UNUSUAL },
		{ "9999-12-31T23:59:59.999999Z", TIMESTAMP_MAX,
		  TIMESTAMP_UNUSUAL },
		{ "2000-02-29T00:00:00Z", 951782400000000, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned flags;

		is_int(parsed(cases[i].text, &flags), cases[i].micros,
		       cases[i].text);
		is_int(flags, cases[i].flags, "and what is said of it");
	}
}

static void test_parse_refused(void)
{
	static const char *const bad[] = {
		"", "2026", "2026-11", "2026-11-2", "2026-1-21",
		"2026-11-31", "2026-02-29", "1900-02-29", "2026-00-01",
		"2026-13-01", "2026-11-00", "0000-01-01", "10000-01-01",
		"2026-11-21T", "2026-11-21T01", "2026-11-21T01Z",
		"2026-11-21T24:00:00Z", "2026-11-21T01:60:00Z",
		"2026-11-21T01:20:61Z", "2026-11-21T01:20:00.Z",
		"2026-11-21T01:20:00.1234567890Z", "2026-11-21T01:20:00ZZ",
		"2026-11-21T01:20:00+1", "2026-11-21T01:20:00+01:",
		"2026-11-21T01:20:00+24:00", "2026-11-21T01:20:00+01:60",
		"2026-11-21T01:20:00 Z", " 2026-11-21", "2026-11-21 ",
		"+2026-11-21", "2026-11-21Z", "2026-11-21X01:20:00Z",
		"0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00",
		"1795224000",
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int64_t micros = 42;

		ok(timestamp_parse(span_str(bad[i]), &micros, NULL, NULL) ==
		   ERR_INVALID && micros == 42, "refused: '%s'", bad[i]);
	}
}

static void test_decimal(void)
{
	static const struct {
		const char *text;
		int64_t micros;
		unsigned flags;
	} cases[] = {
		{ "1795224000", 1795224000000000, 0 },
		{ "1795224000.123456", 1795224000123456, 0 },
		{ "1795224000.1", 1795224000100000, 0 },
		{ "1795224000.1234569", 1795224000123456, TIMESTAMP_CUT },
		{ "1795224000.12345600", 1795224000123456, 0 },
		{ "1.795224e9", 1795224000000000, 0 },
		{ "1.795224000123456E+9", 1795224000123456, 0 },
		{ "1795224000123.456e-3", 1795224000123456, 0 },
		{ "0", 0, TIMESTAMP_UNUSUAL },
		{ "-0", 0, TIMESTAMP_UNUSUAL },
		{ "0e99999999", 0, TIMESTAMP_UNUSUAL },
		{ "-0.000001", -1, TIMESTAMP_UNUSUAL },
		{ "-0.0000001", -1, TIMESTAMP_UNUSUAL | TIMESTAMP_CUT },
		{ "1e-99999999", 0, TIMESTAMP_UNUSUAL | TIMESTAMP_CUT },
		{ "253402300799.999999", TIMESTAMP_MAX, TIMESTAMP_UNUSUAL },
		{ "-62135596800", TIMESTAMP_MIN, TIMESTAMP_UNUSUAL },
		{ "4133980799.999999", 4133980799999999, 0 },
	};
	static const char *const bad[] = {
		"", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x10", "1 ",
		" 1", "NaN", "Infinity", "1e400", "253402300800",
		"-62135596801", "1,5", "1.5.5", "99999999999999999999999999",
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned flags = 0;
		int64_t micros = -7;

		is_int(timestamp_from_decimal_seconds(span_str(cases[i].text),
						      &micros, &flags, NULL),
		       0, cases[i].text);
		is_int(micros, cases[i].micros, "its microseconds");
		is_int(flags, cases[i].flags, "and what is said of it");
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int64_t micros = 42;

		ok(timestamp_from_decimal_seconds(span_str(bad[i]), &micros,
						  NULL, NULL) == ERR_INVALID &&
		   micros == 42, "refused: '%s'", bad[i]);
	}
}

/* Every day of 9999 years is the one after the day before it. */
static void test_calendar(void)
{
	struct date date = { 1, 1, 1 };
	int64_t at = TIMESTAMP_MIN;
	int wrong = 0;
	int days = 0;

	while (date.year <= 9999) {
		struct date got = timestamp_date(at + 12345);

		wrong += !date_is_valid(date);
		wrong += timestamp_from_date(date) != at;
		wrong += got.year != date.year || got.month != date.month ||
			 got.day != date.day;
		date.day++;
		if (!date_is_valid(date))
			date = (struct date){ date.year, date.month + 1, 1 };
		if (date.month == 13)
			date = (struct date){ date.year + 1, 1, 1 };
		at += TIMESTAMP_DAY;
		days++;
	}
	is_int(days, 3652059, "9999 years have so many days");
	is_int(wrong, 0, "and each is where it belongs");
	ok(at == TIMESTAMP_MAX + 1, "up to the last one");
}

static void test_text(void)
{
	char text[TIMESTAMP_TEXT_MAX];
	char date[TIMESTAMP_DATE_TEXT_MAX];

	timestamp_text(1795224000123456, text);
	is_str(text, "2026-11-21T01:20:00.123456Z", "text");
	is_int(strlen(text), TIMESTAMP_TEXT, "of the stated length");
	timestamp_text(-1, text);
	is_str(text, "1969-12-31T23:59:59.999999Z", "before 1970");
	timestamp_text(INT64_MAX, text);
	is_str(text, "9999-12-31T23:59:59.999999Z", "too late");
	timestamp_text(INT64_MIN, text);
	is_str(text, "0001-01-01T00:00:00.000000Z", "too early");
	timestamp_date_text(1795224000123456, date);
	is_str(date, "2026-11-21", "date");
}

static void test_day_end(void)
{
	char text[TIMESTAMP_TEXT_MAX];

	timestamp_text(timestamp_day_end(1795224000123456), text);
	is_str(text, "2026-11-21T23:59:59.999999Z", "end of the day");
	is_int(timestamp_day_end(-1), -1, "is in the day");
	is_int(timestamp_day_end(0), TIMESTAMP_DAY - 1, "the first one");
	is_int(timestamp_day_end(TIMESTAMP_MAX), TIMESTAMP_MAX, "the last one");
	is_int(timestamp_day_end(INT64_MAX), TIMESTAMP_MAX, "and no later");
}

static void test_now(void)
{
	int64_t before = (int64_t)time(NULL) * TIMESTAMP_SECOND;
	int64_t now = timestamp_now();

	ok(now >= before - TIMESTAMP_SECOND &&
	   now <= before + 5 * TIMESTAMP_SECOND, "the computer's clock");
}

int main(void)
{
	test_parse();
	test_parse_refused();
	test_decimal();
	test_calendar();
	test_text();
	test_day_end();
	test_now();
	return done_testing();
}
