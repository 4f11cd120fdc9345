#include "refs/history/history.h"

#include <stdlib.h>

#include "lib/id/encode.h"
#include "refs/history/graph.h"
#include "refs/history/history_internal.h"
#include "refs/history/repo.h"
#include "refs/history/version.h"

int commit_read(struct store *store, const git_oid *id, struct buf *out,
		struct err *err)
{
	struct err reason = ERR_INIT;
	char hex[GIT_OID_HEXSZ + 1];
	int rc = store_read(store, id, OBJECT_COMMIT, VERSION_MAX_BYTES, out,
			    &reason);

	if (rc == 0)
		return 0;
	hex_text(id->id, GIT_OID_RAWSZ, hex);
	if (rc == ERR_NOT_FOUND)
		return err_set(err, ERR_CORRUPT, "version %s is missing", hex);
	return err_set(err, rc, "cannot read version %s: %s", hex,
		       reason.text);
}

int version_read(struct store *store, const git_oid *id, struct version *out,
		 struct err *err)
{
	struct buf commit = BUF_INIT(VERSION_MAX_BYTES);
	int rc = commit_read(store, id, &commit, err);

	if (rc == 0)
		rc = version_parse_trusted(buf_span(&commit), out, err);
	buf_release(&commit);
	return rc;
}

/* What libgit2 cannot find or read of what is there is damage. */
static int walk_failed(int code, struct err *err)
{
	const git_error *last = git_error_last();
	int rc = repo_failed(err, code, "cannot walk the history");

	if (rc == ERR_NOT_FOUND ||
	    (rc == ERR_IO && last && last->klass != GIT_ERROR_OS)) {
		rc = ERR_CORRUPT;
		if (err)
			err->code = rc;
	}
	return rc;
}

int history_is_ancestor(struct store *store, const git_oid *a,
			const git_oid *b, bool *out, struct err *err)
{
	int found = 1;

	if (!git_oid_equal(a, b))
		found = git_graph_descendant_of(store_repository(store), b, a);
	if (found < 0)
		return walk_failed(found, err);
	*out = found;
	return 0;
}

bool is_behind(struct store *store, const git_oid *a, const git_oid *b)
{
	if (git_oid_equal(a, b))
		return true;
	return git_graph_descendant_of(store_repository(store), b, a) == 1;
}

static int oid_compare(const void *a, const void *b)
{
	return git_oid_cmp(a, b);
}

static size_t oids_unique(git_oid *ids, size_t n)
{
	size_t kept = 0;
	size_t i;

	if (n > 1)
		qsort(ids, n, sizeof(*ids), oid_compare);
	for (i = 0; i < n; i++) {
		if (!kept || !git_oid_equal(&ids[kept - 1], &ids[i]))
			ids[kept++] = ids[i];
	}
	return kept;
}

/* Note which of the first ids are parents of this node. */
static size_t passed_mark(struct graph *graph, size_t at, size_t ids_n)
{
	const struct node *node = &graph->nodes[at];
	struct node *parent;
	size_t marked = 0;
	size_t i;

	for (i = 0; i < node->parents_n; i++) {
		parent = graph_find(graph, &graph->parents[node->parents + i]);
		if (!parent || (size_t)(parent - graph->nodes) >= ids_n)
			continue;
		marked += !parent->children_n;
		parent->children_n = 1;
	}
	return marked;
}

/*
 * One walk for all ids, which are the first nodes of the graph: an id that is
 * met as a parent is not maximal. It ends when one is left, or where the
 * histories join, for no id that is left can be met below.
 */
int history_maximal(struct store *store, git_oid *ids, size_t *n,
		    struct err *err)
{
	size_t count = oids_unique(ids, *n);
	size_t left = count;
	size_t kept = 0;
	size_t at, i;
	struct graph graph;
	int rc = 0;

	graph_init(&graph, store);
	for (i = 0; rc == 0 && count > 1 && i < count; i++)
		rc = graph_add(&graph, &ids[i], false, err);
	while (rc == 0 && left > 1 && graph.todo.n &&
	       !graph_is_joined(&graph)) {
		rc = graph_explore(&graph, &at, err);
		if (rc == 0)
			left -= passed_mark(&graph, at, count);
	}
	for (i = 0; rc == 0 && i < count; i++) {
		if (count == 1 || !graph.nodes[i].children_n)
			ids[kept++] = ids[i];
	}
	if (rc == 0)
		*n = kept;
	graph_release(&graph);
	return rc;
}

static int tree_of(struct store *store, const git_oid *id, git_oid *out,
		   struct err *err)
{
	struct version version;
	int rc;

	version_init(&version);
	rc = version_read(store, id, &version, err);
	if (rc == 0)
		*out = version.tree;
	version_release(&version);
	return rc;
}

