/*
 * What leaves a construct for another: its records as they are there, taken
 * back here by ordinary records.
 */
#ifndef VV_CMD_ACTION_CONSTRUCT_SPLIT_H
#define VV_CMD_ACTION_CONSTRUCT_SPLIT_H

#include "cmd/action/construct/carry.h"
#include "cmd/action/construct/picked.h"
#include "lib/json/jcs_write.h"

struct split {
	struct action_call *call;
	struct picked picked;	/* what the sources brought */
	struct picked named;	/* and what is meant by its name */
	struct picked stays;	/* what other sources brought, too */
	struct carry carry;	/* to the new one */
	struct writer *old;
	const char *into;
	uint64_t entities;
	uint64_t shared;	/* of them, those that stay as well */
	struct jcs_fields moved;	/* records that spoke of the construct */
};

/* Queue all of it with both writers. ERR_NOT_FOUND: nothing of what was picked
 * is there. */
MUST_USE int split_all(struct split *split, struct err *err);

#endif
