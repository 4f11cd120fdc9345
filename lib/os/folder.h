/*
 * A folder that is held open, and what lies in it: nothing there is reached
 * through a symbolic link, and nobody can put another folder in its place
 * meanwhile. For folders that others may write to.
 */
#ifndef VV_LIB_OS_FOLDER_H
#define VV_LIB_OS_FOLDER_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/os/dir.h"

struct folder {
	int fd;			/* -1: none */
	char *path;		/* for messages */
};

#define FOLDER_INIT { -1, NULL }

/* Open by a path that the user gave: links in it are the user's own. */
MUST_USE int folder_open(struct folder *out, const char *path,
			 struct err *err);

/*
 * Open a folder inside base, component by component. A symbolic link on the
 * way is ERR_DENIED. may_make: what is missing is made, for the caller to sync;
 * else it is ERR_NOT_FOUND.
 */
MUST_USE int folder_enter(const struct folder *base, const char *inner,
			  bool may_make, struct folder *out, struct err *err);
void folder_release(struct folder *folder);

/* Is there anything of that name, be it a link? */
bool folder_has(const struct folder *folder, const char *name);

/*
 * Open a regular file for reading, never waiting: ERR_DENIED for a symbolic
 * link, a pipe and whatever else it may be; ERR_NOT_FOUND.
 */
MUST_USE int folder_file(const struct folder *folder, const char *name,
			 int *out_fd, struct stat *out_stat, struct err *err);

/* Append such a file's bytes; ERR_LIMIT past out's max. */
MUST_USE int folder_read(const struct folder *folder, const char *name,
			 struct buf *out, struct err *err);

/* As dir_each(). */
MUST_USE int folder_each(const struct folder *folder,
			 int (*each)(void *context, const char *name,
				     enum dir_kind kind, struct err *err),
			 void *context, struct err *err);

MUST_USE int folder_sync(const struct folder *folder, struct err *err);

/*
 * A file in the making, under a name of its own that begins with prefix. It
 * is locked as long as its process lives, so that folder_sweep() knows one
 * that a killed process has left. fd is open for reading and writing.
 */
struct temp_file {
	const struct folder *folder;	/* borrowed */
	int fd;				/* -1: none */
	char name[64];			/* "": published, or none */
};

#define TEMP_FILE_INIT { NULL, -1, "" }

MUST_USE int temp_file_open(struct temp_file *file,
			    const struct folder *folder, const char *prefix,
			    mode_t mode, struct err *err);

/* The same under a name that others know. ERR_EXISTS. */
MUST_USE int temp_file_open_as(struct temp_file *file,
			       const struct folder *folder, const char *name,
			       mode_t mode, struct err *err);

/*
 * fsync, then rename to name, in place of what may be there. The name
 * survives a power cut after folder_sync().
 */
MUST_USE int temp_file_publish(struct temp_file *file, const char *name,
			       struct err *err);

/* Deletes the file unless it was published. */
void temp_file_release(struct temp_file *file);

/* Delete what dead processes left. What cannot be deleted stays. */
void folder_sweep(const struct folder *folder, const char *prefix);

#endif