static int union_of(struct graph *graph, const git_oid *heads, size_t heads_n,
		    git_oid *out_tree, struct err *err)
{
	struct base_list bases = { NULL, 0, 0 };
	git_oid *trees = calloc(heads_n, sizeof(*trees));
	size_t i;
	int rc;

	if (!trees)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < heads_n; i++)
		trees[i] = graph_find(graph, &heads[i])->tree;
	rc = graph_bases(graph, heads, heads_n, &bases, err);
	if (rc == 0)
		rc = tree_union(graph->store,
				&(struct tree_heads){ trees, heads_n, bases.at,
						      bases.n },
				out_tree, err);
	free(bases.at);
	free(trees);
	return rc;
}

int history_union(struct store *store, const git_oid *heads, size_t heads_n,
		  git_oid *out_tree, struct err *err)
{
	struct graph graph;
	size_t i;
	int rc = 0;

	if (!heads_n)
		return tree_empty(store, out_tree, err);
	graph_init(&graph, store);
	for (i = 0; rc == 0 && i < heads_n; i++)
		rc = graph_add(&graph, &heads[i], false, err);
	if (rc == 0 && heads_n > 1)
		rc = union_of(&graph, heads, heads_n, out_tree, err);
	else if (rc == 0)
		*out_tree = graph.nodes[0].tree;
	graph_release(&graph);
	return rc;
}

/*
 * What lies below a version of this device has lower numbers, so the walk
 * hides that and ends when nothing else is left: at once, when the device's
 * own head is the only one.
 */
int history_seq(struct store *store, const git_oid *heads, size_t heads_n,
		const unsigned char device[DID_KEY_BYTES], uint64_t *out_seq,
		struct err *err)
{
	uint64_t highest = 0;
	struct graph graph;
	size_t at, i;
	int rc = 0;

	graph_init(&graph, store);
	graph_watch_device(&graph, device);
	for (i = 0; rc == 0 && i < heads_n; i++)
		rc = graph_add(&graph, &heads[i], false, err);
	while (rc == 0 && graph.todo.n > graph.hidden_n) {
		rc = graph_explore(&graph, &at, err);
		if (rc < 0 || !graph.nodes[at].seq)
			continue;
		if (graph.nodes[at].seq > highest)
			highest = graph.nodes[at].seq;
		rc = graph_hide_parents(&graph, at, err);
	}
	if (rc == 0)
		*out_seq = highest;
	graph_release(&graph);
	return rc;
}

/* All parents' trees together are the first one's. */
static int adds_nothing(struct store *store, const struct version *version,
			bool *out, struct err *err)
{
	git_oid first, all;
	int rc = tree_of(store, &version->parents[0], &first, err);

	if (rc == 0 && version->change == CHANGE_COMPACT)
		rc = history_union(store, version->parents, version->parents_n,
				   &all, err);
	else
		all = version->tree;
	if (rc == 0)
		*out = git_oid_equal(&first, &all);
	return rc;
}

int history_is_quiet(struct store *store, const struct version *version,
		     bool *out, struct err *err)
{
	*out = version->change == CHANGE_COMPACT && version->parents_n == 1;
	if (*out || !version->parents_n || version->change == CHANGE_FORGET)
		return 0;
	return adds_nothing(store, version, out, err);
}

/* Explore what is newer than end: then all that is left is older, whatever
 * its clocks say of what lies below. */
static int explore_until(struct graph *graph, const git_oid *heads,
			 size_t heads_n, int64_t end, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < heads_n; i++)
		rc = graph_add(graph, &heads[i], false, err);
	while (rc == 0 && graph->todo.n &&
	       graph->nodes[graph->todo.at[0]].time >= end)
		rc = graph_explore(graph, NULL, err);
	return rc;
}

int history_before(struct store *store, git_oid **heads, size_t *n,
		   int64_t end, struct err *err)
{
	git_oid *found = NULL;
	size_t found_n = 0;
	struct graph graph;
	int rc;

	graph_init(&graph, store);
	rc = explore_until(&graph, *heads, *n, end, err);
	if (rc == 0)
		found = calloc(graph.todo.n + 1, sizeof(*found));
	if (rc == 0 && !found)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	for (; rc == 0 && found_n < graph.todo.n; found_n++)
		found[found_n] = graph.nodes[graph.todo.at[found_n]].id;
	graph_release(&graph);
	if (rc == 0)
		rc = history_maximal(store, found, &found_n, err);
	if (rc < 0) {
		free(found);
		return rc;
	}
	free(*heads);
	*heads = found;
	*n = found_n;
	return 0;
}

int history_own_before(struct store *store, git_oid *head,
		       const unsigned char device[DID_KEY_BYTES], int64_t end,
		       bool *out_is_found, struct err *err)
{
	struct graph graph;
	bool is_found = false;
	size_t at;
	int rc;

	graph_init(&graph, store);
	graph_watch_device(&graph, device);
	rc = explore_until(&graph, head, 1, end, err);
	while (rc == 0 && graph.todo.n && !is_found) {
		rc = graph_explore(&graph, &at, err);
		is_found = rc == 0 && graph.nodes[at].seq &&
			   graph.nodes[at].time < end;
		if (is_found)
			*head = graph.nodes[at].id;
	}
	if (rc == 0)
		*out_is_found = is_found;
	graph_release(&graph);
	return rc;
}
