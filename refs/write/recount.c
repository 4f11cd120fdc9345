#include "refs/write/write_internal.h"

#include <string.h>

#include "objects/record/segment.h"

/* A line of a segment of ours: did somebody else bring it meanwhile? */
static int recount_line(struct writer *writer, struct span line,
			struct err *err)
{
	unsigned char id[RECORD_ID_BYTES];
	struct record record;
	bool is_known = false;
	int rc = record_parse(line, &record, err);

	record_id(line, id);
	if (rc == 0)
		rc = writer_base_holds(writer, &record, id, &is_known, err);
	if (rc == 0 && is_known) {
		writer->records_new--;
		writer->records_known++;
	}
	return rc;
}

static int recount_segment(struct writer *writer,
			   const struct tree_segment *segment, struct err *err)
{
	struct buf text = BUF_INIT(SEGMENT_TEXT_MAX);
	struct span line;
	size_t pos = 0;
	int rc = writer_segment_decode(writer, segment, &text, err);

	while (rc == 0 && segment_next(buf_span(&text), &pos, &line))
		rc = recount_line(writer, line, err);
	buf_release(&text);
	return rc;
}

/* What is known of the old base stays: a union loses no record. */
int writer_recount(struct writer *writer, const git_oid *tree, struct err *err)
{
	char blobs[PLACE_NAME_LEN + 1];
	size_t i;
	int rc = 0;

	codec_dir_name(writer->codec, BLOB_DIR, blobs);
	writer->base = *tree;
	writer->base_has_records = true;
	table_reset(&writer->homes);
	for (i = 0; rc == 0 && i < writer->segments.n; i++) {
		if (strcmp(writer->segments.at[i].place.dir, blobs) != 0)
			rc = recount_segment(writer, &writer->segments.at[i],
					     err);
	}
	return rc;
}
