#include "objects/pack.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/encode.h"
#include "lib/file.h"
#include "lib/hash.h"

#define PACK_VERSION 2
#define INDEX_VERSION 2
#define INDEX_MAGIC 0xff744f63u		/* "\377tOc" */
#define PACK_BYTES_MAX ((size_t)0x7fffffff)	/* 31-bit offsets in the index */
#define WRITE_BYTES ((size_t)256 << 10)
#define FILE_MODE 0444			/* what git gives its packs */
#define PACK_NAME_HEX (2 * SHA1_BYTES)
#define SWEEP_SECONDS (24 * 60 * 60)

struct packed {
	const struct framed *object;
	uint32_t crc;
	uint32_t offset;
};

/* A file on its way to disk, with the running hash of what went before. */
struct sink {
	struct atomic_file file;
	struct sha1 hash;
	struct buf pending;
	size_t written;
};

#define SINK_INIT { ATOMIC_FILE_INIT, { { 0 } }, BUF_INIT(BUF_NO_LIMIT), 0 }

static int sink_open(struct sink *sink, const char *path, struct err *err)
{
	sha1_init(&sink->hash);
	return atomic_file_open(&sink->file, path, FILE_MODE, err);
}

static void sink_release(struct sink *sink)
{
	atomic_file_release(&sink->file);
	buf_release(&sink->pending);
}

static int sink_flush(struct sink *sink, struct err *err)
{
	struct span bytes = buf_span(&sink->pending);
	int rc;

	sha1_add(&sink->hash, bytes.at, bytes.len);
	rc = atomic_file_write(&sink->file, bytes, err);
	sink->written += bytes.len;
	buf_reset(&sink->pending);
	return rc;
}

/* End with the hash of all that was written, and publish. */
static int sink_close(struct sink *sink, unsigned char out_sum[SHA1_BYTES],
		      struct err *err)
{
	int rc = sink_flush(sink, err);

	if (rc < 0)
		return rc;
	sha1_finish(&sink->hash, out_sum);
	sink->written += SHA1_BYTES;
	rc = atomic_file_write(&sink->file, span_of(out_sum, SHA1_BYTES), err);
	if (rc < 0)
		return rc;
	return atomic_file_publish(&sink->file, err);
}

/* Type and size: 4 bits of size beside the type, then 7 bits a byte. */
static int add_entry_header(struct buf *out, unsigned type, size_t len,
			    struct err *err)
{
	unsigned char head[10];
	unsigned char byte = (unsigned char)(type << 4 | (len & 15));
	size_t n = 0;

	for (len >>= 4; len; len >>= 7) {
		head[n++] = byte | 0x80;
		byte = len & 0x7f;
	}
	head[n++] = byte;
	return buf_add(out, head, n, err);
}

static int add_entry(struct sink *sink, struct deflater *deflater,
		     struct packed *packed, struct err *err)
{
	const struct framed *object = packed->object;
	size_t start = sink->pending.len;
	struct span content = span_of(object->bytes + object->header_len,
				      object->len);
	int rc;

	packed->offset = (uint32_t)(sink->written + start);
	rc = add_entry_header(&sink->pending, object->type, object->len, err);
	if (rc < 0)
		return rc;
	rc = deflater_add(deflater, content, &sink->pending, err);
	if (rc < 0)
		return rc;
	packed->crc = deflate_crc32(span_of(sink->pending.data + start,
					    sink->pending.len - start));
	if (sink->pending.len >= WRITE_BYTES)
		rc = sink_flush(sink, err);
	if (rc == 0 && sink->written + sink->pending.len > PACK_BYTES_MAX)
		rc = err_set(err, ERR_LIMIT, "pack grows past 2 GiB");
	return rc;
}

/* The objects of one pack, in their order in it. */
struct packed_list {
	struct packed *at;
	size_t n;
};

static int write_pack(const char *path, struct deflater *deflater,
		      const struct packed_list *list,
		      unsigned char out_sum[SHA1_BYTES], size_t *out_bytes,
		      struct err *err)
{
	struct sink sink = SINK_INIT;
	size_t i;
	int rc = sink_open(&sink, path, err);

	if (rc < 0)
		goto out;
	rc = buf_add(&sink.pending, "PACK", 4, err);
	if (rc == 0)
		rc = buf_add_u32(&sink.pending, PACK_VERSION, err);
	if (rc == 0)
		rc = buf_add_u32(&sink.pending, (uint32_t)list->n, err);
	for (i = 0; rc == 0 && i < list->n; i++)
		rc = add_entry(&sink, deflater, &list->at[i], err);
	if (rc == 0)
		rc = sink_close(&sink, out_sum, err);
	*out_bytes = sink.written;
out:
	sink_release(&sink);
	return rc;
}

static int by_id(const void *a, const void *b)
{
	const struct packed *left = a, *right = b;

	return git_oid_cmp(&left->object->id, &right->object->id);
}

