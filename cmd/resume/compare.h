/*
 * Two passages: what was to be written, and what an importer reads of it.
 */
#ifndef VV_CMD_RESUME_COMPARE_H
#define VV_CMD_RESUME_COMPARE_H

#include "cmd/resume/writer.h"

/* Told of each turn and each result of the copy: which message of the session
 * it is. */
struct compare_visitor {
	int (*message)(void *arg, struct span copy, struct span original,
		       struct err *err);
	void *arg;
};

/*
 * Do both say the same, in one order: who speaks, texts (blanks apart), calls,
 * results, files? How a format divides texts of one speaker into turns does not
 * count, nor do summaries that the copy's importer takes for what a program
 * said. lacks: RESUME_NO_... of the writer. ERR_CORRUPT names the first place
 * where they differ.
 */
MUST_USE int passage_compare(const struct passage *original,
			     const struct passage *copy, unsigned lacks,
			     const struct compare_visitor *visitor,
			     struct err *err);

#endif
