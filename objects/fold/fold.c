#include "objects/fold/fold_internal.h"

#include <stdlib.h>

#include "objects/fold/conflict.h"
#include "objects/fold/set.h"

static const unsigned char *id_of(const struct fold *fold, size_t leaf)
{
	return fold->graph.at[fold->leaves.at[leaf].owner]->id;
}

static int fold_collect(struct fold *fold, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < fold->graph.n; i++) {
		if (fold->graph.is_delete[i])
			continue;
		rc = fold_leaves_add(&fold->leaves,
				     fold->graph.at[i]->record.data,
				     fold->kind->sets, (uint32_t)i, err);
	}
	if (rc == 0)
		fold_leaves_sort(&fold->leaves);
	return rc;
}

/* Is this the path of one of the kind's sets? */
static bool key_is_set(const struct kind *kind, struct span key)
{
	const char *const *name = kind->sets;

	for (; name && *name; name++) {
		if (key.len == strlen(*name) + 1 &&
		    !memcmp(key.at, *name, key.len))
			return true;
	}
	return false;
}

/*
 * Paths come sorted, so those that a path begins follow it: walking up from
 * the path before finds the nearest one above.
 */
static void path_place(struct fold *fold, size_t at)
{
	struct fold_path *path = &fold->paths[at];
	size_t above = at ? at - 1 : FOLD_NONE;

	while (above != FOLD_NONE &&
	       !fold_key_begins(path->key, fold->paths[above].key))
		above = fold->paths[above].above;
	path->above = above;
	path->end = at + 1;
	path->winner = path->below = path->below_value = FOLD_NONE;
	path->is_set = key_is_set(fold->kind, path->key);
	for (; above != FOLD_NONE; above = fold->paths[above].above)
		fold->paths[above].end = at + 1;
}

static int fold_paths(struct fold *fold, struct err *err)
{
	const struct fold_leaf *leaves = fold->leaves.at;
	size_t i;

	fold->paths = calloc(fold->leaves.n + 1, sizeof(*fold->paths));
	if (!fold->paths)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < fold->leaves.n; i++) {
		struct fold_path *path = &fold->paths[fold->paths_n];

		if (i && span_equals(leaves[i].key, leaves[i - 1].key)) {
			path[-1].leaves_n++;
			continue;
		}
		path->key = leaves[i].key;
		path->leaves = i;
		path->leaves_n = 1;
		path_place(fold, fold->paths_n++);
	}
	return 0;
}

/* What a leaf at this path supersedes, as far as it is asked from bit on. */
static uint64_t path_mask(const struct fold *fold, size_t at, size_t bit)
{
	const struct fold_path *path = &fold->paths[at];
	size_t low = path->bit;
	size_t high = path->bit + (path->end - at);
	uint64_t mask = 0;
	size_t above;

	for (above = path->above; above != FOLD_NONE;
	     above = fold->paths[above].above) {
		if (fold->paths[above].bit - bit < 64)
			mask |= (uint64_t)1 << (fold->paths[above].bit - bit);
	}
	low = low > bit ? low - bit : 0;
	high = high > bit ? high - bit : 0;
	if (low < 64 && high > low) {
		uint64_t ones = high - low < 64 ?
			((uint64_t)1 << (high - low)) - 1 : UINT64_MAX;

		mask |= ones << low;
	}
	return mask;
}

/*
 * Ask the graph which leaves of the paths in [first, end), whole groups, are
 * superseded, for the 64 paths from bit on.
 */
