#include "objects/fold/past.h"

#include <stdlib.h>
#include <string.h>

/* Parents in all, for each edge and record, before it is given up. */
#define PARENTS_EACH 4
/* Steps to tell which parents can be reached from others, for each. */
#define STEPS_EACH 16

void fold_past_release(struct fold_past *past)
{
	free(past->is_marked);
	free(past->place);
	free(past->parents_at);
	free(past->parents);
	free(past->children_n);
	free(past->stamp);
	memset(past, 0, sizeof(*past));
}

static int past_allocate(struct fold_past *past,
			 const struct fold_graph *graph, struct err *err)
{
	size_t n = graph->n;

	past->cap = PARENTS_EACH * (n + graph->edges_at[n]) + 1;
	if (past->cap > UINT32_MAX)
		past->cap = UINT32_MAX;
	past->place = calloc(n, sizeof(*past->place));
	past->parents_at = calloc(n + 1, sizeof(*past->parents_at));
	past->parents = malloc(past->cap * sizeof(*past->parents));
	past->children_n = calloc(n, sizeof(*past->children_n));
	past->stamp = calloc(n, sizeof(*past->stamp));
	if (!past->place || !past->parents_at || !past->parents ||
	    !past->children_n || !past->stamp)
		return err_set(err, ERR_NOMEM, "out of memory");
	return 0;
}

/* Where the parents of a record stand until parents_at is put in order: the
 * list grows in the order of places, and records are numbered otherwise. */
struct list {
	uint32_t from;
	uint32_t n;
};

struct making {
	struct fold_past *past;
	const struct fold_graph *graph;
	struct list *lists;	/* of each record */
	uint32_t *sorted;	/* parents of one record by place */
	uint32_t stamp;
};

static bool push(struct making *making, struct list *list, uint32_t parent)
{
	struct fold_past *past = making->past;

	if (past->stamp[parent] == making->stamp)
		return true;
	if (past->parents_n == past->cap)
		return false;
	past->stamp[parent] = making->stamp;
	past->parents[past->parents_n++] = parent;
	list->n++;
	return true;
}

static int place_order(const void *left, const void *right)
{
	const uint32_t *a = left;
	const uint32_t *b = right;

	return (*a < *b) - (*a > *b);
}

/*
 * Leave out parents that lie in the past of other parents, as far as parents
 * lead from one to the other: the latest first, each strikes out its own. A
 * chain whose records name all before them becomes a chain. What is missed
 * costs time and no more.
 */
static void strike_out(struct making *making, struct list *list)
{
	struct fold_past *past = making->past;
	const uint32_t *order = making->graph->order;
	size_t steps = STEPS_EACH * (size_t)list->n;
	uint32_t *parents = past->parents + list->from;
	uint32_t kept = 0;
	uint32_t i;

	for (i = 0; i < list->n; i++)
		making->sorted[i] = past->place[parents[i]];
	qsort(making->sorted, list->n, sizeof(uint32_t), place_order);
	making->stamp++;
	for (i = 0; i < list->n; i++) {
		uint32_t parent = order[making->sorted[i]];
		const struct list *own = &making->lists[parent];
		uint32_t k;

		if (past->stamp[parent] != making->stamp)
			parents[kept++] = parent;
		for (k = 0; k < own->n && steps; k++, steps--)
			past->stamp[past->parents[own->from + k]] =
				making->stamp;
	}
	list->n = kept;
	past->parents_n = list->from + kept;
}

static bool find_parents(struct making *making, uint32_t here)
{
	const struct fold_graph *graph = making->graph;
	struct fold_past *past = making->past;
	struct list *list = &making->lists[here];
	uint32_t edge;
	uint32_t i;

	making->stamp++;
	list->from = (uint32_t)past->parents_n;
	for (edge = graph->edges_at[here]; edge < graph->edges_at[here + 1];
	     edge++) {
		uint32_t there = graph->edges[edge];
		const struct list *through = &making->lists[there];

		if (past->is_marked[there]) {
			if (!push(making, list, there))
				return false;
			continue;
		}
		for (i = 0; i < through->n; i++) {
			if (!push(making, list,
				  past->parents[through->from + i]))
				return false;
		}
	}
	if (list->n > 1)
		strike_out(making, list);
	return true;
}

/* Put the lists in the order of records, those of marked ones alone. */
static int put_in_order(struct making *making, struct err *err)
{
	struct fold_past *past = making->past;
	uint32_t *parents = malloc((past->parents_n + 1) * sizeof(*parents));
	uint32_t n = 0;
	size_t i;
	uint32_t k;

	if (!parents)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < making->graph->n; i++) {
		const struct list *list = &making->lists[i];

		past->parents_at[i] = n;
		for (k = 0; past->is_marked[i] && k < list->n; k++) {
			parents[n] = past->parents[list->from + k];
			past->children_n[parents[n++]]++;
		}
	}
	past->parents_at[i] = n;
	past->parents_n = n;
	free(past->parents);
	past->parents = parents;
	return 0;
}

int fold_past_init(struct fold_past *past, const struct fold_graph *graph,
		   bool *is_marked, bool *out_is_whole, struct err *err)
{
	struct making making = { .past = past, .graph = graph };
	bool is_whole = true;
	uint32_t i;
	int rc;

	memset(past, 0, sizeof(*past));
	past->is_marked = is_marked;
	rc = past_allocate(past, graph, err);
	making.lists = calloc(graph->n, sizeof(*making.lists));
	making.sorted = malloc(graph->n * sizeof(*making.sorted));
	if (rc == 0 && (!making.lists || !making.sorted))
		rc = err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < graph->n; i++)
		past->place[graph->order[i]] = i;
	for (i = 0; rc == 0 && is_whole && i < graph->n; i++)
		is_whole = find_parents(&making, graph->order[i]);
	if (rc == 0 && is_whole)
		rc = put_in_order(&making, err);
	*out_is_whole = is_whole;
	free(making.lists);
	free(making.sorted);
	return rc;
}
