#include "cmd/import/parse/when.h"

#include "tests/tap.h"

#define NO_ZONE TIMESTAMP_NO_ZONE
#define DATE (TIMESTAMP_NO_ZONE | TIMESTAMP_NO_TIME)

static void reads(const char *text, const char *want, unsigned want_flags)
{
	struct err err = ERR_INIT;
	int64_t micros = 0;
	unsigned flags = 99;
	char got[TIMESTAMP_TEXT_MAX];

	if (!ok(when_parse(span_str(text), &micros, &flags, &err) == 0,
		"'%s' is read", text)) {
		diag("%s", err.text);
		return;
	}
	timestamp_text(micros, got);
	is_str(got, want, "as the time that it is");
	is_int(flags, want_flags, "with its flags");
}

static void refuses(const char *text)
{
	struct err err = ERR_INIT;
	int64_t micros = 7;
	unsigned flags = 7;

	ok(when_parse(span_str(text), &micros, &flags, &err) == ERR_INVALID &&
	   micros == 7 && flags == 7, "'%s' is refused", text);
	ok(strstr(err.text, "not a time") != NULL, "and said to be none");
}

static void test_languages(void)
{
	reads("26.03.2026, 13:42:07 MEZ", "2026-03-26T12:42:07.000000Z", 0);
	reads("26. M\xc3\xa4rz 2026, 13:42:07 MESZ", "2026-03-26T11:42:07.000000Z", 0);
	reads("26 mars 2026, 13:42:07 CET", "2026-03-26T12:42:07.000000Z", 0);
	reads("9 f\xc3\xa9vr. 2026, 13:42:07 CET", "2026-02-09T12:42:07.000000Z", 0);
	reads("14 juil. 2026, 13:42:07 UTC", "2026-07-14T13:42:07.000000Z", 0);
	reads("14 juin 2026, 13:42:07 UTC", "2026-06-14T13:42:07.000000Z", 0);
	reads("26 de agosto de 2026, 13:42:07 UTC", "2026-08-26T13:42:07.000000Z", 0);
	reads("3 dez. 2026, 13:42:07 UTC", "2026-12-03T13:42:07.000000Z", 0);
	refuses("32.03.2026, 13:42:07");
	refuses("3 Plopp 2026, 13:42:07");
}

static void test_sillytavern(void)
{
	reads("March 1, 2024 8:05pm", "2024-03-01T20:05:00.000000Z", NO_ZONE);
	reads("March 1, 2024 12:05am", "2024-03-01T00:05:00.000000Z",
	      NO_ZONE);
	reads("June 19, 2023 12:00pm", "2023-06-19T12:00:00.000000Z",
	      NO_ZONE);
	reads("2024-03-01@20h05m00s", "2024-03-01T20:05:00.000000Z", NO_ZONE);
	reads("2024-3-1 @20h 05m 00s 000ms", "2024-03-01T20:05:00.000000Z",
	      NO_ZONE);
	reads("2024-3-1@2h 5m 9s 7ms", "2024-03-01T02:05:09.007000Z",
	      NO_ZONE);
	reads("2024-03-01T20:05:00.123Z", "2024-03-01T20:05:00.123000Z", 0);
	reads("2024-03-01 20:05", "2024-03-01T20:05:00.000000Z", NO_ZONE);
	refuses("2024-03-01@24h05m00s");
	refuses("2024-03-01@20h60m00s");
	refuses("2024-03-01@20h05m");
	refuses("2024-03-01@20h05m00s UTC");
	refuses("2024-02-30@20h05m00s");
	refuses("2024-03-01@20h05m00s0000ms");
}

