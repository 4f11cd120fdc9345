/*
 * Which files came with a version, what an import has recorded of its sources;
 * and of one that forgets how much went.
 */
#ifndef VV_CMD_ACTION_HISTORY_BROUGHT_H
#define VV_CMD_ACTION_HISTORY_BROUGHT_H

#include "lib/json/jcs_write.h"
#include "refs/history/version.h"
#include "refs/view/view.h"

/* What a version holds and none of its parents does: sources, and of one that
 * forgets the records that it lists. */
struct brought {
	git_oid version;
	uint64_t went;
	size_t n;
	struct buf first;	/* {"entity","format","size"} of one of them */
};

/* One for each version that was asked for. */
struct brought_list {
	struct brought *at;
	size_t n, cap;
};

#define BROUGHT_LIST_INIT { NULL, 0, 0 }
void brought_list_release(struct brought_list *list);

/* *out is borrowed until the next call, and has none for who holds no key. The
 * cost goes with what the version changed, once for each. */
MUST_USE int brought_find(struct brought_list *list, struct vault *vault,
			  const struct version *version,
			  const struct brought **out, struct err *err);

#endif
