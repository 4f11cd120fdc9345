/*
 * Paths as text; nothing here looks at the disk.
 */
#ifndef VV_LIB_OS_PATH_H
#define VV_LIB_OS_PATH_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"

#define PATH_TEXT_MAX 4096	/* characters of a path that we build */
#define PATH_BUF_INIT BUF_INIT(PATH_TEXT_MAX)

/*
 * Put "<dir>/<name>" in place of what the buffer held; one '/' between them.
 * An empty dir gives name. dir may be the buffer's own text. ERR_LIMIT.
 */
MUST_USE int path_join(struct buf *out, const char *dir, const char *name,
		       struct err *err);

/* Append "/<name>" to the path in the buffer. ERR_LIMIT. */
MUST_USE int path_add(struct buf *path, const char *name, struct err *err);

/* What stands behind the last '/', borrowed; and what stands before it. */
const char *path_base(const char *path);
MUST_USE int path_parent(struct buf *out, const char *path, struct err *err);

/*
 * True when path is root itself or lies under it by its words, both absolute
 * or both relative. False where it has a ".." behind what is root's.
 */
bool path_is_inside(const char *root, const char *path);

#endif
