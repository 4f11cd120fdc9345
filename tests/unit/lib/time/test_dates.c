#include "lib/time/dates.h"

#include "lib/time/timestamp.h"
#include "lib/time/wall_text.h"
#include "tests/tap.h"

static int64_t at(const char *iso)
{
	int64_t micros = 0;

	if (timestamp_parse(span_str(iso), &micros, NULL, NULL) < 0)
		diag("no time: %s", iso);
	return micros;
}

/* Two hours east in summer, one in winter, as in 2024 in Berlin. */
static int berlin(void *arg, int64_t micros)
{
	(void)arg;
	return micros >= at("2024-03-31T01:00:00Z") &&
	       micros < at("2024-10-27T01:00:00Z") ? 7200 : 3600;
}

/* Midnight of the 1st of September 2024 was jumped over. */
static int santiago(void *arg, int64_t micros)
{
	(void)arg;
	return micros >= at("2024-09-08T04:00:00Z") ? -10800 : -14400;
}

/* A Wednesday. */
static struct wall wall_of(int (*offset)(void *arg, int64_t micros))
{
	return (struct wall){ offset, NULL, at("2024-05-15T10:30:20Z") };
}

struct date_case {
	const char *text;
	const char *start;
	const char *end;		/* its last second */
};

static void check_read(const struct wall *wall, const struct date_case *cases)
{
	for (; cases->text; cases++) {
		struct period period = { 0, 0 };
		struct err err = ERR_INIT;
		char start[TIMESTAMP_TEXT_MAX];
		char end[TIMESTAMP_TEXT_MAX];
		int rc = dates_read(span_str(cases->text), wall, &period,
				    &err);

		timestamp_text(period.start, start);
		timestamp_text(period.end, end);
		start[19] = end[19] = '\0';
		if (!ok(rc == 0 && !strcmp(start, cases->start) &&
			!strcmp(end, cases->end), "'%s'", cases->text))
			diag("%s to %s %s", start, end, err.text);
	}
}

static void test_iso(void)
{
	static const struct date_case cases[] = {
		{ "2024-01-31", "2024-01-30T23:00:00", "2024-01-31T22:59:59" },
		{ "2024", "2023-12-31T23:00:00", "2024-12-31T22:59:59" },
		{ "2024-07", "2024-06-30T22:00:00", "2024-07-31T21:59:59" },
		{ "2024-01-31T10:00", "2024-01-31T09:00:00",
		  "2024-01-31T09:00:59" },
		{ "2024-01-31 10:00:05+01:00", "2024-01-31T09:00:05",
		  "2024-01-31T09:00:05" },
		{ "2024-01-31T10:00:05.25Z", "2024-01-31T10:00:05",
		  "2024-01-31T10:00:05" },
		{ NULL, NULL, NULL },
	};
	struct wall wall = wall_of(berlin);
	struct period period;

	check_read(&wall, cases);
	ok(dates_read(span_str("2024-01-31T10:00:05.25Z"), &wall, &period,
		      NULL) == 0 && period.end == period.start,
	   "a fraction is a moment");
	ok(dates_read_shared(span_str("2024-01-31"), &wall, &period,
			     NULL) == 0 &&
	   period.start == at("2024-01-31T00:00:00Z"),
	   "shared: a day of UTC");
}

static void test_words(void)
{
	static const struct date_case cases[] = {
		{ "today", "2024-05-15T00:00:00", "2024-05-15T23:59:59" },
		{ "Yesterday", "2024-05-14T00:00:00", "2024-05-14T23:59:59" },
		{ "now", "2024-05-15T10:30:20", "2024-05-15T10:30:20" },
		{ "yesterday 14:03", "2024-05-14T14:03:00",
		  "2024-05-14T14:03:59" },
		{ "14:03:25 yesterday", "2024-05-14T14:03:25",
		  "2024-05-14T14:03:25" },
		{ "noon", "2024-05-14T12:00:00", "2024-05-14T12:00:59" },
		{ "9am", "2024-05-15T09:00:00", "2024-05-15T09:00:59" },
		{ "yesterday at 12 pm", "2024-05-14T12:00:00",
		  "2024-05-14T12:00:59" },
		{ "12:30am", "2024-05-15T00:30:00", "2024-05-15T00:30:59" },
		{ "2 weeks ago", "2024-05-01T00:00:00",
		  "2024-05-01T23:59:59" },
		{ "2.weeks.ago", "2024-05-01T00:00:00",
		  "2024-05-01T23:59:59" },
		{ "3d", "2024-05-12T00:00:00", "2024-05-12T23:59:59" },
		{ "a week ago", "2024-05-08T00:00:00", "2024-05-08T23:59:59" },
		{ "1 year and 3 months ago", "2023-02-15T00:00:00",
		  "2023-02-15T23:59:59" },
		{ "two hours ago", "2024-05-15T08:30:20",
		  "2024-05-15T08:30:20" },
		{ "1 day 20 minutes ago", "2024-05-14T10:10:20",
		  "2024-05-14T10:10:20" },
		{ "last week", "2024-05-06T00:00:00", "2024-05-12T23:59:59" },
		{ "this week", "2024-05-13T00:00:00", "2024-05-19T23:59:59" },
		{ "last month", "2024-04-01T00:00:00", "2024-04-30T23:59:59" },
		{ "last year", "2023-01-01T00:00:00", "2023-12-31T23:59:59" },
		{ "last 3 days", "2024-05-12T00:00:00",
		  "2024-05-15T10:30:20" },
		{ "the last two hours", "2024-05-15T08:30:20",
		  "2024-05-15T10:30:20" },
		{ "wednesday", "2024-05-15T00:00:00", "2024-05-15T23:59:59" },
		{ "last wednesday", "2024-05-08T00:00:00",
		  "2024-05-08T23:59:59" },
		{ "on Monday", "2024-05-13T00:00:00", "2024-05-13T23:59:59" },
		{ "last fri", "2024-05-10T00:00:00", "2024-05-10T23:59:59" },
		{ "thursday 15:00", "2024-05-09T15:00:00",
		  "2024-05-09T15:00:59" },
		{ NULL, NULL, NULL },
	};
	struct wall wall = wall_of(NULL);

	check_read(&wall, cases);
}

