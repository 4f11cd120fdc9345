#include "cmd/import/parse/zip_stream.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

#include <libdeflate.h>
#include <zlib.h>

#define LOCAL_MAGIC 0x04034b50u
#define ALL32 UINT64_C(0xffffffff)
#define FLAG_SIZES_FOLLOW 0x0008u	/* behind the bytes, not before */

struct zip_stream {
	struct zip_file *file;
	z_stream inflater;
	bool is_deflated;
	bool is_at_end;		/* of the packed bytes, by their own account */
	uint64_t at;		/* next packed byte */
	uint64_t packed_left;
	uint64_t size_left;
	uint32_t crc;
	uint32_t want_crc;
	unsigned char packed[ZIP_BLOCK_BYTES];
};

int zip_stream_new(struct zip_file *file, struct zip_stream **out,
		   struct err *err)
{
	struct zip_stream *stream = calloc(1, sizeof(*stream));

	/* Negative: no header of zlib's around it. */
	if (!stream || inflateInit2(&stream->inflater, -MAX_WBITS) != Z_OK) {
		free(stream);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	stream->file = file;
	*out = stream;
	return 0;
}

void zip_stream_free(struct zip_stream *stream)
{
	if (!stream)
		return;
	inflateEnd(&stream->inflater);
	free(stream);
}

/* A field of the member's header; the 64-bit form is in the directory. */
static bool agrees(const unsigned char *at, uint64_t want)
{
	uint64_t value = zip_number(at, 4);

	return value == want || value == ALL32;
}

static bool header_agrees(const unsigned char head[ZIP_LOCAL_BYTES],
			  const struct zip_member *member)
{
	bool sizes_follow = zip_number(head + 6, 2) & FLAG_SIZES_FOLLOW;

	if (zip_number(head, 4) != LOCAL_MAGIC ||
	    zip_number(head + 8, 2) != member->method)
		return false;
	return sizes_follow || (zip_number(head + 14, 4) == member->crc &&
				agrees(head + 18, member->packed) &&
				agrees(head + 22, member->size));
}

int zip_stream_begin(struct zip_stream *stream,
		     const struct zip_member *member, struct err *err)
{
	unsigned char head[ZIP_LOCAL_BYTES];
	int rc;

	rc = zip_file_read(stream->file, member->begin, head, sizeof(head),
			   err);
	if (rc < 0)
		return rc;
	if (!header_agrees(head, member))
		return err_set(err, ERR_CORRUPT, "its header is damaged or "
			       "says other things than the directory");
	stream->at = member->begin + ZIP_LOCAL_BYTES +
		     zip_number(head + 26, 2) + zip_number(head + 28, 2);
	if (stream->at > member->limit ||
	    member->packed > member->limit - stream->at)
		return err_set(err, ERR_CORRUPT,
			       "it reaches into what comes behind it");
	stream->is_deflated = member->method == ZIP_DEFLATED;
	if (!stream->is_deflated && member->packed != member->size)
		return err_set(err, ERR_CORRUPT,
			       "it is stored, but its two sizes differ");
	stream->packed_left = member->packed;
	stream->size_left = member->size;
	stream->want_crc = member->crc;
	stream->crc = 0;
	/* Nothing at all is no deflate stream, but some write it. */
	stream->is_at_end = !member->packed && !member->size;
	stream->inflater.avail_in = 0;
	return inflateReset(&stream->inflater) == Z_OK ? 0 :
		err_set(err, ERR_NOMEM, "out of memory");
}

static int refill(struct zip_stream *stream, struct err *err)
{
	size_t len = sizeof(stream->packed);
	int rc;

	if (stream->inflater.avail_in || !stream->packed_left)
		return 0;
	if (len > stream->packed_left)
		len = (size_t)stream->packed_left;
	rc = zip_file_read(stream->file, stream->at, stream->packed, len, err);
	if (rc < 0)
		return rc;
	stream->at += len;
	stream->packed_left -= len;
	stream->inflater.next_in = stream->packed;
	stream->inflater.avail_in = (uInt)len;
	return 0;
}

/* Fill bytes as far as the packed ones reach. */
static int unpack(struct zip_stream *stream, void *bytes, size_t len,
		  size_t *out_len, struct err *err)
{
	z_stream *inflater = &stream->inflater;
	int rc = Z_OK;

	inflater->next_out = bytes;
	inflater->avail_out = (uInt)len;
	while (rc == Z_OK && inflater->avail_out && !stream->is_at_end) {
		rc = refill(stream, err);
		if (rc < 0)
			return rc;
		rc = inflate(inflater, Z_NO_FLUSH);
		stream->is_at_end = rc == Z_STREAM_END;
	}
	if (rc == Z_MEM_ERROR)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc != Z_OK && rc != Z_STREAM_END)
		return err_set(err, ERR_CORRUPT,
			       "its packed bytes are damaged or cut off");
	*out_len = len - inflater->avail_out;
	return 0;
}

static int copy(struct zip_stream *stream, void *bytes, size_t len,
		size_t *out_len, struct err *err)
{
	int rc = zip_file_read(stream->file, stream->at, bytes, len, err);

	if (rc < 0)
		return rc;
	stream->at += len;
	*out_len = len;
	return 0;
}

/* All declared bytes are out: is that all, and is it right? */
static int check_end(struct zip_stream *stream, struct err *err)
{
	size_t more = 0;
	char byte;
	int rc = 0;

	if (stream->is_deflated && !stream->is_at_end)
		rc = unpack(stream, &byte, 1, &more, err);
	if (rc < 0)
		return rc;
	if (more)
		return err_set(err, ERR_CORRUPT,
			       "it unpacks to more bytes than it declares");
	if (stream->crc != stream->want_crc)
		return err_set(err, ERR_CORRUPT, "its checksum is wrong");
	return 0;
}

int zip_stream_read(struct zip_stream *stream, void *bytes, size_t len,
		    size_t *out_len, struct err *err)
{
	size_t got = 0;
	int rc;

	*out_len = 0;
	if (!stream->size_left)
		return check_end(stream, err);
	if (len > stream->size_left)
		len = (size_t)stream->size_left;
	if (len > INT_MAX)
		len = INT_MAX;
	rc = stream->is_deflated ? unpack(stream, bytes, len, &got, err)
				 : copy(stream, bytes, len, &got, err);
	if (rc < 0)
		return rc;
	if (!got)
		return err_set(err, ERR_CORRUPT,
			       "it unpacks to fewer bytes than it declares");
	stream->size_left -= got;
	stream->crc = libdeflate_crc32(stream->crc, bytes, got);
	*out_len = got;
	return 0;
}
