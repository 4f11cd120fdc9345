#include "cmd/action/auto_gc.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/cli/out.h"
#include "cmd/cli/progress.h"
#include "refs/upkeep/gc.h"

static void show(void *arg, const char *what, uint64_t done, uint64_t total)
{
	progress_show(arg, what, done, total);
}

void auto_gc(struct session *session, struct vault *vault, bool may_sign)
{
	const struct gc_options options = { .is_brief = true,
					    .may_sign = may_sign,
					    .progress = show, .arg = session };
	const char *wish = getenv("VVAULT_AUTO_GC");
	struct gc_report report = { .has_run = false };
	struct err err = ERR_INIT;

	if ((wish && !strcmp(wish, "0")) || !vault_gc_is_due(vault))
		return;
	if (vault_gc(vault, &options, &report, &err) < 0)
		out_note("collecting failed: %s", err.text);
	progress_end(session);
	gc_report_release(&report);
}
