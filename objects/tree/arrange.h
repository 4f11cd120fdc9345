/*
 * Arranging: new records to segments at places, and the compaction of places
 * that have gathered too many.
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

/*
 * Does any folder of the tree on the paths of `touched` (NULL: of the whole
 * tree) hold more than TREE_LEVEL_SEGMENTS segments? Reads trees only, so it
 * also says so of a home folder that is full of full segments or of pieces of
 * blobs, which compact() then leaves as it is.
 */
MUST_USE int compact_is_due(struct store *store, const git_oid *tree,
			    const struct tree_segments *touched,
			    bool *out_is_due, struct err *err);

/*
 * Rewrite each folder on the paths of `touched` (NULL: of the whole tree) that
 * holds more than TREE_LEVEL_SEGMENTS segments: the same records one digit
 * down, below the last digit in their home folders. Where there is no deeper
 * place, segments that are three quarters full stay and the others are cut
 * afresh if that makes fewer. Repeats until no folder is left that it could
 * change; deeper folders within the limit keep their segments. Doubles among
 * the records that move are dropped, pieces of blobs are left alone. New
 * segments are kept, new trees staged; *out equals *tree when there was
 * nothing to do. Every segment is verified as it is read: ERR_CORRUPT,
 * ERR_UNTRUSTED; ERR_NO_KEY from a blind codec.
 */
MUST_USE int compact(struct store *store, struct codec *codec,
		     const git_oid *tree, const struct tree_segments *touched,
		     git_oid *out, struct err *err);

#endif
