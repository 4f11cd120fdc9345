/*
 * The refs of an exchange by their constructs, and what moved with them.
 */
#ifndef VV_CMD_ACTION_REMOTE_TOLD_GROUP_H
#define VV_CMD_ACTION_REMOTE_TOLD_GROUP_H

#include "cmd/action/remote/told.h"
#include "refs/view/traffic.h"

struct told_group {
	const char *construct;	/* ref name, borrowed from the report */
	bool is_moved;
	bool is_new;		/* to the side that got it */
	bool has_traffic;	/* it could be counted */
	struct traffic traffic;
};

/* Sorted by construct. */
struct told_groups {
	struct told_group *at;
	size_t n;
	size_t moved_n;
};

#define TOLD_GROUPS_INIT { NULL, 0, 0 }

bool told_is_moved(const struct ref_report *ref);
bool told_is_bad(const struct ref_report *ref);

MUST_USE int told_groups_make(struct vault *vault, const struct told *told,
			      const struct sync_report *report,
			      struct told_groups *out, struct err *err);
void told_groups_release(struct told_groups *groups);

const struct told_group *told_group_find(const struct told_groups *groups,
					 const struct ref_report *ref);

/* Sort them anew: `vault` first, then those with the most records. */
void told_groups_largest(struct told_groups *groups);

/* Add what moved; of `vault` the versions only, for nobody asks how many
 * records grants are. */
void told_sum(struct traffic *sum, const struct told_group *group,
	      bool is_vault);

/* "construct": its own name where this device can read it. */
void told_put_title(struct jcs_fields *fields, struct vault *vault,
		    const char *construct, const struct told_group *group);
/* A number, or null. */
void told_put_number(struct jcs_fields *fields, const char *name, bool has,
		     uint64_t number);

/* The objects for people; sorts the groups anew. */
MUST_USE int told_emit_summary(struct action_call *call,
			       const struct told *told,
			       const struct sync_report *report,
			       struct told_groups *groups, struct err *err);

#endif
