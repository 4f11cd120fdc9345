/*
 * The messages of one conversation as a tree: which are alternatives to one
 * another, and which branch of them is shown.
 */
#ifndef VV_CMD_EXPORT_BRANCHES_H
#define VV_CMD_EXPORT_BRANCHES_H

#include "cmd/export/talk.h"

#define BRANCHES_NONE SIZE_MAX

/* A message's place; also that of one that stands before all of them. */
struct branch_node {
	size_t parent;
	size_t first;		/* child, in the order of the source */
	size_t next;		/* alternative to this one */
	size_t chosen;		/* child that is shown */
	size_t newest;		/* place in the source, the highest below it */
	size_t n;		/* messages here and below */
	size_t children;
	size_t nth;		/* among its alternatives, from 1 */
};

struct branches {
	const struct said_list *list;
	struct branch_node *at;	/* as many as messages, and the root */
};

/*
 * Sort the list and build its tree. The branch that is shown goes through
 * `active`, else to the message that stands last in the source. Every message
 * is in it once: one whose parent lacks hangs, in the branch that is shown, on
 * what stands before it in the source; else it begins a branch of the root, as
 * does one that comes round in a circle. The list is borrowed and must stay as
 * it is.
 */
MUST_USE int branches_build(struct said_list *list, const struct buf *active,
			    struct branches *out, struct err *err);
void branches_release(struct branches *branches);

static inline const struct branch_node *
branches_root(const struct branches *branches)
{
	return &branches->at[branches->list->n];
}

/*
 * Each message once: the shown branch in order, and where it forks, before the
 * message that is shown, each alternative between fold() and fold_end(), with
 * alternatives of its own inside. What would lie deeper than BRANCHES_DEEPEST
 * is told by later() and comes, folded, when the shown branch has ended.
 */
#define BRANCHES_DEEPEST 8

struct branches_visitor {
	int (*message)(void *arg, size_t message, struct err *err);
	int (*fold)(void *arg, size_t first, struct err *err);
	int (*fold_end)(void *arg, struct err *err);
	int (*later)(void *arg, size_t first, struct err *err);
	void *arg;
};
MUST_USE int branches_walk(const struct branches *branches,
			   const struct branches_visitor *visitor,
			   struct err *err);

#endif
