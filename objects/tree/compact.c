#include "objects/tree/compact.h"

#include <stdlib.h>

#include "objects/tree/recut_pool.h"

struct compactor {
	struct store *store;
	struct codec *codec;
	struct tree_segments gone;
	struct tree_segments added;
	struct arranger arranger;
};

/* The segments at or below a folder that the caller asked about, sorted. */
struct touched {
	bool is_all;
	const struct tree_segment *at;
	size_t n;
};

/* A folder to be looked at, with the records that come down to it. */
struct visit {
	struct place place;
	const git_oid *tree;	/* NULL: not there yet */
	const struct arrange_record *incoming;
	size_t incoming_n;
	struct touched touched;
};

static int visit_folder(struct compactor *compactor, const struct visit *visit,
			struct err *err);

/* Does `inner` lie at or below `outer`? */
static bool place_begins(const struct place *outer, const struct place *inner)
{
	return !strcmp(outer->dir, inner->dir) &&
	       !strncmp(outer->digits, inner->digits, outer->digits_n) &&
	       (!outer->home[0] || !strcmp(outer->home, inner->home));
}

/* Sorting keeps what lies below one folder together. */
static struct touched touched_below(const struct touched *touched,
				    const struct place *place)
{
	struct touched below = *touched;

	while (below.n && !place_begins(place, &below.at->place)) {
		below.at++;
		below.n--;
	}
	while (below.n && !place_begins(place, &below.at[below.n - 1].place))
		below.n--;
	return below;
}

static int touched_init(const struct tree_segments *list,
			struct tree_segments *copy, struct touched *out,
			struct err *err)
{
	size_t i;
	int rc = 0;

	out->is_all = !list;
	for (i = 0; list && rc == 0 && i < list->n; i++)
		rc = tree_segments_add(copy, &list->at[i], err);
	tree_segments_sort(copy);
	out->at = copy->at;
	out->n = copy->n;
	return rc;
}

/* Is this a place below which there is none for these records? */
static bool is_bottom(const struct place *place, const struct pool *pool,
		      const struct visit *visit)
{
	if (place->home[0])
		return true;
	if (place->digits_n < TREE_DIGITS)
		return false;
	if (visit->incoming_n)
		return !visit->incoming[0].is_shared;
	return pool->n && !pool->records[0].is_shared;
}

/* Known to be full without being read? */
static bool is_known_full(struct compactor *compactor,
			  const struct tree_segment *segment)
{
	struct home_filter filter;

	return store_filter_get(compactor->store, segment->digest, &filter) &&
	       segment_is_full(filter.records, filter.bytes);
}

/*
 * Read the segments of a folder that is too full and list them as gone. At
 * the bottom, full segments stay where they are: cutting them afresh would
 * write them again and gain nothing.
 */
static int pool_fill(struct pool *pool, struct compactor *compactor,
		     const struct visit *visit,
		     const struct tree_segments *segments, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < segments->n; i++) {
		size_t n = pool->n;
		struct buf *text;

		if (is_bottom(&visit->place, pool, visit) &&
		    is_known_full(compactor, &segments->at[i]))
			continue;
		rc = pool_load(pool, compactor->store, compactor->codec,
			       &segments->at[i], err);
		if (rc < 0)
			break;
		text = &pool->texts[pool->texts_n - 1];
		if (is_bottom(&visit->place, pool, visit) &&
		    segment_is_full(pool->n - n, text->len)) {
			pool->n = n;
			buf_release(text);
			pool->texts_n--;
			continue;
		}
		rc = tree_segments_add(&compactor->gone, &segments->at[i], err);
	}
	return rc;
}

