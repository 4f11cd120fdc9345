#include "objects/fold/graph.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/id/cid.h"
#include "lib/json/jcs_scan.h"

#define NO_PLACE UINT32_MAX

void fold_graph_release(struct fold_graph *graph)
{
	free(graph->at);
	free(graph->rank);
	free(graph->order);
	free(graph->edges_at);
	free(graph->edges);
	free(graph->is_delete);
	free(graph->marks);
	free(graph->covered);
	memset(graph, 0, sizeof(*graph));
}

static int id_order(const void *left, const void *right)
{
	const struct fold_record *const *a = left;
	const struct fold_record *const *b = right;

	return memcmp((*a)->id, (*b)->id, RECORD_ID_BYTES);
}

static int time_order(const void *left, const void *right)
{
	const struct fold_record *const *a = left;
	const struct fold_record *const *b = right;
	int order = span_compare((*a)->record.at, (*b)->record.at);

	return order ? order : id_order(left, right);
}

static int out_of_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

static int graph_allocate(struct fold_graph *graph, size_t n, struct err *err)
{
	graph->at = calloc(n, sizeof(*graph->at));
	graph->rank = calloc(n, sizeof(*graph->rank));
	graph->order = calloc(n, sizeof(*graph->order));
	graph->edges_at = calloc(n + 1, sizeof(*graph->edges_at));
	graph->is_delete = calloc(n, sizeof(*graph->is_delete));
	graph->marks = calloc(n, sizeof(*graph->marks));
	graph->covered = calloc(n, sizeof(*graph->covered));
	if (!graph->at || !graph->rank || !graph->order ||
	    !graph->edges_at || !graph->is_delete || !graph->marks ||
	    !graph->covered)
		return out_of_memory(err);
	return 0;
}

/* Number the records by id. */
static void graph_number(struct fold_graph *graph,
			 const struct fold_record *records, size_t n)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < n; i++)
		graph->at[i] = &records[i];
	if (n > 1)
		qsort(graph->at, n, sizeof(*graph->at), id_order);
	for (i = 0; i < n; i++) {
		if (kept && !id_order(&graph->at[kept - 1], &graph->at[i]))
			continue;
		graph->at[kept++] = graph->at[i];
	}
	graph->n = kept;
	for (i = 0; i < kept; i++) {
		graph->is_delete[i] = span_equals(graph->at[i]->record.verb,
						  span_str("delete"));
		graph->has_delete |= graph->is_delete[i];
	}
}

static uint32_t graph_find(const struct fold_graph *graph,
			   const unsigned char id[RECORD_ID_BYTES])
{
	size_t low = 0;
	size_t high = graph->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = memcmp(graph->at[middle]->id, id, RECORD_ID_BYTES);

		if (order == 0)
			return (uint32_t)middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NO_PLACE;
}

static int graph_rank(struct fold_graph *graph, struct err *err)
{
	const struct fold_record **sorted;
	size_t i;

	if (graph->n < 2)
		return 0;
	sorted = malloc(graph->n * sizeof(*sorted));
	if (!sorted)
		return out_of_memory(err);
	memcpy(sorted, graph->at, graph->n * sizeof(*sorted));
	qsort(sorted, graph->n, sizeof(*sorted), time_order);
	for (i = 0; i < graph->n; i++)
		graph->rank[graph_find(graph, sorted[i]->id)] = (uint32_t)i;
	free(sorted);
	return 0;
}

/* The record that an item of prev names, if it is another of ours. */
static uint32_t graph_named(const struct fold_graph *graph, struct span item,
			    size_t by)
{
	unsigned char id[RECORD_ID_BYTES];
	uint32_t found = NO_PLACE;

	if (cid_parse_json(jcs_string_inner(item), id))
		found = graph_find(graph, id);
	return found == by ? NO_PLACE : found;
}

static int edge_push(struct fold_graph *graph, size_t *cap, size_t count,
		     uint32_t edge, struct err *err)
{
	int rc;

	if (count == NO_PLACE)
		return err_set(err, ERR_LIMIT, "too many prev of one entity");
	rc = array_room_in(graph->edges, count, *cap, err);
	if (rc == 0)
		graph->edges[count] = edge;
	return rc;
}

