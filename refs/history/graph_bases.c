#include "refs/history/graph.h"

#include <stdlib.h>

#include "lib/base/array.h"

#define WORD_BITS 64

/*
 * Which heads each node is reached from, as far as the graph goes: rows of
 * bits. Edges are the places of parents among the nodes, beside graph->parents.
 */
struct reached {
	struct graph *graph;
	size_t heads_n;
	size_t words;		/* of a row */
	uint64_t *rows;
	size_t *edges;		/* NO_NODE: that parent was not seen */
	size_t *ready;
};

#define NO_NODE SIZE_MAX

static void reached_release(struct reached *reached)
{
	free(reached->rows);
	free(reached->edges);
	free(reached->ready);
}

static bool has(const struct reached *reached, size_t node, size_t head)
{
	return reached->rows[node * reached->words + head / WORD_BITS] >>
	       head % WORD_BITS & 1;
}

static bool has_all(const struct reached *reached, size_t node)
{
	size_t i;

	for (i = 0; i < reached->heads_n; i++) {
		if (!has(reached, node, i))
			return false;
	}
	return true;
}

/* Resolve the parents, and count the children of each node. */
static int edges_make(struct reached *reached, struct err *err)
{
	struct graph *graph = reached->graph;
	struct node *parent;
	size_t i;

	reached->words = (reached->heads_n + WORD_BITS - 1) / WORD_BITS;
	reached->rows = calloc(graph->n * reached->words + 1,
			       sizeof(*reached->rows));
	reached->edges = calloc(graph->parents_n + 1, sizeof(*reached->edges));
	reached->ready = calloc(graph->n + 1, sizeof(*reached->ready));
	if (!reached->rows || !reached->edges || !reached->ready)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < graph->parents_n; i++) {
		parent = graph_find(graph, &graph->parents[i]);
		reached->edges[i] = parent ? (size_t)(parent - graph->nodes)
					   : NO_NODE;
		if (parent)
			parent->children_n++;
	}
	return 0;
}

/* Hand a node's row on; parents of which it was the last child are ready. */
static void row_pass(struct reached *reached, size_t at, size_t *ready_n)
{
	struct graph *graph = reached->graph;
	const struct node *node = &graph->nodes[at];
	size_t i, j, parent;

	for (i = 0; i < node->parents_n; i++) {
		parent = reached->edges[node->parents + i];
		if (parent == NO_NODE)
			continue;
		for (j = 0; j < reached->words; j++)
			reached->rows[parent * reached->words + j] |=
				reached->rows[at * reached->words + j];
		if (!--graph->nodes[parent].children_n)
			reached->ready[(*ready_n)++] = parent;
	}
}

/* Children before parents. Leaves children_n at 0. */
static int rows_make(struct reached *reached, const git_oid *heads,
		     struct err *err)
{
	struct graph *graph = reached->graph;
	size_t ready_n = 0;
	size_t i, at;
	int rc = edges_make(reached, err);

	for (i = 0; rc == 0 && i < reached->heads_n; i++) {
		at = (size_t)(graph_find(graph, &heads[i]) - graph->nodes);
		reached->rows[at * reached->words + i / WORD_BITS] |=
			(uint64_t)1 << i % WORD_BITS;
	}
	for (i = 0; rc == 0 && i < graph->n; i++) {
		if (!graph->nodes[i].children_n)
			reached->ready[ready_n++] = i;
	}
	while (rc == 0 && ready_n)
		row_pass(reached, reached->ready[--ready_n], &ready_n);
	return rc;
}

/*
 * Can what was not explored yet hold a best common ancestor of the pair? Each
 * is an ancestor of what is left, by one way from the one head and by another
 * from the other. Where all that is left for one of them is common, so is
 * what that other way leads through, and it is the better one.
 */
static bool pair_is_settled(const struct reached *reached, size_t a, size_t b)
{
	const struct node_heap *todo = &reached->graph->todo;
	bool is_for_a = false;
	bool is_for_b = false;
	size_t i;

	for (i = 0; i < todo->n; i++) {
		bool has_a = has(reached, todo->at[i], a);
		bool has_b = has(reached, todo->at[i], b);

		is_for_a = is_for_a || (has_a && !has_b);
		is_for_b = is_for_b || (has_b && !has_a);
	}
	return !is_for_a || !is_for_b;
}

