/*
 * All heads that are kept out of a vault, wherever they lie.
 */
#ifndef VV_REFS_REMOTE_SIDE_WAITING_H
#define VV_REFS_REMOTE_SIDE_WAITING_H

#include "refs/trust/quarantine.h"

/* All heads that are kept out: in the vault's own quarantine, or held or
 * refused in the side repositories. Appends to out, with the reasons. */
MUST_USE int remote_quarantine(struct vault *vault,
			       struct quarantine_notes *out, struct err *err);
/* Give one of them up, wherever it lies: what only it needs goes. */
MUST_USE int remote_quarantine_drop(struct vault *vault,
				    const struct quarantine_note *note,
				    struct err *err);
/* How many. */
MUST_USE int remote_quarantined(struct vault *vault, uint64_t *out_count,
				struct err *err);
/* Bytes on disk in the side repositories of all remotes. */
uint64_t remote_quarantine_bytes(const struct vault *vault);
/* Delete what lies there and nothing that waits needs. Every fetch does so of
 * its own remote. */
MUST_USE int remote_quarantine_clean(struct vault *vault, struct err *err);

#endif