static void fold_ask(struct fold *fold, size_t first, size_t end, size_t bit)
{
	struct fold_graph *graph = &fold->graph;
	struct fold_leaf *leaf;
	size_t i;

	for (i = 0; i < graph->n; i++)
		graph->marks[i] = graph->is_delete[i] ? UINT64_MAX : 0;
	for (i = first; i < end; i++) {
		const struct fold_path *path = &fold->paths[i];
		uint64_t mask = path_mask(fold, i, bit);

		for (leaf = &fold->leaves.at[path->leaves];
		     leaf < &fold->leaves.at[path->leaves + path->leaves_n];
		     leaf++)
			graph->marks[leaf->owner] |= mask;
	}
	fold_graph_cover(graph);
	for (i = first; i < end; i++) {
		const struct fold_path *path = &fold->paths[i];
		size_t shift = path->bit - bit;

		for (leaf = &fold->leaves.at[path->leaves];
		     shift < 64 &&
		     leaf < &fold->leaves.at[path->leaves + path->leaves_n];
		     leaf++)
			leaf->is_superseded =
				graph->covered[leaf->owner] >> shift & 1;
	}
}

/*
 * Find what is superseded, 64 paths at a time. Paths that begin one another
 * make a group and are asked for together; a group of more than 64 in turns.
 */
static void fold_supersede(struct fold *fold)
{
	size_t first = 0;

	if (fold->graph.n == 1)
		return;
	while (first < fold->paths_n) {
		size_t end = fold->paths[first].end;
		size_t bit;
		size_t i;

		while (end < fold->paths_n &&
		       fold->paths[end].end - first <= 64)
			end = fold->paths[end].end;
		for (i = first; i < end; i++)
			fold->paths[i].bit = i - first;
		for (bit = 0; bit < end - first; bit += 64)
			fold_ask(fold, first, end, bit);
		first = end;
	}
}

static bool leaf_is_null(const struct fold *fold, size_t leaf)
{
	return jcs_type_of(fold->leaves.at[leaf].value) == JCS_NULL;
}

static uint32_t leaf_rank(const struct fold *fold, size_t leaf)
{
	return fold->graph.rank[fold->leaves.at[leaf].owner];
}

/*
 * The highest winner so far at this path, above or below it that wants
 * something else; *out_same if there are winners and none does. There is one
 * at the path or above it, or there are some below: winners are no rivals.
 */
static size_t rival_of(const struct fold *fold, size_t at, size_t leaf,
		       bool *out_same)
{
	const struct fold_path *path = &fold->paths[at];
	bool is_null = leaf_is_null(fold, leaf);
	size_t above;

	if (path->winner != FOLD_NONE) {
		*out_same = span_equals(fold->leaves.at[path->winner].value,
					fold->leaves.at[leaf].value);
		return path->winner;
	}
	for (above = path->above; above != FOLD_NONE;
	     above = fold->paths[above].above) {
		if (fold->paths[above].winner == FOLD_NONE)
			continue;
		*out_same = is_null &&
			    leaf_is_null(fold, fold->paths[above].winner);
		return fold->paths[above].winner;
	}
	if (is_null && path->below_value != FOLD_NONE)
		return path->below_value;
	*out_same = is_null;
	return path->below;
}

static void path_win(struct fold *fold, size_t at, size_t leaf)
{
	size_t above;

	fold->paths[at].winner = leaf;
	for (above = fold->paths[at].above; above != FOLD_NONE;
	     above = fold->paths[above].above) {
		struct fold_path *path = &fold->paths[above];

		if (path->below == FOLD_NONE)
			path->below = leaf;
		if (path->below_value == FOLD_NONE && !leaf_is_null(fold, leaf))
			path->below_value = leaf;
	}
}

/* A leaf of a group that nothing supersedes. */
struct candidate {
	size_t path;
	size_t leaf;
	uint32_t rank;
};

static int candidate_order(const void *left, const void *right)
{
	const struct candidate *a = left;
	const struct candidate *b = right;

	/* The highest first; one record's leaves are of different paths. */
	if (a->rank != b->rank)
		return a->rank < b->rank ? 1 : -1;
	return (a->path > b->path) - (a->path < b->path);
}

static size_t group_candidates(const struct fold *fold, size_t first,
			       size_t end, struct candidate *out)
{
	size_t n = 0;
	size_t at;
	size_t i;

	for (at = first; at < end; at++) {
		const struct fold_path *path = &fold->paths[at];

		for (i = path->leaves; i < path->leaves + path->leaves_n; i++) {
			if (fold->leaves.at[i].is_superseded)
				continue;
			out[n].path = at;
			out[n].leaf = i;
			out[n++].rank = leaf_rank(fold, i);
		}
	}
	if (n > 1)
		qsort(out, n, sizeof(*out), candidate_order);
	return n;
}

