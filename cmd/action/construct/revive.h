/*
 * What was split off comes back with the construct that it went to: here it
 * was deleted, and a union of both would have it nowhere.
 */
#ifndef VV_CMD_ACTION_CONSTRUCT_REVIVE_H
#define VV_CMD_ACTION_CONSTRUCT_REVIVE_H

#include "refs/view/view.h"
#include "refs/write/write.h"

/*
 * Queue an update, behind the delete, of each entity that stands in `from` and
 * that a split into it deleted in `into`. Reads `into` as a whole only where it
 * says that it was split so.
 */
MUST_USE int revive_split(struct view *from, struct view *into,
			  struct writer *writer, struct err *err);

#endif
