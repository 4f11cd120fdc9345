/*
 * Sources that this vault has read before: by what the file system says of
 * the file at their path (device, number, size and times), which tells an
 * unchanged one without reading it; else by the hash of its bytes. Both go
 * with the options that decide what becomes of a source. Only a cache: each
 * entry names the versions that hold what it speaks of, and counts for nothing
 * once one of them is not reached any more.
 */
#ifndef VV_CMD_IMPORT_INPUT_UNCHANGED_H
#define VV_CMD_IMPORT_INPUT_UNCHANGED_H

#include "cmd/import/import.h"
#include "cmd/import/results.h"

/*
 * Was it read before, and is its file as it was? Then fills in its report and
 * marks it done and unchanged. Reads nothing of it. Also tells whether it is
 * live, and was read at all.
 */
MUST_USE int unchanged_glance(struct import_job *job,
			      struct import_source *source, bool *out,
			      struct err *err);

/*
 * The same by its bytes. The input must be open or closed, and is closed. A
 * file that is known so is known at a glance from then on.
 */
MUST_USE int unchanged_find(struct import_job *job,
			    struct import_source *source, bool *out,
			    struct err *err);

/* Remember all sources that were read to their end. */
MUST_USE int unchanged_remember(struct import_job *job,
				const struct import_results *results,
				struct err *err);

/* A hash of what is asked for and decides what a source becomes. */
uint64_t unchanged_wishes(const struct import_job *job);

void unchanged_release(struct import_job *job);

#endif
