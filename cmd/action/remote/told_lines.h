/*
 * What an exchange says of constructs, line by line, sorted by them.
 */
#ifndef VV_CMD_ACTION_REMOTE_TOLD_LINES_H
#define VV_CMD_ACTION_REMOTE_TOLD_LINES_H

#include "refs/remote/remote.h"

/* A ref of the report, or a head of ours that the report does not name. */
struct told_line {
	const char *construct;
	const struct ref_report *ref;
	const git_oid *other;
};

struct told_lines {
	struct told_line *at;
	size_t n;
};

/* By construct, for qsort(). */
int told_line_order(const void *a, const void *b);

/* Borrows from both; free(out->at) after use. */
MUST_USE int told_lines_make(const struct sync_report *report,
			     const struct head_list *heads,
			     struct told_lines *out, struct err *err);

#endif
