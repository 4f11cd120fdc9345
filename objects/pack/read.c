#include "objects/pack/read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <git2/odb_backend.h>

#include "objects/pack/libgit2.h"
#include "objects/pack/sink.h"

#define FANOUT_BYTES ((size_t)1024)
#define INDEX_HEAD ((size_t)8 + FANOUT_BYTES)
#define INDEX_PER_OBJECT (SHA1_BYTES + 4 + 4)
#define INDEX_BYTES_MAX ((size_t)1 << 30)

static int damaged(const char *path, const char *what, struct err *err)
{
	return err_set(err, ERR_CORRUPT, "'%s' is damaged: %s", path, what);
}

/* The parts of an index of n objects. */
static const char *index_ids(const struct pack_file *file)
{
	return file->index.bytes.at + INDEX_HEAD;
}

static int check_index(struct pack_file *file, const char *path,
		       struct err *err)
{
	struct span index = file->index.bytes;
	unsigned char sum[SHA1_BYTES];
	struct sha1 hash;

	if (index.len < INDEX_HEAD + 2 * SHA1_BYTES ||
	    u32_at(index.at) != PACK_INDEX_MAGIC ||
	    u32_at(index.at + 4) != PACK_INDEX_VERSION)
		return damaged(path, "it is no index of version 2", err);
	file->n = u32_at(index.at + INDEX_HEAD - 4);
	if (index.len != INDEX_HEAD + file->n * INDEX_PER_OBJECT +
			 2 * SHA1_BYTES)
		return damaged(path, "its length is wrong", err);
	sha1_init(&hash);
	sha1_add(&hash, index.at, index.len - SHA1_BYTES);
	sha1_finish(&hash, sum);
	if (memcmp(sum, index.at + index.len - SHA1_BYTES, SHA1_BYTES))
		return damaged(path, "its hash is wrong", err);
	return 0;
}

static int check_pack(const struct pack_file *file, const char *path,
		      struct err *err)
{
	struct span pack = file->pack.bytes, index = file->index.bytes;

	if (pack.len < PACK_HEADER_BYTES + SHA1_BYTES ||
	    memcmp(pack.at, "PACK", 4) || u32_at(pack.at + 4) != PACK_VERSION)
		return damaged(path, "it is no pack of version 2", err);
	if (u32_at(pack.at + 8) != file->n)
		return damaged(path, "its index is of another number", err);
	if (memcmp(pack.at + pack.len - SHA1_BYTES,
		   index.at + index.len - 2 * SHA1_BYTES, SHA1_BYTES))
		return damaged(path, "its index is of another pack", err);
	return 0;
}

static int object_order(const void *a, const void *b)
{
	const struct pack_object *left = a, *right = b;

	return (left->offset > right->offset) - (left->offset < right->offset);
}

/* Which object begins there? */
static uint32_t position_of(const struct pack_file *file, uint32_t offset)
{
	struct pack_object wanted = { .offset = offset };
	const struct pack_object *found;

	found = bsearch(&wanted, file->objects, file->n,
			sizeof(*file->objects), object_order);
	return found ? (uint32_t)(found - file->objects) : PACK_NO_BASE;
}

/* Take the header of an object off its bytes; false when it is cut short. */
static bool take_header(struct span *bytes, struct pack_object *object)
{
	unsigned shift = 4;
	unsigned char byte;

	if (!bytes->len)
		return false;
	byte = (unsigned char)*bytes->at;
	object->type = byte >> 4 & 7;
	object->len = byte & 15;
	while (byte & 0x80) {
		*bytes = span_of(bytes->at + 1, bytes->len - 1);
		if (!bytes->len || shift > 39)
			return false;
		byte = (unsigned char)*bytes->at;
		object->len |= (size_t)(byte & 0x7f) << shift;
		shift += 7;
	}
	*bytes = span_of(bytes->at + 1, bytes->len - 1);
	return true;
}

/* How far before a delta its base begins. */
static bool take_distance(struct span *bytes, uint64_t *out)
{
	uint64_t distance = 0;
	unsigned char byte = 0x80;
	bool is_first = true;

	for (; byte & 0x80; is_first = false) {
		if (!bytes->len || distance > UINT32_MAX)
			return false;
		byte = (unsigned char)*bytes->at;
		distance = ((is_first ? 0 : distance + 1) << 7) |
			   (byte & 0x7f);
		*bytes = span_of(bytes->at + 1, bytes->len - 1);
	}
	*out = distance;
	return true;
}

static bool parse_object(const struct pack_file *file,
			 struct pack_object *object, struct span bytes)
{
	uint64_t distance;

	object->base = PACK_NO_BASE;
	if (!take_header(&bytes, object))
		return false;
	if (object->type == PACK_OFFSET_DELTA) {
		if (!take_distance(&bytes, &distance) ||
		    distance > object->offset)
			return false;
		object->base = position_of(file, object->offset -
						 (uint32_t)distance);
	} else if (object->type == PACK_ID_DELTA) {
		if (bytes.len < SHA1_BYTES)
			return false;
		bytes = span_of(bytes.at + SHA1_BYTES, bytes.len - SHA1_BYTES);
	} else if (!object->type || object->type > 4) {
		return false;
	}
	object->stream = bytes;
	return true;
}

static int parse_objects(struct pack_file *file, const char *path,
			 struct err *err)
{
	struct span pack = file->pack.bytes;
	uint32_t end;
	size_t i;

