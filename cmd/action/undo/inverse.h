/*
 * Taking back and telling it: what `revert` and `undo` share.
 */
#ifndef VV_CMD_ACTION_UNDO_INVERSE_H
#define VV_CMD_ACTION_UNDO_INVERSE_H

#include "cmd/action/action.h"
#include "refs/history/version.h"
#include "refs/write/revert.h"

/* Of what is left so much is told one by one; the rest is counted. */
#define INVERSE_LEFT_MAX 100

struct inverse {
	struct action_call *call;
	/* Ids of the records written, and what is left as a JSON array. */
	struct {
		unsigned char (*at)[RECORD_ID_BYTES];
		size_t n;
		size_t cap;
	} ids;
	struct buf left;
	uint64_t left_n;
	struct revert_result result;
};

#define INVERSE_INIT(call) \
	{ (call), { NULL, 0, 0 }, BUF_INIT(BUF_NO_LIMIT), 0, \
	  { .write = { .has_version = false } } }
void inverse_release(struct inverse *inverse);

/* revert_write(), and keep what it tells. */
MUST_USE int inverse_write(struct inverse *inverse,
			   const struct revert *revert, struct err *err);

/* The same for all that a version brought. */
MUST_USE int inverse_of_version(struct inverse *inverse,
				const struct version *version,
				const char *subject, struct err *err);

/* Put "construct", "version", "records", "changed", "deleted", "restored",
 * "left" and "left_count". */
void inverse_put(const struct inverse *inverse, const char *construct,
		 struct jcs_fields *fields);

/* The hook that follows a write. */
MUST_USE int inverse_settle(const struct inverse *inverse,
			    const char *construct, struct err *err);

#endif
