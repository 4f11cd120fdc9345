/*
 * Compressed bytes of any kind that is known here, read as what they hold.
 */
#ifndef VV_CMD_IMPORT_PARSE_PACKED_UNPACK_H
#define VV_CMD_IMPORT_PARSE_PACKED_UNPACK_H

#include <stdbool.h>

#include "cmd/import/parse/feed.h"
#include "lib/base/span.h"

struct unpack;

/* Does it begin as gzip or zstd write? */
bool unpack_is_magic(struct span head);

/* Read a feed whose bytes begin with head, which says of which kind they are;
 * the feed gives these too. As gzip_feed.h and zstd_feed.h tell. */
MUST_USE int unpack_new(struct span head, struct feed from,
			struct unpack **out, struct err *err);
void unpack_free(struct unpack *unpack);	/* accepts NULL */
struct feed unpack_feed(struct unpack *unpack);

#endif
