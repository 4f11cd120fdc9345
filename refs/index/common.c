#include "refs/index/recall_internal.h"

#include "refs/index/shard/shards.h"

/* So many texts are read and looked through in a part of a second. */
#define TEXTS_MAX 10000

static uint64_t count_texts(const struct shards *shards)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < shards->n; i++)
		n += shards->at[i].in_view ? shards->at[i].head->seen.rows : 0;
	return n;
}

int recall_note_common(struct recall *recall, struct view *view,
		       struct err *err)
{
	struct shards shards = SHARDS_INIT;
	int rc = shards_open(view, recall->words, recall->filter.until_ms,
			     &shards, err);

	if (rc == 0)
		recall->texts += count_texts(&shards);
	recall->is_common |= rc == 0 && (recall->texts > TEXTS_MAX ||
					 view->unsearched.n);
	if (recall->is_common)
		view->unsearched.n = view->unsearched.all;
	shards_release(&shards);
	return rc;
}
