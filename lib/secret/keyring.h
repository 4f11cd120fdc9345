/*
 * Secrets in the kernel's session keyring (keyrings(7)): for every process of
 * the session that has it, by the same user or not, for a while. A process
 * without a session keyring of its own uses that of the user's default session,
 * as all others of the user without one do. The kernel keeps them in memory
 * that is not swapped out; a computer that is put to sleep on disk writes all
 * of its memory.
 */
#ifndef VV_LIB_SECRET_KEYRING_H
#define VV_LIB_SECRET_KEYRING_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

#define KEYRING_SECRET_MAX ((size_t)256)

/*
 * Keep it under that name for so many seconds (at least 1), in the place of
 * what has the name. ERR_UNSUPPORTED where the kernel has no keyrings for us.
 */
MUST_USE int keyring_put(const char *name, struct span secret,
			 unsigned seconds, struct err *err);

/* Append it to out, which the caller wipes. ERR_NOT_FOUND: it is not there, or
 * no more, or there are no keyrings. */
MUST_USE int keyring_get(const char *name, struct buf *out, struct err *err);

/* Forget it at once. ERR_NOT_FOUND. */
MUST_USE int keyring_drop(const char *name, struct err *err);

#endif