static void test_takeout(void)
{
	reads("Aug 1, 2026, 10:00:00\xe2\x80\xaf" "AM UTC",
	      "2026-08-01T10:00:00.000000Z", 0);
	reads("Aug 1, 2026, 10:00:00\xc2\xa0PM\xc2\xa0GMT",
	      "2026-08-01T22:00:00.000000Z", 0);
	reads("Aug 1, 2026, 10:00:00 AM CEST", "2026-08-01T08:00:00.000000Z",
	      0);
	reads("Jan 1, 2026, 12:30:00 AM PST", "2026-01-01T08:30:00.000000Z",
	      0);
	reads("Aug 1, 2026, 10:00:00 AM GMT+05:30",
	      "2026-08-01T04:30:00.000000Z", 0);
	reads("Aug 1, 2026, 10:00:00 AM GMT-3", "2026-08-01T13:00:00.000000Z",
	      0);
	reads("Aug 1, 2026, 10:00:00 AM +0200", "2026-08-01T08:00:00.000000Z",
	      0);
	reads("1 Aug 2026, 22:15:01 UTC", "2026-08-01T22:15:01.000000Z", 0);
	/* Names that mean several zones, and names that nobody knows. */
	reads("Aug 1, 2026, 10:00:00 AM CST", "2026-08-01T10:00:00.000000Z",
	      NO_ZONE);
	reads("Aug 1, 2026, 10:00:00 AM IST", "2026-08-01T10:00:00.000000Z",
	      NO_ZONE);
	reads("Aug 1, 2026, 10:00:00 AM Europe/Berlin",
	      "2026-08-01T10:00:00.000000Z", NO_ZONE);
	reads("Aug 1, 2026, 10:00:00 AM Central European Summer Time",
	      "2026-08-01T10:00:00.000000Z", NO_ZONE);
	refuses("Aug 1, 2026, 13:00:00 PM UTC");
	refuses("Aug 1, 2026, 0:00:00 AM UTC");
	refuses("Aug 1, 2026, 24:00:00 UTC");
	refuses("Aug 1, 2026, 10:60:00 AM UTC");
	refuses("Aug 1, 2026, 10:00:60 AM UTC");
	refuses("Aug 32, 2026, 10:00:00 AM UTC");
	refuses("Aug 1, 2026, 10:00:00 AM +99:00");
	refuses("Aug 1, 2026, 10:00:00 AM \"quoted\"");
}

static void test_others(void)
{
	reads("1:56 pm on 8 May, 2023", "2023-05-08T13:56:00.000000Z",
	      NO_ZONE);
	reads("12:09 am on 13 September, 2023",
	      "2023-09-13T00:09:00.000000Z", NO_ZONE);
	reads("March-15-2024", "2024-03-15T00:00:00.000000Z", DATE);
	reads("March 15, 2024", "2024-03-15T00:00:00.000000Z", DATE);
	reads("Friday, March 15th, 2024", "2024-03-15T00:00:00.000000Z",
	      DATE);
	reads("sept. 3 2024", "2024-09-03T00:00:00.000000Z", DATE);
	reads("2023/05/30 (Tue) 23:40", "2023-05-30T23:40:00.000000Z",
	      NO_ZONE);
	reads("2023/05/30", "2023-05-30T00:00:00.000000Z", DATE);
	reads("March 5, 2024 at 9:07:01.25 p.m.",
	      "2024-03-05T21:07:01.250000Z", NO_ZONE);
	reads("  March \t5,\n2024 ", "2024-03-05T00:00:00.000000Z", DATE);
	reads("March 1, 1999", "1999-03-01T00:00:00.000000Z",
	      DATE | TIMESTAMP_UNUSUAL);
	reads("December 31, 2100 11:59pm", "2100-12-31T23:59:00.000000Z",
	      NO_ZONE);
	reads("January 1, 2101 0:00", "2101-01-01T00:00:00.000000Z",
	      NO_ZONE | TIMESTAMP_UNUSUAL);
	reads("Feb 29, 2024", "2024-02-29T00:00:00.000000Z", DATE);
	refuses("Feb 29, 2023");
	refuses("Ma 1, 2024");
	refuses("Marching 1, 2024");
	refuses("March 1");
	refuses("March 1, 24");
	refuses("March 2024");
	refuses("8:05pm");
	refuses("1709323500000");
	refuses("");
	refuses("   ");
	refuses("now");
	refuses("03/01/2024");
	refuses("March 1, 2024 8pm5");
}

