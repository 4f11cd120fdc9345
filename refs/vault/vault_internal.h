/*
 * What the files of struct vault share.
 */
#ifndef VV_REFS_VAULT_VAULT_INTERNAL_H
#define VV_REFS_VAULT_VAULT_INTERNAL_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/os/lock.h"
#include "refs/vault/vault.h"

#define VAULT_FORMAT_TEXT "vvault 1\n"

/* "<path>/vvault/<name>" into out. */
MUST_USE int local_path(struct buf *out, const char *path, const char *name,
			struct err *err);

/*
 * Refuse (ERR_DENIED) a vault of whose local state something is a symlink, or
 * no file and no folder: who made the vault's folder could make us write
 * anywhere, or wait for ever. A missing entry is no matter.
 */
MUST_USE int vault_check_shape(const char *path, struct err *err);
/* The same of one path, which is to be a folder if it is there. */
MUST_USE int vault_check_own_folder(const char *path, struct err *err);

#endif
