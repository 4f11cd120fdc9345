/*
 * Lines that come in, one message each, with a bound.
 */
#ifndef VV_CMD_MCP_STREAM_H
#define VV_CMD_MCP_STREAM_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

#define STREAM_LINE_MAX ((size_t)4 << 20)

struct stream {
	int fd;
	struct buf text;	/* what was read, */
	size_t at;		/* what of it was taken, */
	size_t seen;		/* and looked through for the end of a line */
	bool is_skipping;	/* the line is too long: to its end */
};

#define STREAM_INIT(fd) \
	{ (fd), BUF_INIT(STREAM_LINE_MAX + ((size_t)1 << 17)), 0, 0, false }
void stream_release(struct stream *stream);

enum stream_found {
	STREAM_LINE,
	STREAM_TOO_LONG,	/* one was passed over */
	STREAM_END
};

/* Wait for the next line. It is borrowed until the next call. A last one may
 * lack its end. */
MUST_USE int stream_next(struct stream *stream, struct span *line,
			 enum stream_found *out, struct err *err);

#endif
