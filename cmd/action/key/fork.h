/*
 * Two devices with one key, found out by one of them.
 */
#ifndef VV_CMD_ACTION_KEY_FORK_H
#define VV_CMD_ACTION_KEY_FORK_H

#include "cmd/action/action.h"

/* What an action has found of that. */
struct key_fork {
	bool is_there;		/* what it wrote joined two lines of this device */
	bool is_owner;		/* which so can end that by itself */
};

/* While its vault is open. A rotation is what ends it, and finds nothing. */
struct key_fork key_fork_look(const struct action_call *call);

/*
 * Behind an action that has closed its vault, and has done what it should:
 * somebody at the terminal is offered a key of its own for this device, where
 * that can be, and all others are told.
 */
void key_fork_end(struct action_call *call, const struct key_fork *fork);

#endif
