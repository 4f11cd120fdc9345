#include "objects/pack/index_pack_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/os/file.h"

#define SCRATCH_BYTES ((size_t)65536)

int index_pack_new(const struct index_pack_options *options,
		   struct index_pack **out, struct err *err)
{
	static const struct buf no_content = BUF_INIT(BUF_NO_LIMIT);
	static const struct temp_file no_file = TEMP_FILE_INIT;
	struct index_pack *pack = calloc(1, sizeof(*pack));
	int rc = 0;

	if (!pack)
		return err_set(err, ERR_NOMEM, "out of memory");
	pack->options = *options;
	pack->content = no_content;
	pack->file = no_file;
	pack->keep = no_file;
	sha1_init(&pack->hash);
	pack->scratch = malloc(SCRATCH_BYTES);
	if (!pack->scratch)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0)
		rc = inflate_stream_new(INFLATE_ZLIB, &pack->stream, err);
	if (rc == 0)
		rc = inflater_new(&pack->inflater, err);
	if (rc == 0)
		rc = temp_file_open(&pack->file, options->folder, INDEX_PACK_TEMP,
				    0444, err);
	if (rc < 0)
		index_pack_free(pack);
	else
		*out = pack;
	return rc;
}

void index_pack_free(struct index_pack *pack)
{
	if (!pack)
		return;
	inflate_stream_free(pack->stream);
	inflater_free(pack->inflater);
	temp_file_release(&pack->file);
	temp_file_release(&pack->keep);
	buf_release(&pack->content);
	free(pack->scratch);
	free(pack->entries);
	free(pack->refs);
	free(pack);
}

int index_pack_damaged(const struct index_pack *pack, const char *why,
		       struct err *err)
{
	return err_set(err, ERR_CORRUPT, "the pack from '%s' is damaged: %s",
		       pack->options.from, why);
}

int index_pack_tick(const struct index_pack *pack, struct err *err)
{
	if (!pack->options.tick)
		return 0;
	return pack->options.tick(pack->options.arg, err);
}

/* Follows what has come, so that the work does. */
static uint64_t inflated_max(const struct index_pack *pack)
{
	if (pack->options.limits.inflated_bytes)
		return pack->options.limits.inflated_bytes;
	return INDEX_PACK_FREE_BYTES +
	       INDEX_PACK_RATIO * pack->options.counts->bytes;
}

int index_pack_count(struct index_pack *pack, uint64_t size, struct err *err)
{
	const struct index_pack_limits *limits = &pack->options.limits;
	struct index_pack_counts *counts = pack->options.counts;

	if (size > limits->object_bytes || size >= UINT32_MAX)
		return err_set(err, ERR_LIMIT, "'%s' sends an object of %llu "
			       "bytes; the limit is %llu", pack->options.from,
			       (unsigned long long)size,
			       (unsigned long long)limits->object_bytes);
	counts->inflated += size;
	if (counts->inflated > inflated_max(pack))
		return err_set(err, ERR_LIMIT, "what '%s' sends inflates to "
			       "more than %llu bytes", pack->options.from,
			       (unsigned long long)inflated_max(pack));
	return 0;
}

int index_pack_add(struct index_pack *pack, const struct index_entry *entry,
		   struct err *err)
{
	int rc = array_room_in(pack->entries, pack->n, pack->cap, err);

	if (rc == 0)
		pack->entries[pack->n++] = *entry;
	return rc;
}

int index_pack_name(const struct index_pack *pack, unsigned type,
		    struct span content, git_oid *out, struct err *err)
{
	const void *bytes = content.len ? content.at : "";

	if (git_odb_hash(out, bytes, content.len, (git_object_t)type) < 0)
		return index_pack_damaged(pack, "its objects are made to "
					  "collide", err);
	return 0;
}

/* Take n bytes off the front. What is not the trailer counts for it. */
static void take(struct index_pack *pack, struct span *in, size_t n)
{
	if (pack->state != AT_TRAILER)
		sha1_add(&pack->hash, in->at, n);
	if (pack->state != AT_TRAILER && pack->state != AT_PACK_HEADER)
		pack->entry.crc = deflate_crc32(pack->entry.crc,
						span_of(in->at, n));
	pack->at += n;
	*in = span_of(in->at + n, in->len - n);
}

/* Move bytes into small until it holds want; true when it does. */
static bool gather(struct index_pack *pack, struct span *in, size_t want)
{
	size_t n = want - pack->small_n;

	if (n > in->len)
		n = in->len;
	memcpy(pack->small + pack->small_n, in->at, n);
	pack->small_n += n;
	take(pack, in, n);
	if (pack->small_n < want)
		return false;
	pack->small_n = 0;
	return true;
}