/* Write the records that come here, or fewer segments of them and the old. */
static int settle_bottom(struct compactor *compactor,
			 const struct visit *visit, struct pool *pool,
			 size_t gone_before, struct err *err)
{
	struct arranger *arranger = &compactor->arranger;
	size_t old = compactor->gone.n - gone_before;
	size_t new;
	int rc = pool_add(pool, visit->incoming, visit->incoming_n, err);

	if (rc < 0)
		return rc;
	new = arrange_count(arranger, visit->incoming, visit->incoming_n);
	pool->n = arrange_sort(pool->records, pool->n);
	if (arrange_count(arranger, pool->records, pool->n) < old + new)
		return arrange_write(arranger, &visit->place, pool->records,
				     pool->n, err);
	compactor->gone.n = gone_before;
	return arrange_write(arranger, &visit->place, visit->incoming,
			     visit->incoming_n, err);
}

/* The child folder of that place, and take it off the list. */
static bool child_take(struct tree_folder *folder, const struct place *place,
		       git_oid *out)
{
	const char *name = place->home;
	size_t i;

	if (!place->home[0])
		name = place->digits + place->digits_n - 1;
	for (i = 0; i < folder->children_n; i++) {
		if (strcmp(folder->children[i].name, name))
			continue;
		*out = folder->children[i].tree;
		folder->children[i] = folder->children[--folder->children_n];
		return true;
	}
	return false;
}

/* Hand the records of a folder that is too full to those below it. */
static int push_down(struct compactor *compactor, const struct visit *visit,
		     const struct pool *pool, struct tree_folder *folder,
		     struct err *err)
{
	unsigned depth = visit->place.digits_n;
	struct visit below;
	git_oid tree;
	size_t group;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < pool->n; i += group) {
		const struct arrange_record *first = &pool->records[i];

		group = arrange_group(first, pool->n - i, depth);
		if (depth == TREE_DIGITS)
			place_of_hash(visit->place.dir, first->hash, depth,
				      true, &below.place);
		else
			place_of_hash(visit->place.dir, first->hash, depth + 1,
				      false, &below.place);
		below.tree = child_take(folder, &below.place, &tree) ? &tree :
								      NULL;
		below.incoming = first;
		below.incoming_n = group;
		below.touched = touched_below(&visit->touched, &below.place);
		rc = visit_folder(compactor, &below, err);
	}
	return rc;
}

/* Look at the folders below to which nothing has come down. */
static int visit_children(struct compactor *compactor,
			  const struct visit *visit,
			  const struct tree_folder *folder, struct err *err)
{
	struct visit below = { .incoming_n = 0 };
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < folder->children_n; i++) {
		place_child(&visit->place, folder->children[i].name,
			    &below.place);
		below.tree = &folder->children[i].tree;
		below.touched = touched_below(&visit->touched, &below.place);
		if (below.touched.is_all || below.touched.n)
			rc = visit_folder(compactor, &below, err);
	}
	return rc;
}

/* A folder with too many segments: empty it into those below, if there are. */
static int spread_folder(struct compactor *compactor,
			 const struct visit *visit, struct tree_folder *folder,
			 struct err *err)
{
	struct pool pool = POOL_INIT;
	size_t gone_before = compactor->gone.n;
	int rc = pool_fill(&pool, compactor, visit, &folder->segments, err);

	if (rc < 0)
		goto out;
	if (is_bottom(&visit->place, &pool, visit)) {
		rc = settle_bottom(compactor, visit, &pool, gone_before, err);
		goto out;
	}
	rc = pool_add(&pool, visit->incoming, visit->incoming_n, err);
	if (rc == 0) {
		pool.n = arrange_sort(pool.records, pool.n);
		rc = push_down(compactor, visit, &pool, folder, err);
	}
out:
	pool_release(&pool);
	return rc;
}

static int visit_folder(struct compactor *compactor, const struct visit *visit,
			struct err *err)
{
	struct tree_folder folder = { .segments = TREE_SEGMENTS_INIT };
	size_t segments_n;
	int rc = 0;

	if (visit->tree)
		rc = tree_folder_read(compactor->store, visit->tree,
				      &visit->place, &folder, err);
	if (rc < 0)
		goto out;
	segments_n = folder.segments.n +
		     arrange_count(&compactor->arranger, visit->incoming,
				   visit->incoming_n);
	if (segments_n > TREE_LEVEL_SEGMENTS)
		rc = spread_folder(compactor, visit, &folder, err);
	else
		rc = arrange_write(&compactor->arranger, &visit->place,
				   visit->incoming, visit->incoming_n, err);
	if (rc == 0)
		rc = visit_children(compactor, visit, &folder, err);
out:
	tree_folder_release(&folder);
	return rc;
}

