#include "cmd/cli/out.h"
#include "cmd/render/render.h"

bool render_remote(const struct jval *remote)
{
	render_text(remote, "name");
	out_printf("\t");
	render_text(remote, "url");
	out_printf("\n");
	return true;
}