static int graph_connect(struct fold_graph *graph, struct err *err)
{
	size_t cap = 0;
	size_t count = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < graph->n; i++) {
		struct jcs_iter iter = jcs_iter_array(graph->at[i]->record.prev);
		struct span item;

		graph->edges_at[i] = (uint32_t)count;
		while (rc == 0 && jcs_next(&iter, NULL, &item)) {
			uint32_t found = graph_named(graph, item, i);

			if (found == NO_PLACE)
				continue;
			rc = edge_push(graph, &cap, count, found, err);
			count++;
		}
	}
	graph->edges_at[graph->n] = (uint32_t)count;
	return rc;
}

/* The state of the walk that puts ancestors first. */
struct ordering {
	uint32_t *stack;	/* the path from a start to where we are */
	uint32_t *next;		/* per record: the edge to look at next */
	uint32_t *place;	/* per record: its place in order */
	size_t placed;
};

static void order_from(struct fold_graph *graph, struct ordering *walk,
		       uint32_t start)
{
	size_t depth = 1;

	if (walk->next[start] != NO_PLACE)
		return;
	walk->stack[0] = start;
	walk->next[start] = graph->edges_at[start];
	while (depth) {
		uint32_t here = walk->stack[depth - 1];
		uint32_t there;

		if (walk->next[here] == graph->edges_at[here + 1]) {
			walk->place[here] = (uint32_t)walk->placed;
			graph->order[walk->placed++] = here;
			depth--;
			continue;
		}
		there = graph->edges[walk->next[here]++];
		if (walk->next[there] != NO_PLACE)
			continue;
		walk->next[there] = graph->edges_at[there];
		walk->stack[depth++] = there;
	}
}

/* Keep only the edges that lead to an earlier place: all, without cycles. */
static void drop_back_edges(struct fold_graph *graph, const uint32_t *place)
{
	uint32_t count = 0;
	uint32_t edge = 0;
	size_t i;

	for (i = 0; i < graph->n; i++) {
		uint32_t end = graph->edges_at[i + 1];

		graph->edges_at[i] = count;
		for (; edge < end; edge++) {
			if (place[graph->edges[edge]] < place[i])
				graph->edges[count++] = graph->edges[edge];
		}
	}
	graph->edges_at[graph->n] = count;
}

static int graph_order(struct fold_graph *graph, struct err *err)
{
	struct ordering walk = { NULL, NULL, NULL, 0 };
	int rc = 0;
	uint32_t i;

	walk.stack = calloc(graph->n, sizeof(*walk.stack));
	walk.next = malloc(graph->n * sizeof(*walk.next));
	walk.place = calloc(graph->n, sizeof(*walk.place));
	if (!walk.stack || !walk.next || !walk.place) {
		rc = out_of_memory(err);
		goto out;
	}
	memset(walk.next, 0xff, graph->n * sizeof(*walk.next));
	for (i = 0; i < graph->n; i++)
		order_from(graph, &walk, i);
	drop_back_edges(graph, walk.place);
out:
	free(walk.stack);
	free(walk.next);
	free(walk.place);
	return rc;
}

int fold_graph_init(struct fold_graph *graph, const struct fold_record *records,
		    size_t n, struct err *err)
{
	int rc;

	memset(graph, 0, sizeof(*graph));
	if (n >= NO_PLACE)
		return err_set(err, ERR_LIMIT, "too many records of one entity");
	rc = graph_allocate(graph, n, err);
	if (rc == 0) {
		graph_number(graph, records, n);
		rc = graph_rank(graph, err);
	}
	if (rc == 0)
		rc = graph_connect(graph, err);
	if (rc == 0)
		rc = graph_order(graph, err);
	if (rc < 0)
		fold_graph_release(graph);
	return rc;
}

void fold_graph_cover(struct fold_graph *graph)
{
	size_t i = graph->n;

	memset(graph->covered, 0, graph->n * sizeof(*graph->covered));
	while (i--) {
		uint32_t here = graph->order[i];
		uint64_t seen = graph->marks[here] | graph->covered[here];
		uint32_t edge;

		for (edge = graph->edges_at[here];
		     edge < graph->edges_at[here + 1]; edge++)
			graph->covered[graph->edges[edge]] |= seen;
	}
}
