/*
 * The local state of a vault, looked at before it is open.
 */
#ifndef VV_REFS_VAULT_LOCAL_H
#define VV_REFS_VAULT_LOCAL_H

#include "lib/base/buf.h"
#include "lib/os/lock.h"
#include "lib/time/hlc.h"
#include "refs/vault/vault.h"

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

/*
 * The folder of what is known of a construct's words, or one below it (NULL:
 * none), appended; it need not be there. ERR_DENIED: something else stands in
 * its place, a link, say, and writing and deleting would reach elsewhere.
 */
MUST_USE int index_folder(const struct vault *vault, const char *ref_name,
			  const char *below, struct buf *out, struct err *err);
/* Delete it: it may know what is not to be known any more. */
MUST_USE int index_drop(const struct vault *vault, const char *ref_name,
			struct err *err);

#endif
