#include <stdlib.h>

#include "lib/time/timestamp.h"
#include "refs/trust/whole.h"
#include "cmd/action/auto_gc.h"
#include "cmd/action/hook.h"
#include "cmd/cli/options.h"
#include "cmd/cli/progress.h"
#include "cmd/import/import.h"

#define DAY_MICROS ((int64_t)24 * 60 * 60 * 1000000)

static int usage(struct session *session, const char *what, const char *word)
{
	(void)err_set(&session->err, ERR_INVALID, "%s '%s'", what, word);
	return CMD_USAGE;
}

static int check_words(struct import_job *job, const char *format,
		       const char *since)
{
	struct session *session = job->session;
	struct err *err = &session->err;

	if (job->construct) {
		if (construct_name_check(span_str(job->construct), err) < 0)
			return CMD_USAGE;
		if (!strcmp(job->construct, VAULT_CONSTRUCT))
			return usage(session, "nothing can be imported into",
				     job->construct);
	}
	if (since && timestamp_parse(span_str(since), &job->since, NULL,
				     err) < 0)
		return CMD_USAGE;
	job->has_since = since != NULL;
	if (!format)
		return 0;
	job->format = importer_find(format);
	return job->format ? 0 : usage(session, "unknown format", format);
}

/* A clock that is wrong by hours is no reason to leave anything out. */
static void set_latest(struct import_job *job)
{
	job->latest_micros = timestamp_now() + DAY_MICROS;
	hlc_import_text(job->latest_micros, job->latest);
}

static int call_hooks(struct import_job *job,
		      const struct import_results *results)
{
	static const char *const names[] = { "post-commit", "post-import" };
	const struct import_result *result;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < 2 * results->n; i++) {
		result = &results->at[i / 2];
		if (result->write.has_version)
			rc = hook_after_write(&job->session->call,
					      names[i % 2], result->construct,
					      &result->write,
					      &job->session->err);
	}
	return rc;
}

/* 1 when something was refused, or there was nothing to import at all. */
static int status_of(const struct import_job *job)
{
	bool was_any = false;
	size_t i;

	for (i = 0; i < job->sources_n; i++) {
		if (job->sources[i].is_refused || job->sources[i].is_partial)
			return CMD_NO;
		was_any |= job->sources[i].format != NULL;
	}
	return was_any ? 0 : CMD_NO;
}

static int run(struct import_job *job, int words, char **paths)
{
	struct import_results results = IMPORT_RESULTS_INIT;
	int i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < words; i++)
		rc = import_gather(job, paths[i]);
	if (rc >= 0)
		rc = import_identify(job);
	if (rc >= 0)
		rc = import_write(job, &results);
	progress_end(job->session);
	if (rc >= 0)
		rc = import_report(job, &results);
	if (rc >= 0)
		rc = call_hooks(job, &results);
	if (rc >= 0 && !job->is_dry_run) {
		auto_gc(&job->session->call, job->vault, true);
		/* While it is known that all of it is there. */
		(void)!whole_renew(job->vault, NULL);
	}
	import_results_release(&results);
	return rc < 0 ? rc : status_of(job);
}

int cmd_import(struct session *session, int argc, char **argv)
{
	struct import_job job = { .session = session };
	const char *format = NULL;
	const char *since = NULL;
	bool redact = false;
	bool no_redact = false;
	bool allows_future = false;
	const struct option_row rows[] = {
		{ "--construct", OPTION_TEXT, &job.construct },
		{ "--format", OPTION_TEXT, &format },
		{ "--since", OPTION_TEXT, &since },
		{ "--dry-run", OPTION_FLAG, &job.is_dry_run },
		{ "--keep-source", OPTION_FLAG, &job.keeps_source },
		{ "--keep-bad", OPTION_FLAG, &job.keeps_bad },
		{ "--accept-mismatch", OPTION_FLAG, &job.accepts_mismatch },
		{ "--allow-changes", OPTION_FLAG, &job.allows_changes },
		{ "--allow-future", OPTION_FLAG, &allows_future },
		{ "--redact", OPTION_FLAG, &redact },
		{ "--no-redact", OPTION_FLAG, &no_redact },
		{ NULL, OPTION_FLAG, NULL },
	};
	int words;
	int rc;

	words = options_parse(session, argc, argv, rows, 1, -1);
	if (words < 0)
		return words;
	if (redact && no_redact)
		return usage(session, "--redact contradicts", "--no-redact");
	job.redaction = redact ? REDACT_YES :
			no_redact ? REDACT_NO : REDACT_DEFAULT;
	if (!allows_future)
		set_latest(&job);
	rc = check_words(&job, format, since);
	if (rc < 0)
		return rc;
	rc = session_open(session, &job.vault);
	if (rc >= 0)
		rc = run(&job, words, argv + 1);
	import_job_release(&job);
	vault_close(job.vault);
	return rc;
}
