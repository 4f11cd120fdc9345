/*
 * What was forgotten, and where its bytes may still stand.
 */
#ifndef VV_CMD_ACTION_FORGET_FORGET_LIST_H
#define VV_CMD_ACTION_FORGET_FORGET_LIST_H

#include "cmd/action/action.h"

/*
 * Emit an object for each record of kind forget, the newest first: how many
 * records it lists, of which kinds, when and by whom, and which remotes and
 * devices have learned of it. None of that says what it was.
 */
MUST_USE int forget_list(struct action_call *call, struct err *err);

/* How many records one of kind forget lists, by its data. */
uint64_t forget_list_count(struct span data);

#endif
