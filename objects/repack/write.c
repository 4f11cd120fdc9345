#include "objects/repack/repack_internal.h"

#include <stdlib.h>

#include "lib/base/random.h"
#include "lib/id/encode.h"
#include "lib/os/dir.h"
#include "objects/pack/sink.h"

#define NAME_BYTES SHA1_BYTES

struct writing {
	struct repack *repack;
	struct pack_sink pack;
	struct pack_sink index;
	struct pack_entry *entries;
	size_t n;
	uint32_t *chain;	/* items that wait for their bases */
};

/* How far back the base lies, 7 bits a byte, each but the last less one. */
static void put_distance(struct buf *out, size_t distance)
{
	unsigned char bytes[10];
	size_t at = sizeof(bytes);

	bytes[--at] = distance & 0x7f;
	while (distance >>= 7)
		bytes[--at] = (unsigned char)(0x80 | (--distance & 0x7f));
	buf_put(out, bytes + at, sizeof(bytes) - at);
}

static void put_delta(struct writing *writing, const struct repack_item *item,
		      size_t distance)
{
	struct buf *out = &writing->pack.pending;
	const struct pack_object *object = NULL;

	if (!item->delta)
		object = &item->file->objects[item->position];
	pack_entry_put(out, PACK_OFFSET_DELTA,
		       object ? object->len : item->delta_len);
	put_distance(out, distance);
	if (object)
		buf_put_span(out, object->stream);
	else
		deflater_put(writing->repack->deflater,
			     span_of(item->delta, item->delta_len), out);
}

/* As the pack has it, if it has it whole; else compressed now. */
static int put_whole(struct writing *writing, const struct repack_item *item,
		     struct err *err)
{
	struct buf *out = &writing->pack.pending;
	const struct pack_object *object = NULL;
	struct span content;
	int rc;

	pack_entry_put(out, item->type, item->len);
	if (item->file)
		object = &item->file->objects[item->position];
	if (object && object->type < PACK_OFFSET_DELTA) {
		buf_put_span(out, object->stream);
		return 0;
	}
	rc = repack_content(writing->repack, item, &content, err);
	if (rc == 0)
		deflater_put(writing->repack->deflater, content, out);
	return rc;
}

static int write_item(struct writing *writing, struct repack_item *item,
		      struct err *err)
{
	struct pack_sink *pack = &writing->pack;
	struct pack_entry *entry = &writing->entries[writing->n++];
	const struct repack_item *base = NULL;
	size_t start = pack->pending.len;
	int rc = 0;

	if (item->base != PACK_NO_BASE)
		base = &writing->repack->items[item->base];
	if (base && (!base->is_written || base->depth >= REPACK_DEPTH))
		base = NULL;
	item->offset = (uint32_t)(pack->written + start);
	item->depth = base ? (uint16_t)(base->depth + 1) : 0;
	item->is_written = true;
	entry->id = item->id;
	entry->offset = item->offset;
	if (base)
		put_delta(writing, item, item->offset - base->offset);
	else
		rc = put_whole(writing, item, err);
	if (rc < 0)
		return rc;
	entry->crc = deflate_crc32(0, span_of(pack->pending.data + start,
					   pack->pending.len - start));
	repack_progress(writing->repack);
	return pack_sink_settle(pack, err);
}

/*
 * An item behind the bases that it needs. Where they go round in a circle
 * (one folder may be as it was before) the last one is written whole.
 */
static int write_behind_bases(struct writing *writing, uint32_t at,
			      struct err *err)
{
	struct repack_item *items = writing->repack->items;
	size_t n = 0;
	int rc = 0;

	while (at != PACK_NO_BASE && !items[at].is_written &&
	       !items[at].is_waiting) {
		items[at].is_waiting = true;
		writing->chain[n++] = at;
		at = items[at].base;
	}
	while (rc == 0 && n)
		rc = write_item(writing, &items[writing->chain[--n]], err);
	return rc;
}

/* Versions lie together, for walks; then trees, then what they hold. */
static int write_items(struct writing *writing, struct err *err)
{
	struct repack *repack = writing->repack;
	unsigned type;
	size_t i;
	int rc = 0;

	pack_header_put(&writing->pack.pending, repack->n);
	for (type = 1; type <= 4; type++) {
		for (i = 0; rc == 0 && i < repack->n; i++) {
			if (repack->items[i].type == type)
				rc = write_behind_bases(writing, (uint32_t)i,
							err);
		}
	}
	return rc;
}

/*
 * A name that no other pack has or had, so that nobody who knows one of them
 * finds this one in its place. Both files are whole before either appears.
 */
static int write_files(struct writing *writing, uint64_t *out_bytes,
		       struct err *err)
{
	struct buf pack = BUF_INIT(BUF_NO_LIMIT);
	struct buf index = BUF_INIT(BUF_NO_LIMIT);
	unsigned char name[NAME_BYTES];
	unsigned char sum[SHA1_BYTES];
	char hex[HEX_TEXT(NAME_BYTES) + 1];
	const char *folder = store_objects_path(writing->repack->store);
	int rc;

	random_bytes(name, sizeof(name));
	hex_text(name, sizeof(name), hex);
	rc = buf_printf(&pack, err, "%s/pack/pack-%s.pack", folder, hex);
	if (rc == 0)
		rc = buf_printf(&index, err, "%s/pack/pack-%s.idx", folder,
				hex);
	if (rc == 0)
		rc = pack_sink_open(&writing->pack, buf_text(&pack), err);
	if (rc == 0)
		rc = write_items(writing, err);
	if (rc == 0)
		rc = pack_sink_end(&writing->pack, sum, err);
	if (rc == 0)
		rc = pack_index_write(&writing->index, buf_text(&index),
				      writing->entries, writing->n, sum, err);
	/* An index without its pack is nothing to anybody, and is swept; a
	 * pack without its index would stay behind a kill. */
	if (rc == 0)
		rc = atomic_file_publish(&writing->index.file, err);
	if (rc == 0)
		rc = atomic_file_publish(&writing->pack.file, err);
	if (rc == 0)
		*out_bytes = writing->pack.written;
	buf_release(&pack);
	buf_release(&index);
	return rc;
}

int repack_write(struct repack *repack, uint64_t *out_bytes, struct err *err)
{
	struct writing writing = { .repack = repack, .pack = PACK_SINK_INIT,
				   .index = PACK_SINK_INIT };
	int rc = ERR_NOMEM;

	writing.entries = calloc(repack->n + 1, sizeof(*writing.entries));
	writing.chain = calloc(repack->n + 1, sizeof(*writing.chain));
	if (!writing.entries || !writing.chain)
		err_set(err, ERR_NOMEM, "out of memory");
	else
		rc = write_files(&writing, out_bytes, err);
	pack_sink_release(&writing.pack);
	pack_sink_release(&writing.index);
	free(writing.entries);
	free(writing.chain);
	return rc;
}
