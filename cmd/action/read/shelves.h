/*
 * The sessions of several constructs as one list, the newest first.
 */
#ifndef VV_CMD_ACTION_READ_SHELVES_H
#define VV_CMD_ACTION_READ_SHELVES_H

#include "cmd/action/recall/sealed.h"
#include "refs/index/lists/lists.h"
#include "refs/view/stored.h"

/* The sessions of one construct, and the one that comes next. */
struct shelf {
	char ref_name[CONSTRUCT_NAME_MAX];
	struct view *view;		/* NULL: not opened yet ... */
	struct lists *lists;		/* ... or nothing is left */
	struct stored *stored;		/* where what is new is asked for */
	struct lists_session next;
	int64_t updated;		/* of it, or later than that is */
	bool is_end;
};

struct shelves {
	struct action_call *call;
	/* Is it asked for? */
	bool (*wants)(void *arg, const struct lists_session *session);
	void *arg;
	/* Only what the vault had stored before that time, or has stored since
	 * that: microseconds, 0: no such bound. */
	int64_t stored_before;
	int64_t stored_since;
	struct shelf *at;
	size_t n;
	size_t cap;
	struct shelf *told;		/* the last one, or NULL */
	struct err *err;		/* of the call, while it adds all */
	struct sealed sealed;		/* as long */
};

/*
 * Add what a version has, or all constructs that this device can read: of
 * these one is opened when its turn may come, and one that is hurt is told and
 * stops no other. call, wants and arg are set before, the rest is zero.
 */
MUST_USE int shelves_add(struct shelves *shelves, const char *version,
			 struct err *err);
MUST_USE int shelves_add_all(struct shelves *shelves, struct err *err);

/* The shelf whose next session is the newest one that is asked for, borrowed
 * until the next call; NULL: there are no more. */
MUST_USE int shelves_next(struct shelves *shelves, const struct shelf **out,
			  struct err *err);
void shelves_release(struct shelves *shelves);

#endif
