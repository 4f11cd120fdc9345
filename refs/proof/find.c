#include "refs/proof/proof_internal.h"

#include <string.h>

#include "objects/record/segment_codec.h"
#include "objects/tree/segment_verify.h"

/* The ids of a segment, and where among them one stands that is looked for. */
struct sought {
	const unsigned char *id;
	bool is_found;
	size_t nth;
	struct leaf_ids ids;
	struct buf *line;
};

static int note_record(void *arg, const struct record *record,
		       const unsigned char id[RECORD_ID_BYTES],
		       struct err *err)
{
	struct sought *search = arg;

	memcpy(search->ids.at[search->ids.n++], id, RECORD_ID_BYTES);
	if (memcmp(id, search->id, RECORD_ID_BYTES))
		return 0;
	search->is_found = true;
	search->nth = search->ids.n - 1;
	buf_reset(search->line);
	return buf_add_span(search->line, record->line, err);
}

/* The way from the record up to the root of the tree. */
static int show_from(const struct shown_at *at,
		     const struct tree_segment *segment,
		     const struct sought *search, struct shown *out,
		     struct err *err)
{
	struct buf bytes = BUF_INIT(STORE_OBJECT_MAX);
	struct segment_head head;
	int rc = store_read(at->store, &segment->blob, OBJECT_BLOB,
			    STORE_OBJECT_MAX, &bytes, err);

	if (rc == 0)
		rc = segment_prove(at->codec, buf_span(&bytes), &search->ids,
				   search->nth, &out->leaf, err);
	if (rc == 0 && head_split(buf_span(&bytes), &head, NULL))
		memcpy(out->rest, head.rest, SHA256_BYTES);
	buf_release(&bytes);
	if (rc == 0)
		rc = store_read(at->store, &at->version->id, OBJECT_COMMIT,
				VERSION_MAX_BYTES, &out->commit, err);
	return rc < 0 ? rc : tree_levels(at->store, &at->version->tree,
					 &segment->place, out->levels,
					 &out->levels_n, err);
}

/* Every segment that may hold it, until one does. */
static int look_along(const struct shown_at *at,
		      const struct tree_segments *along,
		      struct sought *search, struct shown *out,
		      struct err *err)
{
	const struct segment_visitor visitor = { note_record, search };
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < along->n; i++) {
		search->ids.n = 0;
		rc = segment_verify(at->store, at->codec, &along->at[i],
				    &visitor, err);
		if (rc == 0 && search->is_found)
			return show_from(at, &along->at[i], search, out, err);
	}
	return rc < 0 ? rc : err_set(err, ERR_NOT_FOUND, "the record does not "
				     "stand in that version");
}

int shown_find(const struct shown_at *at, struct span entity,
	       const unsigned char id[RECORD_ID_BYTES], struct shown *out,
	       struct err *err)
{
	struct tree_segments along = TREE_SEGMENTS_INIT;
	struct sought search = { .id = id, .line = &out->line };
	unsigned char hash[PLACE_HASH_BYTES];
	char dir[PLACE_NAME_LEN + 1];
	struct home home;
	int rc = entity_home(entity, &home, NULL, err);

	if (rc == 0 && codec_mode(at->codec) == CODEC_BLIND)
		rc = err_set(err, ERR_NO_KEY, "this device holds no key");
	if (rc < 0)
		return rc;
	codec_place_hash(at->codec, &home, hash);
	codec_dir_name(at->codec, home.dir, dir);
	rc = tree_along(at->store, &at->version->tree, dir, hash, &along, err);
	if (rc == 0)
		rc = look_along(at, &along, &search, out, err);
	tree_segments_release(&along);
	return rc;
}
