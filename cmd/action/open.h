/*
 * The vault of a call, opened: with what is found wrong on the way told to
 * the host.
 */
#ifndef VV_CMD_ACTION_OPEN_H
#define VV_CMD_ACTION_OPEN_H

#include "cmd/action/action.h"

/*
 * Open it. Without a head of `vault` nothing can be read, so what can be found
 * of it is put back at once; else ERR_CORRUPT with the next step.
 * ERR_NOT_FOUND says how to name or make a vault.
 */
MUST_USE int action_open(struct action_call *call, struct vault **out,
			 struct err *err);

/* Open it to look what is wrong with it: vault_open_broken(). */
MUST_USE int action_open_broken(struct action_call *call, struct vault **out,
				struct err *why, struct err *err);

/*
 * Is a failure damage to one thing (a construct, say), which stops no other?
 * Then it is told, reason is cleared, and 0 returned; the call has lost
 * something. Else it becomes err.
 */
MUST_USE int action_pass_over(struct action_call *call, const char *what,
			      struct err *reason, struct err *err);

#endif
