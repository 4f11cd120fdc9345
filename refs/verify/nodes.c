#include "refs/verify/verify_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "refs/history/graph.h"
#include "refs/history/history.h"
#include "refs/history/version.h"

static int node_add(struct verifier *verifier, const git_oid *id,
		    uint32_t *out, struct err *err)
{
	struct verify_node *node;
	int rc = array_room_in(verifier->nodes, verifier->nodes_n,
			       verifier->nodes_cap, err);

	if (rc == 0)
		rc = table_put(&verifier->by_id, id->id, verifier->nodes_n,
			       err);
	if (rc < 0)
		return rc;
	node = &verifier->nodes[verifier->nodes_n];
	memset(node, 0, sizeof(*node));
	node->id = *id;
	node->cause = NODE_NONE;
	*out = (uint32_t)verifier->nodes_n++;
	return 0;
}

int node_of(struct verifier *verifier, const git_oid *id, uint32_t *out_node,
	    struct err *err)
{
	uint64_t at;
	int rc;

	if (table_get(&verifier->by_id, id->id, &at)) {
		*out_node = (uint32_t)at;
		return 0;
	}
	rc = node_add(verifier, id, out_node, err);
	if (rc == 0)
		verifier->nodes[*out_node].status = NODE_OK;
	return rc;
}

void node_forget(struct verify_node *node)
{
	if (!node->facts)
		return;
	seqs_release(&node->facts->seqs);
	free(node->facts);
	node->facts = NULL;
}

void node_leave(struct verifier *verifier, uint32_t number)
{
	struct verify_node *node = &verifier->nodes[number];

	if (node->children)
		node->children--;
	if (!node->children)
		node_forget(node);
}

/* A version that entered the vault before, or was judged in an earlier call:
 * what its history says of seqs is asked for when it matters. */
static int facts_load(struct verifier *verifier, const git_oid *id,
		      struct facts *facts, struct err *err)
{
	struct version version;
	int rc;

	version_init(&version);
	rc = version_read(verifier->store, id, &version, err);
	if (rc < 0)
		goto out;
	memcpy(facts->digest, version.digest, SHA256_BYTES);
	memcpy(facts->construct, version.construct, sizeof(facts->construct));
	memcpy(facts->device, version.device, DID_KEY_BYTES);
	facts->tree = version.tree;
	facts->seq = version.seq;
	facts->is_renewed = version.is_renewed;
	facts->members = MEMBERS_NONE;
	if (strcmp(version.construct, VAULT_CONSTRUCT))
		rc = members_find(verifier, &version, &facts->members, err);
	if (rc == 0)
		rc = seqs_add_known(verifier, &facts->seqs, id, err);
out:
	version_release(&version);
	return rc;
}

int node_facts(struct verifier *verifier, uint32_t number, struct facts **out,
	       struct err *err)
{
	struct verify_node *node = &verifier->nodes[number];
	int rc;

	if (!node->facts) {
		node->facts = calloc(1, sizeof(*node->facts));
		if (!node->facts)
			return err_set(err, ERR_NOMEM, "out of memory");
		rc = facts_load(verifier, &node->id, node->facts, err);
		if (rc < 0) {
			node_forget(node);
			return rc;
		}
	}
	*out = node->facts;
	return 0;
}

/* Hide what needs no look: verified before, or walked for another head. */
static int hide_known(struct verifier *verifier, struct graph *graph,
		      const struct head *head, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < verifier->known.n; i++)
		if (!strcmp(verifier->known.at[i].construct, head->construct))
			rc = graph_add(graph, &verifier->known.at[i].id, true,
				       err);
	return rc;
}

static int take_node(struct verifier *verifier, const struct graph *graph,
		     const struct node *from, struct err *err)
{
	uint32_t number;
	size_t i;
	int rc = node_add(verifier, &from->id, &number, err);

	if (rc < 0)
		return rc;
	verifier->nodes[number].parents = verifier->parents_n;
	for (i = 0; i < from->parents_n; i++) {
		rc = array_room_in(verifier->parents, verifier->parents_n,
				   verifier->parents_cap, err);
		if (rc < 0)
			return rc;
		verifier->parents[verifier->parents_n++] =
			graph->parents[from->parents + i];
		verifier->nodes[number].parents_n++;
	}
	return 0;
}

