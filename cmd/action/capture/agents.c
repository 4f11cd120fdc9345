#include <stdlib.h>

#include "cmd/action/actions.h"
#include "cmd/action/capture/hooked.h"
#include "cmd/action/capture/noted.h"
#include "cmd/action/open.h"
#include "cmd/action/result.h"
#include "cmd/capture/chats.h"
#include "cmd/capture/keeps.h"
#include "cmd/capture/queue.h"
#include "cmd/import/run.h"
#include "lib/time/timestamp.h"

#define DAY_MICROS ((int64_t)24 * 60 * 60 * 1000000)
/* So long before an agent deletes what is not in the vault, it is told. */
#define SOON_DAYS 7

/* What is here of one agent. */
struct presence {
	uint64_t sessions;
	uint64_t bytes;
	int64_t newest;		/* INT64_MIN: none */
	uint64_t held;		/* of the sessions: in the vault as they are */
	uint64_t grown;		/* ... as they were */
	uint64_t soon;		/* not in the vault, and soon deleted */
	unsigned days;		/* after which they are; 0: they are kept */
};

struct agents_run {
	struct action_call *call;
	struct import_job job;
	struct finds finds;
	const char **paths;	/* of the files that were found */
	bool wants_all;
};

/* Which of the files the vault has, as capture would find them. */
static int glance(struct agents_run *run, struct err *err)
{
	size_t i;

	if (!run->call->vault || !run->finds.files.n)
		return 0;
	run->paths = calloc(run->finds.files.n, sizeof(*run->paths));
	if (!run->paths)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < run->finds.files.n; i++)
		run->paths[i] = run->finds.files.at[i].path;
	return import_glance(&run->job, run->paths, run->finds.files.n, err);
}

static void count_file(const struct find_file *file,
		       const struct import_source *source,
		       struct presence *out)
{
	int64_t age = timestamp_now() - file->changed;
	uint64_t n = file->is_part ? 0 : chats_in(file->agent, file->path);

	out->bytes += file->bytes;
	out->sessions += n;
	if (file->is_part)
		return;
	if (file->changed > out->newest)
		out->newest = file->changed;
	if (source && source->is_unchanged) {
		out->held += n;
		return;
	}
	out->grown += source && source->was_read ? n : 0;
	if (out->days && age > ((int64_t)out->days - SOON_DAYS) * DAY_MICROS)
		out->soon += n;
}

static void count_files(const struct agents_run *run,
			const struct agent *agent, struct presence *out)
{
	const struct agent_home home = bring_home(run->call);
	size_t i;

	*out = (struct presence){ .newest = INT64_MIN,
				  .days = agent_keeps_days(agent, &home) };
	for (i = 0; i < run->finds.files.n; i++) {
		if (run->finds.files.at[i].agent == agent)
			count_file(&run->finds.files.at[i],
				   run->job.sources_n ? &run->job.sources[i] :
				   NULL, out);
	}
}

/* The paths of its folders: how many there are. */
static size_t put_roots(const struct agents_run *run,
			const struct agent *agent, struct jcs_fields *fields)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_fields one = JCS_FIELDS_INIT;
	size_t n = 0;
	size_t i;

	buf_put_char(&list, '[');
	for (i = 0; i < run->finds.roots.n; i++) {
		if (run->finds.roots.at[i].agent != agent)
			continue;
		buf_put_str(&list, n++ ? "," : "");
		result_outside(&one, "path", run->finds.roots.at[i].path);
		buf_fail(&list, jcs_fields_write(&one, &list, NULL));
		jcs_fields_reset(&one);
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "folders", &list);
	jcs_fields_release(&one);
	buf_release(&list);
	return n;
}

