/*
 * Captures that nobody waits for: what an agent's hook starts.
 */
#ifndef VV_CMD_ACTION_CAPTURE_BEHIND_H
#define VV_CMD_ACTION_CAPTURE_BEHIND_H

#include "cmd/action/capture/bring.h"

/*
 * An agent says that it has written something (NULL: one that is not known
 * here, so all are looked at): leave a hint, and see that somebody takes it. A
 * watch of this vault does; else a process of its own begins, unless one is at
 * it. Opens no vault, and waits for nobody.
 */
MUST_USE int behind_hook(struct action_call *call, const struct agent *agent,
			 struct err *err);

/*
 * What that process does: opens the vault and brings in what is hinted at,
 * until nothing is. wish: but for its agents. Where another is at it, that one
 * does it all. What it fails with is noted.
 */
MUST_USE int behind_run(struct action_call *call, struct bring_wish *wish,
			struct err *err);

#endif
