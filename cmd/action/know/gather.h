/*
 * Counting what stands in views, from their lists: nothing is folded that was
 * known.
 */
#ifndef VV_CMD_ACTION_KNOW_GATHER_H
#define VV_CMD_ACTION_KNOW_GATHER_H

#include "cmd/action/know/groups.h"
#include "cmd/action/recall/filter.h"

struct gather {
	struct action_call *call;
	struct recall_filter filter;	/* settled */
	struct wall wall;		/* by which days and hours go */
	struct stats_groups *groups;
	bool wants_sizes;		/* records and bytes of constructs */

	/* For itself; zero before. */
	bool *has_role, *has_model;	/* lines of the session that may count */
	int64_t slot;			/* of the last time, plus one ... */
	size_t slot_group;		/* ... and its group */
	size_t *of_lines;		/* groups of the session's lines */
	size_t of_session;		/* or its own */
};

/* Count what a view has. Errors are those of lists_open(). */
MUST_USE int gather_view(struct gather *gather, struct view *view,
			 struct err *err);

/* What the segments and blobs of a view take in the vault. */
MUST_USE int view_disk_bytes(struct view *view, uint64_t *out,
			     struct err *err);

/* Is anything asked for but a construct, as it was some time? */
bool gather_is_narrow(const struct recall_filter *filter);

#endif