static bool is_settled(const struct reached *reached)
{
	const struct node_heap *todo = &reached->graph->todo;
	size_t a, b;

	for (a = 0; a < todo->n && has_all(reached, todo->at[a]); a++)
		;
	if (a == todo->n)
		return true;
	for (a = 0; a < reached->heads_n; a++) {
		for (b = a + 1; b < reached->heads_n; b++) {
			if (!pair_is_settled(reached, a, b))
				return false;
		}
	}
	return true;
}

/*
 * Is there a version that takes segments away among those which not all heads
 * have? Only then can a base hold what a head lacks, so mostly no pair needs
 * a base at all. What is left may lead to such versions.
 */
static bool has_removals(const struct reached *reached)
{
	const struct graph *graph = reached->graph;
	size_t i;

	for (i = 0; i < graph->n; i++) {
		if ((graph->nodes[i].is_removal ||
		     !graph->nodes[i].is_explored) && !has_all(reached, i))
			return true;
	}
	return false;
}

/* The best of what both have is what no child has that both have too. */
static int pair_bases(struct reached *reached, size_t a, size_t b,
		      struct base_list *out, struct err *err)
{
	struct graph *graph = reached->graph;
	size_t i, j, parent;
	int rc = 0;

	for (i = 0; i < graph->n; i++) {
		const struct node *node = &graph->nodes[i];

		if (!has(reached, i, a) || !has(reached, i, b))
			continue;
		for (j = 0; j < node->parents_n; j++) {
			parent = reached->edges[node->parents + j];
			if (parent != NO_NODE)
				graph->nodes[parent].children_n = 1;
		}
	}
	for (i = 0; rc == 0 && i < graph->n; i++) {
		bool is_best = !graph->nodes[i].children_n &&
			       has(reached, i, a) && has(reached, i, b);

		graph->nodes[i].children_n = 0;
		if (!is_best)
			continue;
		rc = array_room(out, err);
		if (rc == 0)
			out->at[out->n++] = (struct tree_base){
				graph->nodes[i].tree, a, b };
	}
	return rc;
}

static int all_bases(struct reached *reached, struct base_list *out,
		     struct err *err)
{
	size_t a, b;
	int rc = 0;

	if (!has_removals(reached))
		return 0;
	for (a = 0; a < reached->heads_n; a++) {
		for (b = a + 1; rc == 0 && b < reached->heads_n; b++)
			rc = pair_bases(reached, a, b, out, err);
	}
	return rc;
}

/* Look whether the walk may end; when it may, the bases are found. */
static int bases_try(struct graph *graph, const git_oid *heads, size_t heads_n,
		     struct base_list *out, bool *is_done, struct err *err)
{
	struct reached reached = { .graph = graph, .heads_n = heads_n };
	int rc = rows_make(&reached, heads, err);

	*is_done = rc == 0 && (!graph->todo.n || is_settled(&reached));
	if (*is_done)
		rc = all_bases(&reached, out, err);
	reached_release(&reached);
	return rc;
}

/*
 * Where the histories have come together no version that was explored is an
 * ancestor of one that was not: what it is reached from is known for good, and
 * so is what is better than it. Looking costs what the graph holds, so it is
 * done again only when that has grown by its part.
 */
int graph_bases(struct graph *graph, const git_oid *heads, size_t heads_n,
		struct base_list *out, struct err *err)
{
	bool is_done = heads_n < 2;
	size_t next = 0;
	int rc = 0;

	while (rc == 0 && !is_done) {
		if (!graph->todo.n ||
		    (graph->n >= next && graph_is_joined(graph))) {
			rc = bases_try(graph, heads, heads_n, out, &is_done,
				       err);
			next = graph->n + graph->n / 4;
		}
		if (rc == 0 && !is_done)
			rc = graph_explore(graph, NULL, err);
	}
	return rc;
}
