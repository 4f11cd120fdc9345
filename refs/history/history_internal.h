/*
 * What the files of versions share.
 */
#ifndef VV_REFS_HISTORY_HISTORY_INTERNAL_H
#define VV_REFS_HISTORY_HISTORY_INTERNAL_H

#include "objects/store/store.h"
#include "refs/history/version.h"

#define VERSION_DEVICE_TRAILER "Vvault-Device: "
#define VERSION_RENEWS_TRAILER "Vvault-Renews: sha256:"

/* Can these fields stand in a version? ERR_INVALID says which cannot. */
MUST_USE int version_check(const struct version *version, struct err *err);

/*
 * Append the bytes of a version: with the armor folded into a gpgsig header,
 * or without (an empty armor), which is what gets signed.
 */
MUST_USE int version_bytes(const struct version *version, struct span armor,
			   struct buf *out, struct err *err);

/* The bytes of a version's commit; a missing one is ERR_CORRUPT. */
MUST_USE int commit_read(struct store *store, const git_oid *id,
			 struct buf *out, struct err *err);

/* Set id and digest from the commit's bytes. */
MUST_USE int version_identify(struct version *version, struct span commit,
			      struct err *err);

#endif
