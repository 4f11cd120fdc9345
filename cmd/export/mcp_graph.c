#include "cmd/export/mcp_graph.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"

struct span mcp_graph_entity(const struct mcp_graph *graph,
			     const struct mcp_node *node)
{
	return span_of(graph->text.data + node->entity, node->entity_len);
}

struct span mcp_graph_state(const struct mcp_graph *graph,
			    const struct mcp_node *node)
{
	return span_of(graph->text.data + node->state, node->state_len);
}

/* The entity that a memory made here says to be an observation of. */
static struct span observed_by(struct span state)
{
	struct span entity = { NULL, 0 };
	struct jcs_iter iter;
	struct span links;
	struct span link;
	struct span relation;

	if (!jcs_find(state, "links", &links))
		return entity;
	iter = jcs_iter_array(links);
	while (jcs_next(&iter, NULL, &link)) {
		if (jcs_find(link, "relation", &relation) &&
		    jcs_is_text(relation, "observation_of") &&
		    jcs_find_string(link, "entity", &entity) &&
		    span_begins(entity, MCP_MEMORY MCP_ENTITY))
			return entity;
	}
	return span_of(NULL, 0);
}

static int keep(struct mcp_graph *graph, struct mcp_nodes *nodes,
		struct span entity, struct span state, struct err *err)
{
	struct buf *text = &graph->text;
	struct mcp_node *node;
	int rc = array_room(nodes, err);

	if (rc < 0)
		return rc;
	node = &nodes->at[nodes->n++];
	*node = (struct mcp_node){
		text->len, entity.len, text->len + entity.len, state.len
	};
	buf_put_span(text, entity);
	buf_put_span(text, state);
	return buf_end(text, err);
}

static int take_memory(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct mcp_graph *graph = arg;
	bool is_ours = span_begins(entity->entity, MCP_MEMORY);
	struct span whose = entity->entity;

	if (!entity->state.at)
		return 0;
	if (!is_ours)
		whose = observed_by(entity->state);
	if (!whose.at) {
		graph->foreign++;
		return 0;
	}
	return keep(graph, is_ours ? &graph->own : &graph->added, whose,
		    entity->state, err);
}

const struct mcp_node *mcp_graph_find(const struct mcp_graph *graph,
				      struct span entity)
{
	size_t low = 0;
	size_t high = graph->own.n;
	const struct mcp_node *node;
	size_t middle;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		node = &graph->own.at[middle];
		order = span_compare(mcp_graph_entity(graph, node), entity);
		if (!order)
			return node;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Nodes are sorted with the text beside them: there is no qsort_r. */
struct sorted {
	struct span entity;
	struct span state;
	struct mcp_node node;
};

static int compare_sorted(const void *a, const void *b)
{
	const struct sorted *left = a;
	const struct sorted *right = b;

	int order = span_compare(left->entity, right->entity);

	return order ? order : span_compare(left->state, right->state);
}

static int sort(struct mcp_graph *graph, struct mcp_nodes *nodes,
		struct err *err)
{
	struct sorted *list = calloc(nodes->n + 1, sizeof(*list));
	size_t i;

	if (!list)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < nodes->n; i++) {
		list[i].entity = mcp_graph_entity(graph, &nodes->at[i]);
		list[i].state = mcp_graph_state(graph, &nodes->at[i]);
		list[i].node = nodes->at[i];
	}
	qsort(list, nodes->n, sizeof(*list), compare_sorted);
	for (i = 0; i < nodes->n; i++)
		nodes->at[i] = list[i].node;
	free(list);
	return 0;
}

int mcp_graph_read(struct mcp_graph *graph, struct view *view,
		   struct err *err)
{
	const struct view_visitor visitor = { take_memory, graph };
	int rc;

	rc = view_each(view, kind_find(span_str("memory")), false, &visitor,
		       err);
	if (rc == 0)
		rc = sort(graph, &graph->own, err);
	return rc < 0 ? rc : sort(graph, &graph->added, err);
}

void mcp_graph_release(struct mcp_graph *graph)
{
	free(graph->own.at);
	free(graph->added.at);
	buf_release(&graph->text);
}
