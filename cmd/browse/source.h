/*
 * Where what is shown comes from: the actions, called in a worker. Nothing
 * here looks into a vault by itself.
 */
#ifndef VV_CMD_BROWSE_SOURCE_H
#define VV_CMD_BROWSE_SOURCE_H

#include "cmd/action/action.h"
#include "cmd/browse/asked.h"

/* More than that nobody looks through. */
#define SOURCE_HITS "200"
#define SOURCE_SESSIONS "1000"

struct source {
	const struct action_call *call;	/* vault, keys and settings of all */
	const struct asked *asked;	/* of searches */
	const char *construct;		/* of what is read */
	const char *session;
};

/* Jobs of a worker (worker_start()); arg is a struct source. */
MUST_USE int source_search(const struct host *host, void *arg,
			   struct err *err);
MUST_USE int source_sessions(const struct host *host, void *arg,
			     struct err *err);
MUST_USE int source_read(const struct host *host, void *arg, struct err *err);

#endif
