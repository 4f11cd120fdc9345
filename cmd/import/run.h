/*
 * A run of importing: sources are gathered and identified, read and written,
 * and told to the host.
 */
#ifndef VV_CMD_IMPORT_RUN_H
#define VV_CMD_IMPORT_RUN_H

#include "cmd/import/import.h"
#include "cmd/import/results.h"

/*
 * Import the sources at these paths: files, "-", and folders or zip archives,
 * each of which is one source where an importer takes it as a whole, else
 * each file in it. The host gets an object for each construct. The job has
 * its options, vault and host; *out is IMPORT_RESULTS_INIT, and to be
 * released after a failure too, as the job.
 */
MUST_USE int import_run(struct import_job *job, const char *const *paths,
			size_t n, struct import_results *out,
			struct err *err);

/* The same without a word to the host: what became of the sources stands in
 * the job. */
MUST_USE int import_all(struct import_job *job, const char *const *paths,
			size_t n, struct import_results *out,
			struct err *err);

/* Look at the files at these paths and read none: those that are unchanged
 * since they were read are marked so. */
MUST_USE int import_glance(struct import_job *job, const char *const *paths,
			   size_t n, struct err *err);

/* What became of the sources, the worst first. */
enum import_outcome {
	IMPORT_IN_PART,		/* something could not be read */
	IMPORT_DECLINED,	/* something may not come in as it is */
	IMPORT_NOTHING,		/* there was nothing of a known format */
	IMPORT_WHOLE
};
enum import_outcome import_outcome(const struct import_job *job);

void import_job_release(struct import_job *job);

/* Its parts: gather the sources at a path, find format and construct of each,
 * write them all, a construct at a time, and tell of them. */
MUST_USE int import_gather(struct import_job *job, const char *path,
			   struct err *err);
/* Is a file that was found in a folder a part of another one? */
MUST_USE int import_is_part(const struct import_job *job, const char *path,
			    bool *out_is, struct err *err);
MUST_USE int import_identify(struct import_job *job, struct err *err);
MUST_USE int import_write(struct import_job *job, struct import_results *out,
			  struct err *err);
/* Find what reads a source that no sniffer knew, were it forced to. */
MUST_USE int import_suggest(struct import_job *job, struct err *err);
MUST_USE int import_report(const struct import_job *job,
			   const struct import_results *results,
			   struct err *err);

#endif
