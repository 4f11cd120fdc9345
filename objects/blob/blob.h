/*
 * Blobs: values of more than VALUE_INLINE_MAX bytes, cut in pieces of 256 KiB,
 * each encoded as an object of its own at blob/h/h/h/<home>/, where home comes
 * from the CID (raw) of the whole plain bytes. A piece is u64 offset
 * (big-endian) || bytes, so that order needs no list.
 */
#ifndef VV_OBJECTS_BLOB_BLOB_H
#define VV_OBJECTS_BLOB_BLOB_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/id/hash.h"
#include "objects/record/codec.h"
#include "objects/store/store.h"
#include "objects/tree/tree.h"

#define BLOB_PIECE_BYTES ((size_t)256 << 10)
#define BLOB_MAX_BYTES ((size_t)4 << 30)

/* Where new pieces go; all borrowed. */
struct blob_sink {
	struct store *store;		/* NULL: name blobs, store nothing */
	struct codec *codec;
	struct tree_segments *pieces;	/* appended to */
};

/*
 * Cut, encode and store_add() the pieces of bytes; append where they go, and
 * append to ref the canonical {"$blob":"bafkrei...","media":...,"size":...}
 * that a record holds instead. On failure ref is as it was; pieces that were
 * listed already are whole and do no harm. ERR_NO_KEY when blind, ERR_LIMIT.
 */
MUST_USE int blob_write(const struct blob_sink *sink, struct span bytes,
			const char *media, struct buf *ref, struct err *err);

/*
 * Copy a canonical object to out with every string of more than
 * VALUE_INLINE_MAX bytes between its quotes replaced by its blob reference.
 * While the result is over limit bytes, objects and arrays of more than
 * VALUE_INLINE_MAX follow, the deepest first, in their order, then members of
 * the object itself, the largest first. The blob of a string is its text
 * ("text/plain;charset=utf-8"), that of another value its canonical JSON
 * ("application/json"). ERR_LIMIT: too many small members; out is as it was.
 */
MUST_USE int blob_outline(const struct blob_sink *sink, struct span object,
			  size_t limit, struct buf *out, struct err *err);

/*
 * Append the blob whose CID has this digest, whole and verified. A piece that
 * lies there twice (sealed with two keys, or by two versions of zstd) counts
 * once. ERR_NOT_FOUND; ERR_CORRUPT (a piece missing, two that differ, or the
 * hash wrong); ERR_NO_KEY when blind. tree is the construct's.
 */
MUST_USE int blob_read(struct store *store, struct codec *codec,
		       const git_oid *tree,
		       const unsigned char digest[SHA256_BYTES],
		       struct buf *out, struct err *err);

/* Append all pieces that lie where those of a blob do. ERR_NO_KEY. */
MUST_USE int blob_pieces(struct store *store, const struct codec *codec,
			 const git_oid *tree,
			 const unsigned char digest[SHA256_BYTES],
			 struct tree_segments *out, struct err *err);

/*
 * Are these pieces a blob of that size, none missing? That they are the right
 * ones blob_home_check() has found where they came. Reads each piece and holds
 * one. ERR_NOT_FOUND, ERR_CORRUPT (also for another size), ERR_NO_KEY.
 */
MUST_USE int blob_check(struct store *store, struct codec *codec,
			const struct tree_segments *pieces, uint64_t size,
			struct err *err);

/*
 * Are these, all pieces of one folder and at least one, a whole blob, and the
 * one that the folder is for? So nobody can put beside them what makes them
 * unreadable. Reads each piece twice and holds one. ERR_CORRUPT,
 * ERR_NOT_FOUND, ERR_NO_KEY.
 */
MUST_USE int blob_home_check(struct store *store, struct codec *codec,
			     const struct tree_segments *pieces,
			     struct err *err);

/* Does a piece of it lie in the tree (NULL: in none) or among the sink's? */
MUST_USE int blob_is_begun(const struct blob_sink *sink, const git_oid *tree,
			   const unsigned char digest[SHA256_BYTES],
			   bool *out, struct err *err);

/*
 * The next blob reference in canonical JSON text, however deep; *pos begins
 * at 0. False at the end.
 */
bool blob_ref_next(struct span text, size_t *pos,
		   unsigned char digest[SHA256_BYTES], uint64_t *out_size);

/* Is this value a blob reference? Fills digest and size. */
bool blob_ref_parse(struct span value, unsigned char digest[SHA256_BYTES],
		    uint64_t *out_size);

/*
 * Check a piece at its place without the rest: a home folder of blobs, hash
 * equals name, decodes, offset is a multiple of BLOB_PIECE_BYTES below
 * BLOB_MAX_BYTES, not longer than a piece. Blind: hash and sealed form only.
 * ERR_CORRUPT, ERR_NOT_FOUND.
 */
MUST_USE int blob_piece_verify(struct store *store, struct codec *codec,
			       const struct tree_segment *piece,
			       struct err *err);

#endif
