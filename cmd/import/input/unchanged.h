/*
 * Sources that this vault has read before, by the hash of their bytes and of
 * the options that decide what becomes of them: an unchanged one is told from
 * memory in a tenth of the time. Only a cache: each entry names the versions
 * that hold what it speaks of, and counts for nothing once one of them is not
 * reached any more.
 */
#ifndef VV_CMD_IMPORT_INPUT_UNCHANGED_H
#define VV_CMD_IMPORT_INPUT_UNCHANGED_H

#include "cmd/import/import.h"
#include "cmd/import/results.h"

/*
 * Was it read before? Then fills in its report and marks it done and
 * unchanged. The input must be open or closed, and is closed.
 */
MUST_USE int unchanged_find(struct import_job *job,
			    struct import_source *source, bool *out,
			    struct err *err);

/* Remember all sources that were read to their end. */
MUST_USE int unchanged_remember(struct import_job *job,
				const struct import_results *results,
				struct err *err);

void unchanged_release(struct import_job *job);

#endif
