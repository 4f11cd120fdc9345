#include "objects/tree/recut_pool.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "objects/tree/segment_verify.h"

void pool_release(struct pool *pool)
{
	while (pool->texts_n)
		buf_release(&pool->texts[--pool->texts_n]);
	free(pool->texts);
	free(pool->records);
	*pool = (struct pool)POOL_INIT;
}

int pool_add(struct pool *pool, const struct arrange_record *records, size_t n,
	     struct err *err)
{
	int rc = array_room_in(pool->records, pool->n + n, pool->cap, err);

	if (rc < 0)
		return rc;
	if (n)
		memcpy(pool->records + pool->n, records, n * sizeof(*records));
	pool->n += n;
	return 0;
}

static int take_placed(void *arg, const struct placed *placed, struct err *err)
{
	struct arrange_record record = {
		.line = { .line = placed->record->line,
			  .at = placed->record->at },
		.dir = placed->home->dir,
		.is_shared = placed->home->is_shared,
		.entity = filter_key_entity(placed->record->entity)
	};

	memcpy(record.line.id, placed->id, RECORD_ID_BYTES);
	memcpy(record.hash, placed->hash, PLACE_HASH_BYTES);
	return pool_add(arg, &record, 1, err);
}

int pool_load(struct pool *pool, struct store *store, struct codec *codec,
	      const struct tree_segment *segment, struct err *err)
{
	struct placed_visitor visitor = { take_placed, pool };
	struct buf text = BUF_INIT(SEAL_PLAIN_MAX + 1);
	struct home_filter filter;
	size_t n = pool->n;
	size_t i;
	int rc = array_room_in(pool->texts, pool->texts_n, pool->texts_cap,
			       err);

	if (rc < 0)
		return rc;
	if (codec_mode(codec) == CODEC_BLIND)
		return err_set(err, ERR_NO_KEY,
			       "cannot compact a construct without its key");
	rc = segment_load(store, codec, segment, &text, &visitor, err);
	pool->texts[pool->texts_n++] = text;
	if (rc == 0 && !store_filter_get(store, segment->digest, &filter)) {
		filter = (struct home_filter)HOME_FILTER_INIT;
		for (i = n; i < pool->n; i++)
			arrange_filter(&filter, &pool->records[i]);
		store_filter_put(store, segment->digest, &filter);
	}
	return rc;
}

int pool_join(struct pool *pool, struct pool *from, struct err *err)
{
	int rc = pool_add(pool, from->records, from->n, err);

	if (rc == 0)
		rc = array_room_in(pool->texts, pool->texts_n + from->texts_n,
				   pool->texts_cap, err);
	if (rc < 0)
		return rc;
	while (from->texts_n)
		pool->texts[pool->texts_n++] = from->texts[--from->texts_n];
	pool_release(from);
	return 0;
}
