#include "refs/write/write_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "objects/record/segment.h"

/* What of a segment of ours may still be written. */
struct recounting {
	struct writer *writer;
	struct arrange_record *at;
	size_t n;
	size_t cap;
	size_t forgotten;
};

/* A line of it: did somebody else bring it meanwhile, or have it forgotten? */
static int recount_line(struct recounting *left, struct span line,
			struct err *err)
{
	struct writer *writer = left->writer;
	unsigned char id[RECORD_ID_BYTES];
	struct record record;
	bool is_forgotten = false;
	bool is_known = false;
	int rc = record_parse(line, &record, err);

	record_id(line, id);
	if (rc == 0)
		rc = writer_is_forgotten(writer, &record, &is_forgotten, err);
	if (rc == 0 && is_forgotten) {
		writer->records_new--;
		left->forgotten++;
		return 0;
	}
	if (rc == 0)
		rc = writer_base_holds(writer, &record, id, &is_known, err);
	if (rc == 0 && is_known) {
		writer->records_new--;
		writer->records_known++;
	}
	if (rc == 0)
		rc = writer_keep_blobs(writer, &record, err);
	if (rc == 0)
		rc = array_room(left, err);
	return rc < 0 ? rc : arrange_record_init(writer->codec, &record, id,
						 &left->at[left->n++], err);
}

/* In its place, where something was forgotten, what is left of it. */
static int recount_segment(struct writer *writer,
			   const struct tree_segment *segment,
			   struct tree_segments *out, struct err *err)
{
	struct recounting left = { .writer = writer };
	struct buf text = BUF_INIT(SEGMENT_TEXT_MAX);
	struct span line;
	size_t pos = 0;
	int rc = writer_segment_decode(writer, segment, &text, err);

	while (rc == 0 && segment_next(buf_span(&text), &pos, &line))
		rc = recount_line(&left, line, err);
	if (rc == 0 && !left.forgotten)
		rc = tree_segments_add(out, segment, err);
	else if (rc == 0 && left.n)
		rc = arrange(writer->vault->store, writer->codec, left.at,
			     left.n, out, err);
	free(left.at);
	buf_release(&text);
	return rc;
}

static int recount_all(struct writer *writer, struct tree_segments *out,
		       struct err *err)
{
	char blobs[PLACE_NAME_LEN + 1];
	size_t i;
	int rc = 0;

	codec_dir_name(writer->codec, BLOB_DIR, blobs);
	for (i = 0; rc == 0 && i < writer->segments.n; i++) {
		const struct tree_segment *segment = &writer->segments.at[i];

		rc = strcmp(segment->place.dir, blobs) ?
		     recount_segment(writer, segment, out, err) :
		     tree_segments_add(out, segment, err);
	}
	return rc;
}

/* What is known of the old base stays: a union loses no record but those that
 * are forgotten. */
int writer_recount(struct writer *writer, const git_oid *tree, struct err *err)
{
	struct tree_segments left = TREE_SEGMENTS_INIT;
	int rc;

	writer->base = *tree;
	writer->base_has_records = true;
	table_reset(&writer->homes);
	table_reset(&writer->kept_blobs);
	view_free(writer->view);
	writer->view = NULL;
	rc = writer_look_for_forgotten(writer, err);
	if (rc == 0)
		rc = recount_all(writer, &left, err);
	if (rc < 0) {
		tree_segments_release(&left);
		return rc;
	}
	tree_segments_release(&writer->segments);
	writer->segments = left;
	return writer_drop_blobs(writer, err);
}
