#include "lib/time/stretch.h"

#include <stdio.h>

#include "lib/time/timestamp.h"

#define HOUR (TIMESTAMP_DAY / 24)
#define WEEK 7
#define TO_MONDAY 3	/* 1970 began on a Thursday */

static const char *const words[STRETCHES] = {
	"year", "month", "week", "day", "weekday", "hour"
};

bool stretch_find(struct span word, enum stretch *out)
{
	int i;

	for (i = 0; i < STRETCHES; i++) {
		if (span_equals(word, span_str(words[i]))) {
			*out = (enum stretch)i;
			return true;
		}
	}
	return false;
}

const char *stretch_word(enum stretch stretch)
{
	return words[stretch];
}

/* Towards the past, also before 1970. */
static int64_t floor_of(int64_t n, int64_t by)
{
	return n / by - (n % by < 0);
}

int64_t stretch_number(enum stretch stretch, int64_t shown)
{
	struct date date;
	int64_t day;

	/* A clock may show what no calendar here has. */
	if (shown < TIMESTAMP_MIN)
		shown = TIMESTAMP_MIN;
	if (shown > TIMESTAMP_MAX)
		shown = TIMESTAMP_MAX;
	day = floor_of(shown, TIMESTAMP_DAY);
	switch (stretch) {
	case STRETCH_DAY:
		return day;
	case STRETCH_WEEK:
		return floor_of(day + TO_MONDAY, WEEK);
	case STRETCH_WEEKDAY:
		return day + TO_MONDAY -
		       WEEK * floor_of(day + TO_MONDAY, WEEK);
	case STRETCH_HOUR:
		return (shown - day * TIMESTAMP_DAY) / HOUR;
	case STRETCH_YEAR:
	case STRETCH_MONTH:
	case STRETCHES:
		break;
	}
	date = timestamp_date(shown);
	return stretch == STRETCH_YEAR ? date.year :
	       (int64_t)date.year * 12 + date.month - 1;
}

/* A week is of the year that its Thursday is in. */
static void name_week(int64_t number, char out[STRETCH_NAME_MAX])
{
	int64_t thursday = number * WEEK;
	struct date date = timestamp_date(thursday * TIMESTAMP_DAY);
	int64_t first = timestamp_from_date((struct date){ date.year, 1, 1 }) /
			TIMESTAMP_DAY;

	snprintf(out, STRETCH_NAME_MAX, "%04d-W%02d", date.year,
		 (int)((thursday - first) / WEEK + 1));
}

void stretch_name(enum stretch stretch, int64_t number,
		  char out[STRETCH_NAME_MAX])
{
	static const char *const weekdays[WEEK] = {
		"Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
		"Saturday", "Sunday"
	};
	char date[TIMESTAMP_DATE_TEXT_MAX];

	switch (stretch) {
	case STRETCH_DAY:
		timestamp_date_text(number * TIMESTAMP_DAY, date);
		snprintf(out, STRETCH_NAME_MAX, "%s", date);
		break;
	case STRETCH_WEEK:
		name_week(number, out);
		break;
	case STRETCH_WEEKDAY:
		snprintf(out, STRETCH_NAME_MAX, "%s", weekdays[number % WEEK]);
		break;
	case STRETCH_HOUR:
		snprintf(out, STRETCH_NAME_MAX, "%02d", (int)(number % 24));
		break;
	case STRETCH_MONTH:
		snprintf(out, STRETCH_NAME_MAX, "%04d-%02d",
			 (int)(number / 12), (int)(number % 12) + 1);
		break;
	case STRETCH_YEAR:
	case STRETCHES:
		snprintf(out, STRETCH_NAME_MAX, "%04d", (int)number);
		break;
	}
}

int64_t stretch_cycle(enum stretch stretch)
{
	if (stretch == STRETCH_HOUR)
		return 24;
	return stretch == STRETCH_WEEKDAY ? WEEK : 0;
}
