#include "refs/history.h"

#include <stdlib.h>

#include "refs/graph.h"

/*
 * Versions in one order: children first, then newest, then smallest id. A
 * version may be told when all its children are, and to know them the graph
 * is explored ahead, but only until the lines that run side by side have come
 * together again (graph_is_joined): where one line is left, nothing is held.
 *
 * Versions of one construct have ancestors of the same construct only, so
 * each construct is a strand of its own, and strands are merged by time. Else
 * a listing of all constructs would have to read them whole.
 */
struct strand {
	char construct[CONSTRUCT_NAME_MAX];
	struct graph graph;
	struct node_heap ready;
};

/*
 * When only hidden lines are left to explore, an older one of them may still
 * lead to a version that looks new, if clocks were wrong. It is followed for
 * this long; beyond, such a version is told though it is known.
 */
#define HIDDEN_SLACK 3600	/* seconds */

static const struct node *todo_top(const struct graph *graph)
{
	return &graph->nodes[graph->todo.at[0]];
}

static bool is_far_enough(const struct graph *graph)
{
	int64_t next = todo_top(graph)->time;

	if (graph->hidden_n == graph->todo.n &&
	    (!graph->shown_n || next < graph->oldest - HIDDEN_SLACK))
		return true;
	/* What is left must also come last by its time. */
	return graph->shown_n && graph_is_joined(graph) &&
	       next < graph->oldest;
}

static bool is_shown(const struct node *node)
{
	return node->is_explored && !node->is_hidden;
}

/* Step to a shown parent, NULL if that one is not to be told. */
static struct node *shown_parent(struct graph *graph, const struct node *node,
				 size_t i)
{
	struct node *parent;

	parent = graph_find(graph, &graph->parents[node->parents + i]);
	return parent && is_shown(parent) ? parent : NULL;
}

static void children_count(struct graph *graph)
{
	struct node *parent;
	size_t i, j;

	for (i = 0; i < graph->n; i++) {
		for (j = 0; is_shown(&graph->nodes[i]) &&
		     j < graph->nodes[i].parents_n; j++) {
			parent = shown_parent(graph, &graph->nodes[i], j);
			if (parent)
				parent->children_n++;
		}
	}
}

/* Start again from the versions that are left, if any is to be told. */
static int strand_restart(struct strand *strand, struct err *err)
{
	struct node next[VERSION_PARENTS_MAX];
	struct graph *graph = &strand->graph;
	size_t n = graph->todo.n;
	size_t i;
	int rc = 0;

	if (!n || graph->hidden_n == n) {
		graph_reset(graph);
		return 0;
	}
	if (!graph->shown_n)
		return 0;	/* nothing was told yet: the first time */
	for (i = 0; i < n && i < VERSION_PARENTS_MAX; i++)
		next[i] = graph->nodes[graph->todo.at[i]];
	graph_reset(graph);
	for (i = 0; rc == 0 && i < n && i < VERSION_PARENTS_MAX; i++)
		rc = graph_add(graph, &next[i].id, next[i].is_hidden, err);
	return rc;
}

/* Make at least one version ready, unless the strand has ended. */
static int strand_fill(struct strand *strand, struct err *err)
{
	struct graph *graph = &strand->graph;
	size_t i;
	int rc;

	if (strand->ready.n)
		return 0;
	rc = strand_restart(strand, err);
	while (rc == 0 && graph->todo.n && !is_far_enough(graph))
		rc = graph_explore(graph, NULL, err);
	if (rc < 0)
		return rc;
	children_count(graph);
	for (i = 0; rc == 0 && i < graph->n; i++) {
		if (is_shown(&graph->nodes[i]) && !graph->nodes[i].children_n)
			rc = node_heap_push(graph, &strand->ready, i, err);
	}
	return rc;
}

static const struct node *strand_top(const struct strand *strand)
{
	return &strand->graph.nodes[strand->ready.at[0]];
}

