#include "cmd/render/render.h"

#include <string.h>

/* In the order of the actions. Those without objects need no row. */
static const struct rendering table[] = {
	{ "init", false, render_init, NULL, NULL },
	{ "clone", false, render_ref, NULL, render_refs_end },
	{ "import", false, render_import, NULL, NULL },
	{ "add", false, render_add, NULL, NULL },
	{ "status", false, render_status, NULL, NULL },
	{ "construct list", false, render_construct, NULL, NULL },
	{ "log", true, render_log, render_change, NULL },
	{ "show", true, render_show, NULL, NULL },
	{ "ls", true, render_ls, NULL, NULL },
	{ "diff", true, render_diff, render_change, NULL },
	{ "verify", false, render_verify, NULL, NULL },
	{ "gc", false, render_gc, NULL, NULL },
	{ "remote list", false, render_remote, NULL, NULL },
	{ "fetch", false, render_ref, NULL, render_refs_end },
	{ "push", false, render_ref, NULL, render_refs_end },
	{ "pull", false, render_ref, NULL, render_refs_end },
	{ "quarantine list", false, render_quarantine, NULL, NULL },
	{ "quarantine show", false, render_quarantine_show, NULL, NULL },
	{ "quarantine drop", false, render_quarantine, NULL, NULL },
	{ "reject", false, render_reject, NULL, NULL },
	{ "member add", false, render_member_add, NULL, NULL },
	{ "member list", false, render_member, NULL, NULL },
	{ "key show", false, render_key, NULL, NULL },
	{ "key restore", false, render_key, NULL, NULL },
	{ "hooks list", false, render_hook, NULL, NULL },
	{ "hooks approve", false, render_hook, NULL, NULL },
	{ "hooks revoke", false, render_hook, NULL, NULL },
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
