/*
 * What would be found if hidden messages were looked through as well.
 */
#ifndef VV_CMD_ACTION_RECALL_HIDDEN_H
#define VV_CMD_ACTION_RECALL_HIDDEN_H

#include "cmd/action/action.h"
#include "cmd/action/recall/views.h"
#include "refs/index/recall.h"

/* Nothing was found: say how much of it tools, thinking and hidden messages
 * have, if they have any. */
MUST_USE int hidden_tell(const struct host *host, struct span words,
			 const struct recall_filter *filter,
			 const struct view_list *views, bool *out_is_told,
			 struct err *err);

#endif
