#include "refs/history/history.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "refs/history/graph.h"
#include "refs/history/version.h"

/*
 * Versions in one order: children first, then newest, then smallest id. A
 * version may be told when all its children are, and to know them the graph
 * is explored ahead, but only until the lines that run side by side have come
 * together again (graph_is_joined): where one line is left, nothing is held.
 *
 * Versions of one construct have ancestors of the same construct only, so
 * each construct is a strand of its own, and strands are merged by time. Else
 * a listing of all constructs would have to read them whole. A strand whose
 * turn does not come is not even opened: it waits under its newest head, which
 * no version of it precedes.
 */
struct strand {
	char construct[CONSTRUCT_NAME_MAX];
	struct graph graph;
	struct node_heap ready;
	bool is_open;
	struct history_first first;	/* the next that it may tell */
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
	return rc < 0 ? rc : strand_pop(strand, err);
}

struct walk {
	struct store *store;
	const struct history_many *many;	/* NULL: all are open */
	struct strand *strands;
	size_t n;
	size_t cap;
	size_t *heap;			/* strands that have more to tell */
	size_t heap_n;
};

static bool comes_before(const struct walk *walk, size_t a, size_t b)
{
	const struct history_first *x = &walk->strands[walk->heap[a]].first;
	const struct history_first *y = &walk->strands[walk->heap[b]].first;

	if (x->time != y->time)
		return x->time > y->time;
	if (x->is_under != y->is_under)
		return y->is_under;
	return git_oid_cmp(&x->id, &y->id) < 0;
}

static void heap_swap(struct walk *walk, size_t a, size_t b)
{
	size_t strand = walk->heap[a];

	walk->heap[a] = walk->heap[b];
	walk->heap[b] = strand;
}

static void heap_push(struct walk *walk, size_t strand)
{
	size_t i = walk->heap_n++;

	walk->heap[i] = strand;
	for (; i && comes_before(walk, i, (i - 1) / 2); i = (i - 1) / 2)
		heap_swap(walk, i, (i - 1) / 2);
}

static size_t heap_pop(struct walk *walk)
{
	size_t top = walk->heap[0];
	size_t i = 0;
	size_t child;

	walk->heap[0] = walk->heap[--walk->heap_n];
	for (child = 1; child < walk->heap_n; child = 2 * i + 1) {
		if (child + 1 < walk->heap_n &&
		    comes_before(walk, child + 1, child))
			child++;
		if (!comes_before(walk, child, i))
			break;
		heap_swap(walk, i, child);
		i = child;
	}
	return top;
}

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
	int rc = array_room_in(walk->strands, walk->n, walk->cap, err);

	if (rc < 0)
		return rc;
	*out = &walk->strands[walk->n++];
	memset(*out, 0, sizeof(**out));
	memcpy((*out)->construct, construct, CONSTRUCT_NAME_MAX);
	(*out)->is_open = true;
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

static int strand_open(struct walk *walk, size_t at, struct err *err)
{
	struct strand *strand = &walk->strands[at];
	git_oid *heads = NULL;
	size_t n = 0;
	size_t i;
	int rc = walk->many->open(walk->many->arg, at, &heads, &n, err);

	graph_init(&strand->graph, walk->store);
	strand->is_open = true;
	for (i = 0; rc == 0 && i < n; i++)
		rc = graph_add(&strand->graph, &heads[i], false, err);
	free(heads);
	return rc;
}

static void strand_close(struct strand *strand)
{
	if (strand->is_open)
		graph_release(&strand->graph);
	free(strand->ready.at);
	memset(&strand->ready, 0, sizeof(strand->ready));
	strand->is_open = false;
}

/* Queue a strand under its next version, unless it has ended. */
static int walk_queue(struct walk *walk, size_t at, struct err *err)
{
	struct strand *strand = &walk->strands[at];
	int rc = strand_fill(strand, err);

	if (rc < 0)
		return rc;
	if (!strand->ready.n) {
		strand_close(strand);
		return 0;
	}
	strand->first.time = strand_top(strand)->time;
	strand->first.id = strand_top(strand)->id;
	heap_push(walk, at);
	return 0;
}

static int walk_step(struct walk *walk, size_t at,
		     const struct history_visitor *visitor, struct err *err)
{
	int rc;

	if (walk->strands[at].is_open)
		rc = strand_tell(&walk->strands[at], visitor, err);
	else
		rc = strand_open(walk, at, err);
	return rc < 0 ? rc : walk_queue(walk, at, err);
}

static int walk_run(struct walk *walk, const struct history_visitor *visitor,
		    struct err *err)
{
	struct err reason = ERR_INIT;
	size_t at;
	int rc = 0;

	while (rc == 0 && walk->heap_n &&
	       !(visitor->has_enough && *visitor->has_enough)) {
		at = heap_pop(walk);
		rc = walk_step(walk, at, visitor, &reason);
		if (rc < 0 && reason.code && walk->many) {
			strand_close(&walk->strands[at]);
			rc = walk->many->hurt(walk->many->arg, at, &reason);
		}
	}
	if (rc < 0 && reason.code)
		err_copy(err, reason.code, &reason);
	return rc;
}

static int walk_make_heap(struct walk *walk, struct err *err)
{
	walk->heap = calloc(walk->n + 1, sizeof(*walk->heap));
	return walk->heap ? 0 : err_set(err, ERR_NOMEM, "out of memory");
}

static void walk_release(struct walk *walk)
{
	size_t i;

	for (i = 0; i < walk->n; i++)
		strand_close(&walk->strands[i]);
	free(walk->strands);
	free(walk->heap);
}

int history_walk(struct store *store, const struct history_range *range,
		 const struct history_visitor *visitor, struct err *err)
{
	struct walk walk = { .store = store };
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < range->heads_n; i++)
		rc = walk_add(&walk, &range->heads[i], false, err);
	for (i = 0; rc == 0 && i < range->hide_n; i++)
		rc = walk_add(&walk, &range->hide[i], true, err);
	if (rc == 0)
		rc = walk_make_heap(&walk, err);
	for (i = 0; rc == 0 && i < walk.n; i++)
		rc = walk_queue(&walk, i, err);
	if (rc == 0)
		rc = walk_run(&walk, visitor, err);
	walk_release(&walk);
	return rc;
}

int history_walk_many(struct store *store, const struct history_many *many,
		      const struct history_visitor *visitor, struct err *err)
{
	struct walk walk = { .store = store, .many = many };
	size_t i;
	int rc;

	walk.strands = calloc(many->n + 1, sizeof(*walk.strands));
	if (!walk.strands)
		return err_set(err, ERR_NOMEM, "out of memory");
	walk.n = many->n;
	walk.cap = many->n + 1;
	rc = walk_make_heap(&walk, err);
	for (i = 0; rc == 0 && i < walk.n; i++) {
		walk.strands[i].first = many->first[i];
		heap_push(&walk, i);
	}
	if (rc == 0)
		rc = walk_run(&walk, visitor, err);
	walk_release(&walk);
	return rc;
}
