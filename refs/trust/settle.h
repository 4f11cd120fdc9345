/*
 * The one way from refs to heads that may be read, built upon, or sent on:
 * what was not verified here is not seen.
 */
#ifndef VV_REFS_TRUST_SETTLE_H
#define VV_REFS_TRUST_SETTLE_H

#include "refs/history/ref.h"
#include "refs/trust/verified.h"
#include "refs/vault/vault.h"

/*
 * The heads below refs/heads and the second lines of a construct (NULL: of
 * all) that the ledger vouches for (verified.h), into empty lists: with every
 * byte read, or on a device without any key what can be seen without one.
 * Where forks is NULL the second lines are among the heads, which are sorted
 * all the same.
 *
 * A head that it does not know, or that was taken in before the keys came, is
 * verified now, from what is known of its construct on. Then it stands here
 * and in the ledger; or goes into quarantine; or, where an object is damaged
 * or missing, is left where it is and out of the lists. The vault's user is
 * told of the last two. Where all are known this reads refs and no object.
 *
 * Of one construct, the device's own ref that went back behind what it wrote
 * last is put there again first; the user is told.
 *
 * Where a scope is laid on the vault, heads are those that are in it.
 *
 * ERR_UNTRUSTED: of `vault` nothing would be left.
 */
MUST_USE int heads_settled(struct vault *vault, const char *construct,
			   struct head_list *heads, struct head_list *forks,
			   struct err *err);

/* Add those whose refs are damaged: refs_damaged(), of what is there for who
 * has opened the vault (refs/trust/scope.h). */
MUST_USE int heads_damaged(struct vault *vault, struct head_list *out,
			   struct err *err);

/* What a head of this construct must be vouched for to count here. */
enum vouch vouch_needed(const struct vault *vault, const char *construct);

#endif
