/*
 * Conflicts that came with what was fetched.
 */
#ifndef VV_CMD_ACTION_MEND_CAME_H
#define VV_CMD_ACTION_MEND_CAME_H

#include "cmd/action/action.h"
#include "refs/remote/remote.h"

/*
 * Emit those that were not there before, or not between these values: the
 * first few each as {"conflict":true,"construct","entity","field","kind",
 * "title"}, then {"conflicts"}, how many there are. Nothing without any. Only
 * what changed is looked at; what cannot be read is passed over.
 */
MUST_USE int came_tell(struct action_call *call,
		       const struct sync_report *report, struct err *err);

#endif
