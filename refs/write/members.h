/*
 * What a version of a construct says that its signer knew of `vault`.
 */
#ifndef VV_REFS_WRITE_MEMBERS_H
#define VV_REFS_WRITE_MEMBERS_H

#include "refs/history/version.h"
#include "refs/vault/vault.h"

/*
 * Set version->members, of one that stands on these parents: the heads of
 * `vault`, and what a parent knew that these do not stand on, as where a word
 * has taken it away since. A version must know all that its parents knew. Reads
 * the parents, and the history of `vault` only where they knew other heads.
 */
MUST_USE int members_fill(struct vault *vault, const git_oid *parents, size_t n,
			  struct version *version, struct err *err);

#endif
