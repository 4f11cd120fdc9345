/*
 * Repair: what is damaged or missing in a vault is found and brought back,
 * from what the vault has itself and from its remotes.
 */
#ifndef VV_REFS_REMOTE_REPAIR_H
#define VV_REFS_REMOTE_REPAIR_H

#include "refs/remote/remote.h"

struct repair_options {
	const char *remote;		/* NULL: each, one after the other */
	const struct remote_calls *calls;
};

/*
 * Read every object. What is damaged is set aside in vvault/damaged (nothing
 * is deleted), lost indexes of packs are made anew, refs put back where their
 * versions are here, and the rest is fetched, verified as everything that is
 * fetched. The vault may be one from vault_open_broken(). told: what was found
 * and done; that a remote could not be reached is among it and no error.
 * Whether all is well then, vault_verify() says.
 */
MUST_USE int vault_repair(struct vault *vault,
			  const struct repair_options *options,
			  struct problem_list *told, struct err *err);

#endif
