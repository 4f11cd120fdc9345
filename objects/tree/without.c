#include "objects/tree/without.h"

#include <string.h>

#include "lib/base/table.h"
#include "objects/tree/recut_pool.h"

struct removal {
	struct store *store;
	struct codec *codec;
	const git_oid *tree;
	const struct without *without;
	struct arranger arranger;
	struct table ids;		/* of all that go */
	struct table seen;		/* hashes of the paths that were read */
	struct tree_segments gone;
	struct tree_segments added;
};

static int tell_going(const struct removal *removal,
		const struct arrange_record *going, struct err *err)
{
	const struct without *without = removal->without;
	struct record record;
	int rc = record_parse(going->line.line, &record, err);

	return rc < 0 ? rc : without->record(without->arg, &record,
					     going->line.id, err);
}

/* Take those that go out of the pool. */
static int leave_out(struct removal *removal, struct pool *pool,
		     struct err *err)
{
	size_t kept = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < pool->n; i++) {
		if (table_get(&removal->ids, pool->records[i].line.id, NULL))
			rc = tell_going(removal, &pool->records[i], err);
		else
			pool->records[kept++] = pool->records[i];
	}
	if (rc == 0)
		pool->n = kept;
	return rc;
}

static int rewrite(struct removal *removal, const struct tree_segment *segment,
		   struct err *err)
{
	struct pool pool = POOL_INIT;
	size_t before;
	int rc = pool_load(&pool, removal->store, removal->codec, segment, err);

	before = pool.n;
	if (rc == 0)
		rc = leave_out(removal, &pool, err);
	if (rc < 0 || pool.n == before)
		goto out;
	rc = tree_segments_add(&removal->gone, segment, err);
	pool.n = arrange_sort(pool.records, pool.n);
	if (rc == 0)
		rc = arrange_write(&removal->arranger, &segment->place,
				   pool.records, pool.n, err);
out:
	pool_release(&pool);
	return rc;
}

static bool may_hold(const struct removal *removal,
		     const struct tree_segment *segment,
		     const struct arrange_record *going, size_t n)
{
	struct home_filter filter;
	size_t i;

	if (!store_filter_get(removal->store, segment->digest, &filter))
		return true;
	for (i = 0; i < n; i++)
		if (home_filter_has(&filter, filter_key_id(going[i].line.id)))
			return true;
	return false;
}

/* The same segment may lie at two places. */
static int rewrite_once(struct removal *removal,
			const struct tree_segment *segment, struct err *err)
{
	unsigned char key[SHA256_BYTES];
	char path[SEGMENT_PATH_MAX];
	bool is_new;
	int rc;

	segment_path(segment, path);
	sha256_of(path, strlen(path), key);
	rc = table_include(&removal->seen, key, &is_new, err);
	return rc == 0 && is_new ? rewrite(removal, segment, err) : rc;
}

/* Those of one home. */
static int remove_home(struct removal *removal,
		       const struct arrange_record *going, size_t n,
		       struct err *err)
{
	struct tree_segments along = TREE_SEGMENTS_INIT;
	char dir[PLACE_NAME_LEN + 1];
	size_t i;
	int rc;

	codec_dir_name(removal->codec, going->dir, dir);
	rc = tree_along(removal->store, removal->tree, dir, going->hash,
			&along, err);
	for (i = 0; rc == 0 && i < along.n; i++) {
		if (may_hold(removal, &along.at[i], going, n))
			rc = rewrite_once(removal, &along.at[i], err);
	}
	tree_segments_release(&along);
	return rc;
}

static int remove_all(struct removal *removal,
		      const struct arrange_record *going, size_t n,
		      struct err *err)
{
	size_t group;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++)
		rc = table_include(&removal->ids, going[i].line.id, NULL, err);
	for (i = 0; rc == 0 && i < n; i += group) {
		for (group = 1; i + group < n; group++)
			if (strcmp(going[i].dir, going[i + group].dir) != 0 ||
			    memcmp(going[i].hash, going[i + group].hash,
				   PLACE_HASH_BYTES) != 0)
				break;
		rc = remove_home(removal, going + i, group, err);
	}
	return rc;
}

int tree_without(struct store *store, struct codec *codec, const git_oid *tree,
		 const struct without *without, git_oid *out, struct err *err)
{
	struct removal removal = {
		.store = store, .codec = codec, .tree = tree,
		.without = without,
		.ids = TABLE_INIT(RECORD_ID_BYTES, TABLE_NO_LIMIT),
		.seen = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.gone = TREE_SEGMENTS_INIT, .added = TREE_SEGMENTS_INIT,
	};
	git_oid left = *tree;
	int rc;

	arranger_init(&removal.arranger, store, codec, &removal.added);
	rc = remove_all(&removal, without->going,
			arrange_sort(without->going, without->n), err);
	if (rc == 0 && removal.gone.n)
		rc = tree_remove(store, tree, &removal.gone, &left, err);
	if (rc == 0 && removal.added.n)
		rc = tree_insert(store, &left, &removal.added, &left, err);
	if (rc == 0)
		*out = left;
	arranger_release(&removal.arranger);
	table_release(&removal.ids);
	table_release(&removal.seen);
	tree_segments_release(&removal.gone);
	tree_segments_release(&removal.added);
	return rc;
}
