#include "cmd/action/hook.h"
#include "cmd/action/remote/every.h"
#include "cmd/action/remote/told.h"
#include "cmd/action/result.h"
#include "refs/view/view.h"
#include "refs/write/join.h"

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

static int join_one(struct action_call *call, struct view *view, bool is_dry_run,
		    struct err *err)
{
	struct err reason = ERR_INIT;
	git_oid version;
	int rc;

	if (is_dry_run) {
		host_note(call->host, "%s: two lines of this device stand "
			  "here: a push first writes the version that joins "
			  "them", view_called(view));
		return 0;
	}
	rc = second_line_join(call->vault, view->construct, &version,
			      &reason);
	/* Who may not write sends what can be sent, and is told of the rest. */
	if (rc == ERR_DENIED || rc == ERR_NO_KEY) {
		host_note(call->host, "%s: two lines of this device stand "
			  "here, and cannot be joined: %s", view_called(view),
			  reason.text);
		return 0;
	}
	if (rc < 0)
		return err_copy(err, rc, &reason);
	host_note(call->host, "%s: two lines of this device, as a restored or "
		  "copied key makes them, joined by a new version: both are "
		  "kept",
		  view_called(view));
	return 0;
}

/* A remote takes a device's ref forward only: what stands beside it goes when
 * a version stands on both. */
static int join_lines(struct action_call *call, bool is_dry_run,
		      struct err *err)
{
	struct head_list lines = HEAD_LIST_INIT;
	struct view *view = NULL;
	size_t i;
	int rc = second_lines(call->vault, &lines, err);

	for (i = 0; rc == 0 && i < lines.n; i++) {
		rc = view_open_ref(call->vault, lines.at[i].construct, &view,
				   err);
		if (rc == 0 && view->construct[0])
			rc = join_one(call, view, is_dry_run, err);
		view_free(view);
		view = NULL;
	}
	head_list_release(&lines);
	return rc;
}

static int push_one(struct action_call *call, struct sync *sync,
		    const void *arg, struct err *err)
{
	bool is_dry_run = action_flag(call, "dry-run");
	struct told told = {
		.remote = buf_text(&sync->remote), .is_sent = true,
		.is_dry_run = is_dry_run,
		.is_one_of_many = action_flag(call, "all"),
	};
	int rc = 0;

	(void)arg;
	sync->calls.is_dry_run = is_dry_run;
	if (!is_dry_run)
		rc = ask_hook(call, &sync->remote, err);
	if (rc == 0)
		rc = join_lines(call, is_dry_run, err);
	if (rc == 0)
		rc = remote_push(call->vault, told.remote, &sync->calls,
				 &sync->report, err);
	return rc < 0 ? rc : sync_emit(call, &told, &sync->report, err);
}

static int push_run(struct action_call *call, struct err *err)
{
	const struct every every = { call, push_one, NULL };
	int rc = every_run(&every, err);

	if (rc == 0 && action_flag(call, "dry-run"))
		host_note(call->host, "nothing was sent: this is what would "
			  "go");
	return rc;
}

static const struct action_param params[] = {
	{ "dry-run", ACTION_FLAG, 0, NULL, "tell what would go, and send "
	  "nothing" },
	EVERY_PARAM, UNCHANGED_PARAM, SUMMARY_PARAM, REMOTE_PARAM, ACTION_PARAMS_END
};

const struct action action_push = {
	"push", "send every head to a remote", params, ACTION_WRITES,
	every_check, push_run
};
