/*
 * Files: reading with a bound, atomic writing, mapping, copying.
 */
#ifndef VV_LIB_OS_FILE_H
#define VV_LIB_OS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

/*
 * Append a whole file. At most max_bytes (ERR_LIMIT), whatever its size said
 * when it was opened. ERR_INVALID for a folder, ERR_NOT_FOUND, ERR_IO.
 */
MUST_USE int file_read(const char *path, size_t max_bytes, struct buf *out,
		       struct err *err);

/* The same of a plain file alone: for one that nobody has named, and where
 * a pipe would never end. ERR_INVALID for all else. */
MUST_USE int file_read_plain(const char *path, size_t max_bytes,
			     struct buf *out, struct err *err);

/* The same from a descriptor, up to its end; name is for messages. */
MUST_USE int file_read_fd(int fd, const char *name, size_t max_bytes,
			  struct buf *out, struct err *err);

/*
 * Exactly len bytes, from `at` on; the descriptor's own position stays.
 * ERR_CORRUPT where it ends before, ERR_IO.
 */
MUST_USE int file_read_at(int fd, const char *name, uint64_t at, void *out,
			  size_t len, struct err *err);

/* Write all of it, through interruptions and short writes. */
MUST_USE int file_write_fd(int fd, const char *name, struct span bytes,
			   struct err *err);

bool file_exists(const char *path);	/* of any kind, a dead symlink too */
bool file_is_dir(const char *path);	/* follows symlinks */

/*
 * Put in place of a path one that names the same from any folder: absolute,
 * and without ".." and symlinks in the part that exists; the rest may not
 * hold "..". ERR_NOT_FOUND, ERR_LIMIT (longer than the buffer's maximum).
 */
MUST_USE int file_settle(struct buf *path, struct err *err);

/*
 * Why nobody should rely on what lies there, in words that follow its name:
 * it belongs to another than the effective user, or group or others may write
 * to it. NULL: nothing speaks against it.
 */
const char *file_distrust(const struct stat *info);

/*
 * A file that appears under its name all at once or not at all: a temporary
 * file in the same folder, which release deletes unless it was published.
 */
struct atomic_file {
	int fd;			/* -1: none */
	char *path;
	char *temp_path;
};

#define ATOMIC_FILE_INIT { -1, NULL, NULL }

/* How temporary files begin: a process that was killed leaves them behind,
 * for temp_sweep(). */
#define ATOMIC_FILE_TEMP_PREFIX ".tmp-"

/*
 * Begin; mode as for open(2), exact whatever the umask (0600 for secrets).
 * ERR_NOT_FOUND when the folder is missing, ERR_IO, ERR_DENIED, ERR_NOMEM.
 */
MUST_USE int atomic_file_open(struct atomic_file *file, const char *path,
			      mode_t mode, struct err *err);
MUST_USE int atomic_file_write(struct atomic_file *file, struct span bytes,
			       struct err *err);

/*
 * fsync, rename over the name, fsync the folder. When it returns 0 the bytes
 * survive a power cut. publish_new fails with ERR_EXISTS, and changes
 * nothing, where the name is taken.
 */
MUST_USE int atomic_file_publish(struct atomic_file *file, struct err *err);
MUST_USE int atomic_file_publish_new(struct atomic_file *file,
				     struct err *err);
/* Rename without fsync: for a cache that carries its own checksum or MAC, and
 * that a power cut may tear. */
MUST_USE int atomic_file_publish_cache(struct atomic_file *file,
				       struct err *err);
void atomic_file_release(struct atomic_file *file);

/* The whole sequence for bytes in memory. */
MUST_USE int file_write_atomic(const char *path, struct span bytes,
			       mode_t mode, struct err *err);

/* Delete a file and fsync its folder; a missing one is a success. */
MUST_USE int file_remove(const char *path, struct err *err);

/*
 * Read-only memory map of a regular file. It must not shrink while mapped,
 * so only for files that nobody rewrites in place. An empty file maps to an
 * empty span.
 */
struct file_map {
	struct span bytes;	/* valid until release */
	void *address;
};

#define FILE_MAP_INIT { { NULL, 0 }, NULL }

MUST_USE int file_map_open(struct file_map *map, const char *path,
			   size_t max_bytes, struct err *err);
void file_map_release(struct file_map *map);

#endif
