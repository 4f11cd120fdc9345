/*
 * Where what is shown comes from: the actions, called in a worker. Nothing
 * here looks into a vault by itself.
 */
#ifndef VV_CMD_BROWSE_SOURCE_H
#define VV_CMD_BROWSE_SOURCE_H

#include "cmd/action/action.h"
#include "cmd/browse/view/asked.h"

/* More than that nobody looks through. */
#define SOURCE_SESSIONS "1000"
#define SOURCE_TURNS "100000"

struct source {
	const struct action_call *call;	/* vault, keys and settings of all */
	const struct asked *asked;	/* of searches */
	size_t most;			/* hits of one */
	const char *construct;		/* of what is read */
	const char *entity;		/* the session, or a message of it */
	size_t branch;			/* at that message; 0: its own */
	bool with_tools;
	bool with_thinking;		/* and what is hidden */
	const char *around;		/* so many turns; NULL: all */
	size_t cols;
};

/* Jobs of a worker (worker_start()); arg is a struct source. */
MUST_USE int source_search(const struct host *host, void *arg,
			   struct err *err);
MUST_USE int source_sessions(const struct host *host, void *arg,
			     struct err *err);
/* Each object, and what it looks like in so many columns; what is no session
 * and no message is read like one. */
MUST_USE int source_read(const struct host *host, void *arg, struct err *err);
/* As a page for a browser, in bytes. */
MUST_USE int source_page(const struct host *host, void *arg, struct err *err);

#endif
