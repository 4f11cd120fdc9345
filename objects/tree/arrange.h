/*
 * Arranging: new records come to segments at places. What stands already is
 * not touched: that is compact.h's, which a write does where places have
 * gathered too many segments, and recut.h's, which gc does with a whole tree.
 */
#ifndef VV_OBJECTS_TREE_ARRANGE_H
#define VV_OBJECTS_TREE_ARRANGE_H

#include <stdbool.h>

#include "lib/base/err.h"
#include "objects/record/codec.h"
#include "objects/record/segment.h"
#include "objects/store/store.h"
#include "objects/tree/tree.h"

#define ARRANGE_SPREAD 4	/* new segments at one place before it splits */

/* A record on its way into the tree. The line is borrowed. */
struct arrange_record {
	struct segment_line line;
	const char *dir;			/* home folder's plain name */
	bool is_shared;				/* has a home folder */
	uint64_t entity;			/* filter_key_entity() */
	unsigned char hash[PLACE_HASH_BYTES];	/* of its home */
};

/*
 * Fill in dir and hash from a record; line must outlive out.
 */
MUST_USE int arrange_record_init(const struct codec *codec,
				 const struct record *record,
				 const unsigned char id[RECORD_ID_BYTES],
				 struct arrange_record *out, struct err *err);

/*
 * Cut new records (reordered in place; doubles dropped) into segments, encode
 * and store_add() them, and append where they go. A batch stays at the
 * shallowest place where it makes at most ARRANGE_SPREAD segments; a larger
 * one goes one digit down, and below the last digit into the home folder if
 * the home fills a segment alone. A home's records lie together; a segment
 * ends where a home begins if it is three quarters full by then. Independent
 * of the tree that it will enter; equal sets of records give equal segments.
 */
MUST_USE int arrange(struct store *store, struct codec *codec,
		     struct arrange_record *records, size_t n,
		     struct tree_segments *out, struct err *err);

#endif
