/*
 * Projects that agents on this machine have worked in, as they say in lists of
 * their own.
 */
#ifndef VV_CMD_CAPTURE_PROJECTS_H
#define VV_CMD_CAPTURE_PROJECTS_H

#include "cmd/capture/find.h"

#define PROJECTS_MAX 1024	/* those of the first lists count */

/*
 * Read the lists, once: finds->projects are the folders that there are, each
 * once and without links on the way, and the home. A list that cannot be read
 * is none.
 */
MUST_USE int finds_projects(struct finds *finds,
			    const struct agent_home *home, struct err *err);

#endif
