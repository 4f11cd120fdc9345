/*
 * A changelog of a mind: differences between two views, as items of a list.
 */
#ifndef VV_CMD_ACTION_CHANGES_H
#define VV_CMD_ACTION_CHANGES_H

#include "cmd/action/action.h"
#include "refs/view/view.h"

/* In `diff` and `log -p`, what a person sees of a change. */
#define BRIEF_PARAM \
	{ "brief", ACTION_FLAG, ACTION_UNLISTED | ACTION_FOR_PEOPLE, NULL, \
	  "each change with its title, fields only where they differ" }

/* What differs between two views, and how it is told. */
struct changes_of {
	struct view *from;
	struct view *to;
	bool is_brief;
	/* In it each change has a handle, as of the view that has it. May be
	 * NULL */
	struct action_call *lists;
};

/* Emit each change. *out_count is how many entities differ. */
MUST_USE int changes_emit(struct host_list *list, const struct changes_of *of,
			  uint64_t *out_count, struct err *err);

#endif
