/*
 * The ids in the index of a pack.
 */
#ifndef VV_REFS_REMOTE_TRANSPORT_PACK_INDEX_H
#define VV_REFS_REMOTE_TRANSPORT_PACK_INDEX_H

#include "lib/base/buf.h"
#include "lib/os/folder.h"

/*
 * The ids in a pack's index (version 2), one behind the other. Read and not
 * mapped: a stranger's file may shrink.
 */
struct pack_index {
	const unsigned char *ids;
	size_t n;
	struct buf bytes;
};

#define PACK_INDEX_INIT { NULL, 0, BUF_INIT(BUF_NO_LIMIT) }

MUST_USE int pack_index_open(const char *path, struct pack_index *out,
			     struct err *err);
/* One in a folder of somebody else. */
MUST_USE int pack_index_read(const struct folder *folder, const char *name,
			     size_t max_bytes, struct pack_index *out,
			     struct err *err);
void pack_index_release(struct pack_index *index);

#endif