/* Every folder of a kind, but not the pieces of blobs: they are no records. */
static int visit_dirs(struct compactor *compactor, const git_oid *tree,
		      const struct touched *touched, struct err *err)
{
	struct tree_folder root = { .segments = TREE_SEGMENTS_INIT };
	struct visit visit = { .incoming_n = 0 };
	char blob_dir[PLACE_NAME_LEN + 1] = "";
	size_t i;
	int rc = tree_folder_read(compactor->store, tree, NULL, &root, err);

	if (rc == 0 && codec_mode(compactor->codec) != CODEC_BLIND)
		codec_dir_name(compactor->codec, "blob", blob_dir);
	for (i = 0; rc == 0 && i < root.children_n; i++) {
		if (!strcmp(root.children[i].name, blob_dir))
			continue;
		place_child(NULL, root.children[i].name, &visit.place);
		visit.tree = &root.children[i].tree;
		visit.touched = touched_below(touched, &visit.place);
		if (touched->is_all || visit.touched.n)
			rc = visit_folder(compactor, &visit, err);
	}
	tree_folder_release(&root);
	return rc;
}

int compact(struct store *store, struct codec *codec, const git_oid *tree,
	    const struct tree_segments *touched, git_oid *out, struct err *err)
{
	struct compactor compactor = { .store = store, .codec = codec,
				       .gone = TREE_SEGMENTS_INIT,
				       .added = TREE_SEGMENTS_INIT };
	struct tree_segments copy = TREE_SEGMENTS_INIT;
	struct touched paths;
	git_oid without = *tree;
	git_oid with;
	int rc = touched_init(touched, &copy, &paths, err);

	arranger_init(&compactor.arranger, store, codec, &compactor.added);
	if (rc == 0)
		rc = visit_dirs(&compactor, tree, &paths, err);
	if (rc == 0 && compactor.gone.n)
		rc = tree_remove(store, tree, &compactor.gone, &without, err);
	with = without;
	if (rc == 0 && compactor.added.n)
		rc = tree_insert(store, &without, &compactor.added, &with, err);
	if (rc == 0)
		*out = with;
	arranger_release(&compactor.arranger);
	tree_segments_release(&compactor.gone);
	tree_segments_release(&compactor.added);
	tree_segments_release(&copy);
	return rc;
}

/* Is some folder on the touched paths too full? place NULL: the root. */
static int folder_is_due(struct store *store, const git_oid *tree,
			 const struct place *place,
			 const struct touched *touched, bool *out_is_due,
			 struct err *err)
{
	struct tree_folder folder = { .segments = TREE_SEGMENTS_INIT };
	size_t i;
	int rc = tree_folder_read(store, tree, place, &folder, err);

	if (rc == 0 && folder.segments.n > TREE_LEVEL_SEGMENTS)
		*out_is_due = true;
	for (i = 0; rc == 0 && !*out_is_due && i < folder.children_n; i++) {
		struct touched below;
		struct place child;

		place_child(place, folder.children[i].name, &child);
		below = touched_below(touched, &child);
		if (below.is_all || below.n)
			rc = folder_is_due(store, &folder.children[i].tree,
					   &child, &below, out_is_due, err);
	}
	tree_folder_release(&folder);
	return rc;
}

int compact_is_due(struct store *store, const git_oid *tree,
		   const struct tree_segments *touched, bool *out_is_due,
		   struct err *err)
{
	struct tree_segments copy = TREE_SEGMENTS_INIT;
	struct touched paths;
	bool is_due = false;
	int rc = touched_init(touched, &copy, &paths, err);

	if (rc == 0)
		rc = folder_is_due(store, tree, NULL, &paths, &is_due, err);
	if (rc == 0)
		*out_is_due = is_due;
	tree_segments_release(&copy);
	return rc;
}
