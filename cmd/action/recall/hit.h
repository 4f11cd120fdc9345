/*
 * What recall tells of each hit.
 */
#ifndef VV_CMD_ACTION_RECALL_HIT_H
#define VV_CMD_ACTION_RECALL_HIT_H

#include "cmd/action/action.h"
#include "refs/index/recall.h"

struct hit_options {
	size_t around;		/* turns before and behind each */
	bool with_from;		/* whose word it is */
};

/*
 * One object for each hit: those of one session behind one another, sessions
 * in the order of their best.
 */
MUST_USE int hits_emit(struct action_call *call, struct recall *recall,
		       const struct hit_options *options, struct err *err);

#endif
