/*
 * Blobs: values of more than VALUE_INLINE_MAX bytes, cut in pieces of 256 KiB,
 * each encoded as an object of its own at blob/h/h/h/<home>/, where home comes
 * from the CID (raw) of the whole plain bytes. A piece is u64 offset
 * (big-endian) || bytes, so that order needs no list.
 */
#ifndef VV_OBJECTS_BLOB_H
#define VV_OBJECTS_BLOB_H

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/hash.h"
#include "objects/codec.h"
#include "objects/store.h"
#include "objects/tree.h"

#define BLOB_PIECE_BYTES ((size_t)256 << 10)
#define BLOB_MAX_BYTES ((size_t)4 << 30)

/*
 * Cut, encode and store_add() the pieces of bytes; append where they go, and
 * append to ref the canonical {"$blob":"bafkrei...","media":...,"size":...}
 * that a record holds instead.
 */
MUST_USE int blob_write(struct store *store, struct codec *codec,
			struct span bytes, const char *media,
			struct tree_segments *out, struct buf *ref,
			struct err *err);

/*
 * Replace in a canonical object every string of more than VALUE_INLINE_MAX
 * bytes (deepest first, then objects and arrays that are still larger) by its
 * blob reference, until the object is at most limit bytes; appends the result
 * to out. Text becomes "text/plain;charset=utf-8", JSON "application/json".
 */
MUST_USE int blob_outline(struct store *store, struct codec *codec,
			  struct span object, size_t limit,
			  struct tree_segments *pieces, struct buf *out,
			  struct err *err);

/* Read a blob back by the digest in its CID and verify the whole.
 * ERR_NOT_FOUND, ERR_CORRUPT (a piece missing, doubled, or the hash wrong). */
MUST_USE int blob_read(struct store *store, struct codec *codec,
		       const git_oid *tree,
		       const unsigned char digest[SHA256_BYTES],
		       struct buf *out, struct err *err);

/* Is this value a blob reference? Fills digest and size. */
bool blob_ref_parse(struct span value, unsigned char digest[SHA256_BYTES],
		    uint64_t *out_size);

/*
 * Check a piece at its place without the rest: hash equals name, decodes,
 * offset is a multiple of BLOB_PIECE_BYTES below BLOB_MAX_BYTES.
 */
MUST_USE int blob_piece_verify(struct store *store, struct codec *codec,
			       const struct tree_segment *piece,
			       struct err *err);

#endif
