/*
 * Forks: two versions of one device and construct with the same seq, as a
 * restored backup or a copied key makes them. Both stand; people are told.
 */
#ifndef VV_REFS_VIEW_FORKS_H
#define VV_REFS_VIEW_FORKS_H

#include <stdint.h>

#include "refs/vault/vault.h"

/*
 * How many versions share device, construct and seq with an earlier one, in
 * what these heads (of the vault, sorted) and second lines reach. Counts are
 * remembered in vvault/cache/forks.
 */
MUST_USE int vault_forks(struct vault *vault, const struct head_list *heads,
			 uint64_t *out_count, struct err *err);

#endif
