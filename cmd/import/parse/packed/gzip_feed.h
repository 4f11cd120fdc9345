/*
 * Bytes that gzip has compressed, as they come.
 */
#ifndef VV_CMD_IMPORT_PARSE_PACKED_GZIP_FEED_H
#define VV_CMD_IMPORT_PARSE_PACKED_GZIP_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/import/parse/feed.h"
#include "lib/base/span.h"

/* What comes out is at most that much, and so many times what went in: deflate
 * can do no more than 1032. */
#define GZIP_FEED_FREE ((uint64_t)64 << 20)
#define GZIP_FEED_RATIO 256

struct gzip_feed;

bool gzip_feed_is_magic(struct span head);

/*
 * Read members, one behind the other, from a feed. *out reads what they hold:
 * ERR_CORRUPT for bytes that gzip did not write, a wrong checksum, and an end
 * inside a member, ERR_LIMIT past the bounds above, and what the feed returns.
 * Zeros behind the last member, which tapes have, are passed over.
 */
MUST_USE int gzip_feed_new(struct feed from, struct gzip_feed **out,
			   struct err *err);
void gzip_feed_free(struct gzip_feed *feed);	/* accepts NULL */
struct feed gzip_feed_of(struct gzip_feed *feed);

#endif
