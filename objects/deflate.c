#include "objects/deflate.h"

#include <stdlib.h>

#include <libdeflate.h>

#define LEVEL 1
#define SAMPLE_BYTES ((size_t)2048)
#define STORED_BLOCK ((size_t)65535)	/* of RFC 1951 */
#define STREAM_EXTRA 6			/* zlib header and Adler-32 */
#define BLOCK_EXTRA 5

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

int deflater_add(struct deflater *deflater, struct span bytes,
		 struct buf *out, struct err *err)
{
	size_t stored = stored_len(bytes.len);
	size_t len = 0;
	char *to;
	int rc = buf_reserve(out, stored, err);

	if (rc < 0)
		return rc;
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
	return 0;
}

uint32_t deflate_crc32(struct span bytes)
{
	return libdeflate_crc32(0, bytes.at, bytes.len);
}
