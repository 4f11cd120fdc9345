#include "cmd/import/run.h"

#include <stdlib.h>

#include "cmd/import/copies.h"
#include "cmd/import/input/known_parts.h"
#include "cmd/import/input/unchanged.h"
#include "cmd/import/beside/awaited.h"
#include "cmd/import/beside/file_pool.h"
#include "cmd/import/identity/lineage.h"
#include "cmd/import/identity/namesake.h"
#include "lib/time/timestamp.h"

#define DAY_MICROS ((int64_t)24 * 60 * 60 * 1000000)

int import_all(struct import_job *job, const char *const *paths, size_t n,
	       struct import_results *out, struct err *err)
{
	size_t i;
	int rc = 0;

	job->progress.what = "importing";
	/* A clock that is wrong by hours is no reason to leave things out. */
	if (!job->options.allows_future) {
		job->latest_micros = timestamp_now() + DAY_MICROS;
		hlc_import_text(job->latest_micros, job->latest);
	}
	for (i = 0; rc == 0 && i < n; i++)
		rc = import_gather(job, paths[i], err);
	if (rc == 0)
		rc = import_identify(job, err);
	if (rc == 0)
		rc = import_write(job, out, err);
	host_progress_end(job->host);
	return rc;
}

int import_run(struct import_job *job, const char *const *paths, size_t n,
	       struct import_results *out, struct err *err)
{
	int rc = import_all(job, paths, n, out, err);

	if (rc == 0)
		rc = import_suggest(job, err);
	return rc < 0 ? rc : import_report(job, out, err);
}

enum import_outcome import_outcome(const struct import_job *job)
{
	bool was_any = false;
	bool is_no = false;
	size_t i;

	for (i = 0; i < job->sources_n; i++) {
		const struct import_source *source = &job->sources[i];

		if (source->is_unread || source->malformed.n ||
		    source->was_malformed)
			return IMPORT_IN_PART;
		is_no |= source->is_refused || source->is_partial;
		/* What was named was found; what lay in a folder may be none. */
		was_any |= source->format &&
			(source->imported || !source->was_walked ||
			 job->options.has_since);
	}
	return is_no ? IMPORT_DECLINED : was_any ? IMPORT_WHOLE :
	       IMPORT_NOTHING;
}

void import_job_release(struct import_job *job)
{
	size_t i;

	for (i = 0; i < job->sources_n; i++)
		import_source_release(&job->sources[i]);
	unchanged_release(job);
	known_parts_free(job);
	lineage_release(job);
	namesakes_free(job);
	awaited_release(job);
	copies_release(job);
	file_pools_free(job);
	buf_release(&job->clean);
	buf_release(&job->bare);
	free(job->sources);
	job->sources = NULL;
	job->sources_n = 0;
}
