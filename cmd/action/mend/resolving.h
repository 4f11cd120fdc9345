/*
 * Settling what is in conflict of one entity: what was chosen becomes a record
 * that has seen all that was chosen among.
 */
#ifndef VV_CMD_ACTION_MEND_RESOLVING_H
#define VV_CMD_ACTION_MEND_RESOLVING_H

#include "cmd/action/mend/choice.h"

struct resolving {
	struct action_call *call;
	struct view *view;		/* all that the construct's heads hold */
	struct settling settling;
	struct dispute_list disputes;
	struct choice *choices;		/* one for each */
	size_t made;			/* of them */
	struct buf data;		/* of the record that settles them */
	bool deletes;
	bool is_there;
};

/* Make the choices, as the call says or somebody who is asked; made counts
 * them. */
MUST_USE int resolving_choose(struct resolving *resolving, struct err *err);

/* Write and emit it, with what follows a write. */
MUST_USE int resolving_write(struct resolving *resolving, struct err *err);

#endif
