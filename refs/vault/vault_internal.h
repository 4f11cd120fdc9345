/*
 * What the files of struct vault share.
 */
#ifndef VV_REFS_VAULT_VAULT_INTERNAL_H
#define VV_REFS_VAULT_VAULT_INTERNAL_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/os/lock.h"
#include "lib/time/hlc.h"
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

/* Does this program know the format of the vault at path? ERR_NOT_FOUND: no
 * vault; ERR_UNSUPPORTED; ERR_DENIED: it belongs to another user. */
MUST_USE int vault_check_format(const char *path, struct err *err);

/*
 * Open the store of the vault at vault->path; folders that are missing and
 * settings that are not there are made anew first. What of it cannot be
 * written, on a disk that is read only, say, is left.
 */
MUST_USE int vault_mend_open(struct vault *vault, struct err *err);

/*
 * Take the lock of those who make files of objects anew, waiting up to
 * timeout_ms, and append the path of an empty folder for it. ERR_LOCKED.
 */
MUST_USE int mend_begin(const struct vault *vault, int timeout_ms,
			struct lock *lock, struct buf *out_work,
			struct err *err);

/*
 * Advance the clock of the vault at path and persist it, with more times of
 * the same microsecond behind it if they fit. out_left may be NULL for 0.
 */
MUST_USE int vault_clock_advance(const char *path, struct hlc *clock,
				 uint32_t *out_left, struct err *err);

#endif
