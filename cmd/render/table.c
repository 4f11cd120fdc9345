#include "cmd/render/render.h"

#include <string.h>

/* In the order of the actions. Those without objects need no row. */
static const struct rendering table[] = {
	{ "import", false, render_import, NULL, NULL },
	{ "construct list", false, render_construct, NULL, NULL },
	{ "log", true, render_log, render_change, NULL },
	{ "ls", true, render_ls, NULL, NULL },
	{ "diff", true, render_diff, render_change, NULL },
	{ "remote list", false, render_remote, NULL, NULL },
	{ "version", false, render_version, NULL, NULL },
	{ NULL, false, NULL, NULL, NULL },
};

const struct rendering *rendering_find(const char *action)
{
	const struct rendering *rendering;

	for (rendering = table; rendering->action; rendering++) {
		if (!strcmp(rendering->action, action))
			return rendering;
	}
	return NULL;
}
