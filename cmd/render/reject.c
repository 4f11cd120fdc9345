#include "cmd/render/render.h"

bool render_reject(const struct jval *version)
{
	render_line(version, render_flag(version, "rejected") ?
		    "rejected  {version}\n" :
		    "no longer rejected  {version}\n");
	return true;
}
