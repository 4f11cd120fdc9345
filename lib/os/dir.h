/*
 * Folders: making, listing, syncing, and removing inside bounds.
 */
#ifndef VV_LIB_OS_DIR_H
#define VV_LIB_OS_DIR_H

#include <stdint.h>
#include <sys/types.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"

/* fsync a folder, so that names made in it survive a power cut. */
MUST_USE int dir_sync(const char *path, struct err *err);

/*
 * Make a folder and sync the one above it. One that exists is a success (its
 * mode is left alone); something else of that name is ERR_EXISTS.
 * dir_make_all makes the missing ones above it too.
 */
MUST_USE int dir_make(const char *path, mode_t mode, struct err *err);
MUST_USE int dir_make_all(const char *path, mode_t mode, struct err *err);

/*
 * dir_make_all(), which also tells the topmost folder that it made ("" where
 * all were there), also when it fails: dir_unmake() then takes path and those
 * above it away again, as long as they are empty, and no other.
 */
MUST_USE int dir_make_all_new(const char *path, mode_t mode,
			      struct buf *out_top, struct err *err);
void dir_unmake(const char *path, const char *top);

/*
 * Make several folders below base, each named after the one that it lies in;
 * names ends with NULL. They are synced together when all are there, which
 * costs the disk one wait rather than one for each. Those that exist are a
 * success, as with dir_make().
 */
MUST_USE int dir_make_below(const char *base, const char *const *names,
			    mode_t mode, struct err *err);

enum dir_kind {
	DIR_KIND_FILE,
	DIR_KIND_DIR,
	DIR_KIND_SYMLINK,
	DIR_KIND_OTHER		/* sockets, devices ... */
};

/*
 * List a folder: each is called per entry, in the order of the names' bytes,
 * without "." and "..". It returns 0 to go on; anything else stops and is
 * handed to the caller. All names are read first, so it may change the
 * folder. ERR_LIMIT above 1,000,000 entries.
 */
MUST_USE int dir_each(const char *path,
		      int (*each)(void *context, const char *name,
				  enum dir_kind kind, struct err *err),
		      void *context, struct err *err);

/* The same for a folder that is open; fd is closed. path is for messages. */
MUST_USE int dir_each_fd(int fd, const char *path,
			 int (*each)(void *context, const char *name,
				     enum dir_kind kind, struct err *err),
			 void *context, struct err *err);

/*
 * Remove path and everything under it. Symlinks are removed, never followed.
 * path must lie strictly inside root, by its words and after symlinks above
 * it are resolved; else ERR_DENIED and nothing is touched. A missing path is
 * a success. Depth is bounded (ERR_LIMIT).
 */
MUST_USE int dir_remove_all(const char *root, const char *path,
			    struct err *err);

/*
 * How many bytes the files below have, but for what lies in the entry of that
 * name (may be NULL). What cannot be listed, or goes meanwhile, is not there.
 */
uint64_t dir_bytes(const char *path, const char *but);

/*
 * Make a new folder "<parent>/<prefix>XXXXXX" of mode 0700 and append its
 * path to out_path (a buffer from BUF_INIT).
 */
MUST_USE int dir_make_temp(const char *parent, const char *prefix,
			   struct buf *out_path, struct err *err);

#endif
