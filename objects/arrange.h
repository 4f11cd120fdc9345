/*
 * Arranging: new records to segments at places, and the compaction of places
 * that have gathered too many.
 */
#ifndef VV_OBJECTS_ARRANGE_H
#define VV_OBJECTS_ARRANGE_H

#include <stdbool.h>

#include "lib/err.h"
#include "objects/codec.h"
#include "objects/segment.h"
#include "objects/store.h"
#include "objects/tree.h"

#define ARRANGE_SPREAD 4	/* new segments at one place before it splits */

/* A record on its way into the tree. The line is borrowed. */
struct arrange_record {
	struct segment_line line;
	const char *dir;			/* home folder's plain name */
	bool is_shared;				/* has a home folder */
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
 * one goes one digit down. Independent of the tree that it will enter.
 */
MUST_USE int arrange(struct store *store, struct codec *codec,
		     struct arrange_record *records, size_t n,
		     struct tree_segments *out, struct err *err);

/* Does any folder of the tree on the paths of `touched` hold more than
 * TREE_LEVEL_SEGMENTS segments, so that compact() has something to do? */
MUST_USE int compact_is_due(struct store *store, const git_oid *tree,
			    const struct tree_segments *touched,
			    bool *out_is_due, struct err *err);

/*
 * Rewrite each folder on the paths of `touched` (NULL: of the whole tree) that
 * holds more than TREE_LEVEL_SEGMENTS segments: the same records one digit
 * down, or, where there is no deeper place, cut afresh in as few segments as
 * hold them. Repeats until no such folder is left. *out equals *tree when
 * there was nothing to do.
 */
MUST_USE int compact(struct store *store, struct codec *codec,
		     const git_oid *tree, const struct tree_segments *touched,
		     git_oid *out, struct err *err);

/*
 * Check the segment that lies at place: bytes hash to its name, it decodes,
 * segment_check() accepts it, and every record's home lies on this place.
 * visitor may be NULL. Blind codecs check the hash and the sealed form only.
 * ERR_UNTRUSTED or ERR_CORRUPT names the segment.
 */
MUST_USE int segment_verify(struct store *store, struct codec *codec,
			    const struct tree_segment *segment,
			    const struct segment_visitor *visitor,
			    struct err *err);

#endif
