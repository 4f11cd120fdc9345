#include "cmd/cli/out.h"
#include "cmd/render/render.h"

bool render_version(const struct jval *version)
{
	out_printf("vvault version ");
	render_text(version, "version");
	out_printf("\n");
	return true;
}
