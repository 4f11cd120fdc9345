/*
 * Settling what is in conflict of one entity: what was chosen becomes a record
 * that has seen all that was chosen among.
 */
#ifndef VV_CMD_ACTION_MEND_RESOLVING_H
#define VV_CMD_ACTION_MEND_RESOLVING_H

#include "cmd/action/entry.h"
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

#define RESOLVING_INIT(call, view, signers) \
	{ .call = (call), .view = (view), .disputes = DISPUTE_LIST_INIT, \
	  .settling = { (call), NULL, (signers) }, \
	  .data = BUF_INIT(BUF_NO_LIMIT) }
/* Make it ready for another entity; then for nothing more. */
void resolving_clear(struct resolving *resolving);

/* Take up an entity, which is borrowed: what is in conflict of it. */
MUST_USE int resolving_begin(struct resolving *resolving,
			     const struct view_entity *entity,
			     struct err *err);
/* Is the field one that the call means? */
bool resolving_means(const struct resolving *resolving,
		     const struct dispute *dispute);

/* Make the choices, as the call says or somebody who is asked; made counts
 * them. */
MUST_USE int resolving_choose(struct resolving *resolving, struct err *err);

/*
 * Queue the record of what was chosen, in a version that is open. It has seen
 * what was chosen among: all that stood in this view, and nothing that was
 * written meanwhile, which stays in conflict with it.
 */
MUST_USE int resolving_queue(struct resolving *resolving, struct entry *entry,
			     struct err *err);

/* Write and emit it, with what follows a write. */
MUST_USE int resolving_write(struct resolving *resolving, struct err *err);

/* Settle what is in conflict in a construct as the call's --take says, as far
 * as that says anything of it, in one version. */
MUST_USE int resolve_all(struct action_call *call, struct view *view,
			 struct err *err);

#endif
