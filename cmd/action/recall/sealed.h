/*
 * Constructs that are sealed for this device, where others are looked through.
 */
#ifndef VV_CMD_ACTION_RECALL_SEALED_H
#define VV_CMD_ACTION_RECALL_SEALED_H

#include "cmd/action/action.h"
#include "lib/base/buf.h"

struct sealed {
	size_t n;
	struct buf names;	/* of as many as there is room for */
};

#define SEALED_INIT { 0, BUF_INIT(300) }
void sealed_release(struct sealed *sealed);
void sealed_add(struct sealed *sealed, const char *name);
/* Say so, where there are any; the call has lost something then. */
void sealed_tell(const struct sealed *sealed, struct action_call *call);

#endif