static void next_entry(struct index_pack *pack)
{
	pack->state = pack->objects_left ? AT_ENTRY : AT_TRAILER;
	memset(&pack->entry, 0, sizeof(pack->entry));
	pack->entry.offset = pack->at;
	pack->entry.child = NO_ENTRY;
	pack->entry.next = NO_ENTRY;
	pack->shift = 0;
	pack->size = 0;
	pack->distance = 0;
	pack->made = 0;
	pack->delta_n = 0;
	buf_reset(&pack->content);
}

static int read_header(struct index_pack *pack, struct err *err)
{
	const struct index_pack_limits *limits = &pack->options.limits;
	struct index_pack_counts *counts = pack->options.counts;

	if (memcmp(pack->small, "PACK", 4) ||
	    u32_at(pack->small + 4) != PACK_VERSION)
		return index_pack_damaged(pack, "it is no pack of version 2",
					  err);
	pack->objects_left = u32_at(pack->small + 8);
	counts->objects += pack->objects_left;
	if (counts->objects > limits->objects)
		return err_set(err, ERR_LIMIT, "'%s' sends %llu objects; the "
			       "limit is %llu", pack->options.from,
			       (unsigned long long)counts->objects,
			       (unsigned long long)limits->objects);
	next_entry(pack);
	return 0;
}

static int begin_content(struct index_pack *pack, struct err *err)
{
	pack->state = IN_CONTENT;
	pack->entry.head_len = (uint8_t)(pack->at - pack->entry.offset);
	pack->entry.size = (uint32_t)pack->size;
	inflate_stream_reset(pack->stream);
	return index_pack_tick(pack, err);
}

/* Four bits of size beside the type, then seven a byte. */
static int read_entry_byte(struct index_pack *pack, unsigned char byte,
			   struct err *err)
{
	int rc;

	if (!pack->shift) {
		pack->entry.type = byte >> 4 & 7;
		pack->size = byte & 15;
		pack->shift = 4;
	} else {
		if (pack->shift > 50)
			return index_pack_damaged(pack, "an object without "
						  "end", err);
		pack->size |= (uint64_t)(byte & 0x7f) << pack->shift;
		pack->shift += 7;
	}
	if (byte & 0x80)
		return 0;
	if (!pack->entry.type || pack->entry.type == 5)
		return index_pack_damaged(pack, "an object of an unknown type",
					  err);
	pack->objects_left--;
	rc = index_pack_count(pack, pack->size, err);
	if (rc < 0)
		return rc;
	if (pack->entry.type == PACK_OFFSET_DELTA)
		pack->state = AT_OFFSET;
	else if (pack->entry.type == PACK_ID_DELTA)
		pack->state = AT_BASE;
	else
		return begin_content(pack, err);
	return 0;
}