/* Drop the top; parents of which it was the last child become ready. */
static int strand_pop(struct strand *strand, struct err *err)
{
	struct graph *graph = &strand->graph;
	struct node *node;
	struct node *parent;
	size_t i;
	int rc = 0;

	node = &graph->nodes[node_heap_pop(graph, &strand->ready)];
	for (i = 0; rc == 0 && i < node->parents_n; i++) {
		parent = shown_parent(graph, node, i);
		if (parent && !--parent->children_n)
			rc = node_heap_push(graph, &strand->ready,
					    (size_t)(parent - graph->nodes),
					    err);
	}
	return rc;
}

static int strand_tell(struct strand *strand,
		       const struct history_visitor *visitor, struct err *err)
{
	git_oid id = strand_top(strand)->id;
	struct version version;
	int rc;

	version_init(&version);
	rc = version_read(strand->graph.store, &id, &version, err);
	if (rc == 0)
		rc = visitor->version(visitor->arg, &version, err);
	version_release(&version);
	if (rc == 0)
		rc = strand_pop(strand, err);
	return rc;
}

struct walk {
	struct store *store;
	struct strand *strands;
	size_t n;
};

static struct strand *strand_find(struct walk *walk, const char *construct)
{
	size_t i;

	for (i = 0; i < walk->n; i++) {
		if (!strcmp(walk->strands[i].construct, construct))
			return &walk->strands[i];
	}
	return NULL;
}

static int strand_new(struct walk *walk, const char *construct,
		      struct strand **out, struct err *err)
{
	struct strand *grown;

	grown = realloc(walk->strands, (walk->n + 1) * sizeof(*grown));
	if (!grown)
		return err_set(err, ERR_NOMEM, "out of memory");
	walk->strands = grown;
	*out = &grown[walk->n++];
	memset(*out, 0, sizeof(**out));
	memcpy((*out)->construct, construct, CONSTRUCT_NAME_MAX);
	graph_init(&(*out)->graph, walk->store);
	return 0;
}

static int walk_add(struct walk *walk, const git_oid *id, bool is_hidden,
		    struct err *err)
{
	struct strand *strand;
	struct version version;
	int rc;

	version_init(&version);
	rc = version_read(walk->store, id, &version, err);
	if (rc < 0)
		goto out;
	strand = strand_find(walk, version.construct);
	if (!strand && is_hidden)
		goto out;	/* hides nothing that was asked for */
	if (!strand)
		rc = strand_new(walk, version.construct, &strand, err);
	if (rc == 0)
		rc = graph_add(&strand->graph, id, is_hidden, err);
out:
	version_release(&version);
	return rc;
}

/* The strand whose next version comes first; NULL at the end of all. */
static int walk_next(struct walk *walk, struct strand **out, struct err *err)
{
	size_t i;
	int rc;

	*out = NULL;
	for (i = 0; i < walk->n; i++) {
		struct strand *strand = &walk->strands[i];

		rc = strand_fill(strand, err);
		if (rc < 0)
			return rc;
		if (strand->ready.n &&
		    (!*out || node_precedes(strand_top(strand),
					    strand_top(*out))))
			*out = strand;
	}
	return 0;
}

static void walk_release(struct walk *walk)
{
	size_t i;

	for (i = 0; i < walk->n; i++) {
		graph_release(&walk->strands[i].graph);
		free(walk->strands[i].ready.at);
	}
	free(walk->strands);
}

int history_walk(struct store *store, const struct history_range *range,
		 const struct history_visitor *visitor, struct err *err)
{
	struct walk walk = { store, NULL, 0 };
	struct strand *strand;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < range->heads_n; i++)
		rc = walk_add(&walk, &range->heads[i], false, err);
	for (i = 0; rc == 0 && i < range->hide_n; i++)
		rc = walk_add(&walk, &range->hide[i], true, err);
	while (rc == 0) {
		rc = walk_next(&walk, &strand, err);
		if (rc < 0 || !strand)
			break;
		rc = strand_tell(strand, visitor, err);
	}
	walk_release(&walk);
	return rc > 0 ? 0 : rc;
}
