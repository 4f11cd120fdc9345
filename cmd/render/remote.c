#include "cmd/cli/say.h"
#include "cmd/render/render.h"

bool render_remote(const struct jval *remote)
{
	render_text(remote, "name");
	say_printf("\t");
	render_text(remote, "url");
	say_printf("\n");
	return true;
}
