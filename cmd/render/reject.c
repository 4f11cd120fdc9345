#include "cmd/cli/out.h"
#include "cmd/render/render.h"

bool render_reject(const struct jval *version)
{
	out_printf("%s  ", render_flag(version, "rejected") ? "rejected" :
		   "no longer rejected");
	render_text(version, "version");
	out_printf("\n");
	return true;
}
