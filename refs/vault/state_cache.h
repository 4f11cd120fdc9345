/*
 * The state of `vault` kept beside the vault, so that a command need not read
 * the whole history of members. Writing and verification are judged by it:
 * so it is sealed by this device (lib/os/local_seal.h) under the heads that it is
 * the state of. Those heads stand for it for ever, and an older file that is
 * put back is as good as none.
 */
#ifndef VV_REFS_VAULT_STATE_CACHE_H
#define VV_REFS_VAULT_STATE_CACHE_H

#include "lib/os/local_seal.h"
#include "refs/vault/state.h"

#define STATE_CACHE_LABEL "vault state 2"	/* grows with the format */

/* heads: of `vault`, sorted. ERR_NOT_FOUND: none, or it is of others. */
MUST_USE int state_cache_read(const struct local_seal *seal, const char *path,
			      const git_oid *heads, size_t heads_n,
			      struct vault_state *out, struct err *err);
MUST_USE int state_cache_write(const struct local_seal *seal, const char *path,
			       const git_oid *heads, size_t heads_n,
			       struct vault_state *state, struct err *err);

#endif
