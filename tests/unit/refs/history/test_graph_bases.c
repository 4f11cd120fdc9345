/*
 * The union of heads, and the bases that it needs, in random histories with
 * clocks that are right, equal or wild: against every merge base of every pair
 * as libgit2 finds them.
 */
#include "refs/history/graph.h"

#include "refs/history/version.h"
#include "tests/unit/history_model.h"

/* Add a segment of its own to the tree, or take any away. */
static enum version_change change_tree(struct store *store, git_oid *tree)
{
	struct tree_segments all = TREE_SEGMENTS_INIT;
	struct tree_segments one = TREE_SEGMENTS_INIT;
	struct tree_segment segment;
	enum version_change change = CHANGE_ADD;
	unsigned char hash[PLACE_HASH_BYTES];
	struct err err = ERR_INIT;
	git_oid empty;
	int rc;

	memset(&segment, 0, sizeof(segment));
	rc = tree_empty(store, &empty, &err);
	if (rc == 0)
		rc = tree_diff(store, &empty, tree, NULL, &all, &err);
	if (rc == 0 && all.n && pick(3) == 0) {
		change = CHANGE_COMPACT;
		segment = all.at[pick(all.n)];
		rc = tree_segments_add(&one, &segment, &err);
		if (rc == 0)
			rc = tree_remove(store, tree, &one, tree, &err);
	} else if (rc == 0) {
		sha256_of(&state, sizeof(state), segment.digest);
		memcpy(hash, segment.digest, sizeof(hash));
		memcpy(segment.blob.id, segment.digest, GIT_OID_RAWSZ);
		place_of_hash("memory", hash, 0, false, &segment.place);
		rc = tree_segments_add(&one, &segment, &err);
		if (rc == 0)
			rc = tree_insert(store, tree, &one, tree, &err);
	}
	if (rc < 0)
		bail_out("cannot change a tree: %s", err.text);
	tree_segments_release(&one);
	tree_segments_release(&all);
	return change;
}

static void model_add_tree(struct model *model, enum clocks clocks,
			   git_oid *trees)
{
	size_t node = model->n++;
	struct device_key key = rfc_key(0);
	struct version version;
	git_oid parents[3];
	size_t n = choose_parents(model, node, parents);
	struct err err = ERR_INIT;

	version_fixture(&version);
	version.seq = node + 1;
	if (clocks == CLOCKS_RIGHT)
		version.time = 1795000000 + (int64_t)node;
	if (clocks == CLOCKS_WILD)
		version.time = 1795000000 + (int64_t)pick(10000);
	version_parents(&version, parents, n);
	model->reaches[node][node] = true;
	if (history_maximal(model->store, parents, &n, &err) < 0 ||
	    history_union(model->store, parents, n, &version.tree, &err) < 0)
		bail_out("%s", err.text);
	version.change = change_tree(model->store, &version.tree);
	trees[node] = version.tree;
	model->ids[node] = version_store(model->store, &version, &key);
	version_release(&version);
}

static git_oid tree_of(const struct model *model, const git_oid *trees,
		       const git_oid *id)
{
	size_t i;

	for (i = 0; i < model->n; i++) {
		if (git_oid_equal(id, &model->ids[i]))
			return trees[i];
	}
	bail_out("not one of ours");
}

struct pairs {
	struct tree_base bases[64];
	size_t n;
};

static void pair_add(const struct model *model, const git_oid *trees,
		     const git_oid *heads, struct tree_base pair,
		     struct pairs *out)
{
	git_oidarray found;
	size_t i;

	if (git_merge_bases(&found, store_repository(model->store),
			    &heads[pair.a], &heads[pair.b]) < 0)
		return;
	for (i = 0; i < found.count && out->n < 64; i++) {
		pair.tree = tree_of(model, trees, &found.ids[i]);
		out->bases[out->n++] = pair;
	}
	git_oidarray_dispose(&found);
}

