#include "refs/upkeep/verify_all.h"
#include "refs/verify/verify.h"

#include "cmd/action/open.h"
#include "cmd/action/remote/sync.h"
#include "cmd/action/result.h"
#include "refs/index/lists/lists.h"
#include "refs/index/lists/names.h"
#include "refs/index/shard/shards.h"

/* Who waits for it. */
struct waiting {
	struct action_call *call;
	uint64_t total;			/* segments; 0: none is read */
};

static int progress(void *arg, const struct verify_counts *counts)
{
	const struct waiting *waiting = arg;
	struct host_progress told = {
		.what = "verifying segments", .done = counts->segments,
		.total = waiting->total,
	};

	if (!waiting->total) {
		told.what = "verifying versions";
		told.done = counts->versions;
	} else if (told.done >= told.total) {
		told.what = "comparing records";
		told.done = counts->records;
		told.total = 0;
	}
	host_progress(waiting->call->host, &told);
	return 0;
}

/* What was not looked at: that all is well says nothing of it. */
static int put_unseen(const struct action_call *call, bool is_full,
		      struct jcs_fields *fields, struct err *err)
{
	struct vault *vault = call->vault;
	struct name_list names = { NULL, 0 };
	uint64_t quarantined = 0;
	int rc = remote_quarantined(vault, &quarantined, err);

	fields_bool(fields, "unread", !is_full);
	fields_integer(fields, "quarantined", (int64_t)quarantined);
	if (rc == 0 && !vault->has_keys)
		rc = view_constructs(vault, &names, err);
	if (rc == 0 && names.n)
		fields_integer(fields, "blind", (int64_t)names.n - 1);
	name_list_release(&names);
	return rc;
}

/* What those of the sets are called that are not called as their ids. */
static void put_called(struct jcs_fields *fields, struct vault *vault,
		       const struct verify_report *report)
{
	struct jcs_fields called = JCS_FIELDS_INIT;
	const char *shown;
	bool has_any = false;
	size_t i;

	for (i = 0; i < report->sets_n; i++) {
		const char *id = report->sets[i].construct;

		if (names_shown(vault, id, &shown, NULL) < 0 || !shown)
			continue;
		fields_str(&called, id, shown);
		has_any = true;
	}
	if (has_any)
		fields_object(fields, "called", &called);
	jcs_fields_release(&called);
}

static int verify_emit(const struct action_call *call,
		       const struct verify_report *report, bool is_full,
		       struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_fields sets = JCS_FIELDS_INIT;
	size_t i;
	int rc;

	fields_bool(&fields, "ok", !report->problems.n);
	fields_integer(&fields, "versions", (int64_t)report->counts.versions);
	fields_integer(&fields, "segments", (int64_t)report->counts.segments);
	fields_integer(&fields, "records", (int64_t)report->counts.records);
	result_problems(&fields, "problems", &report->problems);
	for (i = 0; i < report->sets_n; i++)
		result_digest(&sets, report->sets[i].construct,
			      report->sets[i].digest);
	if (is_full) {
		fields_object(&fields, "sets", &sets);
		put_called(&fields, call->vault, report);
	}
	rc = put_unseen(call, is_full, &fields, err);
	if (rc == 0)
		rc = host_object(call->host, &fields, err);
	jcs_fields_release(&sets);
	jcs_fields_release(&fields);
	return rc;
}

static int tell_wrong(struct problem_list *problems, const char *name,
		      const char *what, struct err *err)
{
	struct buf message = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_putf(&message, "what was known of its %s is not what its records "
		 "say; it is made anew", what);
	rc = buf_end(&message, err);
	if (rc == 0)
		rc = problem_list_add(problems, "wrong-index", name,
				      buf_text(&message), err);
	buf_release(&message);
	return rc;
}

static int check_index(struct vault *vault, const char *name,
		       struct problem_list *problems, struct err *err)
{
	struct err reason = ERR_INIT;
	struct view *view = NULL;
	bool are_lists_true = true;
	bool are_words_true = true;
	int rc = view_open_ref(vault, name, &view, &reason);

	if (rc == 0)
		rc = lists_check(view, &are_lists_true, &reason);
	if (rc == 0)
		rc = shards_check(view, &are_words_true, &reason);
	view_free(view);
	/* What cannot be read was told of already. */
	if (rc == ERR_NOMEM)
		return err_copy(err, rc, &reason);
	rc = are_lists_true ? 0 :
	     tell_wrong(problems, name, "sessions and counts", err);
	return rc < 0 || are_words_true ? rc :
	       tell_wrong(problems, name, "words", err);
}

/* What lists and words were taken from, against the records. */
static int check_all_indexes(struct vault *vault, struct problem_list *problems,
			   struct err *err)
{
	struct name_list names = { NULL, 0 };
	size_t i;
	int rc = view_constructs(vault, &names, err);

	for (i = 0; rc == 0 && i < names.n; i++)
		rc = check_index(vault, names.at[i], problems, err);
	name_list_release(&names);
	return rc;
}

static int verify(struct action_call *call, bool is_full, struct err *err)
{
	struct waiting waiting = {
		call, is_full ? verify_total(call->vault) : 0
	};
	const struct verify_options options = {
		.is_full = is_full,
		.device = call->vault->has_device ? &call->vault->device :
			  NULL,
		.progress = progress, .progress_arg = &waiting,
	};
	struct verify_report report = { .problems = PROBLEM_LIST_INIT };
	int rc = vault_verify(call->vault, &options, &report, err);

	if (rc == 0 && is_full && !report.problems.n)
		rc = check_all_indexes(call->vault, &report.problems, err);
	host_progress_end(call->host);
	problems_name_devices(call->vault, &report.problems);
	if (rc == 0)
		rc = verify_emit(call, &report, is_full, err);
	call->is_no = report.problems.n > 0;
	verify_report_release(&report);
	return rc;
}

static int verify_check(const struct action_call *call, struct err *err)
{
	const char *remote = action_text(call, "remote");

	if (!remote || action_flag(call, "repair"))
		return 0;
	return err_set(err, ERR_INVALID, "a remote is named for --repair "
		       "only: '%s'", remote);
}

static int verify_run(struct action_call *call, struct err *err)
{
	bool is_repair = action_flag(call, "repair");
	struct err why = ERR_INIT;
	int rc = action_open_broken(call, &call->vault, &why, err);

	if (rc == 0 && why.code)
		host_note(call->host, "%s", why.text);
	if (rc == 0 && is_repair)
		rc = sync_repair(call, action_text(call, "remote"), err);
	return rc < 0 ? rc : verify(call, is_repair ||
				    action_flag(call, "full"), err);
}

static const struct action_param params[] = {
	{ "full", ACTION_FLAG, 0, NULL,
	  "every segment and blob too, and a digest of each construct" },
	{ "repair", ACTION_FLAG, 0, NULL,
	  "first bring back what is missing, as far as it can be found" },
	{ "remote", ACTION_TEXT, ACTION_OPERAND, "<remote>",
	  "from this remote only" },
	ACTION_PARAMS_END
};

const struct action action_verify = {
	"verify", "check everything, bring back what is missing", params,
	ACTION_OPENS | ACTION_WRITES, verify_check, verify_run
};
