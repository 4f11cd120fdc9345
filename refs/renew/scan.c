#include "refs/renew/renew_internal.h"

#include <string.h>

#include "lib/base/array.h"
#include "objects/blob/blob.h"
#include "objects/record/head.h"
#include "objects/record/segment.h"
#include "objects/record/segment_codec.h"
#include "refs/view/forgotten.h"

/* The blobs that a record refers to. */
static int note_blobs(struct table *table, struct span line, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	uint64_t size;
	size_t pos = 0;
	int rc = 0;

	while (rc == 0 && blob_ref_next(line, &pos, digest, &size))
		rc = table_include(table, digest, NULL, err);
	return rc;
}

/* What is left of a segment goes to renewal->kept. */
static int keep_line(struct renewal *renewal, struct span line,
		     const unsigned char id[RECORD_ID_BYTES], struct err *err)
{
	struct leaf_ids *ids = &renewal->kept_ids;
	int rc = note_blobs(&renewal->blobs_kept, line, err);

	if (rc == 0 && ids->n == SEGMENT_RECORDS_MAX)
		rc = err_set(err, ERR_CORRUPT, "a segment of too many records");
	if (rc < 0)
		return rc;
	memcpy(ids->at[ids->n++], id, RECORD_ID_BYTES);
	buf_put_span(&renewal->kept, line);
	buf_put_char(&renewal->kept, '\n');
	return 0;
}

static int sift(struct renewal *renewal, uint64_t *out_gone, struct err *err)
{
	unsigned char id[RECORD_ID_BYTES];
	struct span line;
	size_t pos = 0;
	int rc = 0;

	buf_reset(&renewal->kept);
	renewal->kept_ids.n = 0;
	*out_gone = 0;
	while (rc == 0 &&
	       segment_next(buf_span(&renewal->text), &pos, &line)) {
		record_id(line, id);
		if (forgotten_has(renewal->view, id)) {
			++*out_gone;
			rc = note_blobs(&renewal->blobs_gone, line, err);
			continue;
		}
		rc = keep_line(renewal, line, id, err);
	}
	return rc < 0 ? rc : buf_end(&renewal->kept, err);
}

/* What is left, sealed as it was, under its own name. */
static int recut_one(struct renewal *renewal, struct err *err)
{
	struct stage *stage = renewal->stage;
	struct recut_segment *made;
	struct codec *codec;
	int rc = array_room_in(renewal->recut, renewal->recut_n,
			       renewal->recut_cap, err);

	if (rc < 0)
		return rc;
	made = &renewal->recut[renewal->recut_n++];
	memset(made, 0, sizeof(*made));
	made->is_gone = !renewal->kept.len;
	if (made->is_gone)
		return 0;
	rc = renewal_codec(renewal, codec_last_key(renewal->view->codec),
			   &codec, err);
	buf_reset(&renewal->sealed);
	if (rc == 0)
		rc = segment_encode(codec, &renewal->kept_ids,
				    buf_span(&renewal->kept),
				    &renewal->sealed, err);
	if (rc < 0)
		return rc;
	name_digest(buf_span(&renewal->sealed), made->digest);
	return store_add(stage->store, OBJECT_BLOB,
			 buf_span(&renewal->sealed), &made->blob, err);
}

/* Each is read once; what held nothing that was forgotten stays as it is. */
static int scan_segment(struct renewal *renewal,
			const struct tree_segment *segment, struct err *err)
{
	struct stage *stage = renewal->stage;
	uint64_t gone = 0;
	git_oid id;
	bool is_new;
	int rc = table_include(&renewal->segments, segment->blob.id, &is_new,
			       err);

	if (rc < 0 || !is_new)
		return rc;
	rc = store_read(stage->vault->store, &segment->blob, OBJECT_BLOB,
			STORE_OBJECT_MAX, &renewal->sealed, err);
	buf_reset(&renewal->text);
	if (rc == 0 && forgotten_any(renewal->view))
		rc = codec_decode(renewal->view->codec, SEAL_SEGMENT,
				  buf_span(&renewal->sealed), &renewal->text,
				  err);
	if (rc == 0 && renewal->text.len)
		rc = sift(renewal, &gone, err);
	stage->report.segments++;
	if (rc == 0 && !gone)
		return store_add(stage->store, OBJECT_BLOB,
				 buf_span(&renewal->sealed), &id, err);
	stage->report.recut++;
	stage->report.records += gone;
	if (rc == 0)
		rc = recut_one(renewal, err);
	return rc < 0 ? rc : table_put(&renewal->segments, segment->blob.id,
				       renewal->recut_n, err);
}

static int scan_tree(struct renewal *renewal, const git_oid *tree,
		     const struct place *place, struct err *err)
{
	struct tree_folder folder;
	struct place child;
	bool is_new;
	size_t i;
	int rc = table_include(&renewal->trees, tree->id, &is_new, err);

	if (rc < 0 || !is_new)
		return rc;
	rc = tree_folder_read(renewal->stage->vault->store, tree, place,
			      &folder, err);
	if (rc < 0)
		return rc;
	for (i = 0; rc == 0 && i < folder.segments.n; i++)
		rc = scan_segment(renewal, &folder.segments.at[i], err);
	for (i = 0; rc == 0 && i < folder.children_n; i++) {
		if (!place && !strcmp(folder.children[i].name,
				      renewal->blob_dir))
			continue;
		place_child(place, folder.children[i].name, &child);
		rc = scan_tree(renewal, &folder.children[i].tree, &child, err);
	}
	tree_folder_release(&folder);
	return rc;
}

/* Blobs that only forgotten records refer to: their folders go. */
static int find_homes(struct renewal *renewal, struct err *err)
{
	unsigned char hash[PLACE_HASH_BYTES];
	char name[CID_TEXT_MAX];
	struct home home = { .dir = BLOB_DIR, .is_shared = true };
	struct place place;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < renewal->blobs_gone.count; i++) {
		const unsigned char *digest =
			table_key_at(&renewal->blobs_gone, i);

		if (table_get(&renewal->blobs_kept, digest, NULL))
			continue;
		cid_text(CID_RAW, digest, name);
		home.key = span_str(name);
		codec_place_hash(renewal->view->codec, &home, hash);
		place_of_hash(renewal->blob_dir, hash, TREE_DIGITS, true,
			      &place);
		rc = table_include(&renewal->homes_gone, place.home, NULL,
				   err);
		renewal->stage->report.blobs++;
	}
	return rc;
}

int renewal_scan(struct renewal *renewal, struct err *err)
{
	struct store *store = renewal->stage->vault->store;
	struct version version;
	size_t i;
	int rc = forgotten_read(renewal->view, err);

	version_init(&version);
	codec_dir_name(renewal->view->codec, BLOB_DIR, renewal->blob_dir);
	for (i = 0; rc == 0 && i < renewal->versions_n; i++) {
		rc = version_read(store, &renewal->versions[i], &version, err);
		if (rc == 0)
			rc = scan_tree(renewal, &version.tree, NULL, err);
		stage_progress(renewal->stage, "reading", i + 1,
			       renewal->versions_n);
	}
	version_release(&version);
	return rc < 0 ? rc : find_homes(renewal, err);
}
