/*
 * Finding rows in shards instead of reading what stands in a view. The same
 * rows come out as from the fold, but for sessions without any of the words,
 * which are counted alone.
 */
#ifndef VV_REFS_INDEX_LOOKUP_H
#define VV_REFS_INDEX_LOOKUP_H

#include "refs/index/recall.h"
#include "refs/index/shard/shards.h"

/* What the fold alone can tell: of an entity with several records, or one
 * that is of a capsule. */
struct lookup_visitor {
	int (*entity)(void *arg, struct span entity, struct err *err);
	void *arg;
};

/*
 * Add the rows of a view to those of recall; each has its segment (of
 * shards->segments) and line. Entities whose state is not one record are told
 * to visitor instead, once each. ERR_CORRUPT: a shard does not open.
 */
MUST_USE int lookup(struct recall *recall, uint32_t construct,
		    const struct shards *shards,
		    const struct lookup_visitor *visitor, struct err *err);

/* Read the record at a line of a segment: its entity, copied to row, and id. */
MUST_USE int lookup_name(struct recall *recall, struct view *view,
			 const struct tree_segment *segment, struct row *row,
			 struct err *err);

#endif
