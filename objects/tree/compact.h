/*
 * Compaction, as a write does it: places that have gathered too many segments
 * hand their records one digit down, and others stay as they are. (All of a
 * tree comes to its one cut by recut.h. Both keep the records; what packs the
 * objects of a store, whatever they are, is objects/repack/.)
 */
#ifndef VV_OBJECTS_TREE_COMPACT_H
#define VV_OBJECTS_TREE_COMPACT_H

#include <stdbool.h>

#include "lib/base/err.h"
#include "objects/record/codec.h"
#include "objects/store/store.h"
#include "objects/tree/tree.h"

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
