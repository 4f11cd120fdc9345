#include "cmd/cli/say.h"
#include "cmd/render/render.h"

static void print_census(const struct jval *gc, const char *words,
			 const char *name)
{
	say_printf("%s: %llu, now %llu\n", words,
		   render_number(jval_get(gc, "before"), name),
		   render_number(jval_get(gc, "after"), name));
}

bool render_gc(const struct jval *gc)
{
	const struct jval *made = jval_first(jval_get(gc, "compacted"));

	if (!render_flag(gc, "done")) {
		say_printf("nothing to do\n");
		return true;
	}
	for (; made; made = made->next) {
		say_printf("compacted '");
		render_text(made, "construct");
		say_printf("': version ");
		render_short(made, "version", SHORT_ID_CHARS);
		say_printf("\n");
	}
	print_census(gc, "loose objects", "loose");
	print_census(gc, "packs", "packs");
	print_census(gc, "bytes", "bytes");
	return true;
}
