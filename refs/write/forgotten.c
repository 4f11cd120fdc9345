/*
 * What was forgotten does not come back with the source that brought it.
 */
#include <string.h>

#include "lib/id/cid.h"
#include "objects/blob/blob.h"
#include "refs/view/forgotten.h"
#include "refs/write/write_internal.h"

int writer_look_for_forgotten(struct writer *writer, struct err *err)
{
	char dir[PLACE_NAME_LEN + 1];
	struct tree_folder root;
	size_t i;
	int rc = tree_folder_read(writer->vault->store, &writer->base, NULL,
				  &root, err);

	if (rc < 0)
		return rc;
	codec_dir_name(writer->codec, "forget", dir);
	for (i = 0; i < root.children_n; i++)
		if (!strcmp(root.children[i].name, dir))
			writer->base_has_forgotten = true;
	tree_folder_release(&root);
	return 0;
}

static int note_blobs(struct table *blobs, const struct record *record,
		      struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	uint64_t size;
	size_t pos = 0;
	int rc = 0;

	while (rc == 0 && blob_ref_next(record->data, &pos, digest, &size))
		rc = table_include(blobs, digest, NULL, err);
	return rc;
}

int writer_keep_blobs(struct writer *writer, const struct record *record,
		      struct err *err)
{
	return writer->base_has_forgotten ?
	       note_blobs(&writer->kept_blobs, record, err) : 0;
}

/* Where the pieces of a blob lie. */
static void find_place(const struct writer *writer,
		       const unsigned char digest[SHA256_BYTES],
		       struct place *out)
{
	unsigned char hash[PLACE_HASH_BYTES];
	char dir[PLACE_NAME_LEN + 1];
	char key[CID_TEXT_MAX];
	struct home home = { .dir = BLOB_DIR };

	cid_text(CID_RAW, digest, key);
	home.key = span_str(key);
	codec_place_hash(writer->codec, &home, hash);
	codec_dir_name(writer->codec, BLOB_DIR, dir);
	place_of_hash(dir, hash, TREE_DIGITS, true, out);
}

void writer_drop_blobs(struct writer *writer)
{
	struct tree_segments *segments = &writer->segments;
	struct place place;
	size_t kept;
	size_t i;
	size_t k;

	for (i = 0; i < writer->forgotten_blobs.count; i++) {
		const unsigned char *digest =
			table_key_at(&writer->forgotten_blobs, i);

		if (table_get(&writer->kept_blobs, digest, NULL))
			continue;
		find_place(writer, digest, &place);
		for (kept = 0, k = 0; k < segments->n; k++)
			if (strcmp(segments->at[k].place.dir, place.dir) ||
			    strcmp(segments->at[k].place.home, place.home))
				segments->at[kept++] = segments->at[k];
		segments->n = kept;
	}
}

int writer_is_forgotten(struct writer *writer, const struct record *record,
			bool *out, struct err *err)
{
	unsigned char id[RECORD_ID_BYTES];
	struct view *view;
	int rc;

	*out = false;
	if (!writer->base_has_forgotten)
		return 0;
	rc = writer_view(writer, &view, err);
	if (rc == 0)
		rc = forgotten_read(view, err);
	if (rc < 0)
		return rc;
	record_id(record->line, id);
	*out = forgotten_has(view, id);
	if (!*out) {
		record_said(record, id);
		*out = forgotten_has(view, id);
	}
	writer->records_forgotten += *out;
	return *out ? note_blobs(&writer->forgotten_blobs, record, err) : 0;
}
