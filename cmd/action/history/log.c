#include "cmd/action/actions.h"
#include "cmd/action/changes.h"
#include "cmd/action/open.h"
#include "cmd/action/read/handles.h"
#include "cmd/action/read/ref.h"
#include "cmd/action/result.h"
#include "cmd/action/history/said.h"
#include "cmd/action/times.h"
#include "lib/time/timestamp.h"
#include "refs/history/version.h"
#include "refs/view/describe.h"
#include "refs/view/walk_all.h"

struct log {
	struct action_call *call;
	struct err *err;
	struct jcs_fields fields;
	uint64_t limit;
	struct period times;
	bool by_said;			/* they are of what was said */
	bool with_diff;
	bool with_all;			/* compactions too */
	uint64_t shown;
	uint64_t hidden;		/* compactions that were met */
	bool has_enough;		/* shown as many as were asked for */
};

/* The construct's ref name stands where its own name cannot be read. */
static int describe(struct log *log, const struct version *version)
{
	struct version_note note = VERSION_NOTE_INIT;
	struct jcs_fields *fields = &log->fields;
	int rc = version_describe(log->call->vault, version, &note, log->err);

	if (rc < 0)
		goto out;
	result_id(fields, "version", &version->id);
	fields_str(fields, "construct", note.construct[0] ? note.construct :
		   version->construct);
	fields_integer(fields, "seq", (int64_t)version->seq);
	result_did(fields, "device", version->device);
	result_time(fields, "time", version->time);
	fields_str(fields, "change", version_change_word(version->change));
	result_ids(fields, "parents", version->parents, version->parents_n);
	if (note.has_records)
		fields_integer(fields, "records", (int64_t)note.records);
	else
		fields_null(fields, "records");
	result_digest(fields, "root", version->root);
	result_outside(fields, "subject", buf_text(&note.subject));
out:
	version_note_release(&note);
	return rc;
}

static int list_changes(struct log *log, struct view *from, struct view *to)
{
	struct host_list list = HOST_LIST(log->call->host, "changes",
					  &log->fields);
	const struct changes_of of = {
		from, to, action_flag(log->call, "brief"), NULL
	};
	uint64_t count;
	int rc = changes_emit(&list, &of, &count, log->err);

	if (rc == 0)
		rc = host_list_end(&list, log->err);
	host_list_release(&list);
	return rc;
}

/* The version, and the union of its parents. */
static int open_sides(struct log *log, const struct version *version,
		      struct view **from, struct view **to)
{
	struct vault *vault = log->call->vault;
	int rc = view_open_versions(vault, version->construct,
				    version->parents, version->parents_n,
				    from, log->err);

	return rc < 0 ? rc :
	       view_open_versions(vault, version->construct, &version->id, 1,
				  to, log->err);
}

/* With what it changed against its parents. */
static int emit_with_diff(struct log *log, const struct version *version)
{
	struct view *from = NULL;
	struct view *to = NULL;
	int rc = open_sides(log, version, &from, &to);

	/* What is sealed for this device has changes that it cannot tell. */
	if (rc == 0 && codec_mode(to->codec) == CODEC_BLIND)
		rc = host_object(log->call->host, &log->fields, log->err);
	else if (rc == 0)
		rc = list_changes(log, from, to);
	view_free(from);
	view_free(to);
	return rc;
}

/* What is sealed for this device was said at no time that it knows. */
static int is_then(struct log *log, const struct version *version, bool *out)
{
	struct view *from = NULL;
	struct view *to = NULL;
	int rc = 0;

	*out = !log->by_said && times_hold(&log->times, version->time *
					   TIMESTAMP_SECOND);
	if (!log->by_said)
		return 0;
	rc = open_sides(log, version, &from, &to);
	if (rc == 0 && codec_mode(to->codec) != CODEC_BLIND)
		rc = said_between(from, to, &log->times, out, log->err);
	view_free(from);
	view_free(to);
	return rc;
}

