#include "cmd/cli/say.h"
#include "cmd/render/render.h"

bool render_hook(const struct jval *hook)
{
	struct span name = jval_get_text(hook, "hook");
	struct span state = jval_get_text(hook, "state");

	say_printf("%-12.*s  %-12.*s  ", (int)name.len, name.at,
		   (int)state.len, state.at);
	render_text(hook, jval_get(hook, "why") ? "why" : "path");
	say_printf("\n");
	return true;
}
