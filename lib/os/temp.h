/*
 * Temporary files: whoever makes one holds its lock until it has its name, so
 * that what a killed process left is known for that, however young it is.
 */
#ifndef VV_LIB_OS_TEMP_H
#define VV_LIB_OS_TEMP_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"

/* How names of ours go on behind their prefix: 16 hex digits. git's own
 * temporary files have fewer, and no locks. */
#define TEMP_DIGITS 16

bool temp_is_ours(const char *name, const char *prefix);

/*
 * Make a file to write and read of a name that nobody has: out becomes
 * "<folder>/<prefix><digits>", or empty after a failure. It is locked as long
 * as the descriptor is open, which it must be until the file is renamed.
 *
 * at	an open folder that paths begin in, or AT_FDCWD, as for openat()
 *
 * Returns the descriptor or an error.
 */
MUST_USE int temp_make(struct buf *out, int at, const char *folder,
		       const char *prefix, mode_t mode, struct err *err);

/* The same under a name that is given. ERR_EXISTS: somebody has it. */
MUST_USE int temp_open(int at, const char *path, mode_t mode,
		       struct err *err);

/* Delete the file unless its maker lives, or that cannot be told. */
void temp_sweep(int at, const char *path);

/* All files in a folder that begin with this prefix and are ours. */
void temp_sweep_folder(const char *folder, const char *prefix);

#endif
