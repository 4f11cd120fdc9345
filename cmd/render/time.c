#include <stdio.h>

#include "cmd/cli/local_wall.h"
#include "cmd/render/render.h"
#include "lib/time/timestamp.h"
#include "lib/time/wall_text.h"

static void tell_time(const struct jval *object, const char *name,
		      const char *missing, bool is_date,
		      char out[WALL_TEXT_MAX])
{
	const struct wall *wall = local_wall();
	int64_t micros;

	if (timestamp_parse(jval_get_text(object, name), &micros, NULL,
			    NULL) < 0)
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

	tell_time(object, name, missing, false, text);
	say_colored(color, span_str(text));
}

void render_date(enum say_color color, const struct jval *object,
		 const char *name, const char *missing)
{
	char text[WALL_TEXT_MAX];

	tell_time(object, name, missing, true, text);
	say_colored(color, span_str(text));
}

void render_time_cell(enum say_color color, const struct jval *object,
		      const char *name, const char *missing, unsigned columns)
{
	char text[WALL_TEXT_MAX];

	tell_time(object, name, missing, false, text);
	render_cell(color, span_str(text), columns);
}
