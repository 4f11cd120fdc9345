/*
 * The lines of history as they run down beside a log, drawn as git draws them.
 */
#ifndef VV_CMD_ACTION_HISTORY_LANES_H
#define VV_CMD_ACTION_HISTORY_LANES_H

#include "lib/base/buf.h"
#include "lib/json/jcs_write.h"
#include "refs/history/version.h"

/* Each lane waits for the version that comes next in it. */
struct lanes {
	git_oid *at;
	size_t n, cap;
	struct buf rows;	/* lines that come before the next version */
	struct buf star;	/* the row of the version itself */
	struct buf below;	/* what runs on beside words below it */
};

#define LANES_INIT \
	{ NULL, 0, 0, BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT), \
	  BUF_INIT(BUF_NO_LIMIT) }
void lanes_release(struct lanes *lanes);

/*
 * A version comes next, whose children have all come before. lanes_meet()
 * brings its lanes together and sets star and below, for one that is shown;
 * lanes_pass(), of any, goes on to its parents.
 */
MUST_USE int lanes_meet(struct lanes *lanes, const struct version *version,
			struct err *err);
MUST_USE int lanes_pass(struct lanes *lanes, const struct version *version,
			struct err *err);

/* "graph": {"at","before","below"}: those texts. Takes the rows. */
void lanes_put(struct lanes *lanes, struct jcs_fields *fields);

#endif
