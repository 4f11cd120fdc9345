#include "objects/pack/pack.h"

#include <stdlib.h>

#include "lib/id/encode.h"
#include "objects/pack/sink.h"

#define PACK_NAME_HEX (2 * SHA1_BYTES)

/* The objects of one pack in their order in it, and what its index will say,
 * which is sorted by id in the end. */
struct packing {
	const struct framed *const *objects;
	struct pack_entry *entries;
	size_t n;
	struct deflater *deflater;
};

static int add_entry(struct pack_sink *sink, const struct packing *packing,
		     size_t i, struct err *err)
{
	const struct framed *object = packing->objects[i];
	struct pack_entry *entry = &packing->entries[i];
	size_t start = sink->pending.len;
	struct span content = span_of(object->bytes + object->header_len,
				      object->len);

	entry->id = object->id;
	entry->offset = (uint32_t)(sink->written + start);
	pack_entry_put(&sink->pending, object->type, object->len);
	deflater_put(packing->deflater, content, &sink->pending);
	entry->crc = deflate_crc32(0, span_of(sink->pending.data + start,
					   sink->pending.len - start));
	return pack_sink_settle(sink, err);
}

static int write_pack(const char *path, const struct packing *packing,
		      unsigned char out_sum[SHA1_BYTES], size_t *out_bytes,
		      struct err *err)
{
	struct pack_sink sink = PACK_SINK_INIT;
	size_t i;
	int rc = pack_sink_open(&sink, path, err);

	if (rc < 0)
		goto out;
	pack_header_put(&sink.pending, packing->n);
	for (i = 0; rc == 0 && i < packing->n; i++)
		rc = add_entry(&sink, packing, i, err);
	if (rc == 0)
		rc = pack_sink_end(&sink, out_sum, err);
	if (rc == 0)
		rc = atomic_file_publish(&sink.file, err);
	*out_bytes = sink.written;
out:
	pack_sink_release(&sink);
	return rc;
}

static int write_index(const char *path, const struct packing *packing,
		       const unsigned char pack_sum[SHA1_BYTES],
		       struct err *err)
{
	struct pack_sink sink = PACK_SINK_INIT;
	int rc = pack_index_write(&sink, path, packing->entries, packing->n,
				  pack_sum, err);

	if (rc == 0)
		rc = atomic_file_publish(&sink.file, err);
	pack_sink_release(&sink);
	return rc;
}

/*
 * Named for the ids in their order: the same objects written twice (after a
 * crash before the index, say) replace an equal file.
 */
static int pack_paths(const char *objects_path, const struct packing *packing,
		      struct buf *out_pack, struct buf *out_index,
		      struct err *err)
{
	unsigned char sum[SHA1_BYTES];
	char name[PACK_NAME_HEX + 1];
	struct sha1 hash;
	size_t i;
	int rc;

	sha1_init(&hash);
	for (i = 0; i < packing->n; i++)
		sha1_add(&hash, packing->objects[i]->id.id, SHA1_BYTES);
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
	struct packing packing = { objects, NULL, n, deflater };
	struct buf pack_path = BUF_INIT(BUF_NO_LIMIT);
	struct buf index_path = BUF_INIT(BUF_NO_LIMIT);
	unsigned char sum[SHA1_BYTES];
	size_t bytes = 0;
	int rc;

	packing.entries = calloc(n ? n : 1, sizeof(*packing.entries));
	if (!packing.entries)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = pack_paths(objects_path, &packing, &pack_path, &index_path, err);
	if (rc < 0)
		goto out;
	rc = write_pack(buf_text(&pack_path), &packing, sum, &bytes, err);
	if (rc < 0)
		goto out;
	rc = write_index(buf_text(&index_path), &packing, sum, err);
	if (rc == 0)
		*out_bytes = bytes;
out:
	buf_release(&index_path);
	buf_release(&pack_path);
	free(packing.entries);
	return rc;
}
