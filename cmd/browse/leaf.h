/*
 * A page for a browser: a file in a folder that is this user's alone, for as
 * long as the view is open.
 */
#ifndef VV_CMD_BROWSE_LEAF_H
#define VV_CMD_BROWSE_LEAF_H

#include <sys/types.h>

#include "lib/base/buf.h"
#include "lib/base/span.h"

struct leaf {
	struct buf folder;	/* empty: none was made yet */
	struct buf path;	/* of the page that is written */
	int fd;			/* -1: none is */
	unsigned nth;		/* page, so that each has its name */
	pid_t program;		/* which opens it; 0: none, or it has ended */
};

#define LEAF_INIT \
	{ BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT), -1, 0, 0 }

/* Begin a page. It lies below $XDG_RUNTIME_DIR, which is in memory, else
 * temp_folder, else /tmp. */
MUST_USE int leaf_begin(struct leaf *leaf, const char *temp_folder,
			struct err *err);
MUST_USE int leaf_write(struct leaf *leaf, struct span bytes,
			struct err *err);
/* It is whole: hand it to the user's browser ($BROWSER, else xdg-open), which
 * is not waited for. */
MUST_USE int leaf_open(struct leaf *leaf, struct err *err);
/* Has that program failed by now, if it has ended? Asks but does not wait. */
MUST_USE int leaf_look(struct leaf *leaf, struct err *err);
/* Delete all pages. */
void leaf_release(struct leaf *leaf);

#endif
