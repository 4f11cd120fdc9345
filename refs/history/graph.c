#include "refs/history/graph.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/id/encode.h"
#include "refs/history/history_internal.h"
#include "refs/history/version.h"

#define LARGE_INDEX 4096	/* slots worth giving back */
#define TREE_LINE (sizeof("tree ") - 1 + GIT_OID_HEXSZ + 1)

void graph_init(struct graph *graph, struct store *store)
{
	static const struct table empty = TABLE_INIT(GIT_OID_RAWSZ,
						     TABLE_NO_LIMIT);

	memset(graph, 0, sizeof(*graph));
	graph->store = store;
	graph->index = empty;
	graph->raw.max = VERSION_MAX_BYTES;
	graph->oldest = INT64_MAX;
}

void graph_release(struct graph *graph)
{
	table_release(&graph->index);
	free(graph->nodes);
	free(graph->parents);
	free(graph->todo.at);
	free(graph->stack);
	buf_release(&graph->raw);
	graph_init(graph, NULL);
}

void graph_reset(struct graph *graph)
{
	/* Clearing a large index again and again would cost what it holds. */
	if (graph->index.index_len > LARGE_INDEX)
		table_release(&graph->index);
	else
		table_reset(&graph->index);
	graph->n = 0;
	graph->parents_n = 0;
	graph->todo.n = 0;
	graph->hidden_n = 0;
	graph->shown_n = 0;
	graph->oldest = INT64_MAX;
	graph->has_root = false;
	graph->has_join = false;
}

bool node_precedes(const struct node *a, const struct node *b)
{
	if (a->time != b->time)
		return a->time > b->time;
	return git_oid_cmp(&a->id, &b->id) < 0;
}

/* Where many versions are of one second, lines are explored side by side, not
 * one far ahead of the others: so they are soon seen to join. */
static bool heap_precedes(const struct graph *graph,
			  const struct node_heap *heap, size_t a, size_t b)
{
	const struct node *one = &graph->nodes[heap->at[a]];
	const struct node *two = &graph->nodes[heap->at[b]];

	if (heap == &graph->todo && one->time == two->time &&
	    one->depth != two->depth)
		return one->depth < two->depth;
	return node_precedes(one, two);
}

static void heap_swap(struct node_heap *heap, size_t a, size_t b)
{
	size_t node = heap->at[a];

	heap->at[a] = heap->at[b];
	heap->at[b] = node;
}

int node_heap_push(const struct graph *graph, struct node_heap *heap,
		   size_t node, struct err *err)
{
	size_t i = heap->n;
	int rc = array_room(heap, err);

	if (rc < 0)
		return rc;
	heap->at[heap->n++] = node;
	for (; i && heap_precedes(graph, heap, i, (i - 1) / 2);
	     i = (i - 1) / 2)
		heap_swap(heap, i, (i - 1) / 2);
	return 0;
}

size_t node_heap_pop(const struct graph *graph, struct node_heap *heap)
{
	size_t top = heap->at[0];
	size_t i = 0;
	size_t child;

	heap->at[0] = heap->at[--heap->n];
	for (child = 1; child < heap->n; child = 2 * i + 1) {
		if (child + 1 < heap->n &&
		    heap_precedes(graph, heap, child + 1, child))
			child++;
		if (!heap_precedes(graph, heap, child, i))
			break;
		heap_swap(heap, i, child);
		i = child;
	}
	return top;
}

static int unreadable(const git_oid *id, struct err *err)
{
	char hex[GIT_OID_HEXSZ + 1];

	hex_text(id->id, GIT_OID_RAWSZ, hex);
	return err_set(err, ERR_CORRUPT, "version %s is unreadable", hex);
}

static int parent_push(struct graph *graph, const char *hex, struct err *err)
{
	git_oid id;
	int rc;

	if (!hex_decode(span_of(hex, GIT_OID_HEXSZ), id.id, GIT_OID_RAWSZ))
		return unreadable(&graph->raw_id, err);
	rc = array_room_in(graph->parents, graph->parents_n, graph->parents_cap,
			   err);
	if (rc == 0)
		graph->parents[graph->parents_n++] = id;
	return rc;
}

/* The parents of raw; *at steps behind them. */
static int parents_scan(struct graph *graph, struct node *node,
			const char **at, struct err *err)
{
	static const size_t line = sizeof("parent ") - 1 + GIT_OID_HEXSZ + 1;
	const char *end = graph->raw.data + graph->raw.len;
	int rc = 0;

	node->parents = graph->parents_n;
	while (rc == 0 && (size_t)(end - *at) > line &&
	       !strncmp(*at, "parent ", 7)) {
		rc = parent_push(graph, *at + 7, err);
		node->parents_n++;
		*at += line;
	}
	return rc;
}

/*
 * The few fields of raw that walking needs. The text ends in a NUL, and what
 * it holds was checked in full before it entered the vault.
 */
static int raw_scan(struct graph *graph, struct node *node, struct err *err)
{
	size_t device_len = strlen(graph->device);
	const char *at = buf_text(&graph->raw);
	int rc;

	if (graph->raw.len <= TREE_LINE || strncmp(at, "tree ", 5) ||
	    !hex_decode(span_of(at + 5, GIT_OID_HEXSZ), node->tree.id,
			GIT_OID_RAWSZ))
		return unreadable(&graph->raw_id, err);
	at += TREE_LINE;
	rc = parents_scan(graph, node, &at, err);
	if (rc < 0)
		return rc;
	at = strstr(at, "committer ");
	at = at ? strchr(at, '>') : NULL;
	if (!at)
		return unreadable(&graph->raw_id, err);
	node->time = strtoll(at + 1, NULL, 10);
	at = strstr(at, "\n" VERSION_DEVICE_TRAILER);
	if (!at++)
		return unreadable(&graph->raw_id, err);
	node->is_removal = !strstr(at, "\nVvault-Change: add\n");
	if (device_len && !strncmp(at, graph->device, device_len))
		node->seq = strtoull(at + device_len, NULL, 10);
	return 0;
}

