/*
 * Two versions as one word: "nova~3..nova~1".
 */
#ifndef VV_CMD_ACTION_HISTORY_RANGE_H
#define VV_CMD_ACTION_HISTORY_RANGE_H

#include "refs/view/view.h"

struct range {
	struct view *from;
	struct view *to;
};

#define RANGE_INIT { NULL, NULL }
void range_release(struct range *range);

/* Does it hold ".." between versions, or on one side of one? */
bool is_range(const char *word);

/* Open both sides: "a..b", and "a.." or "..b", of which the other side is what
 * the construct holds now. ERR_INVALID: of two constructs, or no range. */
MUST_USE int range_open(struct vault *vault, const char *word,
			struct range *out, struct err *err);

/* What the heads of a view stand on: the parents of each; of nothing where it
 * is the first. steps_over: those that change no record do not count. */
MUST_USE int range_before(struct view *view, bool steps_over,
			  struct view **out, struct err *err);

#endif
