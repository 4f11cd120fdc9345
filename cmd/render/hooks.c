#include "cmd/render/render.h"

bool render_hook(const struct jval *hook)
{
	render_line(hook, "{hook<12}  {state<12}  ");
	render_line(hook, jval_get(hook, "why") ? "{why}\n" : "{path}\n");
	return true;
}
