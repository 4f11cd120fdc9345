#include "cmd/import/run.h"

#include <stdlib.h>

#include "cmd/import/input/unchanged.h"
#include "cmd/import/records/lineage.h"
#include "cmd/import/roleplay/card_home.h"
#include "lib/time/timestamp.h"

#define DAY_MICROS ((int64_t)24 * 60 * 60 * 1000000)

int import_run(struct import_job *job, const char *const *paths, size_t n,
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
	return rc < 0 ? rc : import_report(job, out, err);
}

bool import_is_clean(const struct import_job *job)
{
	bool was_any = false;
	size_t i;

	for (i = 0; i < job->sources_n; i++) {
		if (job->sources[i].is_refused || job->sources[i].is_partial)
			return false;
		was_any |= job->sources[i].format != NULL;
	}
	return was_any;
}

void import_job_release(struct import_job *job)
{
	size_t i;

	for (i = 0; i < job->sources_n; i++)
		import_source_release(&job->sources[i]);
	unchanged_release(job);
	lineage_release(job);
	card_homes_free(job->card_homes);
	job->card_homes = NULL;
	free(job->sources);
	job->sources = NULL;
	job->sources_n = 0;
}
