#include "objects/pack/sink.h"

#include <stdlib.h>

#define WRITE_BYTES ((size_t)256 << 10)
#define LARGE_OFFSET 0x80000000u
#define FILE_MODE 0400	/* as git does it, but for their owner alone */

int pack_sink_open(struct pack_sink *sink, const char *path, struct err *err)
{
	sha1_init(&sink->hash);
	return atomic_file_open(&sink->file, path, FILE_MODE, err);
}

void pack_sink_release(struct pack_sink *sink)
{
	atomic_file_release(&sink->file);
	buf_release(&sink->pending);
}

static int flush_pending(struct pack_sink *sink, struct err *err)
{
	struct span bytes = buf_span(&sink->pending);
	int rc = buf_end(&sink->pending, err);

	if (rc < 0)
		return rc;
	sha1_add(&sink->hash, bytes.at, bytes.len);
	rc = atomic_file_write(&sink->file, bytes, err);
	sink->written += bytes.len;
	buf_reset(&sink->pending);
	return rc;
}

int pack_sink_settle(struct pack_sink *sink, struct err *err)
{
	int rc = buf_end(&sink->pending, err);

	if (rc == 0 && sink->pending.len >= WRITE_BYTES)
		rc = flush_pending(sink, err);
	if (rc == 0 && sink->written + sink->pending.len > PACK_BYTES_MAX)
		rc = err_set(err, ERR_LIMIT, "pack grows past 2 GiB");
	return rc;
}

int pack_sink_end(struct pack_sink *sink, unsigned char out_sum[SHA1_BYTES],
		  struct err *err)
{
	int rc = flush_pending(sink, err);

	if (rc < 0)
		return rc;
	sha1_finish(&sink->hash, out_sum);
	sink->written += SHA1_BYTES;
	return atomic_file_write(&sink->file, span_of(out_sum, SHA1_BYTES),
				 err);
}

void pack_header_put(struct buf *out, size_t n)
{
	buf_put_str(out, "PACK");
	buf_put_u32(out, PACK_VERSION);
	buf_put_u32(out, (uint32_t)n);
}

/* 4 bits of the size beside the type, then 7 bits a byte. */
void pack_entry_put(struct buf *out, unsigned type, size_t len)
{
	unsigned char head[10];
	unsigned char byte = (unsigned char)(type << 4 | (len & 15));
	size_t n = 0;

	for (len >>= 4; len; len >>= 7) {
		head[n++] = byte | 0x80;
		byte = len & 0x7f;
	}
	head[n++] = byte;
	buf_put(out, head, n);
}

static int entry_order(const void *a, const void *b)
{
	const struct pack_entry *left = a, *right = b;

	return git_oid_cmp(&left->id, &right->id);
}

/* How many ids begin with each byte or a smaller one. */
static void put_fanout(struct buf *out, const struct pack_entry *entries,
		       size_t n)
{
	size_t at = 0;
	unsigned byte;

	for (byte = 0; byte < 256; byte++) {
		while (at < n && entries[at].id.id[0] <= byte)
			at++;
		buf_put_u32(out, (uint32_t)at);
	}
}

/* An offset that does not fit 31 bits stands in a table of its own. */
static void put_offsets(struct buf *out, const struct pack_entry *entries,
			size_t n)
{
	uint32_t large = 0;
	size_t i;

	for (i = 0; i < n; i++)
		buf_put_u32(out, entries[i].offset <= PACK_BYTES_MAX ?
			    (uint32_t)entries[i].offset :
			    LARGE_OFFSET | large++);
	for (i = 0; i < n; i++) {
		if (entries[i].offset <= PACK_BYTES_MAX)
			continue;
		buf_put_u32(out, (uint32_t)(entries[i].offset >> 32));
		buf_put_u32(out, (uint32_t)entries[i].offset);
	}
}

void pack_index_put(struct buf *out, struct pack_entry *entries, size_t n,
		    const unsigned char pack_sum[SHA1_BYTES])
{
	size_t i;

	qsort(entries, n, sizeof(*entries), entry_order);
	buf_put_u32(out, PACK_INDEX_MAGIC);
	buf_put_u32(out, PACK_INDEX_VERSION);
	put_fanout(out, entries, n);
	for (i = 0; i < n; i++)
		buf_put(out, entries[i].id.id, SHA1_BYTES);
	for (i = 0; i < n; i++)
		buf_put_u32(out, entries[i].crc);
	put_offsets(out, entries, n);
	buf_put(out, pack_sum, SHA1_BYTES);
}

int pack_index_write(struct pack_sink *sink, const char *path,
		     struct pack_entry *entries, size_t n,
		     const unsigned char pack_sum[SHA1_BYTES], struct err *err)
{
	unsigned char sum[SHA1_BYTES];
	int rc = pack_sink_open(sink, path, err);

	if (rc < 0)
		return rc;
	pack_index_put(&sink->pending, entries, n, pack_sum);
	return pack_sink_end(sink, sum, err);
}
