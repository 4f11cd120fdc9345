/*
 * What recall tells of each hit.
 */
#ifndef VV_CMD_ACTION_RECALL_HIT_H
#define VV_CMD_ACTION_RECALL_HIT_H

#include "cmd/action/host.h"
#include "refs/index/recall.h"

/*
 * One object for each hit: those of one session behind one another, sessions
 * in the order of their best; each with so many turns before and behind it.
 */
MUST_USE int hits_emit(const struct host *host, struct recall *recall,
		       size_t around, struct err *err);

#endif
