#include "refs/write_internal.h"

#include <string.h>

#include "lib/hash.h"
#include "objects/home_filter.h"
#include "objects/segment.h"

/* No segment holds more: 256 records of 128 KiB, or one of 1 MiB. */
#define SEGMENT_TEXT_MAX (RECORD_MAX_BYTES + 1)

void writer_entity_key(struct span entity,
		       unsigned char out[WRITER_ENTITY_BYTES])
{
	uint64_t hash = xxh64_of(entity.at, entity.len);

	memcpy(out, &hash, WRITER_ENTITY_BYTES);
}

/*
 * The entity of a stored line: behind it stand only prev and type, which hold
 * no text of others, so that the last such name is the one.
 */
static struct span entity_of(struct span line)
{
	static const char name[] = "\"entity\":\"";
	const size_t len = sizeof(name) - 1;
	const char *at = line.at + line.len;
	const char *end;

	while (at > line.at + len) {
		at--;
		if (*at != '"' || memcmp(at - len + 1, name, len) != 0)
			continue;
		end = memchr(at + 1, '"',
			     (size_t)(line.at + line.len - at) - 1);
		return span_of(at + 1, end ? (size_t)(end - at) - 1 : 0);
	}
	return span_of(NULL, 0);
}

static int know_line(struct writer *writer, struct span line, struct err *err)
{
	unsigned char key[WRITER_ENTITY_BYTES];
	unsigned char id[RECORD_ID_BYTES];
	int rc;

	record_id(line, id);
	rc = table_add(&writer->known, id, 0, err);
	if (rc < 0)
		return rc;
	writer_entity_key(entity_of(line), key);
	return table_add(&writer->spoken_of, key, 0, err);
}

static int load_segment(struct writer *writer,
			const struct tree_segment *segment, struct err *err)
{
	struct buf bytes = BUF_INIT(STORE_OBJECT_MAX);
	struct buf text = BUF_INIT(SEGMENT_TEXT_MAX);
	struct span line;
	size_t pos = 0;
	int rc;

	rc = store_read(writer->vault->store, &segment->blob, OBJECT_BLOB,
			STORE_OBJECT_MAX, &bytes, err);
	if (rc < 0)
		goto out;
	rc = codec_decode(writer->codec, SEAL_SEGMENT, buf_span(&bytes), &text,
			  err);
	if (rc < 0)
		goto out;
	while (segment_next(buf_span(&text), &pos, &line)) {
		rc = know_line(writer, line, err);
		if (rc < 0)
			goto out;
	}
	rc = 0;
out:
	buf_release(&bytes);
	buf_release(&text);
	return rc;
}

int writer_load_known(struct writer *writer, const char *dir,
		      const unsigned char hash[PLACE_HASH_BYTES],
		      struct err *err)
{
	struct tree_segments along = TREE_SEGMENTS_INIT;
	char name[PLACE_NAME_LEN + 1];
	size_t i;
	int rc;

	rc = table_add(&writer->homes, hash, 0, err);
	if (rc <= 0)
		return rc;
	codec_dir_name(writer->codec, dir, name);
	rc = tree_along(writer->vault->store, &writer->base, name, hash,
			&along, err);
	for (i = 0; rc >= 0 && i < along.n; i++) {
		if (!store_may_hold(writer->vault->store, along.at[i].digest,
				    hash))
			continue;
		rc = table_add(&writer->loaded, along.at[i].digest, 0, err);
		if (rc == 1)
			rc = load_segment(writer, &along.at[i], err);
	}
	tree_segments_release(&along);
	return rc < 0 ? rc : 0;
}
