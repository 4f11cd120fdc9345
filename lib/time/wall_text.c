#include "lib/time/wall_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/time/timestamp.h"

#define MINUTE (60 * TIMESTAMP_SECOND)
#define HOUR (60 * MINUTE)
#define NEAR_HOURS 6		/* told in hours, where the day is the same */
#define DATE_CHARS 10
#define SECOND_CHARS 19		/* 2024-05-03T14:03:11 */

static const char *const week[] = {
	"Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday",
	"Wednesday"
};
static const char *const months[] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
	"Nov", "Dec"
};

static void tell_ago(int64_t n, const char *unit, char out[WALL_TEXT_MAX])
{
	snprintf(out, WALL_TEXT_MAX, "%d %s%s ago", (int)n, unit,
		 n == 1 ? "" : "s");
}

/* Of this day, and not long ago. */
static bool tell_near(int64_t ago, char out[WALL_TEXT_MAX])
{
	if (ago < 0 || ago >= NEAR_HOURS * HOUR)
		return false;
	if (ago < MINUTE)
		tell_ago(ago / TIMESTAMP_SECOND, "second", out);
	else if (ago < HOUR)
		tell_ago(ago / MINUTE, "minute", out);
	else
		tell_ago(ago / HOUR, "hour", out);
	return true;
}

void wall_text_near(const struct wall *wall, int64_t micros,
		    char out[WALL_TEXT_MAX])
{
	int64_t now = wall_now(wall);
	int64_t shown = wall_shown(wall, micros);
	struct date date = timestamp_date(shown);
	int64_t day = timestamp_from_date(date);
	int64_t days = (timestamp_from_date(timestamp_date(
		wall_shown(wall, now))) - day) / TIMESTAMP_DAY;
	int minutes = (int)((shown - day) / MINUTE);
	char name[WALL_TEXT_MAX];

	if (days == 0 && tell_near(now - micros, out))
		return;
	if (days == 0 || days == 1)
		snprintf(name, sizeof(name), "%s", days ? "yesterday" :
			 "today");
	else if (days > 1 && days < 7)
		snprintf(name, sizeof(name), "%s",
			 week[(day / TIMESTAMP_DAY % 7 + 7) % 7]);
	else
		snprintf(name, sizeof(name), "%d %s %04d", date.day,
			 months[date.month - 1], date.year);
	snprintf(out, WALL_TEXT_MAX, "%.16s %02d:%02d", name, minutes / 60,
		 minutes % 60);
}

void wall_text_iso(const struct wall *wall, int64_t micros,
		   char out[WALL_TEXT_MAX])
{
	int64_t shown = wall_shown(wall, micros);
	int minutes = (int)((shown - micros) / MINUTE);
	char text[TIMESTAMP_TEXT_MAX];
	char zone[WALL_TEXT_MAX] = "Z";

	timestamp_text(shown, text);
	if (minutes)
		snprintf(zone, sizeof(zone), "%c%02d:%02d",
			 minutes < 0 ? '-' : '+', abs(minutes) / 60 % 100,
			 abs(minutes) % 60);
	snprintf(out, WALL_TEXT_MAX, "%.*s%.8s", SECOND_CHARS, text, zone);
}

void wall_text_date(const struct wall *wall, int64_t micros,
		    char out[WALL_TEXT_MAX])
{
	char text[TIMESTAMP_DATE_TEXT_MAX];

	timestamp_date_text(wall_shown(wall, micros), text);
	memcpy(out, text, sizeof(text));
}
