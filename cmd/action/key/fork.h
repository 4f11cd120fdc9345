/*
 * Two devices with one key, found out by one of them.
 */
#ifndef VV_CMD_ACTION_KEY_FORK_H
#define VV_CMD_ACTION_KEY_FORK_H

#include "cmd/action/action.h"

/*
 * Behind an action that has closed its vault: where what it wrote joined two
 * lines of this device, somebody at the terminal is offered a key of its own
 * for it, and all others are told.
 */
MUST_USE int key_fork_end(struct action_call *call, bool is_forked,
			  struct err *err);

#endif
