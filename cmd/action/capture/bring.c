#include "cmd/action/capture/bring.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/capture/bring_internal.h"
#include "cmd/action/capture/noted.h"
#include "cmd/action/config/secrets.h"
#include "cmd/action/imported.h"
#include "cmd/capture/notes.h"
#include "cmd/capture/queue.h"
#include "cmd/import/run.h"
#include "lib/base/array.h"

static const char *no_variable(const char *name)
{
	(void)name;
	return NULL;
}

struct agent_home bring_home(const struct action_call *call)
{
	return (struct agent_home){
		call->settings.variable ? call->settings.variable :
			no_variable,
		AGENT_WINDOWS_HOMES
	};
}

bool bring_wants(const struct bring_wish *wish, const struct agent *agent)
{
	size_t i;

	for (i = 0; i < wish->agents_n; i++) {
		if (wish->agents[i] == agent)
			return true;
	}
	return !wish->agents_n;
}

static int look_around(const struct action_call *call,
		       const struct bring_wish *wish,
		       struct finds *finds, struct err *err)
{
	const struct agent_home home = bring_home(call);
	const struct agent *agent;
	size_t roots;
	int rc = 0;

	for (agent = agent_table; rc == 0 && agent->name; agent++) {
		if (!bring_wants(wish, agent))
			continue;
		roots = finds->roots.n;
		rc = finds_look(finds, agent, &home, err);
		if (rc == 0 && finds->roots.n > roots)
			rc = finds_look_notes(finds, agent, &home, err);
	}
	return rc;
}

/* The files to be read, of all that were found. */
static int choose_files(const struct bring_wish *wish,
			const struct finds *finds, struct bringing *out,
			struct err *err)
{
	const struct find_file *file;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < finds->files.n; i++) {
		file = &finds->files.at[i];
		if (!bring_wants(wish, file->agent) ||
		    (wish->has_since && file->changed < wish->since))
			continue;
		rc = array_room_in(out->files, out->n, out->files_cap, err);
		if (rc == 0)
			rc = array_room_in(out->paths, out->n, out->paths_cap,
					   err);
		if (rc < 0)
			return rc;
		out->files[out->n] = file;
		out->paths[out->n++] = file->path;
	}
	return rc;
}

/* "Claude Code, Codex" */
static int name_agents(const struct bring_sums *sums, struct buf *out,
		       struct err *err)
{
	const struct bring_sum *sum;
	size_t i;

	for (i = 0; i < sums->n; i++) {
		sum = &sums->at[i];
		if (sum->fresh || sum->grown || sum->parts)
			buf_putf(out, "%s%s", out->len ? ", " : "",
				 sum->agent->title);
	}
	return buf_end(out, err);
}

static int finish(struct action_call *call, struct bringing *bringing,
		  const struct bring_sums *sums, struct err *err)
{
	struct buf names = BUF_INIT(BUF_NO_LIMIT);
	struct imported_from from = { .n = 1 };
	int rc = 0;

	if (!bringing->job.options.is_dry_run && sums->versions) {
		rc = name_agents(sums, &names, err);
		from.first = buf_text(&names);
		if (rc == 0)
			rc = imported(call, &bringing->results, &from, err);
	}
	buf_release(&names);
	return rc;
}

static void bringing_release(struct bringing *bringing)
{
	import_results_release(&bringing->results);
	import_job_release(&bringing->job);
	free(bringing->files);
	free(bringing->paths);
}

static int bring_all(struct action_call *call,
		       const struct bring_wish *wish,
		       const struct finds *finds, struct bring_sums *out,
		       struct err *err)
{
	struct bringing bringing = {
		.job = {
			.options = {
				.construct = wish->construct,
				.is_dry_run = wish->is_dry_run,
				.is_found = true,
				.has_since = wish->has_since,
				.since = wish->since,
				.redaction = wish->redaction,
				.secrets = wish->secrets,
				.input = -1,
				.temp_folder = call->settings.temp_folder,
			},
			.vault = call->vault, .host = call->host,
		},
		.results = IMPORT_RESULTS_INIT,
	};
	int rc = choose_files(wish, finds, &bringing, err);

	if (rc == 0)
		rc = import_all(&bringing.job, bringing.paths, bringing.n,
				&bringing.results, err);
	if (rc == 0)
		rc = bring_tell(call, &bringing, finds, out, err);
	if (rc == 0)
		rc = finish(call, &bringing, out, err);
	if (rc == 0)
		secrets_tell(call, &bringing.job);
	bringing_release(&bringing);
	return rc;
}

int bring(struct action_call *call, const struct bring_wish *wish,
	  struct finds *finds, struct bring_sums *out, struct err *err)
{
	struct finds own = FINDS_INIT;
	struct lock lock = LOCK_INIT;
	int rc = 0;

	if (!wish->is_dry_run)
		rc = capture_lock(call->vault->path, CAPTURE_LOCK,
				  wish->wait_ms, &lock, err);
	if (rc == 0 && !finds)
		rc = look_around(call, wish, &own, err);
	if (rc == 0)
		rc = bring_all(call, wish, finds ? finds : &own, out, err);
	lock_release(&lock);
	finds_release(&own);
	if (!wish->is_dry_run)
		noted_put(call, wish->by, out, rc < 0 ? err : NULL);
	return rc;
}

void bring_sums_release(struct bring_sums *sums)
{
	free(sums->at);
	*sums = (struct bring_sums)BRING_SUMS_INIT;
}
