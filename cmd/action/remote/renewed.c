#include "cmd/action/vault/renewed.h"

#include <string.h>

#include "cmd/action/result.h"

static bool shows_renewal(const struct sync_report *report)
{
	size_t i;

	for (i = 0; i < report->problems.n; i++)
		if (!strcmp(report->problems.at[i].code, "renewed"))
			return true;
	return false;
}

static void tell(struct action_call *call, const struct renew_report *report)
{
	host_note(call->host, "an owner has made this vault anew without what "
		  "was forgotten: %llu versions were compared and followed, "
		  "and the old history is gone from here",
		  (unsigned long long)report->versions);
	if (report->carried)
		host_note(call->host, "%llu records that had not been sent "
			  "were carried over: 'vvault push' sends them",
			  (unsigned long long)report->carried);
	if (report->carried_others)
		host_note(call->host, "%llu of them are of other devices, "
			  "which the owner did not have: in the new history "
			  "this device stands for them",
			  (unsigned long long)report->carried_others);
	renewed_tell_rejected(call, report);
}

static void report_reset(struct sync_report *report)
{
	sync_report_release(report);
	memset(report, 0, sizeof(*report));
}

int renewed_follow(struct action_call *call,
		   const struct renew_source *source,
		   struct sync_report *report, bool *out_has_followed,
		   struct err *err)
{
	struct renew_options options = renewed_options(call);
	struct renew_report followed = { .constructs = 0 };
	struct err reason = ERR_INIT;
	int rc;

	*out_has_followed = false;
	if (!shows_renewal(report))
		return 0;
	rc = vault_follow(call->vault, source, &options, &followed, &reason);
	host_progress_end(call->host);
	/* The vault is as it was, and what the remote shows is told. */
	if (rc == ERR_NOT_FOUND || rc == ERR_UNTRUSTED || rc == ERR_DENIED) {
		host_note(call->host, "%s", reason.text);
		return 0;
	}
	if (rc < 0)
		return err_copy(err, rc, &reason);
	report_reset(report);
	*out_has_followed = true;
	tell(call, &followed);
	rc = renewed_reopen(call, err);
	return rc < 0 ? rc : remote_fetch(call->vault, source->remote,
					  source->limits, source->calls,
					  report, err);
}
