/*
 * Temporary files: whoever makes one holds its lock until it has its name, so
 * that what a killed process left is known for that, however young it is.
 */
#ifndef VV_LIB_TEMP_H
#define VV_LIB_TEMP_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/buf.h"
#include "lib/err.h"

/* How names of ours go on behind their prefix: 16 hex digits. git's own
 * temporary files have fewer, and no locks. */
#define TEMP_DIGITS 16

/* Append "<folder>/<prefix><digits>", a name that nobody has. */
MUST_USE int temp_name(struct buf *out, const char *folder,
		       const char *prefix, struct err *err);
bool temp_is_ours(const char *name, const char *prefix);

/*
 * Make a file of such a name to write and read, locked as long as the descriptor is
 * open: it must be until the file is renamed. Returns the descriptor or an
 * error; ERR_EXISTS: somebody took the name, draw another.
 */
MUST_USE int temp_open(const char *path, mode_t mode, struct err *err);

/* Delete the file unless its maker lives, or that cannot be told. */
void temp_sweep(const char *path);

/* All files in a folder that begin with this prefix and are ours. */
void temp_sweep_folder(const char *folder, const char *prefix);

#endif
