#include <stdio.h>
#include <string.h>

#include "cmd/cli/local_wall.h"
#include "cmd/render/render.h"
#include "lib/time/timestamp.h"
#include "lib/time/wall_text.h"

#define NEAR_COLUMNS 17		/* "31 Jan 2026 00:00" */
#define ISO_COLUMNS 20		/* "2026-01-01T00:00:00Z" */

static void tell_time(struct span when, const char *missing, bool is_date,
		      char out[WALL_TEXT_MAX])
{
	const struct wall *wall = local_wall();
	int64_t micros;

	if (timestamp_parse(when, &micros, NULL, NULL) < 0)
		snprintf(out, WALL_TEXT_MAX, "%s", missing);
	else if (say_is_for_people())
		wall_text_near(wall, micros, out);
	else if (is_date)
		wall_text_date(wall, micros, out);
	else
		wall_text_iso(wall, micros, out);
}

void render_time(enum say_color color, const struct jval *object,
		 const char *name, const char *missing)
{
	char text[WALL_TEXT_MAX];

	tell_time(jval_get_text(object, name), missing, false, text);
	say_colored(color, span_str(text));
}

void render_date(enum say_color color, const struct jval *object,
		 const char *name, const char *missing)
{
	char text[WALL_TEXT_MAX];

	tell_time(jval_get_text(object, name), missing, true, text);
	say_colored(color, span_str(text));
}

void render_time_cell(enum say_color color, const struct jval *object,
		      const char *name, const char *missing, unsigned columns)
{
	char text[WALL_TEXT_MAX];

	tell_time(jval_get_text(object, name), missing, false, text);
	render_cell(color, span_str(text), columns);
}

size_t render_when(enum say_color color, struct span when, const char *missing)
{
	size_t width = say_is_for_people() ? NEAR_COLUMNS : ISO_COLUMNS;
	char text[WALL_TEXT_MAX];
	size_t used;

	tell_time(when, missing, false, text);
	used = strlen(text);
	say_colored(color, span_str(text));
	if (used < width)
		say_printf("%*s", (int)(width - used), "");
	return used < width ? width : used;
}