	for (i = 0; i < file->n; i++) {
		struct pack_object *object = &file->objects[i];
		struct span bytes;

		end = i + 1 < file->n ? file->objects[i + 1].offset :
					(uint32_t)(pack.len - SHA1_BYTES);
		if (object->offset < PACK_HEADER_BYTES ||
		    object->offset >= end || end > pack.len)
			return damaged(path, "its index points elsewhere",
				       err);
		bytes = span_of(pack.at + object->offset,
				end - object->offset);
		/* So that what is copied is what was written. */
		if (deflate_crc32(0, bytes) != object->crc ||
		    !parse_object(file, object, bytes))
			return err_set(err, ERR_CORRUPT, "'%s' is damaged at "
				       "object '%s'", path,
				       oid_hex(&object->id).text);
	}
	return 0;
}

static int read_objects(struct pack_file *file, const char *path,
			struct err *err)
{
	const char *ids = index_ids(file);
	const char *crcs = ids + file->n * SHA1_BYTES;
	const char *offsets = crcs + file->n * 4;
	size_t i;

	file->objects = calloc(file->n ? file->n : 1, sizeof(*file->objects));
	if (!file->objects)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < file->n; i++) {
		memcpy(file->objects[i].id.id, ids + i * SHA1_BYTES,
		       SHA1_BYTES);
		file->objects[i].crc = u32_at(crcs + i * 4);
		file->objects[i].offset = u32_at(offsets + i * 4);
	}
	qsort(file->objects, file->n, sizeof(*file->objects), object_order);
	return parse_objects(file, path, err);
}

/* libgit2 puts deltas together; the rest is faster done here. */
static int open_odb(struct pack_file *file, const char *index_path,
		    struct err *err)
{
	git_odb_backend *backend = NULL;
	int rc = git_odb_new(&file->odb);

	if (rc == 0)
		rc = git_odb_backend_one_pack(&backend, index_path);
	if (rc == 0)
		rc = git_odb_add_backend(file->odb, backend, 1);
	if (rc < 0)
		return libgit2_error(rc, "cannot open a pack", err);
	return 0;
}

int pack_file_open(struct pack_file *file, const char *stem, struct err *err)
{
	struct buf pack = BUF_INIT(BUF_NO_LIMIT);
	struct buf index = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	memset(file, 0, sizeof(*file));
	rc = buf_printf(&pack, err, "%s.pack", stem);
	if (rc == 0)
		rc = buf_printf(&index, err, "%s.idx", stem);
	if (rc == 0)
		rc = file_map_open(&file->pack, buf_text(&pack),
				   PACK_BYTES_MAX, err);
	if (rc == 0)
		rc = file_map_open(&file->index, buf_text(&index),
				   INDEX_BYTES_MAX, err);
	if (rc == 0)
		rc = check_index(file, buf_text(&index), err);
	if (rc == 0)
		rc = check_pack(file, buf_text(&pack), err);
	if (rc == 0)
		rc = read_objects(file, buf_text(&pack), err);
	if (rc == 0)
		rc = open_odb(file, buf_text(&index), err);
	if (rc < 0)
		pack_file_release(file);
	buf_release(&pack);
	buf_release(&index);
	return rc;
}

void pack_file_release(struct pack_file *file)
{
	git_odb_free(file->odb);
	free(file->objects);
	file_map_release(&file->pack);
	file_map_release(&file->index);
	memset(file, 0, sizeof(*file));
}

bool object_is_true(const git_oid *id, unsigned type, struct span content)
{
	static const char *const words[] = { "", "commit", "tree", "blob",
					     "tag" };
	unsigned char sum[SHA1_BYTES];
	char header[32];
	struct sha1 hash;
	int len = snprintf(header, sizeof(header), "%s %zu", words[type],
			   content.len);

	sha1_init(&hash);
	sha1_add(&hash, header, (size_t)len + 1);
	sha1_add(&hash, content.at, content.len);
	sha1_finish(&hash, sum);
	return !memcmp(sum, id->id, SHA1_BYTES);
}

static int read_delta(const struct pack_file *file, const git_oid *id,
		      unsigned *out_type, struct buf *out, struct err *err)
{
	git_odb_object *object = NULL;
	int rc = git_odb_read(&object, file->odb, id);

	if (rc < 0)
		return libgit2_error(rc, "cannot read a packed object", err);
	buf_reset(out);
	*out_type = (unsigned)git_odb_object_type(object);
	rc = buf_add(out, git_odb_object_data(object),
		     git_odb_object_size(object), err);
	git_odb_object_free(object);
	return rc;
}

int pack_file_read(const struct pack_file *file, size_t position,
		   struct inflater *inflater, unsigned *out_type,
		   struct buf *out, struct err *err)
{
	const struct pack_object *object = &file->objects[position];
	int rc;

	if (object->type >= PACK_OFFSET_DELTA) {
		rc = read_delta(file, &object->id, out_type, out, err);
	} else {
		*out_type = object->type;
		rc = inflater_run(inflater, object->stream, out, err);
	}
	if (rc < 0)
		err_prefix(err, "packed object '%s'",
			   oid_hex(&object->id).text);
	if (rc == 0 && !object_is_true(&object->id, *out_type, buf_span(out)))
		rc = err_set(err, ERR_CORRUPT, "packed object '%s' is damaged",
			     oid_hex(&object->id).text);
	return rc;
}
