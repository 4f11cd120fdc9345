/*
 * Where a remote was seen last: refs/remotes/<remote>/ in the vault.
 */
#ifndef VV_REFS_REMOTE_SIDE_TRACKING_H
#define VV_REFS_REMOTE_SIDE_TRACKING_H

#include <stdint.h>

#include "refs/vault/remotes.h"

/* refs/remotes/<remote>/<construct>/<device> in the vault, all at once. */
MUST_USE int tracking_set(struct vault *vault, const char *remote,
			  const struct head_list *heads, struct err *err);

/*
 * How far a remote is behind (ahead: versions here that it lacks) and ahead
 * (behind), by what was last seen of it. No network. ours: the vault's heads,
 * sorted; constructs that stand alike on both sides cost next to nothing.
 */
MUST_USE int remote_distance(struct vault *vault, const char *name,
			     const struct head_list *ours, uint64_t *out_ahead,
			     uint64_t *out_behind, struct err *err);

#endif
