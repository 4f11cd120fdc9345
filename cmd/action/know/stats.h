/*
 * One call of stats, and telling what it has counted.
 */
#ifndef VV_CMD_ACTION_KNOW_STATS_H
#define VV_CMD_ACTION_KNOW_STATS_H

#include "cmd/action/know/groups.h"
#include "cmd/action/recall/filter.h"

enum stats_format { STATS_TEXT, STATS_SVG, STATS_JSON };

/* What one call has open. */
struct stats {
	struct action_call *call;
	enum stats_format format;
	struct recall_filter filter;
	struct stats_groups groups;
	struct stats_groups months;	/* beside, where there are no others */
	struct view_list views;
	struct buf project, session;
};

/* Tell the groups, which are sorted, to the host. */
MUST_USE int stats_tell(struct stats *stats, struct err *err);

#endif
