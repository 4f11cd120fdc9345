/*
 * Proofs that travel: that a record stands in a version of a vault, who signed
 * that version, and by whose word they might. vvault-proof(5).
 */
#ifndef VV_REFS_PROOF_PROOF_H
#define VV_REFS_PROOF_PROOF_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "objects/record/record.h"
#include "refs/history/version.h"
#include "refs/vault/state.h"
#include "refs/view/view.h"

/* A record of RECORD_MAX_BYTES, each byte of it escaped, and what is said
 * of it; one of a small record is below 20 KB. */
#define PROOF_MAX_BYTES ((size_t)4 << 20)
#define PROOF_WORDS_MAX 32	/* records of `vault` that it may rest on */

/* What a proof that holds shows. */
struct proof_found {
	char vault_id[CID_TEXT_MAX];
	struct buf line;		/* of the record */
	struct record record;		/* borrows from line */
	unsigned char id[RECORD_ID_BYTES];
	struct version version;
	enum role role;			/* of its signer */
	bool is_first_owner;		/* by vault:create ... */
	unsigned char admitted_by[DID_KEY_BYTES];	/* ... or by them */
	size_t words_n;
};

void proof_found_init(struct proof_found *found);
void proof_found_release(struct proof_found *found);

/*
 * Check a proof, by its own bytes alone. ERR_UNTRUSTED: it does not hold, or
 * is none, with the reason; ERR_NOMEM. out is to be released either way.
 */
MUST_USE int proof_check(struct span text, struct proof_found *out,
			 struct err *err);

/*
 * Append the proof, with a newline, that this record of an entity stands in a
 * version of the view's construct: in the one that brought it where that is
 * known and was not made anew, else in a head. ERR_NOT_FOUND: it does not stand
 * there; ERR_NO_KEY; ERR_LIMIT; ERR_UNTRUSTED: what is there shows no right of
 * its signer to write, or was all made anew.
 */
MUST_USE int proof_make(struct view *view, struct span entity,
			const unsigned char id[RECORD_ID_BYTES],
			struct buf *out, struct err *err);

#endif
