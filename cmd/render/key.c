#include "cmd/cli/say.h"
#include "cmd/render/render.h"

bool render_key(const struct jval *key)
{
	render_text(key, "did");
	say_printf("\n");
	render_text(key, "public");
	say_printf("\n");
	return true;
}
