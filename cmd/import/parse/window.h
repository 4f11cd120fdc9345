/*
 * A moving view of a feed: what is still wanted of it lies in one piece.
 */
#ifndef VV_CMD_IMPORT_PARSE_WINDOW_H
#define VV_CMD_IMPORT_PARSE_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/import/parse/feed.h"
#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

#define WINDOW_BLOCK_BYTES ((size_t)256 << 10)	/* read at a time */
#define WINDOW_PAD_BYTES 64

struct window {
	struct feed feed;
	struct buf held;
	size_t keep;	/* what stands before it is forgotten */
	size_t at;	/* where the reader is, not before keep */
	uint64_t base;	/* of held's first byte in the feed */
	bool is_end;	/* the feed gives no more; zeros stand behind it */
};

#define WINDOW_INIT { { NULL, NULL }, BUF_INIT(BUF_NO_LIMIT), 0, 0, 0, false }
void window_release(struct window *window);

/*
 * Read on, which moves the bytes: keep and at follow them. A piece that is
 * kept over many calls is moved once. ERR_NOMEM, and what the feed returns.
 */
MUST_USE int window_more(struct window *window, struct err *err);

/* Have len bytes behind at, or all there are. */
MUST_USE int window_fill(struct window *window, size_t len, struct err *err);

static inline size_t window_left(const struct window *window)
{
	return window->held.len - window->at;
}

static inline const char *window_text(const struct window *window)
{
	return window->held.data + window->at;
}

/* Place in the feed, in bytes. */
static inline uint64_t window_offset(const struct window *window)
{
	return window->base + window->at;
}

/* What is kept, up to where the reader is. */
static inline struct span window_kept(const struct window *window)
{
	return span_of(window->held.data + window->keep,
		       window->at - window->keep);
}

/* Skip a UTF-8 byte order mark; for the begin of the feed. */
MUST_USE int window_skip_bom(struct window *window, struct err *err);

#endif
