#include "lib/time/stretch.h"
#include "lib/time/timestamp.h"
#include "tests/tap.h"

static int64_t at(const char *text)
{
	int64_t micros;

	if (timestamp_parse(span_str(text), &micros, NULL, NULL) < 0)
		bail_out("%s", text);
	return micros;
}

static void names(enum stretch stretch, const char *time, const char *want)
{
	char name[STRETCH_NAME_MAX];

	stretch_name(stretch, stretch_number(stretch, at(time)), name);
	is_str(name, want, time);
}

/* date -d <day> +%G-W%V says the same. */
static void test_names(void)
{
	names(STRETCH_YEAR, "2026-11-29T22:00:00Z", "2026");
	names(STRETCH_MONTH, "2026-01-31T23:59:59.999999Z", "2026-01");
	names(STRETCH_MONTH, "2026-02-01T00:00:00Z", "2026-02");
	names(STRETCH_DAY, "1969-12-31T23:59:59Z", "1969-12-31");
	names(STRETCH_WEEK, "2024-12-29T10:00:00Z", "2024-W52");
	names(STRETCH_WEEK, "2024-12-30T00:00:00Z", "2025-W01");
	names(STRETCH_WEEK, "2021-01-03T10:00:00Z", "2020-W53");
	names(STRETCH_WEEK, "1969-12-28T23:59:59Z", "1969-W52");
	names(STRETCH_WEEKDAY, "1970-01-01T00:00:00Z", "Thursday");
	names(STRETCH_WEEKDAY, "1969-12-28T23:00:00Z", "Sunday");
	names(STRETCH_WEEKDAY, "2026-11-30T00:00:00Z", "Monday");
	names(STRETCH_HOUR, "1969-12-31T23:59:59Z", "23");
	names(STRETCH_HOUR, "2026-11-30T00:00:00Z", "00");
}

static void test_order(void)
{
	enum stretch stretch;

	ok(stretch_find(span_str("week"), &stretch) &&
	   stretch == STRETCH_WEEK, "by its word");
	ok(!stretch_find(span_str("wee"), &stretch), "and by no other");
	is_int(stretch_number(STRETCH_MONTH, at("2026-01-01T00:00:00Z")) % 12,
	       0, "January is divided by 12");
	is_int(stretch_number(STRETCH_WEEK, at("2026-11-30T00:00:00Z")) -
	       stretch_number(STRETCH_WEEK, at("2026-11-29T23:59:59Z")), 1,
	       "a week begins on Monday");
	is_int(stretch_number(STRETCH_YEAR, INT64_MAX), 9999,
	       "behind the last year there is none");
	is_int(stretch_number(STRETCH_YEAR, INT64_MIN + 1), 1,
	       "nor before the first");
	is_int(stretch_cycle(STRETCH_HOUR), 24, "hours come again");
	is_int(stretch_cycle(STRETCH_DAY), 0, "days do not");
}

int main(void)
{
	test_names();
	test_order();
	return done_testing();
}
