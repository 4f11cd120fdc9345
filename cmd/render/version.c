#include "cmd/cli/say.h"
#include "cmd/render/render.h"

bool render_version(const struct jval *version)
{
	say_printf("vvault version ");
	render_text(version, "version");
	say_printf("\n");
	return true;
}