static void test_calendar(void)
{
	static const struct date_case cases[] = {
		{ "march 2024", "2024-03-01T00:00:00", "2024-03-31T23:59:59" },
		{ "in march", "2024-03-01T00:00:00", "2024-03-31T23:59:59" },
		{ "may", "2024-05-01T00:00:00", "2024-05-31T23:59:59" },
		{ "last may", "2023-05-01T00:00:00", "2023-05-31T23:59:59" },
		{ "december", "2023-12-01T00:00:00", "2023-12-31T23:59:59" },
		{ "Dec. 2024", "2024-12-01T00:00:00", "2024-12-31T23:59:59" },
		{ "2022", "2022-01-01T00:00:00", "2022-12-31T23:59:59" },
		{ "8 may 2023", "2023-05-08T00:00:00", "2023-05-08T23:59:59" },
		{ "May 8, 2023", "2023-05-08T00:00:00",
		  "2023-05-08T23:59:59" },
		{ "the 8th of May, 2023", "2023-05-08T00:00:00",
		  "2023-05-08T23:59:59" },
		{ "8-may-2023 3pm", "2023-05-08T15:00:00",
		  "2023-05-08T15:00:59" },
		{ "8 may", "2024-05-08T00:00:00", "2024-05-08T23:59:59" },
		{ "15 may", "2024-05-15T00:00:00", "2024-05-15T23:59:59" },
		{ "16 may", "2023-05-16T00:00:00", "2023-05-16T23:59:59" },
		{ "29 february", "2024-02-29T00:00:00",
		  "2024-02-29T23:59:59" },
		{ "9999", "9999-01-01T00:00:00", "9999-12-31T23:59:59" },
		{ NULL, NULL, NULL },
	};
	struct wall wall = wall_of(NULL);
	struct wall leap = { NULL, NULL, at("2024-03-31T12:00:00Z") };
	static const struct date_case back[] = {
		{ "1 month ago", "2024-02-29T00:00:00",
		  "2024-02-29T23:59:59" },
		{ "13 months ago", "2023-02-28T00:00:00",
		  "2023-02-28T23:59:59" },
		{ NULL, NULL, NULL },
	};

	check_read(&wall, cases);
	check_read(&leap, back);
}

static void test_zones(void)
{
	static const struct date_case summer[] = {
		{ "today", "2024-05-14T22:00:00", "2024-05-15T21:59:59" },
		{ "14:03", "2024-05-14T12:03:00", "2024-05-14T12:03:59" },
		{ "in 2023", "2022-12-31T23:00:00", "2023-12-31T22:59:59" },
		{ "march 2024", "2024-02-29T23:00:00",
		  "2024-03-31T21:59:59" },
		/* A day of 23 hours, and one of 25. */
		{ "31 march", "2024-03-30T23:00:00", "2024-03-31T21:59:59" },
		{ "27 october 2024", "2024-10-26T22:00:00",
		  "2024-10-27T22:59:59" },
		/* Jumped over, and twice there. */
		{ "31 march 02:30", "2024-03-31T01:30:00",
		  "2024-03-31T01:30:59" },
		{ "27 october 2024 02:30", "2024-10-27T00:30:00",
		  "2024-10-27T00:30:59" },
		{ NULL, NULL, NULL },
	};
	static const struct date_case gap[] = {
		{ "8 sep 2024", "2024-09-08T04:00:00", "2024-09-09T02:59:59" },
		{ NULL, NULL, NULL },
	};
	struct wall wall = wall_of(berlin);

	check_read(&wall, summer);
	wall = wall_of(santiago);
	check_read(&wall, gap);
}

