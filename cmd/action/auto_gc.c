#include "cmd/action/auto_gc.h"

#include "refs/upkeep/gc.h"

void gc_progress(void *arg, const char *what, uint64_t done, uint64_t total)
{
	const struct host_progress progress = {
		.what = what, .done = done, .total = total,
	};

	host_progress(arg, &progress);
}

void auto_gc(const struct action_call *call, struct vault *vault,
	     bool may_sign)
{
	struct host host = *call->host;
	const struct gc_options options = { .is_brief = true,
					    .may_sign = may_sign,
					    .progress = gc_progress,
					    .arg = &host };
	struct gc_report report = { .has_run = false };
	struct err err = ERR_INIT;

	/* What is out of sight is no rubbish. */
	if (call->settings.no_auto_gc || vault->scope || !vault_gc_is_due(vault))
		return;
	if (vault_gc(vault, &options, &report, &err) < 0)
		host_note(call->host, "collecting failed: %s", err.text);
	host_progress_end(call->host);
	gc_report_release(&report);
}
