/*
 * Where nothing says a word: words that hold it ("tomaten" in
 * "cocktailtomaten"), else those that are spelled much like it.
 */
#ifndef VV_REFS_INDEX_NEAR_H
#define VV_REFS_INDEX_NEAR_H

#include "lib/base/arena.h"
#include "refs/index/recall.h"

#define NEAR_WORDS_MAX 8	/* taken in place of one */

/* A word that nothing says, and what was looked for in its place. */
struct near_word {
	struct span asked;
	struct span shown[NEAR_WORDS_MAX];
	size_t shown_n;
};

struct near {
	struct near_word *at;
	size_t n;
	size_t cap;
	struct arena texts;
};

#define NEAR_INIT { NULL, 0, 0, ARENA_INIT }

/*
 * For a recall that has found nothing: look once more, with words of the
 * shards' dictionaries in place of those that no shard has. Where that finds
 * something it takes the place of *recall, and out tells the words; else both
 * are left as they are. text and n: as recall_new() and recall_rank() had them.
 */
MUST_USE int recall_near(struct recall **recall, struct span text, size_t n,
			 struct near *out, struct err *err);
void near_release(struct near *near);

#endif
