/*
 * zlib streams as git objects carry them, fast: libdeflate's first level, and
 * stored blocks for bytes (sealed ones above all) that would not shrink.
 */
#ifndef VV_OBJECTS_DEFLATE_H
#define VV_OBJECTS_DEFLATE_H

#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/span.h"

struct deflater;

MUST_USE int deflater_new(struct deflater **out, struct err *err);
void deflater_free(struct deflater *deflater);

/* Append one zlib stream of bytes to out. */
MUST_USE int deflater_add(struct deflater *deflater, struct span bytes,
			  struct buf *out, struct err *err);

/* The CRC-32 that a pack's index holds of each packed object. */
uint32_t deflate_crc32(struct span bytes);

#endif
