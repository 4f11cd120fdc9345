/*
 * Bytes that zstd has compressed, as they come.
 */
#ifndef VV_CMD_IMPORT_PARSE_ZSTD_FEED_H
#define VV_CMD_IMPORT_PARSE_ZSTD_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/import/parse/feed.h"
#include "lib/base/span.h"

/* What comes out is at most that much, and so many times what went in. */
#define ZSTD_FEED_FREE ((uint64_t)64 << 20)
#define ZSTD_FEED_RATIO 256

struct zstd_feed;

bool zstd_feed_is_magic(struct span head);

/*
 * Read frames, one behind the other, from a feed. *out reads what they hold:
 * ERR_CORRUPT for bytes that zstd did not write and for an end inside a frame,
 * ERR_LIMIT past the bounds above, and what the feed returns.
 */
MUST_USE int zstd_feed_new(struct feed from, struct zstd_feed **out,
			   struct err *err);
void zstd_feed_free(struct zstd_feed *feed);	/* accepts NULL */
struct feed zstd_feed_of(struct zstd_feed *feed);

#endif
