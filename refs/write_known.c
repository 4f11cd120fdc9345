#include "refs/write_internal.h"

#include "objects/home_filter.h"
#include "objects/segment.h"

/* No segment holds more: 256 records of 128 KiB, or one of 1 MiB. */
#define SEGMENT_TEXT_MAX (RECORD_MAX_BYTES + 1)

static int load_segment(struct writer *writer,
			const struct tree_segment *segment, struct err *err)
{
	struct buf bytes = BUF_INIT(STORE_OBJECT_MAX);
	struct buf text = BUF_INIT(SEGMENT_TEXT_MAX);
	unsigned char id[RECORD_ID_BYTES];
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
		record_id(line, id);
		rc = table_add(&writer->known, id, 0, err);
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
