#include "cmd/cli/local_wall.h"
#include "cmd/render/render.h"
#include "lib/time/timestamp.h"
#include "lib/time/wall_text.h"

static void print_time(enum say_color color, const struct jval *object,
		       const char *name, const char *missing, bool is_date)
{
	const struct wall *wall = local_wall();
	char text[WALL_TEXT_MAX];
	int64_t micros;

	if (timestamp_parse(jval_get_text(object, name), &micros, NULL,
			    NULL) < 0) {
		say_colored(color, span_str(missing));
		return;
	}
	if (say_is_for_people())
		wall_text_near(wall, micros, text);
	else if (is_date)
		wall_text_date(wall, micros, text);
	else
		wall_text_iso(wall, micros, text);
	say_colored(color, span_str(text));
}

void render_time(enum say_color color, const struct jval *object,
		 const char *name, const char *missing)
{
	print_time(color, object, name, missing, false);
}

void render_date(enum say_color color, const struct jval *object,
		 const char *name, const char *missing)
{
	print_time(color, object, name, missing, true);
}
