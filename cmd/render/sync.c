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
	render_line(ref, "  {construct}  {who}");
	if (jval_is(jval_get(ref, "to"), JVAL_STRING))
		render_line(ref, "  {to:10}");
	render_line(ref, jval_get(ref, "reason") ? "  {reason}\n" : "\n");
	return true;
}

void render_refs_end(size_t printed, bool is_no)
{
	if (!printed && !is_no)
		say_printf("everything is up to date\n");
}
