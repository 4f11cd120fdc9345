/*
 * Which filter let nothing through, where nothing is found.
 */
#ifndef VV_CMD_ACTION_RECALL_FILTER_NONE_H
#define VV_CMD_ACTION_RECALL_FILTER_NONE_H

#include "cmd/action/recall/filter.h"
#include "refs/index/lists/lists.h"

/* What sessions have of one thing that was asked for. */
struct filter_having {
	bool is_met;
	struct buf shown;	/* what there is, between ", " */
};

struct filter_none {
	const struct recall_filter *filter;
	struct filter_having role, model, provider, project;
};

#define FILTER_NONE_INIT(filter) \
	{ (filter), { false, BUF_INIT(BUF_NO_LIMIT) }, \
	  { false, BUF_INIT(BUF_NO_LIMIT) }, \
	  { false, BUF_INIT(BUF_NO_LIMIT) }, \
	  { false, BUF_INIT(BUF_NO_LIMIT) } }

/* Take note of a session; then say which of role, model, provider and project none
 * has had, and what there is in its place. */
void filter_none_see(struct filter_none *nones,
		     const struct lists_session *session);
void filter_none_tell(const struct filter_none *nones,
		      const struct host *host);
void filter_none_release(struct filter_none *nones);

/* All of that for the sessions of views. */
MUST_USE int filter_tell_none(const struct recall_filter *filter,
			      const struct host *host,
			      const struct view_list *list, struct err *err);

#endif
