#include "cmd/action/vault/renewed.h"

#include <string.h>

#include "cmd/action/open.h"
#include "cmd/action/remote/sync.h"
#include "cmd/action/result.h"
#include "refs/trust/open.h"

static void progress(void *arg, const char *what, uint64_t done,
		     uint64_t total)
{
	const struct action_call *call = arg;
	const struct host_progress told = {
		.what = what, .done = done, .total = total,
	};

	host_progress(call->host, &told);
}

struct renew_options renewed_options(struct action_call *call)
{
	return (struct renew_options){
		.keys_folder = call->keys_folder, .progress = progress,
		.arg = call,
	};
}

void renewed_tell_rejected(struct action_call *call,
			   const struct renew_report *report)
{
	if (report->rejected)
		host_note(call->host, "%llu versions that this device had "
			  "rejected are of the history before, and what they "
			  "brought may come anew: 'vvault reject <version>' "
			  "keeps it out again",
			  (unsigned long long)report->rejected);
}

int renewed_reopen(struct action_call *call, struct err *err)
{
	vault_close(call->vault);
	call->vault = NULL;
	return action_open(call, &call->vault, err);
}

/* The remote that gets the address: origin, or the only one there is. */
static int choose_remote(struct action_call *call, struct buf *out,
			 bool *out_is_new, struct err *err)
{
	struct remote_list list = REMOTE_LIST_INIT;
	const char *name = NULL;
	size_t i;
	int rc = remote_list(call->vault, &list, err);

	for (i = 0; i < list.n; i++)
		if (list.n == 1 || !strcmp(list.at[i].name, "origin"))
			name = list.at[i].name;
	*out_is_new = !name;
	if (rc == 0)
		rc = buf_add_str(out, name ? name : "origin", err);
	remote_list_release(&list);
	return rc;
}

/* Before anything is made: does it hold anything yet? */
static int check_fresh(struct action_call *call, const char *url,
		       struct err *err)
{
	struct remote_calls calls = sync_calls(call);
	bool is_empty = false;
	int rc = remote_url_check(url, NULL, err);

	if (rc == 0)
		rc = remote_is_empty(call->vault, url, &calls, &is_empty,
				     err);
	if (rc == 0 && !is_empty)
		rc = err_set(err, ERR_EXISTS, "'%s' is not empty: the vault "
			     "that is made anew wants a fresh repository, for "
			     "another one keeps what it holds", url);
	return rc;
}

static int send(struct action_call *call, const char *url, struct err *err)
{
	struct sync sync = SYNC_INIT(call);
	bool is_new = false;
	int rc = choose_remote(call, &sync.remote, &is_new, err);
	const char *name = buf_text(&sync.remote);

	if (rc == 0)
		rc = is_new ? remote_add(call->vault, name, url, err) :
			      remote_set_url(call->vault, name, url, err);
	if (rc == 0)
		rc = remote_push(call->vault, name, &sync.calls, &sync.report,
				 err);
	host_progress_end(call->host);
	if (rc < 0)
		err_prefix(err, "the vault is made anew, but is not at '%s' "
			   "yet: 'vvault push' sends it", url);
	host_problems(call->host, &sync.report.problems);
	sync_release(&sync);
	return rc;
}

static void tell_next(struct action_call *call)
{
	struct remote_list list = REMOTE_LIST_INIT;

	if (remote_list(call->vault, &list, NULL) == 0 && list.n)
		host_note(call->host, "its remotes keep the old history, with "
			  "all that was forgotten: give each a fresh, empty "
			  "repository with 'vvault remote set-url <name> "
			  "<url>', then 'vvault push', and have the old one "
			  "deleted where it lies");
	remote_list_release(&list);
}

static int emit_renewed(struct action_call *call,
			const struct renew_report *report, const char *url,
			struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_integer(&fields, "constructs", (int64_t)report->constructs);
	fields_integer(&fields, "versions", (int64_t)report->versions);
	fields_integer(&fields, "segments", (int64_t)report->segments);
	fields_integer(&fields, "recut", (int64_t)report->recut);
	fields_integer(&fields, "records", (int64_t)report->records);
	fields_integer(&fields, "blobs", (int64_t)report->blobs);
	if (url)
		fields_str(&fields, "remote", url);
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int renew_run(struct action_call *call, struct err *err)
{
	struct renew_options options = renewed_options(call);
	struct renew_report report = { .constructs = 0 };
	const char *url = action_text(call, "remote");
	int rc = url ? check_fresh(call, url, err) : 0;

	options.remote = url;
	if (rc == 0)
		rc = vault_renew(call->vault, &options, &report, err);
	host_progress_end(call->host);
	if (rc == 0)
		renewed_tell_rejected(call, &report);
	if (rc == 0)
		rc = renewed_reopen(call, err);
	if (rc == 0 && url)
		rc = send(call, url, err);
	if (rc == 0)
		rc = emit_renewed(call, &report, url, err);
	if (rc == 0 && !url)
		tell_next(call);
	return rc;
}

static const struct action_param params[] = {
	{ "remote", ACTION_TEXT, 0, "<url>",
	  "a fresh, empty repository: send it there, and use it from now on" },
	ACTION_PARAMS_END
};

const struct action action_renew = {
	"renew", "make the vault anew, without what was forgotten", params,
	ACTION_WRITES, NULL, renew_run
};
