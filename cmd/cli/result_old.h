/*
 * Pieces of --json results that several commands print alike.
 */
#ifndef VV_CMD_CLI_RESULT_OLD_H
#define VV_CMD_CLI_RESULT_OLD_H

#include "lib/base/buf.h"
#include "lib/json/jcs_write.h"
#include "refs/vault/vault.h"
#include "refs/verify/verify.h"
#include "refs/view/view.h"

/* An id's first characters are enough for people; machines get the whole. */
#define ID_SHORT 10
void id_hex(const git_oid *id, char out[GIT_OID_HEXSZ + 1]);

/* "name": id as 40 hex digits; null for NULL. */
MUST_USE int old_result_id(struct jcs_fields *fields, const char *name,
		       const git_oid *id, struct err *err);

/* "name": [ids]. */
MUST_USE int old_result_ids(struct jcs_fields *fields, const char *name,
			const git_oid *ids, size_t n, struct err *err);

/* "name": 64 hex digits. */
MUST_USE int old_result_digest(struct jcs_fields *fields, const char *name,
			   const unsigned char digest[SHA256_BYTES],
			   struct err *err);

/* "construct": own name, or the ref name where it cannot be read. */
MUST_USE int old_result_construct(struct jcs_fields *fields,
			      const struct view *view, struct err *err);
const char *view_title(const struct view *view);

/* "construct", "heads" and "root" of a view. */
MUST_USE int old_result_view(struct jcs_fields *fields, const struct view *view,
			 struct err *err);

/* Append record ids as an array of CIDs. */
MUST_USE int old_result_record_ids(struct buf *out,
			       const unsigned char (*ids)[RECORD_ID_BYTES],
			       size_t n, struct err *err);

/* Append {"code","message","object"}. */
MUST_USE int old_result_problem(struct buf *out, const struct problem *problem,
			    struct err *err);

/* "name": {kind: count}, kinds without any left out. */
struct old_kind_counts {
	uint64_t at[32];	/* in the order of kind_table */
};
void old_kind_counts_add(struct old_kind_counts *counts, const struct kind *kind);
MUST_USE int old_result_counts(struct jcs_fields *fields, const char *name,
			   const struct old_kind_counts *counts, struct err *err);

#endif
