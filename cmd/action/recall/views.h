/*
 * Where recall looks: in one construct as of a version, or in all of them; as
 * of now, or of a day (--as-of).
 */
#ifndef VV_CMD_ACTION_RECALL_VIEWS_H
#define VV_CMD_ACTION_RECALL_VIEWS_H

#include "cmd/action/action.h"
#include "refs/view/view.h"

struct view_list {
	struct view **at;
	size_t n;
	size_t cap;
};

/*
 * Open what --construct names, or the first of several words if it names a
 * version (skipped is 1 then), or what --as-of names, else every construct
 * that can be read. What was not there on the day that --as-of names is left
 * out. list is all zero before, and released also after a failure.
 */
MUST_USE int views_open(struct action_call *call,
			const struct action_value *words,
			struct view_list *list, size_t *skipped,
			struct err *err);
/* The same for the construct at a version that is named; NULL: for all. */
MUST_USE int views_open_named(struct action_call *call, const char *construct,
			      struct view_list *list, struct err *err);
void views_release(struct view_list *list);

#endif
