/*
 * A file for a person's editor: of nobody else's, in a folder of its own, where
 * editors may put what they keep beside it. It goes when it is released; what
 * a killed process left goes when the next one is made.
 */
#ifndef VV_CMD_CLI_PERSON_PRIVATE_FILE_H
#define VV_CMD_CLI_PERSON_PRIVATE_FILE_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/os/lock.h"
#include "lib/os/path.h"

struct private_file {
	const char *parent;	/* of the folder; borrowed */
	struct buf folder;	/* empty: none */
	struct buf path;
	struct lock lock;
};

#define PRIVATE_FILE_INIT \
	{ NULL, PATH_BUF_INIT, PATH_BUF_INIT, LOCK_INIT }

/* In $XDG_RUNTIME_DIR, which is on no disk, else $TMPDIR or /tmp. */
MUST_USE int private_file_make(struct private_file *file, const char *name,
			       struct span text, struct err *err);

/* What stands in it, in place of what text held: nothing where it is gone. */
MUST_USE int private_file_read(const struct private_file *file,
			       struct buf *text, struct err *err);

/* Remove it with all that is in its folder. Accepts an empty one. */
void private_file_release(struct private_file *file);

#endif
