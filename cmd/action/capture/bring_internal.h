/*
 * A run of bringing in, and how it is told.
 */
#ifndef VV_CMD_ACTION_CAPTURE_BRING_INTERNAL_H
#define VV_CMD_ACTION_CAPTURE_BRING_INTERNAL_H

#include "cmd/action/capture/bring.h"
#include "cmd/import/results.h"

struct bringing {
	struct import_job job;
	struct import_results results;
	const struct find_file **files;	/* that are read ... */
	size_t files_cap;
	const char **paths;			/* ... and their paths */
	size_t paths_cap;
	size_t n;
};

bool bring_wants(const struct bring_wish *wish, const struct agent *agent);

/* Sum it up, and tell the host of each agent and each construct. */
MUST_USE int bring_tell(struct action_call *call,
			const struct bringing *bringing,
			const struct finds *finds, struct bring_sums *out,
			struct err *err);

#endif
