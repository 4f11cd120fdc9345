/*
 * A segment as a git blob: its head before what the codec makes of its text.
 */
#ifndef VV_OBJECTS_RECORD_SEGMENT_CODEC_H
#define VV_OBJECTS_RECORD_SEGMENT_CODEC_H

#include "objects/record/codec.h"
#include "objects/record/leaves.h"

/* Append to out the git blob of a segment of that text, whose records have
 * these ids. ERR_NO_KEY when blind. */
MUST_USE int segment_encode(struct codec *codec, const struct leaf_ids *ids,
			    struct span text, struct buf *out,
			    struct err *err);

/*
 * Do the leaves in the head of a segment's bytes stand for these ids? For
 * whoever decoded it and read all its lines. ERR_CORRUPT if not.
 */
MUST_USE int segment_check_leaves(const struct codec *codec, struct span bytes,
				  const struct leaf_ids *ids, struct err *err);

/* What shows the nth of them. ERR_NO_KEY; ERR_CORRUPT. */
MUST_USE int segment_prove(const struct codec *codec, struct span bytes,
			   const struct leaf_ids *ids, size_t nth,
			   struct leaf_proof *out, struct err *err);

#endif
