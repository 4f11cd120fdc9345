/*
 * Records on their way from one place to another, with the texts that they
 * are borrowed from.
 */
#ifndef VV_OBJECTS_TREE_RECUT_POOL_H
#define VV_OBJECTS_TREE_RECUT_POOL_H

#include "objects/tree/arrange_internal.h"

struct pool {
	struct arrange_record *records;
	size_t n;
	size_t cap;
	struct buf *texts;
	size_t texts_n;
	size_t texts_cap;
};

#define POOL_INIT { NULL, 0, 0, NULL, 0, 0 }

void pool_release(struct pool *pool);

MUST_USE int pool_add(struct pool *pool, const struct arrange_record *records,
		      size_t n, struct err *err);

/* Take the records of one segment, which is verified. ERR_NO_KEY. */
MUST_USE int pool_load(struct pool *pool, struct store *store,
		       struct codec *codec, const struct tree_segment *segment,
		       struct err *err);

/* Take all that `from` has; it is empty then. */
MUST_USE int pool_join(struct pool *pool, struct pool *from, struct err *err);

#endif
