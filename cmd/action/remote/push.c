#include "cmd/action/hook.h"
#include "cmd/action/remote/told.h"

/* pre-push may refuse: nothing has been sent yet. */
static int ask_hook(struct action_call *call, const struct buf *remote,
		    struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_text(&fields, "remote", buf_span(remote));
	rc = hook_call(call, call->vault, "pre-push", &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int push_run(struct action_call *call, struct err *err)
{
	struct told told = { .is_sent = true };
	struct sync sync = SYNC_INIT(call);
	bool is_dry_run = action_flag(call, "dry-run");
	int rc = sync_choose(call, &sync.remote, err);

	sync.calls.is_dry_run = is_dry_run;
	if (rc == 0 && !is_dry_run)
		rc = ask_hook(call, &sync.remote, err);
	if (rc == 0)
		rc = remote_push(call->vault, buf_text(&sync.remote),
				 &sync.calls, &sync.report, err);
	if (rc == 0) {
		told.is_dry_run = is_dry_run;
		told.remote = buf_text(&sync.remote);
		rc = sync_emit(call, &told, &sync.report, err);
	}
	if (rc == 0 && is_dry_run)
		host_note(call->host, "nothing was sent: this is what would "
			  "go");
	sync_release(&sync);
	return rc;
}

static const struct action_param params[] = {
	{ "dry-run", ACTION_FLAG, 0, NULL, "tell what would go, and send "
	  "nothing" },
	SYNC_ALL_PARAM, SUMMARY_PARAM, REMOTE_PARAM, ACTION_PARAMS_END
};

const struct action action_push = {
	"push", "send every head to a remote", params, ACTION_WRITES, NULL, push_run
};
