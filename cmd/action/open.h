/*
 * The vault of a call, opened: with what is found wrong on the way told to
 * the host.
 */
#ifndef VV_CMD_ACTION_OPEN_H
#define VV_CMD_ACTION_OPEN_H

#include "cmd/action/action.h"
#include "refs/history/construct_name.h"

/*
 * Open it. Without a head of `vault` nothing can be read, so what can be found
 * of it is put back at once; else ERR_CORRUPT with the next step.
 * ERR_NOT_FOUND says how to name or make a vault.
 */
MUST_USE int action_open(struct action_call *call, struct vault **out,
			 struct err *err);

/* The same into call->vault, where names mean constructs: as it is open to an
 * action that does not open it itself. It is closed behind the action. */
MUST_USE int action_enter(struct action_call *call, struct err *err);

/*
 * The id that the name of a construct means there, as the parameter
 * "construct" of an action that does not open the vault itself: *out is in
 * own, or the name.
 */
MUST_USE int action_construct(const struct action_call *call,
			      const char *name, char own[CONSTRUCT_NAME_MAX],
			      const char **out, struct err *err);

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
