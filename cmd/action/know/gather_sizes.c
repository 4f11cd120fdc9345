#include "cmd/action/know/gather_internal.h"

#include "cmd/action/result.h"
#include "objects/tree/tree.h"

struct sizing {
	struct view *view;
	uint64_t bytes;
};

static int add_segment(void *arg, const struct tree_segment *segment,
		       struct err *err)
{
	struct sizing *sizing = arg;
	uint64_t bytes = 0;
	int rc = store_size(sizing->view->vault->store, &segment->blob,
			    &bytes, err);

	sizing->bytes += bytes;
	/* What is missing or damaged takes no room; to tell of it is for who
	 * reads it. */
	return rc == ERR_NOMEM ? rc : 0;
}

int view_disk_bytes(struct view *view, uint64_t *out, struct err *err)
{
	struct sizing sizing = { view, 0 };
	const struct tree_visitor visitor = { add_segment, &sizing };
	int rc = tree_each(view->vault->store, &view->tree, &visitor, err);

	*out = sizing.bytes;
	return rc;
}

int gather_sizes(struct gather *gather, struct view *view,
		       const struct lists *lists, struct err *err)
{
	const struct lists_totals *totals = lists_totals(lists);
	struct stats_group *all = &gather->groups->all;
	struct stats_group *own;
	size_t at = 0;
	size_t i;
	uint64_t bytes;
	int rc = view_disk_bytes(view, &bytes, err);

	if (rc == 0)
		rc = stats_group_named(gather->groups, gather->groups->by ==
				       BY_CONSTRUCT ?
				       span_str(view_title(view)) :
				       span_of(NULL, 0), &at, err);
	if (rc < 0)
		return rc;
	own = &gather->groups->at[at];
	for (i = 0; i < LISTS_KINDS; i++) {
		own->entities += totals->counts[i];
		all->entities += totals->counts[i];
	}
	own->records += totals->records;
	all->records += totals->records;
	own->bytes += bytes;
	all->bytes += bytes;
	return 0;
}

int gather_kinds(struct gather *gather, struct lists *lists,
		       struct err *err)
{
	const struct lists_totals *totals = lists_totals(lists);
	struct stats_group *all = &gather->groups->all;
	uint64_t records[LISTS_KINDS];
	size_t at = 0;
	size_t i;
	int rc = lists_records(lists, records, err);

	for (i = 0; rc == 0 && kind_table[i].name && i < LISTS_KINDS; i++) {
		if (!totals->counts[i] && !records[i])
			continue;
		rc = stats_group_named(gather->groups,
				       span_str(kind_table[i].name), &at, err);
		if (rc < 0)
			return rc;
		gather->groups->at[at].entities += totals->counts[i];
		gather->groups->at[at].records += records[i];
		all->entities += totals->counts[i];
		all->records += records[i];
	}
	return rc;
}
