/*
 * What renew and those who follow one share.
 */
#ifndef VV_CMD_ACTION_VAULT_RENEWED_H
#define VV_CMD_ACTION_VAULT_RENEWED_H

#include "cmd/action/actions.h"
#include "refs/renew/renew.h"

struct renew_options renewed_options(struct action_call *call);

/* What this device had rejected is kept out no more. */
void renewed_tell_rejected(struct action_call *call,
			   const struct renew_report *report);

/* The vault that call->vault was is another one now. */
MUST_USE int renewed_reopen(struct action_call *call, struct err *err);

/*
 * After a fetch, whose report is replaced by what is told of the new history:
 * does it show that an owner has made the vault anew? Then
 * follow, and open it. *out_has_followed; false where there is nothing to
 * follow, or, with a note that says why, where it cannot be done.
 */
MUST_USE int renewed_follow(struct action_call *call,
			    const struct renew_source *source,
			    struct sync_report *report,
			    bool *out_has_followed, struct err *err);

#endif