/* Which entry begins there? */
static uint32_t entry_at(const struct index_pack *pack, uint64_t offset)
{
	size_t low = 0, high = pack->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (pack->entries[middle].offset == offset)
			return (uint32_t)middle;
		if (pack->entries[middle].offset < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return NO_ENTRY;
}

/* How far back the base begins, seven bits a byte, each but the last less
 * one. */
static int read_offset_byte(struct index_pack *pack, unsigned char byte,
			    struct err *err)
{
	bool is_first = !(pack->distance >> 63);
	uint64_t distance = pack->distance & (UINT64_MAX >> 1);

	if (distance > (uint64_t)1 << 50)
		return index_pack_damaged(pack, "a delta of what is not "
					  "there", err);
	distance = ((is_first ? 0 : distance + 1) << 7) | (byte & 0x7f);
	pack->distance = distance | (uint64_t)1 << 63;
	if (byte & 0x80)
		return 0;
	pack->distance = distance;
	if (!distance || distance > pack->entry.offset ||
	    entry_at(pack, pack->entry.offset - distance) == NO_ENTRY)
		return index_pack_damaged(pack, "a delta of what is not "
					  "there", err);
	return begin_content(pack, err);
}

/* The second number in a delta: how long its result will be. */
static int count_delta(struct index_pack *pack, struct err *err)
{
	uint64_t value = 0;
	unsigned shift = 0;
	unsigned numbers = 0;
	size_t i;

	for (i = 0; i < pack->delta_n && numbers < 2 && shift <= 56; i++) {
		value |= (uint64_t)(pack->delta[i] & 0x7f) << shift;
		shift += 7;
		if (pack->delta[i] & 0x80)
			continue;
		if (++numbers < 2) {
			value = 0;
			shift = 0;
		}
	}
	if (numbers < 2)
		return index_pack_damaged(pack, "a delta without its sizes",
					  err);
	return index_pack_count(pack, value, err);
}

static int ref_add(struct index_pack *pack, struct err *err)
{
	int rc = array_room_in(pack->refs, pack->refs_n, pack->refs_cap, err);

	if (rc == 0)
		pack->refs[pack->refs_n++] = (struct ref_delta){
			pack->entry.id, (uint32_t)pack->n
		};
	return rc;
}

/* An entry is whole: name it, or put it with its base. */
static int end_entry(struct index_pack *pack, struct err *err)
{
	struct index_entry *entry = &pack->entry;
	uint32_t base;
	int rc = 0;

	entry->is_delta = entry->type >= PACK_OFFSET_DELTA;
	if (!entry->is_delta)
		rc = index_pack_name(pack, entry->type,
				     buf_span(&pack->content), &entry->id,
				     err);
	else
		rc = count_delta(pack, err);
	if (rc == 0 && entry->type == PACK_ID_DELTA)
		rc = ref_add(pack, err);
	if (rc == 0 && entry->type == PACK_OFFSET_DELTA) {
		base = entry_at(pack, entry->offset - pack->distance);
		entry->next = pack->entries[base].child;
		pack->entries[base].child = (uint32_t)pack->n;
	}
	if (rc == 0)
		rc = index_pack_add(pack, entry, err);
	pack->options.counts->received++;
	next_entry(pack);
	return rc;
}

/* Of a delta only the beginning is wanted yet. */
static int keep_content(struct index_pack *pack, size_t n, struct err *err)
{
	size_t room = DELTA_HEAD - pack->delta_n;

	if (pack->entry.type < PACK_OFFSET_DELTA)
		return buf_add(&pack->content, pack->scratch, n, err);
	n = n < room ? n : room;
	memcpy(pack->delta + pack->delta_n, pack->scratch, n);
	pack->delta_n += n;
	return 0;
}

static int read_content(struct index_pack *pack, struct span *in,
			struct err *err)
{
	struct inflate_room room = { pack->scratch, SCRATCH_BYTES };
	struct span rest = *in;
	bool is_end = false;
	int done = inflate_stream_step(pack->stream, &rest, &room, &is_end,
				       NULL);
	size_t made = SCRATCH_BYTES - room.len;
	int rc;

	take(pack, in, in->len - rest.len);
	pack->made += made;
	if (pack->made > pack->size)
		return index_pack_damaged(pack, "an object is longer than it "
					  "says", err);
	rc = keep_content(pack, made, err);
	if (rc < 0)
		return rc;
	if (done == 0 && !is_end)
		return 0;
	if (done < 0 || pack->made != pack->size)
		return index_pack_damaged(pack, "it does not inflate", err);
	return end_entry(pack, err);
}

static int read_trailer(struct index_pack *pack, struct err *err)
{
	unsigned char sum[SHA1_BYTES];

	sha1_finish(&pack->hash, sum);
	pack->state = AT_END;
	if (memcmp(sum, pack->small, SHA1_BYTES))
		return index_pack_damaged(pack, "its hash is wrong", err);
	return 0;
}

static int step(struct index_pack *pack, struct span *in, struct err *err)
{
	unsigned char byte = (unsigned char)in->at[0];

	switch (pack->state) {
	case AT_PACK_HEADER:
		return gather(pack, in, PACK_HEADER_BYTES) ?
			read_header(pack, err) : 0;
	case AT_ENTRY:
		take(pack, in, 1);
		return read_entry_byte(pack, byte, err);
	case AT_OFFSET:
		take(pack, in, 1);
		return read_offset_byte(pack, byte, err);
	case AT_BASE:
		if (!gather(pack, in, SHA1_BYTES))
			return 0;
		git_oid_fromraw(&pack->entry.id, pack->small);
		return begin_content(pack, err);
	case IN_CONTENT:
		return read_content(pack, in, err);
	case AT_TRAILER:
		return gather(pack, in, SHA1_BYTES) ? read_trailer(pack, err) :
						      0;
	default:
		return index_pack_damaged(pack, "bytes behind its end", err);
	}
}

int index_pack_feed(struct index_pack *pack, struct span bytes,
		    struct err *err)
{
	struct index_pack_counts *counts = pack->options.counts;
	struct span all = bytes;
	int rc = 0;

	counts->bytes += bytes.len;
	if (counts->bytes > pack->options.limits.bytes)
		return err_set(err, ERR_LIMIT, "'%s' sends packs of more than "
			       "%llu bytes", pack->options.from,
			       (unsigned long long)pack->options.limits.bytes);
	rc = index_pack_tick(pack, err);
	while (rc == 0 && bytes.len)
		rc = step(pack, &bytes, err);
	if (rc == 0)
		rc = file_write_fd(pack->file.fd, pack->options.folder->path,
				   all, err);
	return rc;
}
