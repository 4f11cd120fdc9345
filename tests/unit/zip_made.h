/*
 * Zip archives made byte by byte, so that each byte can be a lie.
 */
#ifndef VV_TESTS_UNIT_ZIP_MADE_H
#define VV_TESTS_UNIT_ZIP_MADE_H

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <zlib.h>

#include "lib/base/buf.h"
#include "tests/tap.h"

/* What the directory says of a member; 0 stands for the truth. */
struct made_member {
	const char *name;
	size_t name_len;	/* 0: strlen */
	const char *bytes;
	size_t len;		/* 0: strlen */
	bool is_deflated;
	bool is_zip64;
	unsigned flags;
	unsigned method;
	unsigned host;		/* 3: Unix */
	uint32_t attributes;
	uint32_t crc_off;	/* added to the right checksum */
	uint64_t size;
	uint64_t begin_at;	/* 1 + its place, overriding the true one */
};

struct made_zip {
	struct buf bytes;
	struct buf directory;
	unsigned count;
};

#define MADE_ZIP { BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT), 0 }

static void TAP_UNUSED made_put(struct buf *buf, uint64_t value, int width)
{
	int i;

	for (i = 0; i < width; i++)
		if (buf_add_char(buf, (char)(value >> 8 * i), NULL) < 0)
			bail_out("out of memory");
}

static void TAP_UNUSED made_bytes(struct buf *buf, const void *at, size_t len)
{
	if (buf_add(buf, at, len, NULL) < 0)
		bail_out("out of memory");
}

/* Raw deflate of all bytes at once. */
static void TAP_UNUSED made_deflate(const void *at, size_t len,
				    struct buf *out)
{
	z_stream stream = { 0 };

	if (deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8,
			 Z_DEFAULT_STRATEGY) != Z_OK ||
	    buf_reserve(out, deflateBound(&stream, len), NULL) < 0)
		bail_out("out of memory");
	stream.next_in = (Bytef *)(uintptr_t)at;
	stream.avail_in = (uInt)len;
	stream.next_out = (Bytef *)out->data;
	stream.avail_out = (uInt)deflateBound(&stream, len);
	if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
		bail_out("deflate");
	out->len = stream.total_out;
	deflateEnd(&stream);
}

/* The fields that both headers of a member have in common. */
static void TAP_UNUSED made_common(struct buf *out,
				   const struct made_member *member,
				   unsigned method, uint32_t crc,
				   const uint64_t sizes[2], size_t name_len)
{
	made_put(out, member->is_zip64 ? 45 : 20, 2);
	made_put(out, member->flags, 2);
	made_put(out, method, 2);
	made_put(out, 0, 4);
	made_put(out, crc, 4);
	made_put(out, member->is_zip64 ? 0xffffffffu : sizes[0], 4);
	made_put(out, member->is_zip64 ? 0xffffffffu : sizes[1], 4);
	made_put(out, name_len, 2);
}

/* The zip64 field: size, packed and, in the directory, the begin. */
static void TAP_UNUSED made_zip64_field(struct buf *out,
					const uint64_t sizes[2],
					const uint64_t *begin)
{
	made_put(out, 1, 2);
	made_put(out, begin ? 24 : 16, 2);
	made_put(out, sizes[1], 8);
	made_put(out, sizes[0], 8);
	if (begin)
		made_put(out, *begin, 8);
}

static void TAP_UNUSED made_add(struct made_zip *zip,
				const struct made_member *member)
{
	size_t name_len = member->name_len ? member->name_len
					   : strlen(member->name);
	const char *bytes = member->bytes ? member->bytes : "";
	size_t len = member->len ? member->len : strlen(bytes);
	uint64_t begin = member->begin_at ? member->begin_at - 1
					  : zip->bytes.len;
	uint32_t crc = (uint32_t)crc32(0, (const Bytef *)bytes, (uInt)len) +
		       member->crc_off;
	unsigned method = member->method ? member->method
					 : member->is_deflated ? 8 : 0;
	struct buf packed = BUF_INIT(BUF_NO_LIMIT);
	uint64_t sizes[2];

	if (member->is_deflated)
		made_deflate(bytes, len, &packed);
	else
		made_bytes(&packed, bytes, len);
	sizes[0] = packed.len;
	sizes[1] = member->size ? member->size : len;
	made_put(&zip->bytes, 0x04034b50, 4);
	made_common(&zip->bytes, member, method, crc, sizes, name_len);
	made_put(&zip->bytes, member->is_zip64 ? 20 : 0, 2);
	made_bytes(&zip->bytes, member->name, name_len);
	if (member->is_zip64)
		made_zip64_field(&zip->bytes, sizes, NULL);
	made_bytes(&zip->bytes, packed.data, packed.len);

	made_put(&zip->directory, 0x02014b50, 4);
	made_put(&zip->directory, member->host << 8 | 20, 2);
	made_common(&zip->directory, member, method, crc, sizes, name_len);
	made_put(&zip->directory, member->is_zip64 ? 28 : 0, 2);
	made_put(&zip->directory, 0, 6);
	made_put(&zip->directory, member->attributes, 4);
	made_put(&zip->directory, member->is_zip64 ? 0xffffffffu : begin, 4);
	made_bytes(&zip->directory, member->name, name_len);
	if (member->is_zip64)
		made_zip64_field(&zip->directory, sizes, &begin);
	zip->count++;
	buf_release(&packed);
}

/* Directory and end; count as the end says it. */
static void TAP_UNUSED made_end(struct made_zip *zip, unsigned count,
				bool is_zip64)
{
	size_t at = zip->bytes.len;
	size_t end;

	made_bytes(&zip->bytes, zip->directory.data, zip->directory.len);
	end = zip->bytes.len;
	if (is_zip64) {
		made_put(&zip->bytes, 0x06064b50, 4);
		made_put(&zip->bytes, 44, 8);
		made_put(&zip->bytes, 45u << 16 | 45, 4);
		made_put(&zip->bytes, 0, 8);
		made_put(&zip->bytes, count, 8);
		made_put(&zip->bytes, count, 8);
		made_put(&zip->bytes, zip->directory.len, 8);
		made_put(&zip->bytes, at, 8);
		made_put(&zip->bytes, 0x07064b50, 4);
		made_put(&zip->bytes, 0, 4);
		made_put(&zip->bytes, end, 8);
		made_put(&zip->bytes, 1, 4);
	}
	made_put(&zip->bytes, 0x06054b50, 4);
	made_put(&zip->bytes, 0, 4);
	made_put(&zip->bytes, is_zip64 ? 0xffff : count, 2);
	made_put(&zip->bytes, is_zip64 ? 0xffff : count, 2);
	made_put(&zip->bytes, is_zip64 ? 0xffffffffu : zip->directory.len, 4);
	made_put(&zip->bytes, is_zip64 ? 0xffffffffu : at, 4);
	made_put(&zip->bytes, 0, 2);
}

static void TAP_UNUSED made_release(struct made_zip *zip)
{
	buf_release(&zip->bytes);
	buf_release(&zip->directory);
	zip->count = 0;
}

/* An unnamed file with these bytes, to be closed by the caller. */
static int TAP_UNUSED made_fd(const void *bytes, size_t len)
{
	const char *folder = getenv("TMPDIR");
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/vv-zip-XXXXXX",
		 folder && *folder ? folder : "/tmp");
	fd = mkstemp(path);
	if (fd < 0 || unlink(path) < 0 ||
	    write(fd, bytes, len) != (ssize_t)len)
		bail_out("cannot write a temporary file");
	return fd;
}

#endif
