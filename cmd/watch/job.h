/*
 * What a watch has done by a child process. What it tells are events as they
 * are shown, and notes; any bytes: there is more to do, in a while.
 */
#ifndef VV_CMD_WATCH_JOB_H
#define VV_CMD_WATCH_JOB_H

#include "cmd/watch/watch_internal.h"

struct job {
	struct watch *watch;
	struct subject *subject;
};

/* Is there a vault to which this device may write, and the remote? */
MUST_USE int job_check(const struct host *host, void *arg, struct err *err);

/* Bring in what the agent has written, or what came into the folder. */
MUST_USE int job_capture(const struct host *host, void *arg,
			 struct err *err);
MUST_USE int job_import(const struct host *host, void *arg, struct err *err);

/* Send what is new; without a word to the remote where nothing is. */
MUST_USE int job_push(const struct host *host, void *arg, struct err *err);

#endif