/* The rule as design.md words it: every merge base of every pair. */
static void slow_union(const struct model *model, const git_oid *trees,
		       const git_oid *heads, size_t n, git_oid *out)
{
	struct pairs pairs = { .n = 0 };
	struct tree_heads all;
	struct tree_base pair;
	git_oid head_trees[5];

	memset(&pair, 0, sizeof(pair));
	for (pair.a = 0; pair.a < n; pair.a++) {
		head_trees[pair.a] = tree_of(model, trees, &heads[pair.a]);
		for (pair.b = 0; pair.b < pair.a; pair.b++)
			pair_add(model, trees, heads, pair, &pairs);
	}
	all.at = head_trees;
	all.n = n;
	all.bases = pairs.bases;
	all.bases_n = pairs.n;
	if (tree_union(model->store, &all, out, NULL))
		bail_out("no union");
}

static int compare_bases(const void *a, const void *b)
{
	const struct tree_base *x = a;
	const struct tree_base *y = b;

	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	if (x->b != y->b)
		return x->b < y->b ? -1 : 1;
	return git_oid_cmp(&x->tree, &y->tree);
}

static bool is_same_base(const struct tree_base *x, const struct tree_base *y)
{
	return x->a == y->a && x->b == y->b &&
	       git_oid_equal(&x->tree, &y->tree);
}

/* One walk finds what libgit2 finds pair by pair; or none where none matters,
 * which the unions show. */
static bool check_bases(const struct model *model, const git_oid *trees,
			const git_oid *heads, size_t n, size_t *found)
{
	struct base_list list = { NULL, 0, 0 };
	struct pairs pairs = { .n = 0 };
	struct tree_base pair;
	struct graph graph;
	struct err err = ERR_INIT;
	bool is_same;
	size_t i;
	int rc = 0;

	graph_init(&graph, model->store);
	for (i = 0; rc == 0 && i < n; i++)
		rc = graph_add(&graph, &heads[i], false, &err);
	if (rc < 0 || graph_bases(&graph, heads, n, &list, &err) < 0)
		bail_out("no bases: %s", err.text);
	memset(&pair, 0, sizeof(pair));
	for (pair.a = 0; list.n && pair.a < n; pair.a++)
		for (pair.b = pair.a + 1; pair.b < n; pair.b++)
			pair_add(model, trees, heads, pair, &pairs);
	qsort(pairs.bases, pairs.n, sizeof(pairs.bases[0]), compare_bases);
	if (list.n)
		qsort(list.at, list.n, sizeof(*list.at), compare_bases);
	is_same = list.n == pairs.n;
	for (i = 0; is_same && i < list.n; i++)
		is_same = is_same_base(&list.at[i], &pairs.bases[i]);
	*found += list.n;
	free(list.at);
	graph_release(&graph);
	return is_same;
}

static void test_union(struct store *store)
{
	size_t round, i, n, from[5];
	size_t wrong = 0, several = 0, other = 0, found = 0;
	git_oid ids[5], trees[NODES_MAX], got, want;

	for (round = 0; round < 12; round++) {
		struct model model = { .store = store };

		for (i = 0; i < NODES_MAX; i++)
			model_add_tree(&model, (enum clocks)(round % CLOCKS_N),
				       trees);
		for (i = 0; i < 40; i++) {
			n = choose(&model, from, ids, 5);
			if (history_maximal(store, ids, &n, NULL) || !n)
				continue;
			several += n > 2;
			if (history_union(store, ids, n, &got, NULL))
				bail_out("no union");
			slow_union(&model, trees, ids, n, &want);
			wrong += !git_oid_equal(&got, &want);
			other += !check_bases(&model, trees, ids, n, &found);
		}
	}
	is_int(other, 0, "bases are those of each pair");
	ok(found > 200, "of %zu", found);
	is_int(wrong, 0, "unions are those of the rule");
	ok(several > 10, "%zu were of more than two heads", several);
	is_int(history_union(store, NULL, 0, &got, NULL), 0, "of none");
	is_int(tree_empty(store, &want, NULL), 0, "the empty tree");
	ok(git_oid_equal(&got, &want), "is empty");
}

int main(void)
{
	struct store *store;

	if (sodium_init() < 0 || store_init_library(NULL) < 0)
		bail_out("cannot start the libraries");
	scratch_begin();
	store = store_fixture(in_scratch("repo"));
	test_union(store);
	store_free(store);
	scratch_end();
	store_stop_library();
	return done_testing();
}
