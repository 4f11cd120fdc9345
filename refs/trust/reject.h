/*
 * Rejecting: this device's own word that a version, and whatever stands on it,
 * is not wanted here. Nothing of it is signed or sent.
 *
 * <vault>/vvault/rejected holds the ids, one of 40 hex digits a line. What
 * fetch would bring of them is held back with the code "rejected".
 */
#ifndef VV_REFS_TRUST_REJECT_H
#define VV_REFS_TRUST_REJECT_H

#include "lib/base/table.h"
#include "refs/vault/vault.h"

/* The ids, as keys of an empty table of GIT_OID_RAWSZ. ERR_CORRUPT. */
MUST_USE int rejected_load(const struct vault *vault, struct table *out,
			   struct err *err);

/*
 * Remember a version as rejected, and take the heads that stand on it out of
 * the vault, into quarantine; what else is there of their devices stays.
 * ERR_DENIED where this device has written on top of it: its own work would go
 * with it.
 */
MUST_USE int version_reject(struct vault *vault, const char *ref_name,
			    const git_oid *id, struct err *err);

/* Take the word back; the next fetch brings it. ERR_NOT_FOUND. */
MUST_USE int version_unreject(struct vault *vault, const git_oid *id,
			      struct err *err);

#endif
