/*
 * The names of constructs, as they stand in refs and versions.
 */
#ifndef VV_REFS_HISTORY_CONSTRUCT_NAME_H
#define VV_REFS_HISTORY_CONSTRUCT_NAME_H

#include "lib/base/err.h"
#include "lib/base/span.h"

#define CONSTRUCT_NAME_MAX 65		/* with the terminator */
#define VAULT_CONSTRUCT "vault"		/* who may do what in this vault */

/* `[a-z0-9][a-z0-9._-]{0,63}`, no "..", no final "." or ".lock". Keyed names
 * pass too. ERR_INVALID says which rule. */
MUST_USE int construct_name_check(struct span name, struct err *err);

/* A foreign name made fit: lower case, other characters '-'. ERR_INVALID when
 * nothing is left, or the result is `vault`. */
MUST_USE int construct_name_fold(struct span foreign,
				 char out[CONSTRUCT_NAME_MAX],
				 struct err *err);

#endif