static void test_hostile(void)
{
	char text[1000];
	struct err err = ERR_INIT;
	int64_t micros;

	memset(text, '9', sizeof(text));
	is_int(when_parse(span_of(text, sizeof(text)), &micros, NULL, &err),
	       ERR_INVALID, "too long a text");
	err_clear(&err);
	is_int(when_parse(span_of("March 1\0, 2024", 14), &micros, NULL, &err),
	       ERR_INVALID, "a NUL");
	err_clear(&err);
	is_int(when_parse(span_str("\x1b[2J"), &micros, NULL, &err),
	       ERR_INVALID, "an escape sequence");
	ok(!strchr(err.text, '\x1b'), "is not in the message");
}

static void test_chatty(void)
{
	int64_t day = 0, micros = 0;
	unsigned flags = 0;
	char got[TIMESTAMP_TEXT_MAX];

	is_int(when_parse_day(span_str("July 20, 2025"), &day, &flags, NULL),
	       0, "a heading");
	is_int(flags, DATE, "is a date");
	is_int(when_parse_clock(span_str("9:05:01 PM EDT"), day, &micros,
				&flags, NULL), 0, "a clock");
	timestamp_text(micros, got);
	is_str(got, "2025-07-21T01:05:01.000000Z", "of that day");
	is_int(flags, 0, "has its zone");
	is_int(when_parse_clock(span_str("12:05:01 AM"), day, &micros, &flags,
				NULL), 0, "without zone");
	is_int(micros - day, 301 * TIMESTAMP_SECOND, "is of the day");
	is_int(flags, NO_ZONE, "and flagged");
	is_int(when_parse_clock(span_str("13:05:01 PM"), day, &micros, &flags,
				NULL), ERR_INVALID, "no such hour");
	is_int(when_parse_clock(span_str("9:05 PM - Katana"), day, &micros,
				&flags, NULL), ERR_INVALID, "words behind");
	is_int(when_parse_day(span_str("July 20, 2025 9:00"), &day, &flags,
			      NULL), ERR_INVALID, "no heading with a time");
	is_int(when_parse_day(span_str("2025-07-20"), &day, &flags, NULL),
	       ERR_INVALID, "nor of another form");
	is_int(when_parse_day(span_str(""), &day, &flags, NULL), ERR_INVALID,
	       "nor of nothing");
}

static void number(const char *digits, enum when_unit unit, const char *want,
		   unsigned want_flags)
{
	int64_t micros = 0;
	unsigned flags = 99;
	char got[TIMESTAMP_TEXT_MAX] = "";
	int rc = when_from_number(span_str(digits), unit, &micros, &flags,
				  NULL);

	if (!want) {
		ok(rc == ERR_INVALID, "%s is refused", digits);
		return;
	}
	ok(rc == 0, "%s is read", digits);
	timestamp_text(micros, got);
	is_str(got, want, "as the time that it is");
	is_int(flags, want_flags, "with its flags");
}

static void test_numbers(void)
{
	number("1709323500000", WHEN_MILLISECONDS,
	       "2024-03-01T20:05:00.000000Z", 0);
	number("1709323500123", WHEN_MILLISECONDS,
	       "2024-03-01T20:05:00.123000Z", 0);
	number("1709323500123.4567", WHEN_MILLISECONDS,
	       "2024-03-01T20:05:00.123456Z", TIMESTAMP_CUT);
	number("-1", WHEN_MILLISECONDS, "1969-12-31T23:59:59.999000Z",
	       TIMESTAMP_UNUSUAL);
	number("1709323500.123456", WHEN_SECONDS,
	       "2024-03-01T20:05:00.123456Z", 0);
	number("1709323500", WHEN_MILLISECONDS,
	       "1970-01-20T18:48:43.500000Z", TIMESTAMP_UNUSUAL);
	number("1709323500000", WHEN_SECONDS, NULL, 0);
	number("1e3", WHEN_MILLISECONDS, NULL, 0);
	number("", WHEN_MILLISECONDS, NULL, 0);
	number("-", WHEN_MILLISECONDS, NULL, 0);
	number("12x", WHEN_MILLISECONDS, NULL, 0);
	number("99999999999999999999999", WHEN_MILLISECONDS, NULL, 0);
}

int main(void)
{
	test_sillytavern();
	test_languages();
	test_takeout();
	test_others();
	test_hostile();
	test_chatty();
	test_numbers();
	return done_testing();
}
