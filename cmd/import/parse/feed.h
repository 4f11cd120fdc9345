/*
 * Bytes as they come: a file, standard input, a member of an archive.
 */
#ifndef VV_CMD_IMPORT_PARSE_FEED_H
#define VV_CMD_IMPORT_PARSE_FEED_H

#include <stddef.h>

#include "lib/base/err.h"

/* Borrowed; good as long as what it reads from. */
struct feed {
	/* The next bytes, at most len; *out_len 0 at the end. */
	int (*read)(void *arg, void *bytes, size_t len, size_t *out_len,
		    struct err *err);
	void *arg;
};

/* What a reader of pieces has come to. */
enum found {
	FOUND_END,
	FOUND_ONE,
	FOUND_BAD		/* it is passed over */
};

#endif
