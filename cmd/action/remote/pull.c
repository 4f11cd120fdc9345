#include "cmd/action/hook.h"
#include "cmd/action/remote/every.h"
#include "cmd/action/remote/told.h"
#include "refs/index/lists/names.h"

static void count_same(void *arg, const char *shown, const char *id)
{
	(void)shown;
	(void)id;
	++*(size_t *)arg;
}

/* What came may be called as what is here. */
static int tell_same_name(struct action_call *call, struct err *err)
{
	size_t n = 0;
	int rc;

	names_forget(call->vault);
	rc = names_each_disputed(call->vault, count_same, &n, err);
	if (rc == 0 && n)
		host_note(call->host, "%zu constructs are called as another "
			  "one: 'vvault status' names them", n);
	return rc;
}

/* Tell the hook how many refs moved; what it thinks of it changes nothing. */
static int tell_hook(struct action_call *call, const struct sync *sync,
		     struct err *err)
{
	const struct sync_report *report = &sync->report;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int64_t moved = 0;
	size_t i;
	int rc;

	for (i = 0; i < report->n; i++)
		moved += report->at[i].result == REF_NEW ||
			 report->at[i].result == REF_FORWARD;
	fields_text(&fields, "remote", buf_span(&sync->remote));
	fields_integer(&fields, "moved", moved);
	rc = hook_tell(call, call->vault, "post-pull", &fields, err);
	if (rc == 0 && moved && call->vault->has_keys)
		rc = tell_same_name(call, err);
	jcs_fields_release(&fields);
	return rc;
}

static int pull_run(struct action_call *call, struct err *err)
{
	return sync_fetch(call, tell_hook, err);
}

static const struct action_param params[] = {
	LIMIT_PARAMS, EVERY_PARAM, UNCHANGED_PARAM, SUMMARY_PARAM,
	REMOTE_PARAM, ACTION_PARAMS_END
};

const struct action action_pull = {
	"pull", "fetch, and tell what is new", params,
	ACTION_OPENS | ACTION_WRITES, every_check, pull_run
};
