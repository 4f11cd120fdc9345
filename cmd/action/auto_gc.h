/*
 * What actions that write do in the end: collect, where much has gathered.
 */
#ifndef VV_CMD_ACTION_AUTO_GC_H
#define VV_CMD_ACTION_AUTO_GC_H

#include "cmd/action/action.h"

/*
 * Collect briefly if that is due and the caller does not mind. may_sign: the
 * action makes versions anyway, so one more is no surprise. Failing is a note
 * and no more: what the action did is done.
 */
void auto_gc(const struct action_call *call, struct vault *vault,
	     bool may_sign);

/* A gc_options.progress, arg being the host. */
void gc_progress(void *arg, const char *what, uint64_t done, uint64_t total);

#endif
