/*
 * The lines of a text that hold a pattern.
 */
#ifndef VV_CMD_ACTION_RECALL_LINES_H
#define VV_CMD_ACTION_RECALL_LINES_H

#include "cmd/action/action.h"
#include "lib/base/pattern.h"
#include "lib/json/jcs_write.h"

/* What grep's options and its pattern say. */
MUST_USE int lines_pattern(const struct action_call *call,
			   struct pattern **out, struct err *err);

/* Is there one? */
MUST_USE int lines_hold(struct pattern *pattern, struct span text, bool *out,
			struct err *err);
/* How many are there? */
MUST_USE int lines_count(struct pattern *pattern, struct span text,
			 uint64_t *out, struct err *err);

/*
 * "snippet": those lines; "marks": the matches in it, [[start,end]] in bytes;
 * "matches": the same in the text; "lines": their numbers, from 1. What is
 * found between two characters has no mark.
 */
MUST_USE int lines_put(struct pattern *pattern, struct span text,
		       struct jcs_fields *fields, struct err *err);

#endif
