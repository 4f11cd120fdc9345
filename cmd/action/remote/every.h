/*
 * One remote, or with --all each that there is, in turn.
 */
#ifndef VV_CMD_ACTION_REMOTE_EVERY_H
#define VV_CMD_ACTION_REMOTE_EVERY_H

#include "cmd/action/remote/sync.h"

#define EVERY_PARAM \
	{ "all", ACTION_FLAG, 0, NULL, "every remote, one after the other" }

struct every {
	struct action_call *call;
	/* sync is new for each, and names the remote. */
	int (*one)(struct action_call *call, struct sync *sync,
		   const void *arg, struct err *err);
	const void *arg;
};

/*
 * Do it with the remote that the call means. With --all one that fails does
 * not keep the others from what is theirs: its failure is told, and is that of
 * the whole in the end.
 */
MUST_USE int every_run(const struct every *every, struct err *err);

/* The check of an action: a remote is named, or --all. */
MUST_USE int every_check(const struct action_call *call, struct err *err);

#endif
