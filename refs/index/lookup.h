/*
 * Finding rows in shards instead of reading what stands in a view. The same
 * rows are the best as from the fold.
 *
 * Most sessions are simple: all their rows lie in one shard, stand in the
 * view, and are of an entity with one record. Of those, only what their words
 * count is kept; rows are made of them when they may be among the best. All
 * other sessions that have one of the words are put among the rows of recall.
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
 * Look up the words of recall in one of its views, and count what there is.
 * Entities whose state is not one record are told to visitor, once each, who
 * adds their rows to recall. ERR_CORRUPT: a shard does not open.
 */
MUST_USE int lookup_new(struct recall *recall, uint32_t construct,
			const struct lookup_visitor *visitor,
			struct lookup **out, struct err *err);
void lookup_free(struct lookup *lookup);
/* Close its files until they are read again. */
void lookup_rest(struct lookup *lookup);

/* Count the words of the simple sessions. */
void lookup_count(const struct lookup *lookup, struct ranking *ranking);
/* Take the best of them; their sessions are put among the rows of recall. */
MUST_USE int lookup_rank(struct lookup *lookup, struct ranking *ranking,
			 struct err *err);

/* Where the record of a row lies: the segment, borrowed, and the byte in it
 * where its line begins. */
MUST_USE int lookup_place(const struct lookup *lookup, const struct row *row,
			  const struct tree_segment **segment, uint32_t *line,
			  struct err *err);

/* Is it the title of a session? */
MUST_USE int lookup_is_title(const struct lookup *lookup,
			     const struct row *row, bool *out,
			     struct err *err);

/* How many segments it has rows of. */
size_t lookup_segments(const struct lookup *lookup);

#endif