/* How many ids begin with each byte or a smaller one. */
static int add_fanout(struct buf *out, const struct packed *packed, size_t n,
		      struct err *err)
{
	size_t at = 0;
	unsigned byte;
	int rc = 0;

	for (byte = 0; rc == 0 && byte < 256; byte++) {
		while (at < n && packed[at].object->id.id[0] <= byte)
			at++;
		rc = buf_add_u32(out, (uint32_t)at, err);
	}
	return rc;
}

static int add_index(struct buf *out, const struct packed *packed, size_t n,
		     const unsigned char pack_sum[SHA1_BYTES], struct err *err)
{
	size_t i;
	int rc = buf_add_u32(out, INDEX_MAGIC, err);

	if (rc == 0)
		rc = buf_add_u32(out, INDEX_VERSION, err);
	if (rc == 0)
		rc = add_fanout(out, packed, n, err);
	for (i = 0; rc == 0 && i < n; i++)
		rc = buf_add(out, packed[i].object->id.id, SHA1_BYTES, err);
	for (i = 0; rc == 0 && i < n; i++)
		rc = buf_add_u32(out, packed[i].crc, err);
	for (i = 0; rc == 0 && i < n; i++)
		rc = buf_add_u32(out, packed[i].offset, err);
	if (rc == 0)
		rc = buf_add(out, pack_sum, SHA1_BYTES, err);
	return rc;
}

static int write_index(const char *path, struct packed_list *list,
		       const unsigned char pack_sum[SHA1_BYTES],
		       struct err *err)
{
	struct sink sink = SINK_INIT;
	unsigned char sum[SHA1_BYTES];
	int rc = sink_open(&sink, path, err);

	if (rc < 0)
		goto out;
	qsort(list->at, list->n, sizeof(*list->at), by_id);
	rc = add_index(&sink.pending, list->at, list->n, pack_sum, err);
	if (rc == 0)
		rc = sink_close(&sink, sum, err);
out:
	sink_release(&sink);
	return rc;
}

/*
 * Named for the ids in their order: the same objects written twice (after a
 * crash before the index, say) replace an equal file.
 */
static int pack_paths(const char *objects_path, const struct packed_list *list,
		      struct buf *out_pack, struct buf *out_index,
		      struct err *err)
{
	unsigned char sum[SHA1_BYTES];
	char name[PACK_NAME_HEX + 1];
	struct sha1 hash;
	size_t i;
	int rc;

	sha1_init(&hash);
	for (i = 0; i < list->n; i++)
		sha1_add(&hash, list->at[i].object->id.id, SHA1_BYTES);
	sha1_finish(&hash, sum);
	hex_text(sum, sizeof(sum), name);
	rc = buf_printf(out_pack, err, "%s/pack/pack-%s.pack", objects_path,
			name);
	if (rc < 0)
		return rc;
	return buf_printf(out_index, err, "%s/pack/pack-%s.idx", objects_path,
			  name);
}

int pack_write(const char *objects_path, const struct framed *const *objects,
	       size_t n, struct deflater *deflater, size_t *out_bytes,
	       struct err *err)
{
	struct packed_list list = { calloc(n ? n : 1, sizeof(*list.at)), n };
	struct buf pack_path = BUF_INIT(BUF_NO_LIMIT);
	struct buf index_path = BUF_INIT(BUF_NO_LIMIT);
	unsigned char sum[SHA1_BYTES];
	size_t bytes = 0;
	size_t i;
	int rc;

	if (!list.at)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < n; i++)
		list.at[i].object = objects[i];
	rc = pack_paths(objects_path, &list, &pack_path, &index_path, err);
	if (rc < 0)
		goto out;
	rc = write_pack(buf_text(&pack_path), deflater, &list, sum, &bytes,
			err);
	if (rc < 0)
		goto out;
	rc = write_index(buf_text(&index_path), &list, sum, err);
	if (rc == 0)
		*out_bytes = bytes;
out:
	buf_release(&index_path);
	buf_release(&pack_path);
	free(list.at);
	return rc;
}

static int sweep_one(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	const char *prefix = ATOMIC_FILE_TEMP_PREFIX;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct stat st;
	int rc = 0;

	if (kind != DIR_KIND_FILE || strncmp(name, prefix, strlen(prefix)))
		return 0;
	rc = buf_printf(&path, err, "%s/%s", (const char *)context, name);
	if (rc == 0 && !lstat(buf_text(&path), &st) &&
	    time(NULL) - st.st_mtime > SWEEP_SECONDS)
		unlink(buf_text(&path));
	buf_release(&path);
	return rc;
}

void pack_sweep(const char *objects_path)
{
	struct buf dir = BUF_INIT(BUF_NO_LIMIT);
	int rc = buf_printf(&dir, NULL, "%s/pack", objects_path);

	/* Whatever stays is for the next time. */
	if (rc == 0)
		rc = dir_each(buf_text(&dir), sweep_one, dir.data, NULL);
	(void)rc;
	buf_release(&dir);
}