static int visit(void *arg, const struct version *version, struct err *err)
{
	struct log *log = arg;
	bool is_one;
	int rc;

	(void)err;	/* the call's own */
	log->has_enough = log->shown >= log->limit;
	if (log->has_enough)
		return 0;
	rc = is_then(log, version, &is_one);
	if (rc < 0 || !is_one)
		return rc;
	if (version->change == CHANGE_COMPACT && !log->with_all) {
		log->hidden++;
		return 0;
	}
	rc = describe(log, version);
	/* A person who is shown a list knows devices by their names. */
	if (log->call->settings.handles)
		result_member(&log->fields, log->call->vault, version->device);
	handle_version(log->call, version->construct, &version->id);
	if (rc == 0)
		rc = log->with_diff ? emit_with_diff(log, version) :
		     host_object(log->call->host, &log->fields, log->err);
	return rc < 0 ? rc : ++log->shown >= log->limit;
}

static int log_one(struct log *log, const char *expression,
		   const struct history_visitor *visitor)
{
	struct history_range range = { NULL, 0, NULL, 0 };
	struct view *view = NULL;
	int rc = ref_open_view(log->call->vault, expression, &view, log->err);

	if (rc < 0)
		return rc;
	range.heads = view->heads;
	range.heads_n = view->heads_n;
	rc = history_walk(log->call->vault->store, &range, visitor, log->err);
	view_free(view);
	return rc;
}

static int tell_hurt(void *arg, const char *construct, struct err *reason)
{
	struct log *log = arg;

	return action_pass_over(log->call, construct, reason, log->err);
}

static void tell_hidden(const struct log *log)
{
	unsigned long long hidden = log->hidden;

	if (hidden)
		host_note(log->call->host, "%llu compaction%s left out; --all lists %s",
			  hidden, hidden == 1 ? "" : "s", hidden == 1 ? "it" : "them");
}

static int read_times(const struct action_call *call, struct log *log,
		      struct err *err)
{
	bool is_stored = true;
	int rc = times_read(call, &log->times, err);

	if (rc == 0)
		rc = times_clock(call, &is_stored, err);
	log->by_said = !is_stored && (action_flag(call, "since") ||
				      action_flag(call, "until"));
	return rc;
}

static int log_check(const struct action_call *call, struct err *err)
{
	struct log log;

	return read_times(call, &log, err);
}

static int log_run(struct action_call *call, struct err *err)
{
	struct log log = {
		.call = call, .err = err, .fields = JCS_FIELDS_INIT,
		.limit = action_count(call, "-n", UINT64_MAX),
		.with_diff = action_flag(call, "-p"),
		.with_all = action_flag(call, "all"),
	};
	struct history_visitor visitor = { visit, &log, &log.has_enough };
	const char *version = action_text(call, "version");
	int rc = read_times(call, &log, err);

	if (rc == 0)
		rc = version ? log_one(&log, version, &visitor) :
		     vault_walk_all(call->vault, &visitor, tell_hurt, err);
	if (rc >= 0)
		tell_hidden(&log);
	jcs_fields_release(&log.fields);
	return rc < 0 ? rc : 0;
}

static const struct action_param params[] = {
	{ "-n", ACTION_COUNT, 0, "<count>", "at most so many" },
	TIMES_PARAMS,
	CLOCK_PARAMS("times are when it was said what a version brought",
		     "times are when the vault learned it, as without"),
	{ "-p", ACTION_FLAG, 0, NULL, "tell what each version changed" },
	{ "all", ACTION_FLAG, ACTION_FOR_PROGRAMS, NULL, "compactions too: they change no record" },
	BRIEF_PARAM,
	VERSION_PARAM(0),
	ACTION_PARAMS_END
};

const struct action action_log = {
	"log", "list versions", params, ACTION_SHOWS | ACTION_LISTS,
	log_check, log_run
};