static void put_gaps(const struct agents_run *run, const struct agent *agent,
		     struct jcs_fields *fields)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_fields one = JCS_FIELDS_INIT;
	size_t i;

	buf_put_char(&list, '[');
	for (i = 0; i < run->finds.gaps.n; i++) {
		if (run->finds.gaps.at[i].agent != agent)
			continue;
		buf_put_str(&list, list.len > 1 ? "," : "");
		result_outside(&one, "path", run->finds.gaps.at[i].path);
		result_outside(&one, "reason", run->finds.gaps.at[i].reason);
		buf_fail(&list, jcs_fields_write(&one, &list, NULL));
		jcs_fields_reset(&one);
	}
	buf_put_char(&list, ']');
	if (list.len > strlen("[]"))
		fields_buf(fields, "unread", &list);
	jcs_fields_release(&one);
	buf_release(&list);
}

static void put_presence(const struct agents_run *run,
			 const struct presence *presence,
			 struct jcs_fields *fields)
{
	struct jcs_fields vault = JCS_FIELDS_INIT;
	struct jcs_fields deletes = JCS_FIELDS_INIT;

	fields_integer(fields, "sessions", (int64_t)presence->sessions);
	fields_integer(fields, "bytes", (int64_t)presence->bytes);
	result_micros(fields, "newest", presence->newest);
	if (run->call->vault) {
		fields_integer(&vault, "held", (int64_t)presence->held);
		fields_integer(&vault, "grown", (int64_t)presence->grown);
		fields_integer(&vault, "missing",
			       (int64_t)(presence->sessions - presence->held -
					 presence->grown));
		fields_object(fields, "vault", &vault);
	}
	if (presence->days) {
		fields_integer(&deletes, "days", presence->days);
		fields_integer(&deletes, "soon", (int64_t)presence->soon);
		fields_object(fields, "deletes", &deletes);
	}
	jcs_fields_release(&vault);
	jcs_fields_release(&deletes);
}

static int tell_presence(const struct agents_run *run,
			 const struct agent *agent, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct presence presence;
	int rc = 0;

	count_files(run, agent, &presence);
	fields_str(&fields, "agent", agent->name);
	fields_str(&fields, "title", agent->title);
	if (put_roots(run, agent, &fields))
		put_presence(run, &presence, &fields);
	else if (!run->wants_all)
		goto out;
	if (run->call->vault && agent->hook)
		fields_bool(&fields, "hook", hooked_is(run->call, agent));
	put_gaps(run, agent, &fields);
	rc = host_object(run->call->host, &fields, err);
out:
	jcs_fields_release(&fields);
	return rc;
}

/* What was captured last, and who does it by itself. */
static int tell_capture(const struct agents_run *run, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc = 0;

	noted_tell(run->call, &fields);
	fields_bool(&fields, "watched",
		    capture_is_locked(run->call->vault_path,
				      CAPTURE_WATCH_LOCK));
	rc = host_object(run->call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int agents_look(struct agents_run *run, struct err *err)
{
	const struct agent_home home = bring_home(run->call);
	const struct agent *agent;
	int rc = 0;

	for (agent = agent_table; rc == 0 && agent->name; agent++)
		rc = finds_look(&run->finds, agent, &home, err);
	return rc < 0 ? rc : glance(run, err);
}

static int agents_run(struct action_call *call, struct err *err)
{
	struct agents_run run = {
		.call = call, .finds = FINDS_INIT,
		.wants_all = action_flag(call, "all"),
		.job = { .options = { .is_found = true, .takes_any = true,
				      .is_dry_run = true, .input = -1 },
			 .host = call->host },
	};
	const struct agent *agent;
	int rc = call->vault_path ? action_enter(call, err) : 0;

	run.job.vault = call->vault;
	if (rc == 0)
		rc = agents_look(&run, err);
	for (agent = agent_table; rc == 0 && agent->name; agent++)
		rc = tell_presence(&run, agent, err);
	if (rc == 0 && call->vault)
		rc = tell_capture(&run, err);
	call->has_no_source = rc == 0 && !run.finds.roots.n;
	import_job_release(&run.job);
	finds_release(&run.finds);
	free(run.paths);
	return rc;
}

static const struct action_param params[] = {
	{ "all", ACTION_FLAG, 0, NULL,
	  "those that are known but not on this machine, too" },
	ACTION_PARAMS_END
};

const struct action action_agents = {
	"agents", "the agents of this machine, and what of them is in the vault",
	params, ACTION_OPENS, NULL, agents_run
};
