/*
 * How long an agent keeps its sessions, as its settings have it.
 */
#ifndef VV_CMD_CAPTURE_KEEPS_H
#define VV_CMD_CAPTURE_KEEPS_H

#include "cmd/capture/find.h"

/* After so many days it deletes one that nobody went on with; 0: it does not.
 * Settings that cannot be read, or say something else, say what the agent does
 * without them. */
unsigned agent_keeps_days(const struct agent *agent,
			  const struct agent_home *home);

#endif
