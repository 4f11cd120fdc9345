/*
 * The memories of a construct that a knowledge graph can hold, for its
 * exporter.
 */
#ifndef VV_CMD_EXPORT_MCP_GRAPH_H
#define VV_CMD_EXPORT_MCP_GRAPH_H

#include "cmd/export/export.h"
#include "cmd/import/flat/formats.h"

#define MCP_MEMORY "memory:mcp:"

/* A memory: where entity and state lie in graph->text. */
struct mcp_node {
	size_t entity;
	size_t entity_len;
	size_t state;
	size_t state_len;
};

struct mcp_nodes {
	struct mcp_node *at;
	size_t n;
	size_t cap;
};

struct mcp_graph {
	struct buf text;
	struct mcp_nodes own;		/* of a graph, sorted by entity */
	/* Observations that were made here; entity: whose they are, by which
	 * they are sorted too. */
	struct mcp_nodes added;
	uint64_t foreign;		/* memories of other kinds */
};

#define MCP_GRAPH_INIT { .text = BUF_INIT(BUF_NO_LIMIT) }

MUST_USE int mcp_graph_read(struct mcp_graph *graph, struct view *view,
			    struct err *err);
void mcp_graph_release(struct mcp_graph *graph);

/* Borrowed until the graph is released. */
struct span mcp_graph_entity(const struct mcp_graph *graph,
			     const struct mcp_node *node);
struct span mcp_graph_state(const struct mcp_graph *graph,
			    const struct mcp_node *node);

/* The node of an entity; NULL: it was deleted. */
const struct mcp_node *mcp_graph_find(const struct mcp_graph *graph,
				      struct span entity);

#endif
