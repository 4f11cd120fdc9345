/*
 * What was forgotten does not come back with the source that brought it.
 */
#include <string.h>

#include "lib/id/cid.h"
#include "lib/json/jcs_scan.h"
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

/* With each: may it be JSON, which has others in it? */
static int note_blobs(struct table *blobs, struct span text, struct err *err)
{
	bool has_json = span_has(text, "\"media\":\"application/json\"");
	unsigned char digest[SHA256_BYTES];
	uint64_t known;
	uint64_t size;
	size_t pos = 0;
	int rc = 0;

	while (rc == 0 && blob_ref_next(text, &pos, digest, &size))
		if (!table_get(blobs, digest, &known) || known < has_json)
			rc = table_put(blobs, digest, has_json, err);
	return rc;
}

int writer_keep_blobs(struct writer *writer, const struct record *record,
		      struct err *err)
{
	return writer->base_has_forgotten ?
	       note_blobs(&writer->kept_blobs, record->data, err) : 0;
}

int writer_forget_blobs(struct writer *writer, struct span data,
			struct err *err)
{
	return note_blobs(&writer->forgotten_blobs, data, err);
}

/* Those in these, as far as this writer has stored them: what is not among its
 * own it does not drop either. */
static int add_inner(struct writer *writer, const git_oid *tree,
		     struct table *blobs, struct err *err)
{
	struct buf bytes = BUF_INIT(BLOB_MAX_BYTES);
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < blobs->count; i++) {
		if (!table_value_at(blobs, i))
			continue;
		buf_reset(&bytes);
		rc = blob_read(writer->vault->store, writer->codec, tree,
			       table_key_at(blobs, i), &bytes, NULL);
		if (rc == 0 && jcs_check(buf_span(&bytes), NULL) == 0)
			rc = note_blobs(blobs, buf_span(&bytes), err);
		else if (rc == ERR_NOT_FOUND)
			rc = 0;
		else if (rc < 0)
			err_set(err, (enum err_code)rc, "what was written just "
				"now cannot be read");
	}
	buf_wipe(&bytes);
	return rc;
}

/* A tree of what is stored, for the while; it is not kept. */
static int add_all_inner(struct writer *writer, struct err *err)
{
	struct store *store = writer->vault->store;
	git_oid tree;
	int rc = tree_empty(store, &tree, err);

	if (rc == 0)
		rc = tree_insert(store, &tree, &writer->segments, &tree, err);
	if (rc == 0)
		rc = add_inner(writer, &tree, &writer->kept_blobs, err);
	return rc < 0 ? rc : add_inner(writer, &tree, &writer->forgotten_blobs,
				       err);
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

static void drop(struct writer *writer,
		 const unsigned char digest[SHA256_BYTES])
{
	struct tree_segments *segments = &writer->segments;
	struct place place;
	size_t kept = 0;
	size_t i;

	find_place(writer, digest, &place);
	for (i = 0; i < segments->n; i++)
		if (strcmp(segments->at[i].place.dir, place.dir) ||
		    strcmp(segments->at[i].place.home, place.home))
			segments->at[kept++] = segments->at[i];
	segments->n = kept;
}

int writer_drop_blobs(struct writer *writer, struct err *err)
{
	const unsigned char *digest;
	size_t i;
	int rc;

	if (!writer->forgotten_blobs.count || writer->is_dry_run)
		return 0;
	rc = add_all_inner(writer, err);
	for (i = 0; rc == 0 && i < writer->forgotten_blobs.count; i++) {
		digest = table_key_at(&writer->forgotten_blobs, i);
		if (!table_get(&writer->kept_blobs, digest, NULL))
			drop(writer, digest);
	}
	return rc;
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
	return *out ? writer_forget_blobs(writer, record->data, err) : 0;
}