/* Let the leaves of one group win or lose, the highest (at, id) first. */
static int group_resolve(struct fold *fold, size_t first, size_t end,
			 struct candidate *candidates, struct err *err)
{
	size_t n = group_candidates(fold, first, end, candidates);
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++) {
		const struct candidate *one = &candidates[i];
		bool is_same = false;
		size_t rival = rival_of(fold, one->path, one->leaf, &is_same);

		if (rival == FOLD_NONE)
			path_win(fold, one->path, one->leaf);
		else if (!is_same)
			rc = fold_conflicts_add(fold->conflicts,
						fold->paths[one->path].key,
						fold->leaves.at[rival].key,
						id_of(fold, rival),
						id_of(fold, one->leaf), err);
	}
	return rc;
}

static int set_resolve(struct fold *fold, struct fold_path *path, struct err *err)
{
	int rc;

	path->set_at = fold->sets.len;
	rc = fold_set(&fold->graph, &fold->leaves.at[path->leaves],
		      path->leaves_n, &fold->sets, err);
	path->set_len = fold->sets.len - path->set_at;
	return rc;
}

static int fold_resolve(struct fold *fold, struct err *err)
{
	struct candidate *candidates;
	size_t at = 0;
	int rc = 0;

	candidates = malloc((fold->leaves.n + 1) * sizeof(*candidates));
	if (!candidates)
		return err_set(err, ERR_NOMEM, "out of memory");
	while (rc == 0 && at < fold->paths_n) {
		struct fold_path *path = &fold->paths[at];

		if (path->is_set)
			rc = set_resolve(fold, path, err);
		else
			rc = group_resolve(fold, at, path->end, candidates,
					   err);
		at = path->end;
	}
	free(candidates);
	return rc;
}

static int fold_write(const struct fold *fold, struct buf *out,
		      struct err *err)
{
	struct fold_writer writer;
	size_t i;

	fold_writer_begin(&writer, out);
	for (i = 0; i < fold->paths_n; i++) {
		const struct fold_path *path = &fold->paths[i];
		struct span value = { NULL, 0 };

		if (path->set_len)
			value = span_of(fold->sets.data + path->set_at,
					path->set_len);
		else if (path->winner != FOLD_NONE &&
			 (fold->keeps_null ||
			  !leaf_is_null(fold, path->winner)))
			value = fold->leaves.at[path->winner].value;
		if (value.at)
			fold_writer_leaf(&writer, path->key, value);
	}
	return fold_writer_end(&writer, err);
}

/* A record that is no delete stands unless a delete has seen it. */
static bool fold_is_live(struct fold_graph *graph)
{
	size_t i;

	if (!graph->has_delete)
		return graph->n > 0;
	for (i = 0; i < graph->n; i++)
		graph->marks[i] = graph->is_delete[i];
	fold_graph_cover(graph);
	for (i = 0; i < graph->n; i++) {
		if (!graph->is_delete[i] && !graph->covered[i])
			return true;
	}
	return false;
}

/* Of a live entity: a delete that no record has seen lost to the highest of
 * those records that no delete has. */
static int conflict_deletes(struct fold *fold, struct err *err)
{
	static const struct span whole = { "", 0 };
	struct fold_graph *graph = &fold->graph;
	uint32_t winner = UINT32_MAX;
	uint32_t i;
	int rc = 0;

	if (!graph->has_delete || !fold->conflicts)
		return 0;
	for (i = 0; i < graph->n; i++)
		graph->marks[i] = graph->is_delete[i] ? 3 : 1;
	fold_graph_cover(graph);
	for (i = 0; i < graph->n; i++) {
		if (!graph->is_delete[i] && !(graph->covered[i] & 2) &&
		    (winner == UINT32_MAX ||
		     graph->rank[i] > graph->rank[winner]))
			winner = i;
	}
	for (i = 0; rc == 0 && i < graph->n; i++) {
		if (graph->is_delete[i] && !graph->covered[i])
			rc = fold_conflicts_add(fold->conflicts, whole, whole,
						graph->at[winner]->id,
						graph->at[i]->id, err);
	}
	return rc;
}

