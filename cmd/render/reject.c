#include "cmd/cli/say.h"
#include "cmd/render/render.h"

bool render_reject(const struct jval *version)
{
	say_printf("%s  ", render_flag(version, "rejected") ? "rejected" :
		   "no longer rejected");
	render_text(version, "version");
	say_printf("\n");
	return true;
}
