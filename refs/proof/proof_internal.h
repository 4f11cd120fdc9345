/*
 * What making and checking a proof share: a record shown in a version.
 */
#ifndef VV_REFS_PROOF_PROOF_INTERNAL_H
#define VV_REFS_PROOF_PROOF_INTERNAL_H

#include "objects/record/head.h"
#include "objects/record/leaves.h"
#include "objects/tree/level.h"
#include "refs/proof/proof.h"

#define PROOF_FORM "proof-1"

/* A record, and the way from it up to what a version signs. */
struct shown {
	struct buf line;
	struct leaf_proof leaf;
	unsigned char rest[SHA256_BYTES];	/* of the segment's head */
	struct tree_level levels[TREE_LEVELS_MAX];
	size_t levels_n;
	struct buf commit;
};

void shown_init(struct shown *shown);
void shown_release(struct shown *shown);

/* Append it as a canonical object, and read that again: strictly, in its one
 * form. ERR_UNTRUSTED. */
MUST_USE int shown_write(const struct shown *shown, struct buf *out,
			 struct err *err);
MUST_USE int shown_read(struct span object, struct shown *out,
			struct err *err);

/*
 * Does it hold: the record is one, and the way from it leads to the root that
 * the version states, which its device signed, and not for another?
 * ERR_UNTRUSTED. *out_record
 * borrows from shown->line.
 */
MUST_USE int shown_check(struct shown *shown, struct record *out_record,
			 unsigned char out_id[RECORD_ID_BYTES],
			 struct version *out_version, struct err *err);

/* Where a record is looked for. */
struct shown_at {
	struct store *store;
	struct codec *codec;
	const struct version *version;
};

/* Look for it along the way of its entity in the version's tree, and show it
 * from there. ERR_NOT_FOUND; ERR_NO_KEY. */
MUST_USE int shown_find(const struct shown_at *at, struct span entity,
			const unsigned char id[RECORD_ID_BYTES],
			struct shown *out, struct err *err);

/* A part of a proof is none, for that reason: ERR_UNTRUSTED, or ERR_NOMEM. */
int proof_not_read(const char *what, int rc, const struct err *reason,
		   struct err *err);

/* A version that says whose place it takes: ERR_UNTRUSTED. That an owner's
 * vault:renew names it, and so who wrote it, only a vault can tell. */
int proof_of_renewed(struct err *err);

/* What a signer must be for a version: an owner for `vault` and to forget. */
enum role proof_role_needed(const struct version *version);

#endif