/* Nothing is guessed, and the word that is to blame is named. */
static void test_refused(void)
{
	static const struct {
		const char *text;
		const char *named;
	} cases[] = {
		{ "", "" }, { " , ", "empty" }, { "soon", "'soon'" },
		{ "in smarch", "'smarch'" }, { "last", "'last'" },
		{ "last smarch", "'smarch'" }, { "ago", "'ago'" },
		{ "next friday", "'next'" }, { "this friday", "'friday'" },
		{ "05/08/2023", "'05/08/2023'" }, { "32 may", "'32'" },
		{ "31 april", "calendar" }, { "29 feb 2023", "calendar" },
		{ "8", "month" }, { "8 may 9 may", "two days" },
		{ "yesterday today", "two days" },
		{ "monday tuesday", "two days" },
		{ "yesterday monday", "two days" },
		{ "2024 2023", "two days" },
		{ "14:03 15:03", "two times" }, { "25:00", "'25:00'" },
		{ "14:75", "'14:75'" }, { "13pm", "'13pm'" },
		{ "0am", "'0am'" }, { "march 14:03", "one day" },
		{ "two hours ago 14:03", "two times" },
		{ "90000 years ago", "far back" },
		{ "123456 days ago", "'123456'" },
		{ "2023 years ago", "far back" },
		{ "2022 years 99999 hours", "far back" },
		{ "last may 2023", "'last' or a year" },
		{ "2024-13-01", "" }, { "2024-00", "" },
		{ "2 weeks agoo", "'agoo'" }, { "2 fortnights", "'fortnights'" },
		{ "a may", "'a'" }, { "last few days", "'few'" },
		{ "last 3 may", "'3'" }, { "yesterday\xff", "" },
		{ "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17", "long" },
	};
	struct wall wall = wall_of(NULL);
	char long_text[200];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct period period = { 7, 7 };
		struct err err = ERR_INIT;
		int rc = dates_read(span_str(cases[i].text), &wall, &period,
				    &err);

		if (!ok(rc == ERR_INVALID && strstr(err.text, cases[i].named) &&
			period.start == 7, "refused: '%s'", cases[i].text))
			diag("%d: %s", rc, err.text);
	}
	memset(long_text, 'x', sizeof(long_text));
	ok(dates_read(span_of(long_text, sizeof(long_text)), &wall,
		      &(struct period){ 0, 0 }, NULL) == ERR_INVALID,
	   "refused: what is far too long");
}

/* What is printed is read again as the minute that it tells. */
static void test_told(void)
{
	static const struct {
		const char *time;
		const char *text;
	} cases[] = {
		{ "2024-05-15T10:30:20Z", "0 seconds ago" },
		{ "2024-05-15T10:29:21Z", "59 seconds ago" },
		{ "2024-05-15T10:29:20Z", "1 minute ago" },
		{ "2024-05-15T08:29:20Z", "2 hours ago" },
		{ "2024-05-15T01:29:20Z", "today 03:29" },
		{ "2024-05-14T23:29:20Z", "today 01:29" },
		{ "2024-05-15T21:00:00Z", "today 23:00" },
		{ "2024-05-14T12:03:00Z", "yesterday 14:03" },
		{ "2024-05-09T12:03:00Z", "Thursday 14:03" },
		{ "2024-05-08T12:03:00Z", "8 May 2024 14:03" },
		{ "2024-12-31T23:30:00Z", "1 Jan 2025 00:30" },
	};
	struct wall wall = wall_of(berlin);
	char text[WALL_TEXT_MAX];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t time = at(cases[i].time);
		struct period period;

		wall_text_near(&wall, time, text);
		is_str(text, cases[i].text, cases[i].text);
		ok(dates_read(span_str(text), &wall, &period, NULL) == 0 &&
		   (strstr(text, "ago") ? period.start >= time :
		    period.start <= time && period.end >= time),
		   "and read again");
	}
	wall_text_iso(&wall, at("2024-05-14T23:29:20.5Z"), text);
	is_str(text, "2024-05-15T01:29:20+02:00", "with its offset");
	wall_text_date(&wall, at("2024-05-14T23:29:20.5Z"), text);
	is_str(text, "2024-05-15", "the local day");
	wall = wall_of(santiago);
	wall_text_iso(&wall, at("2024-05-14T23:29:20Z"), text);
	is_str(text, "2024-05-14T19:29:20-04:00", "to the west");
	wall = wall_of(NULL);
	wall_text_iso(&wall, at("2024-05-14T23:29:20Z"), text);
	is_str(text, "2024-05-14T23:29:20Z", "in UTC");
}

int main(void)
{
	test_iso();
	test_words();
	test_calendar();
	test_zones();
	test_refused();
	test_told();
	return done_testing();
}
