#include "lib/base/deflate.h"

#include <limits.h>
#include <stdlib.h>

#include <libdeflate.h>
#include <zlib.h>

#define LEVEL 1
#define SAMPLE_BYTES ((size_t)2048)
#define STORED_BLOCK ((size_t)65535)	/* of RFC 1951 */
#define STREAM_EXTRA 6			/* zlib header and Adler-32 */
#define BLOCK_EXTRA 5
#define INFLATE_FIRST ((size_t)64 << 10)

struct deflater {
	struct libdeflate_compressor *compressor;
	unsigned char sample[SAMPLE_BYTES];
};

int deflater_new(struct deflater **out, struct err *err)
{
	struct deflater *deflater = calloc(1, sizeof(*deflater));

	if (deflater)
		deflater->compressor = libdeflate_alloc_compressor(LEVEL);
	if (!deflater || !deflater->compressor) {
		free(deflater);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	*out = deflater;
	return 0;
}

void deflater_free(struct deflater *deflater)
{
	if (!deflater)
		return;
	libdeflate_free_compressor(deflater->compressor);
	free(deflater);
}

static size_t stored_len(size_t len)
{
	size_t blocks = len ? (len + STORED_BLOCK - 1) / STORED_BLOCK : 1;

	return len + blocks * BLOCK_EXTRA + STREAM_EXTRA;
}

/* Compressing all of a sealed object only to find that it grew would cost
 * ten times what its beginning tells as well. */
static bool does_shrink(struct deflater *deflater, struct span bytes)
{
	if (bytes.len <= SAMPLE_BYTES)
		return true;
	return libdeflate_deflate_compress(deflater->compressor, bytes.at,
					   SAMPLE_BYTES, deflater->sample,
					   SAMPLE_BYTES - SAMPLE_BYTES / 16);
}

static void put_stored_block(unsigned char *to, struct span part, bool is_last)
{
	to[0] = is_last;
	to[1] = (unsigned char)(part.len & 0xff);
	to[2] = (unsigned char)(part.len >> 8);
	to[3] = (unsigned char)~to[1];
	to[4] = (unsigned char)~to[2];
	if (part.len)
		memcpy(to + BLOCK_EXTRA, part.at, part.len);
}

static void put_stored(unsigned char *to, struct span bytes)
{
	uint32_t sum = libdeflate_adler32(1, bytes.at, bytes.len);
	size_t done = 0;
	int shift;

	*to++ = 0x78;
	*to++ = 0x01;
	do {
		size_t part = bytes.len - done;

		if (part > STORED_BLOCK)
			part = STORED_BLOCK;
		put_stored_block(to, span_of(bytes.at + done, part),
				 done + part == bytes.len);
		to += BLOCK_EXTRA + part;
		done += part;
	} while (done < bytes.len);
	for (shift = 24; shift >= 0; shift -= 8)
		*to++ = (unsigned char)(sum >> shift);
}

void deflater_put(struct deflater *deflater, struct span bytes,
		  struct buf *out)
{
	size_t stored = stored_len(bytes.len);
	size_t len = 0;
	char *to;

	buf_fail(out, buf_reserve(out, stored, NULL));
	if (out->failed)
		return;
	to = out->data + out->len;
	if (!bytes.at)
		bytes = span_str("");
	if (does_shrink(deflater, bytes))
		len = libdeflate_zlib_compress(deflater->compressor, bytes.at,
					       bytes.len, to, stored);
	if (!len) {
		put_stored((unsigned char *)to, bytes);
		len = stored;
	}
	out->len += len;
	out->data[out->len] = '\0';
}

struct inflater {
	struct libdeflate_decompressor *decompressor;
};

int inflater_new(struct inflater **out, struct err *err)
{
	struct inflater *inflater = calloc(1, sizeof(*inflater));

	if (inflater)
		inflater->decompressor = libdeflate_alloc_decompressor();
	if (!inflater || !inflater->decompressor) {
		free(inflater);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	*out = inflater;
	return 0;
}

void inflater_free(struct inflater *inflater)
{
	if (!inflater)
		return;
	libdeflate_free_decompressor(inflater->decompressor);
	free(inflater);
}

/* The stream does not say how long it gets, so its room is guessed. */
int inflater_run(struct inflater *inflater, struct span stream,
		 struct buf *out, struct err *err)
{
	size_t room = stream.len * 4 + INFLATE_FIRST;
	size_t used = 0, len = 0;
	enum libdeflate_result done = LIBDEFLATE_INSUFFICIENT_SPACE;
	int rc;

	buf_reset(out);
	while (done == LIBDEFLATE_INSUFFICIENT_SPACE) {
		if (room > out->max)
			room = out->max;
		rc = buf_reserve(out, room, err);
		if (rc < 0)
			return rc;
		done = libdeflate_zlib_decompress_ex(inflater->decompressor,
						     stream.at, stream.len,
						     out->data, room, &used,
						     &len);
		if (done == LIBDEFLATE_INSUFFICIENT_SPACE && room == out->max)
			return err_set(err, ERR_LIMIT, "more than %zu bytes",
				       room);
		room *= 4;
	}
	if (done != LIBDEFLATE_SUCCESS || used != stream.len)
		return err_set(err, ERR_CORRUPT, "damaged zlib stream");
	out->len = len;
	out->data[len] = '\0';
	return 0;
}

#define GZIP_BITS 16		/* as zlib.h says it */

struct inflate_stream {
	z_stream zlib;
};

int inflate_stream_new(enum inflate_form form, struct inflate_stream **out,
		       struct err *err)
{
	struct inflate_stream *stream = calloc(1, sizeof(*stream));
	int bits = form == INFLATE_BARE ? -MAX_WBITS :
		   form == INFLATE_GZIP ? MAX_WBITS + GZIP_BITS : MAX_WBITS;

	if (!stream || inflateInit2(&stream->zlib, bits) != Z_OK) {
		free(stream);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	*out = stream;
	return 0;
}

void inflate_stream_free(struct inflate_stream *stream)
{
	if (!stream)
		return;
	inflateEnd(&stream->zlib);
	free(stream);
}

/* It fails for a stream that was never begun, and for nothing else. */
void inflate_stream_reset(struct inflate_stream *stream)
{
	(void)inflateReset(&stream->zlib);
}

static unsigned piece_of(size_t len)
{
	return len < UINT_MAX ? (unsigned)len : UINT_MAX;
}

int inflate_stream_step(struct inflate_stream *stream, struct span *in,
			struct inflate_room *out, bool *is_end,
			struct err *err)
{
	z_stream *zlib = &stream->zlib;
	const unsigned given = piece_of(in->len), room = piece_of(out->len);
	int done;

	zlib->next_in = (unsigned char *)(uintptr_t)in->at;
	zlib->avail_in = given;
	zlib->next_out = out->at;
	zlib->avail_out = room;
	done = inflate(zlib, Z_NO_FLUSH);
	*in = span_of(in->at + (given - zlib->avail_in),
		      in->len - (given - zlib->avail_in));
	out->at += room - zlib->avail_out;
	out->len -= room - zlib->avail_out;
	*is_end = done == Z_STREAM_END;
	if (done == Z_OK || done == Z_STREAM_END || done == Z_BUF_ERROR)
		return 0;
	if (done == Z_MEM_ERROR)
		return err_set(err, ERR_NOMEM, "out of memory");
	return err_set(err, ERR_CORRUPT, "damaged deflate stream");
}

uint32_t deflate_crc32(uint32_t before, struct span bytes)
{
	return libdeflate_crc32(before, bytes.at, bytes.len);
}
