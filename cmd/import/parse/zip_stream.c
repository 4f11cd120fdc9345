#include "cmd/import/parse/zip_stream.h"

#include <stdbool.h>
#include <stdlib.h>

#include "lib/base/deflate.h"

#define LOCAL_MAGIC 0x04034b50u
#define ALL32 UINT64_C(0xffffffff)
#define FLAG_SIZES_FOLLOW 0x0008u	/* behind the bytes, not before */

struct zip_stream {
	struct zip_file *file;
	struct inflate_stream *inflate;
	bool is_deflated;
	bool is_at_end;		/* of the packed bytes, by their own account */
	struct span in;		/* of packed: not yet inflated */
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
	int rc;

	if (!stream)
		return err_set(err, ERR_NOMEM, "out of memory");
	stream->file = file;
	rc = inflate_stream_new(INFLATE_BARE, &stream->inflate, err);
	if (rc < 0)
		zip_stream_free(stream);
	else
		*out = stream;
	return rc;
}

void zip_stream_free(struct zip_stream *stream)
{
	if (!stream)
		return;
	inflate_stream_free(stream->inflate);
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
	stream->in = span_of(NULL, 0);
	inflate_stream_reset(stream->inflate);
	return 0;
}

static int refill(struct zip_stream *stream, struct err *err)
{
	size_t len = sizeof(stream->packed);
	int rc;

	if (stream->in.len || !stream->packed_left)
		return 0;
	if (len > stream->packed_left)
		len = (size_t)stream->packed_left;
	rc = zip_file_read(stream->file, stream->at, stream->packed, len, err);
	if (rc < 0)
		return rc;
	stream->at += len;
	stream->packed_left -= len;
	stream->in = span_of((const char *)stream->packed, len);
	return 0;
}

/* Fill bytes as far as the packed ones reach. */
static int unpack(struct zip_stream *stream, void *bytes, size_t len,
		  size_t *out_len, struct err *err)
{
	struct inflate_room room = { bytes, len };
	struct err why = ERR_INIT;
	bool is_cut_off = false;
	int rc = 0;

	while (rc == 0 && room.len && !stream->is_at_end && !is_cut_off) {
		size_t left = room.len;

		rc = refill(stream, err);
		if (rc < 0)
			return rc;
		is_cut_off = !stream->in.len;
		rc = inflate_stream_step(stream->inflate, &stream->in, &room,
					 &stream->is_at_end, &why);
		is_cut_off &= room.len == left && !stream->is_at_end;
	}
	if (rc == ERR_CORRUPT || is_cut_off)
		return err_set(err, ERR_CORRUPT,
			       "its packed bytes are damaged or cut off");
	if (rc < 0)
		return err_set(err, (enum err_code)rc, "%s", why.text);
	*out_len = len - room.len;
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
	rc = stream->is_deflated ? unpack(stream, bytes, len, &got, err)
				 : copy(stream, bytes, len, &got, err);
	if (rc < 0)
		return rc;
	if (!got)
		return err_set(err, ERR_CORRUPT,
			       "it unpacks to fewer bytes than it declares");
	stream->size_left -= got;
	stream->crc = deflate_crc32(stream->crc, span_of(bytes, got));
	*out_len = got;
	return 0;
}
