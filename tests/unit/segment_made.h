/*
 * Segments of any text, also of one that no reader accepts.
 */
#ifndef VV_TESTS_UNIT_SEGMENT_MADE_H
#define VV_TESTS_UNIT_SEGMENT_MADE_H

#include "objects/record/segment_codec.h"
#include "tests/tap.h"

/* Append its git blob, behind a head that is true of its lines, or where there
 * are none of the whole as if it were one. */
static TAP_UNUSED int segment_made(struct codec *codec, struct span text,
				   struct buf *out, struct err *err)
{
	struct leaf_ids ids;
	struct span line;
	size_t pos = 0;

	ids.n = 0;
	while (ids.n < SEGMENT_RECORDS_MAX && segment_next(text, &pos, &line))
		record_id(line, ids.at[ids.n++]);
	if (!ids.n)
		record_id(text, ids.at[ids.n++]);
	return segment_encode(codec, &ids, text, out, err);
}

#endif
