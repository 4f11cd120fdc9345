/*
 * Keys that were replaced twice: two devices had one, and each took a new one
 * in its place, on lines that knew nothing of each other. Both new ones count.
 */
#ifndef VV_CMD_ACTION_VAULT_TWINS_H
#define VV_CMD_ACTION_VAULT_TWINS_H

#include "cmd/action/action.h"
#include "lib/json/jcs_write.h"
#include "refs/vault/state.h"

/* The dids of those that took the place of the same one, if there are any. */
void twins_put(struct jcs_fields *fields, const struct vault_state *state,
	       const struct member *member);

/* All of them, with their names; nothing where there are none. */
void twins_put_all(struct jcs_fields *fields, struct vault *vault);

/* Say who they are, and what is to be done by whom. */
MUST_USE int twins_tell(const struct action_call *call, struct err *err);

#endif
