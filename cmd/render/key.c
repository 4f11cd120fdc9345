#include "cmd/cli/out.h"
#include "cmd/render/render.h"

bool render_key(const struct jval *key)
{
	render_text(key, "did");
	out_printf("\n");
	render_text(key, "public");
	out_printf("\n");
	return true;
}
