/*
 * The shards of a construct that cover a view: those that lie in
 * <vault>/vvault/index/<ref name>/, and new ones for segments that none of
 * them covers. So they are never behind, whoever wrote the segments. They open
 * only as long as there is no newer content key and nothing more is forgotten;
 * whoever finds that they do not deletes them.
 */
#ifndef VV_REFS_INDEX_SHARD_SHARDS_H
#define VV_REFS_INDEX_SHARD_SHARDS_H

#include "refs/index/shard/shard.h"

/* Each segment of the view is in one of them alone: shard.places says so. Some
 * may have none. */
struct shards {
	struct shard *at;
	size_t n;
	size_t cap;
};

#define SHARDS_INIT { NULL, 0, 0 }

/* In place of a time: nothing is made. */
#define SHARDS_AS_THEY_ARE (-1)

/*
 * Open them, making what is lacking. What does not open is deleted. That a
 * shard cannot be written costs time alone.
 *
 * until_ms	from then on (steady_ms()) nothing more is made than what
 *		another call goes on from: one segment at least, but nothing
 *		where the view was left so before; 0: all is made
 *
 * view->unsearched says what no shard covers then. Entities may have records
 * in it, so that what the shards say of them need not be what the view has.
 *
 * ERR_NOMEM; ERR_DENIED: something else stands in place of the folder;
 * ERR_CORRUPT and the like: a segment cannot be read.
 */
MUST_USE int shards_open(struct view *view, struct words *words,
			 int64_t until_ms, struct shards *out,
			 struct err *err);

/*
 * Compare all shards of the view's construct with its records. *out_is_true is
 * false where they say something else, or a page does not open: they are
 * deleted then. Where the construct has none there is nothing to compare.
 */
MUST_USE int shards_check(struct view *view, bool *out_is_true,
			  struct err *err);

/* What their files are sealed with. */
void shards_seal(const struct vault *vault, struct local_seal *out);

/* Delete all that there are: one did not open. */
void shards_drop(const struct shards *shards);
void shards_release(struct shards *shards);

#endif
