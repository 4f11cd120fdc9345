/*
 * Loose objects: git objects in a file each, a zlib stream of "<type> <size>",
 * a zero byte and the content.
 */
#ifndef VV_OBJECTS_STORE_LOOSE_H
#define VV_OBJECTS_STORE_LOOSE_H

#include <stddef.h>
#include <stdint.h>

#include <git2.h>

#include "lib/base/buf.h"
#include "lib/base/deflate.h"
#include "lib/base/err.h"
#include "lib/base/span.h"
#include "objects/pack/pack.h"

#define LOOSE_TEMP_PREFIX "tmp_obj_"

/*
 * Write objects as loose files: all temporary files first, then all syncs,
 * then all names, so that the disk is waited for once rather than n times.
 * Synced on return; a failure leaves at most some of the objects, each whole.
 */
MUST_USE int loose_write(const char *objects_path,
			 const struct framed *const *objects, size_t n,
			 struct deflater *deflater, size_t *out_bytes,
			 struct err *err);

/* The file of an object, replacing what is in file, whose max bounds it.
 * ERR_NOT_FOUND, ERR_LIMIT, ERR_IO. */
MUST_USE int loose_load(const char *objects_path, const git_oid *id,
			struct buf *file, struct err *err);

struct loose_head {
	unsigned type;		/* as in a pack: 1 to 4 */
	uint64_t size;		/* of the content, as it says */
	size_t len;		/* of the head itself */
};

/* What the head of a file says, without the rest. ERR_CORRUPT. */
MUST_USE int loose_head(struct span file, struct inflate_stream *stream,
			struct loose_head *out, struct err *err);

/*
 * The content, which is as long as the head says; whether it is what the id
 * stands for is not looked at. *out is borrowed from text, whose max bounds
 * both together. ERR_CORRUPT, ERR_LIMIT.
 */
MUST_USE int loose_content(struct span file, struct inflater *inflater,
			   struct buf *text, struct loose_head *out_head,
			   struct span *out, struct err *err);

#endif
