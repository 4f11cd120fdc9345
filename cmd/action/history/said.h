/*
 * When it was said what a version brought.
 */
#ifndef VV_CMD_ACTION_HISTORY_SAID_H
#define VV_CMD_ACTION_HISTORY_SAID_H

#include "lib/time/dates.h"
#include "refs/view/view.h"

/* Is something that was said in the period, by its own time or else that of
 * its newest record, in `to` and not in `from`, or not so? */
MUST_USE int said_between(struct view *from, struct view *to,
			  const struct period *period, bool *out,
			  struct err *err);

#endif