/* A walk that starts again where it stood has the commit in hand. */
static int raw_read(struct graph *graph, const git_oid *id, struct err *err)
{
	int rc;

	if (graph->raw.len && git_oid_equal(&graph->raw_id, id))
		return 0;
	graph->raw_id = *id;
	rc = commit_read(graph->store, id, &graph->raw, err);
	if (rc < 0)
		buf_reset(&graph->raw);
	return rc;
}

static int node_new(struct graph *graph, const git_oid *id, struct err *err)
{
	struct node node;
	int rc;

	memset(&node, 0, sizeof(node));
	node.id = *id;
	node.depth = graph->depth;
	rc = raw_read(graph, id, err);
	if (rc == 0)
		rc = raw_scan(graph, &node, err);
	if (rc == 0)
		rc = array_room_in(graph->nodes, graph->n, graph->cap, err);
	if (rc == 0)
		rc = table_put(&graph->index, id->id, graph->n, err);
	if (rc < 0)
		return rc;
	graph->nodes[graph->n++] = node;
	return node_heap_push(graph, &graph->todo, graph->n - 1, err);
}

struct node *graph_find(struct graph *graph, const git_oid *id)
{
	uint64_t found;

	if (!table_get(&graph->index, id->id, &found))
		return NULL;
	return &graph->nodes[found];
}

/* Mark one; its own parents follow from the stack if they are nodes yet. */
static int node_hide(struct graph *graph, struct node *node, size_t *depth,
		     struct err *err)
{
	int rc;

	if (node->is_hidden)
		return 0;
	node->is_hidden = true;
	if (!node->is_explored) {
		graph->hidden_n++;
		return 0;
	}
	graph->shown_n--;
	rc = array_room_in(graph->stack, *depth, graph->stack_cap, err);
	if (rc == 0)
		graph->stack[(*depth)++] = (size_t)(node - graph->nodes);
	return rc;
}

static int parents_hide(struct graph *graph, const struct node *node,
			size_t *depth, struct err *err)
{
	struct node *parent;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < node->parents_n; i++) {
		parent = graph_find(graph, &graph->parents[node->parents + i]);
		if (parent)
			rc = node_hide(graph, parent, depth, err);
	}
	return rc;
}

int graph_hide_parents(struct graph *graph, size_t node, struct err *err)
{
	size_t depth = 0;
	int rc = parents_hide(graph, &graph->nodes[node], &depth, err);

	while (rc == 0 && depth) {
		node = graph->stack[--depth];
		rc = parents_hide(graph, &graph->nodes[node], &depth, err);
	}
	return rc;
}

int graph_add(struct graph *graph, const git_oid *id, bool is_hidden,
	      struct err *err)
{
	struct node *node = graph_find(graph, id);
	size_t depth = 0;
	int rc = 0;

	if (!node) {
		rc = node_new(graph, id, err);
		if (rc < 0)
			return rc;
		node = &graph->nodes[graph->n - 1];
	}
	if (!is_hidden || node->is_hidden)
		return 0;
	rc = node_hide(graph, node, &depth, err);
	if (rc == 0 && depth)
		rc = graph_hide_parents(graph,
					(size_t)(node - graph->nodes), err);
	return rc;
}

int graph_explore(struct graph *graph, size_t *out_node, struct err *err)
{
	size_t at = node_heap_pop(graph, &graph->todo);
	struct node node = graph->nodes[at];
	size_t i;
	int rc = 0;

	graph->nodes[at].is_explored = true;
	if (node.is_hidden) {
		graph->hidden_n--;
	} else {
		graph->shown_n++;
		if (node.time < graph->oldest)
			graph->oldest = node.time;
	}
	if (!node.parents_n)
		graph->has_root = true;
	if (node.parents_n > 1) {
		graph->join = at;
		graph->has_join = true;
	}
	graph->depth = node.depth + 1;
	for (i = 0; rc == 0 && i < node.parents_n; i++) {
		git_oid parent = graph->parents[node.parents + i];

		rc = graph_add(graph, &parent, node.is_hidden, err);
	}
	graph->depth = 0;
	if (out_node)
		*out_node = at;
	return rc;
}

void graph_watch_device(struct graph *graph,
			const unsigned char device[DID_KEY_BYTES])
{
	char did[DID_TEXT_MAX];

	did_from_public(device, did);
	snprintf(graph->device, sizeof(graph->device),
		 VERSION_DEVICE_TRAILER "%s\nVvault-Seq: ", did);
}

static bool is_parent(const struct graph *graph, const struct node *child,
		      const git_oid *id)
{
	size_t i;

	for (i = 0; i < child->parents_n; i++) {
		if (git_oid_equal(&graph->parents[child->parents + i], id))
			return true;
	}
	return false;
}

bool graph_is_joined(const struct graph *graph)
{
	const struct node *join;
	size_t i;

	if (graph->has_root || !graph->todo.n)
		return false;
	if (graph->todo.n == 1)
		return true;
	join = graph->has_join ? &graph->nodes[graph->join] : NULL;
	if (!join || graph->todo.n > join->parents_n)
		return false;
	for (i = 0; i < graph->todo.n; i++) {
		if (!is_parent(graph, join,
			       &graph->nodes[graph->todo.at[i]].id))
			return false;
	}
	return true;
}
