/*
 * Writing many git objects as one pack with its index. Without help from
 * libgit2, whose indexer would inflate and hash again all that was hashed and
 * deflated a moment ago.
 */
#ifndef VV_OBJECTS_PACK_PACK_H
#define VV_OBJECTS_PACK_PACK_H

#include <stddef.h>

#include <git2.h>

#include "lib/base/deflate.h"
#include "lib/base/err.h"

/* An object with its git header ("blob 12" and a zero byte) in front: what
 * its id is the hash of, and what a loose file holds. */
struct framed {
	git_oid id;
	unsigned type;		/* as in a pack: 1 commit, 2 tree, 3 blob */
	size_t header_len;
	size_t len;		/* of the content behind the header */
	char *bytes;
};

/*
 * Write objects (distinct, at least one) as objects_path/pack/pack-*.pack and
 * .idx. Both are on disk and synced before the call returns 0; the index
 * comes last, so an interrupted call leaves no pack that git would look at.
 * ERR_LIMIT: 2 GiB or more.
 */
MUST_USE int pack_write(const char *objects_path,
			const struct framed *const *objects, size_t n,
			struct deflater *deflater, size_t *out_bytes,
			struct err *err);

#endif
