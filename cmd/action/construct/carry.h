/*
 * Records of one construct that another one gets, as they are: with their
 * ids, and with the blobs that they refer to. What it has already it knows.
 */
#ifndef VV_CMD_ACTION_CONSTRUCT_CARRY_H
#define VV_CMD_ACTION_CONSTRUCT_CARRY_H

#include "refs/view/view.h"
#include "refs/write/write.h"

struct carry {
	struct view *from;
	struct writer *into;
	struct table blobs;	/* that were carried */
	uint64_t seen;		/* records */
	uint64_t new;		/* of them, to the other one */
};

#define CARRY_INIT(view, writer) \
	{ (view), (writer), TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT), 0, 0 }
void carry_release(struct carry *carry);

/* One record. What only owners say of a construct (`forget`) stays. */
MUST_USE int carry_record(struct carry *carry, const struct record *record,
			  struct err *err);

/* The blobs that this canonical text refers to. */
MUST_USE int carry_blobs(struct carry *carry, struct span text,
			 struct err *err);

#endif