void fold_release(struct fold *fold)
{
	fold_graph_release(&fold->graph);
	fold_leaves_release(&fold->leaves);
	free(fold->paths);
	buf_release(&fold->sets);
}

int fold_run(struct fold *fold, const struct fold_record *records, size_t n,
	     bool *out_is_live, struct err *err)
{
	int rc = fold_graph_init(&fold->graph, records, n, err);

	if (rc < 0)
		return rc;
	*out_is_live = fold_is_live(&fold->graph);
	if (!*out_is_live)
		return 0;
	rc = conflict_deletes(fold, err);
	if (rc == 0)
		rc = fold_collect(fold, err);
	if (rc == 0)
		rc = fold_paths(fold, err);
	if (rc < 0)
		return rc;
	fold_supersede(fold);
	return fold_resolve(fold, err);
}

/* May some member, at any depth, be null? Text that looks so counts too. */
static bool may_have_null(struct span object)
{
	const char *end = object.at + object.len;
	const char *at = object.at;

	while (end - at > 5) {
		at = memchr(at, ':', (size_t)(end - at) - 5);
		if (!at)
			return false;
		if (!memcmp(++at, "null", 4))
			return true;
	}
	return false;
}

/* A lone record without nulls and sets is its own state: most records. */
static bool is_own_state(const struct record *record)
{
	const char *const *name;
	struct span value;

	if (span_equals(record->verb, span_str("delete")) ||
	    may_have_null(record->data))
		return false;
	for (name = record->kind->sets; name && *name; name++) {
		if (jcs_find(record->data, *name, &value))
			return false;
	}
	return true;
}

static int fold_records(const struct fold_record *records, size_t n,
			struct fold *fold, struct buf *out, bool *out_is_live,
			struct err *err)
{
	size_t out_len = out->len;
	size_t conflicts_n = fold->conflicts ? fold->conflicts->n : 0;
	size_t paths_len = fold->conflicts ? fold->conflicts->paths.len : 0;
	bool is_live = false;
	int rc;

	fold->kind = n ? records[0].record.kind : NULL;
	if (n == 1 && is_own_state(&records[0].record)) {
		is_live = true;
		rc = buf_add_span(out, records[0].record.data, err);
	} else {
		rc = n ? fold_run(fold, records, n, &is_live, err) : 0;
		if (rc == 0 && is_live)
			rc = fold_write(fold, out, err);
	}
	fold_release(fold);
	if (rc == 0) {
		*out_is_live = is_live;
		return 0;
	}
	out->len = out_len;
	if (out->data)
		out->data[out_len] = '\0';
	if (fold->conflicts) {
		fold->conflicts->n = conflicts_n;
		fold->conflicts->paths.len = paths_len;
	}
	return rc;
}

int fold_entity(const struct fold_record *records, size_t n, struct buf *out,
		bool *out_is_live, struct fold_conflicts *conflicts,
		struct err *err)
{
	struct fold fold = { .leaves = FOLD_LEAVES_INIT,
			     .sets = BUF_INIT(BUF_NO_LIMIT),
			     .conflicts = conflicts };

	return fold_records(records, n, &fold, out, out_is_live, err);
}

int fold_entity_above(const struct fold_record *records, size_t n,
		      struct buf *out, bool *out_is_live,
		      struct fold_conflicts *conflicts, struct err *err)
{
	struct fold fold = { .leaves = FOLD_LEAVES_INIT,
			     .sets = BUF_INIT(BUF_NO_LIMIT),
			     .keeps_null = true,
			     .conflicts = conflicts };

	return fold_records(records, n, &fold, out, out_is_live, err);
}
