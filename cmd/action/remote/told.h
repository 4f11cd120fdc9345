/*
 * What came from a remote, or went to it, told: by construct, by whom, of what.
 */
#ifndef VV_CMD_ACTION_REMOTE_TOLD_H
#define VV_CMD_ACTION_REMOTE_TOLD_H

#include "cmd/action/remote/sync.h"

/* Who may do what, before and after. */
struct told_member {
	unsigned char public[DID_KEY_BYTES];
	enum role role;
	char *name;			/* or NULL */
};

/* One exchange. */
struct told {
	const char *remote;
	bool is_one_of_many;		/* each line says which remote */
	bool is_sent;			/* from here to there */
	bool is_dry_run;		/* nothing went */
	bool knows_members;		/* who was one before */
	struct told_member *members;
	size_t members_n;
};

/* Remember who is a member. */
MUST_USE int told_members(struct told *told, const struct vault *vault,
			  struct err *err);
void told_release(struct told *told);

/*
 * For programs: one object per ref. For people (the call's "summary"): the
 * refs of which something is wrong, then one object for each construct that
 * moved (of many, the largest), one for each change of members, and a total.
 */
MUST_USE int told_emit(struct action_call *call, const struct told *told,
		       const struct sync_report *report, struct err *err);

#define SUMMARY_PARAM \
	{ "summary", ACTION_FLAG, ACTION_UNLISTED | ACTION_FOR_PEOPLE, NULL, \
	  "tell of constructs, and not of each ref" }

#endif
