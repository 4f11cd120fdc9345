/*
 * Where recall has looked, for whoever has to know what an answer is worth.
 */
#ifndef VV_CMD_ACTION_RECALL_SEARCHED_H
#define VV_CMD_ACTION_RECALL_SEARCHED_H

#include "cmd/action/action.h"
#include "cmd/action/recall/views.h"
#include "refs/index/recall.h"

/* Say what was not looked through, for want of time or because the words are
 * too common. Returns whether there is nothing to say. */
bool searched_tell(struct action_call *call, const struct view_list *list,
		   const struct recall *recall);

/*
 * {complete, "searched": [{complete, construct, held, root, version}]}:
 * complete is false where parts, or constructs, could not be read, or were not
 * looked through; held counts
 * heads that stay in quarantine; version is null for the union of several.
 */
MUST_USE int searched_emit(const struct action_call *call,
			   const struct view_list *list, struct err *err);

#endif
