/*
 * Deflate (RFC 1951) and its checks: the only place that sees libdeflate and
 * zlib.
 */
#ifndef VV_LIB_BASE_DEFLATE_H
#define VV_LIB_BASE_DEFLATE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

/*
 * Makes zlib streams (RFC 1950) fast: libdeflate's first level, and stored
 * blocks for bytes (sealed ones above all) that would not shrink.
 */
struct deflater;

MUST_USE int deflater_new(struct deflater **out, struct err *err);
void deflater_free(struct deflater *deflater);

/* Put one zlib stream of bytes behind what out has. */
void deflater_put(struct deflater *deflater, struct span bytes,
		  struct buf *out);

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

/* The same bit by bit, by zlib, which is slower. */
struct inflate_stream;

enum inflate_form {
	INFLATE_ZLIB,
	INFLATE_GZIP,		/* RFC 1952: a member, its check included */
	INFLATE_BARE		/* no header, no check, as in zip archives */
};

MUST_USE int inflate_stream_new(enum inflate_form form,
				struct inflate_stream **out, struct err *err);
void inflate_stream_free(struct inflate_stream *stream);

/* Begin anew. */
void inflate_stream_reset(struct inflate_stream *stream);

/*
 * Take bytes off the front of *in and fill *out, taking off its front what
 * was filled, until either is used up or the stream ends (*is_end). What
 * takes nothing, fills nothing and is no end is a stream that wants more.
 * ERR_CORRUPT, ERR_NOMEM.
 */
struct inflate_room {
	unsigned char *at;
	size_t len;
};
MUST_USE int inflate_stream_step(struct inflate_stream *stream,
				 struct span *in, struct inflate_room *out,
				 bool *is_end, struct err *err);

/* The CRC-32 of zip, PNG and pack indexes, on from that of what comes before
 * (0: nothing). */
uint32_t deflate_crc32(uint32_t before, struct span bytes);

#endif