/*
 * Known history that is left may still lead to what was shown: on as long as
 * it is not older, for versions of one second come in no order.
 */
static bool is_open(const struct graph *graph)
{
	return graph->hidden_n < graph->todo.n ||
	       (graph->shown_n && graph->todo.n &&
		graph->nodes[graph->todo.at[0]].time >= graph->oldest);
}

/* Explore until nothing but known history is left to look at. */
static int explore(struct verifier *verifier, struct graph *graph,
		   struct err *err)
{
	uint64_t at;
	size_t node;
	int rc = 0;

	while (rc == 0 && is_open(graph)) {
		rc = graph_explore(graph, &node, err);
		/* Walked for another head: so were its ancestors. */
		if (rc == 0 && !graph->nodes[node].is_hidden &&
		    table_get(&verifier->by_id, graph->nodes[node].id.id,
			      &at)) {
			graph->nodes[node].is_hidden = true;
			rc = graph_hide_parents(graph, node, err);
		}
	}
	return rc;
}

int nodes_walk(struct verifier *verifier, const struct head *head,
	       uint32_t *out_node, struct err *err)
{
	struct graph graph;
	size_t i;
	int rc;

	graph_init(&graph, verifier->store);
	rc = hide_known(verifier, &graph, head, err);
	if (rc == 0)
		rc = graph_add(&graph, &head->id, false, err);
	if (rc == 0)
		rc = explore(verifier, &graph, err);
	for (i = 0; rc == 0 && i < graph.n; i++)
		if (!graph.nodes[i].is_hidden && graph.nodes[i].is_explored)
			rc = take_node(verifier, &graph, &graph.nodes[i], err);
	if (rc == 0)
		rc = node_of(verifier, &head->id, out_node, err);
	graph_release(&graph);
	return rc;
}

static int order_push(uint32_t **stack, size_t *n, size_t *cap, uint32_t node,
		      struct err *err)
{
	int rc = array_room_at(stack, sizeof(**stack), cap, *n, err);

	if (rc == 0)
		(*stack)[(*n)++] = node;
	return rc;
}

/* Push the parents that wait; count this node among their children. */
static int open_node(struct verifier *verifier, uint32_t number,
		     uint32_t **stack, size_t *n, size_t *cap, struct err *err)
{
	uint32_t parents_n = verifier->nodes[number].parents_n;
	size_t first = verifier->nodes[number].parents;
	uint32_t parent;
	size_t i;
	int rc = 0;

	verifier->nodes[number].is_opened = true;
	for (i = parents_n; rc == 0 && i-- > 0;) {
		rc = node_of(verifier, &verifier->parents[first + i], &parent,
			     err);
		if (rc < 0)
			break;
		verifier->nodes[parent].children++;
		if (verifier->nodes[parent].status == NODE_WAITING &&
		    !verifier->nodes[parent].is_opened)
			rc = order_push(stack, n, cap, parent, err);
	}
	return rc;
}

static int list_node(struct verifier *verifier, uint32_t number,
		     struct err *err)
{
	if (verifier->nodes[number].is_listed)
		return 0;
	verifier->nodes[number].is_listed = true;
	return order_push(&verifier->order, &verifier->order_n,
			  &verifier->order_cap, number, err);
}

/* Parents first, lines of history in one piece, without recursion. */
int nodes_sort(struct verifier *verifier, struct err *err)
{
	uint32_t *stack = NULL;
	size_t cap = 0;
	size_t n = 0;
	size_t i;
	int rc = 0;

	verifier->order_n = 0;
	for (i = 0; rc == 0 && i < verifier->nodes_n; i++) {
		if (verifier->nodes[i].status == NODE_WAITING)
			rc = order_push(&stack, &n, &cap, (uint32_t)i, err);
		while (rc == 0 && n) {
			uint32_t top = stack[n - 1];

			if (!verifier->nodes[top].is_opened) {
				rc = open_node(verifier, top, &stack, &n, &cap,
					       err);
				continue;
			}
			n--;
			rc = list_node(verifier, top, err);
		}
	}
	free(stack);
	return rc;
}
