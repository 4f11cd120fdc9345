#include "cmd/action/remote/every.h"

static bool is_news(const struct sync_report *report)
{
	size_t i;

	for (i = 0; i < report->n; i++) {
		if (report->at[i].result != REF_SAME)
			return true;
	}
	return false;
}

/* name NULL: the one that the call means. */
static int run_one(const struct every *every, const char *name,
		   struct err *err)
{
	struct action_call *call = every->call;
	struct sync sync = SYNC_INIT(call);
	int rc = name ? buf_add_str(&sync.remote, name, err) :
		 sync_choose(call, &sync.remote, err);

	if (rc == 0)
		rc = every->one(call, &sync, every->arg, err);
	/* A sum is told of what has moved; here it is to be known of each. */
	if (rc == 0 && name && !is_news(&sync.report))
		host_note(call->host, "%s: up to date", name);
	sync_release(&sync);
	return rc;
}

static int run_all(const struct every *every, const struct remote_list *list,
		   struct err *err)
{
	struct err first = ERR_INIT;
	size_t failed = 0;
	size_t i;

	for (i = 0; i < list->n; i++) {
		struct err why = ERR_INIT;

		if (run_one(every, list->at[i].name, &why) == 0)
			continue;
		host_progress_end(every->call->host);
		host_note(every->call->host, "%s: %s", list->at[i].name,
			  why.text);
		if (!failed++)
			first = why;
	}
	return !failed ? 0 : err_set(err, first.code, "%zu of %zu remotes "
				     "failed", failed, list->n);
}

int every_run(const struct every *every, struct err *err)
{
	struct action_call *call = every->call;
	struct remote_list list = REMOTE_LIST_INIT;
	int rc;

	if (!action_flag(call, "all"))
		return run_one(every, NULL, err);
	rc = remote_list(call->vault, &list, err);
	if (rc == 0 && list.n)
		rc = run_all(every, &list, err);
	else if (rc == 0)
		rc = run_one(every, NULL, err);	/* says how to add one */
	remote_list_release(&list);
	return rc;
}

int every_check(const struct action_call *call, struct err *err)
{
	return !action_flag(call, "all") || !action_text(call, "remote") ? 0 :
	       err_set(err, ERR_INVALID, "'--all' is every remote: name none "
		       "beside it");
}
