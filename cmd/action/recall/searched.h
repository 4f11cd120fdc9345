/*
 * Where recall has looked, for whoever has to know what an answer is worth.
 */
#ifndef VV_CMD_ACTION_RECALL_SEARCHED_H
#define VV_CMD_ACTION_RECALL_SEARCHED_H

#include "cmd/action/action.h"
#include "cmd/action/recall/views.h"

/*
 * {complete, "searched": [{complete, construct, held, root, version}]}:
 * complete is false where parts, or constructs, could not be read; held counts
 * heads that stay in quarantine; version is null for the union of several.
 */
MUST_USE int searched_emit(const struct action_call *call,
			   const struct view_list *list, struct err *err);

#endif
