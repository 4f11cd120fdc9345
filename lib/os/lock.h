/*
 * Locks between processes: an advisory lock on a file.
 */
#ifndef VV_LIB_OS_LOCK_H
#define VV_LIB_OS_LOCK_H

#include <stdbool.h>

#include "lib/base/err.h"

struct lock {
	int fd;			/* -1: not held */
};

#define LOCK_INIT { -1 }

/*
 * Take the lock of that file, which is made (mode 0600) when missing and
 * stays behind: the kernel holds the lock, so a killed process leaves none.
 * Waits up to timeout_ms, 0 for not at all. Two locks of one process exclude
 * each other as well. A child that is exec'ed does not inherit it.
 *
 * Returns 0, ERR_LOCKED (held by another, the message names the file),
 * ERR_NOT_FOUND (no folder), ERR_DENIED or ERR_IO.
 */
MUST_USE int lock_take(struct lock *lock, const char *path, int timeout_ms,
		       struct err *err);

bool lock_is_held(const struct lock *lock);

/* Accepts a lock that is not held. */
void lock_release(struct lock *lock);

#endif
