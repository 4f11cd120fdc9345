#include "cmd/cli/say.h"
#include "cmd/render/render.h"

static bool is_good(const struct jval *result)
{
	return jval_is_text(result, "new") || jval_is_text(result, "forward") ||
	       jval_is_text(result, "same");
}

bool render_ref(const struct jval *ref)
{
	const struct jval *result = jval_get(ref, "result");

	say_colored(is_good(result) ? SAY_GREEN : SAY_RED, jval_text(result));
	say_printf("  ");
	render_text(ref, "construct");
	say_printf("/");
	render_device(ref, "device");
	if (jval_is(jval_get(ref, "to"), JVAL_STRING)) {
		say_printf("  ");
		render_short(ref, "to", SHORT_ID_CHARS);
	}
	if (jval_get(ref, "reason")) {
		say_printf("  ");
		render_text(ref, "reason");
	}
	say_printf("\n");
	return true;
}

void render_refs_end(size_t printed, bool is_no)
{
	if (!printed && !is_no)
		say_printf("everything is up to date\n");
}
