#include "cmd/action/remote/sync.h"

#include <string.h>

#include "cmd/action/undo/operation.h"
#include "cmd/action/remote/told.h"
#include "cmd/action/result.h"
#include "refs/remote/repair.h"

static int progress(void *arg, const struct remote_progress *remote)
{
	const struct action_call *call = arg;
	const struct host_progress told = {
		.what = remote->phase, .done = remote->objects,
		.total = remote->objects_total, .bytes = remote->bytes,
	};

	host_progress(call->host, &told);
	return 0;
}

static void heard(void *arg, struct span bytes)
{
	const struct action_call *call = arg;

	host_heard(call->host, bytes);
}

static int credentials(void *arg, const char *url, const char *user,
		       struct buf *out_user, struct buf *out_secret,
		       struct err *err)
{
	const struct host *host = ((const struct action_call *)arg)->host;

	return host->credentials(host->arg, url, user, out_user, out_secret,
				 err);
}

static void credentials_result(void *arg, bool is_good)
{
	const struct host *host = ((const struct action_call *)arg)->host;

	if (host->credentials_result)
		host->credentials_result(host->arg, is_good);
}

struct remote_calls sync_calls(struct action_call *call)
{
	bool has_credentials = call->host->credentials != NULL;

	return (struct remote_calls){
		.progress = progress,
		.credentials = has_credentials ? credentials : NULL,
		.credentials_result = credentials_result,
		.heard = heard,
		.arg = call,
		.ssh_program = call->settings.ssh_program,
		.ca_file = call->settings.ca_file,
	};
}

int sync_repair(struct action_call *call, const char *remote, struct err *err)
{
	struct problem_list told = PROBLEM_LIST_INIT;
	struct remote_calls calls = sync_calls(call);
	struct repair_options options = { remote, &calls };
	int rc = vault_repair(call->vault, &options, &told, err);

	host_progress_end(call->host);
	host_problems(call->host, &told);
	problem_list_release(&told);
	return rc;
}

void sync_release(struct sync *sync)
{
	sync_report_release(&sync->report);
	buf_release(&sync->remote);
}

int sync_choose(struct action_call *call, struct buf *out, struct err *err)
{
	struct remote_list list = REMOTE_LIST_INIT;
	const char *name = action_text(call, "remote");
	size_t i;
	int rc;

	buf_reset(out);
	if (name)
		return buf_add_str(out, name, err);
	rc = remote_list(call->vault, &list, err);
	if (rc < 0)
		return rc;
	for (i = 0; i < list.n; i++) {
		if (list.n == 1 || !strcmp(list.at[i].name, "origin"))
			name = list.at[i].name;
	}
	if (name)
		rc = buf_add_str(out, name, err);
	else if (list.n)
		rc = err_set(err, ERR_NOT_FOUND,
			     "there are several remotes: name one");
	else
		rc = err_set(err, ERR_NOT_FOUND, "there is no remote yet: "
			     "'vvault remote add <name> <url>'");
	remote_list_release(&list);
	return rc;
}

struct remote_limits sync_limits(const struct action_call *call)
{
	return (struct remote_limits){
		.refs = action_count(call, "max-refs", 0),
		.pack_bytes = action_count(call, "max-pack-bytes", 0),
		.objects = action_count(call, "max-objects", 0),
		.object_bytes = action_count(call, "max-object-bytes", 0),
		.inflated_bytes = action_count(call, "max-inflated-bytes", 0),
		.seconds = action_count(call, "max-seconds", 0),
		.idle_seconds = action_count(call, "max-idle-seconds", 0),
	};
}

static bool is_good(enum ref_result result)
{
	return result == REF_NEW || result == REF_FORWARD ||
	       result == REF_SAME;
}

int sync_emit(struct action_call *call, const struct told *told,
	      struct sync_report *report, struct err *err)
{
	bool all_good = true;
	size_t i;
	int rc;

	host_progress_end(call->host);
	for (i = 0; i < report->n; i++) {
		all_good = all_good && is_good(report->at[i].result);
		operation_count(call->operation, !told->is_dry_run &&
				(report->at[i].result == REF_NEW ||
				 report->at[i].result == REF_FORWARD));
	}
	rc = told_emit(call, told, report, err);
	problems_name_devices(call->vault, &report->problems);
	host_problems(call->host, &report->problems);
	call->is_no = call->is_no || !all_good || report->left_refs ||
		      report->is_broken;
	return rc;
}
