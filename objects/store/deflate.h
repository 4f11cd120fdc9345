/*
 * zlib streams as git objects carry them, fast: libdeflate's first level, and
 * stored blocks for bytes (sealed ones above all) that would not shrink.
 */
#ifndef VV_OBJECTS_STORE_DEFLATE_H
#define VV_OBJECTS_STORE_DEFLATE_H

#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

struct deflater;

MUST_USE int deflater_new(struct deflater **out, struct err *err);
void deflater_free(struct deflater *deflater);

/* Append one zlib stream of bytes to out. */
MUST_USE int deflater_add(struct deflater *deflater, struct span bytes,
			  struct buf *out, struct err *err);

/*
 * The way back, for streams that lie whole in memory. Replaces the content of
 * out, whose max bounds it. ERR_CORRUPT: no whole stream that ends where
 * stream does; ERR_LIMIT.
 */
struct inflater;

MUST_USE int inflater_new(struct inflater **out, struct err *err);
void inflater_free(struct inflater *inflater);
MUST_USE int inflater_run(struct inflater *inflater, struct span stream,
			  struct buf *out, struct err *err);

/* The CRC-32 that a pack's index holds of each packed object. */
uint32_t deflate_crc32(struct span bytes);

#endif
