/*
 * Our hook in the settings of an agent, for the vault of the call.
 */
#ifndef VV_CMD_ACTION_CAPTURE_HOOKED_H
#define VV_CMD_ACTION_CAPTURE_HOOKED_H

#include "cmd/action/capture/bring.h"

/*
 * Put it in, or take it out. What changes is shown first, and asked about
 * where there is somebody to ask; the host gets an object that tells it. The
 * settings are replaced at once or not at all, and not where they are broken.
 */
MUST_USE int hooked_change(struct action_call *call, const char *agent_name,
			   bool is_install, struct err *err);

/* Is it in there? Settings that cannot be read do not have it. */
bool hooked_is(const struct action_call *call, const struct agent *agent);

#endif
