#include "cmd/export/export.h"

#include "cmd/cli/out.h"
#include "cmd/action/result.h"
#include "cmd/export/mcp_graph.h"
#include "cmd/export/plain.h"
#include "lib/json/jcs_scan.h"

/* A graph on its way out, line by line. */
struct writing {
	struct view *view;
	struct mcp_graph graph;
	size_t added;			/* of them, those before are done */
	struct buf line;
	struct buf value;
};

static char last_char(const struct writing *writing)
{
	return writing->line.data[writing->line.len - 1];
}

/* Append a field of the state as a member of the line. */
static int add_member(struct writing *writing, const char *name,
		      struct span state, const char *field, struct err *err)
{
	struct span value;
	int rc;

	if (!jcs_find(state, field, &value))
		return 0;
	rc = export_plain(writing->view, value, &writing->value, err);
	if (rc >= 0)
		rc = buf_printf(&writing->line, err, "%s\"%s\":",
				last_char(writing) == '{' ? "" : ",", name);
	return rc < 0 ? rc : buf_add_span(&writing->line,
					  buf_span(&writing->value), err);
}

/* The members of the source that have no field, and the line's end. */
static int close_object(struct writing *writing, struct span state,
		      struct err *err)
{
	struct span native;
	struct span plain;
	int rc;

	if (!jcs_find(state, "native", &native))
		return buf_add_char(&writing->line, '}', err);
	rc = export_plain(writing->view, native, &writing->value, err);
	plain = buf_span(&writing->value);
	if (rc >= 0 && plain.len > 2)
		rc = buf_add_char(&writing->line, ',', err);
	return rc < 0 ? rc : buf_add_span(&writing->line,
		span_of(plain.at + 1, plain.len - 1), err);
}

static int add_observation(struct writing *writing, struct span state,
			   struct err *err)
{
	struct span native;
	struct span value;
	int rc;

	/* Emptied here. */
	if (!jcs_find(state, "content", &value))
		return 0;
	rc = last_char(writing) == '[' ? 0 :
		buf_add_char(&writing->line, ',', err);
	if (rc < 0)
		return rc;
	if (jcs_find(state, "native", &native)) {
		rc = buf_add_char(&writing->line, '{', err);
		if (rc >= 0)
			rc = add_member(writing, "text", state, "content",
					err);
		return rc < 0 ? rc : close_object(writing, state, err);
	}
	rc = export_plain(writing->view, value, &writing->value, err);
	return rc < 0 ? rc : buf_add_span(&writing->line,
					  buf_span(&writing->value), err);
}

/* Those that the source lists, in its order, as far as they still stand. */
static int add_listed(struct writing *writing, struct span entity,
		      struct span list, struct err *err)
{
	const struct mcp_graph *graph = &writing->graph;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_iter iter = jcs_iter_array(list);
	size_t skip = sizeof(MCP_MEMORY MCP_ENTITY) - 1;
	const struct mcp_node *node;
	struct span part;
	size_t folder;
	int rc;

	rc = buf_printf(&path, err, MCP_MEMORY MCP_OBSERVATION "%.*s/",
			(int)(entity.len - skip), entity.at + skip);
	folder = path.len;
	while (rc >= 0 && jcs_next(&iter, NULL, &part)) {
		buf_cut(&path, folder);
		rc = buf_add_span(&path, jcs_string_inner(part), err);
		node = rc < 0 ? NULL : mcp_graph_find(graph, buf_span(&path));
		if (node)
			rc = add_observation(writing,
					     mcp_graph_state(graph, node),
					     err);
	}
	buf_release(&path);
	return rc;
}

/* Those that were made here: sorted as the entities are that they are of. */
static int add_added(struct writing *writing, struct span entity,
		     struct err *err)
{
	const struct mcp_graph *graph = &writing->graph;
	const struct mcp_node *node;
	int order;
	int rc = 0;

	for (; rc >= 0 && writing->added < graph->added_n; writing->added++) {
		node = &graph->added[writing->added];
		order = span_compare(mcp_graph_entity(graph, node), entity);
		if (order > 0)
			break;
		if (!order)
			rc = add_observation(writing,
					     mcp_graph_state(graph, node),
					     err);
	}
	return rc;
}

static int add_observations(struct writing *writing, struct span entity,
			    struct span state, struct err *err)
{
	struct span list;
	int rc;

	rc = buf_add_str(&writing->line, ",\"observations\":[", err);
	if (rc >= 0 && jcs_find(state, "observations", &list))
		rc = add_listed(writing, entity, list, err);
	if (rc >= 0)
		rc = add_added(writing, entity, err);
	return rc < 0 ? rc : buf_add_char(&writing->line, ']', err);
}

static int end_line(struct writing *writing, struct span state,
		    struct err *err)
{
	int rc;

	rc = close_object(writing, state, err);
	if (rc >= 0)
		rc = buf_add_char(&writing->line, '\n', err);
	if (rc >= 0)
		export_bytes(buf_span(&writing->line));
	buf_reset(&writing->line);
	return rc;
}

static int write_entity(struct writing *writing, const struct mcp_node *node,
			struct err *err)
{
	struct span state = mcp_graph_state(&writing->graph, node);
	int rc;

	rc = buf_add_str(&writing->line, "{\"type\":\"entity\"", err);
	if (rc >= 0)
		rc = add_member(writing, "name", state, "content", err);
	if (rc >= 0)
		rc = add_member(writing, "entityType", state, "entity_type",
				err);
	if (rc >= 0)
		rc = add_observations(writing,
				      mcp_graph_entity(&writing->graph, node),
				      state, err);
	return rc < 0 ? rc : end_line(writing, state, err);
}

static int write_relation(struct writing *writing, const struct mcp_node *node,
			  struct err *err)
{
	static const char *const names[][2] = {
		{ "from", "from" }, { "to", "to" },
		{ "relationType", "relation_type" },
	};
	struct span state = mcp_graph_state(&writing->graph, node);
	size_t i;
	int rc;

	rc = buf_add_str(&writing->line, "{\"type\":\"relation\"", err);
	for (i = 0; rc >= 0 && i < sizeof(names) / sizeof(names[0]); i++)
		rc = add_member(writing, names[i][0], state, names[i][1],
				err);
	return rc < 0 ? rc : end_line(writing, state, err);
}

/* Entities before relations, as the server writes them. */
static int write_graph(struct writing *writing, struct err *err)
{
	static const char *const begins[] = {
		MCP_MEMORY MCP_ENTITY, MCP_MEMORY MCP_RELATION
	};
	const struct mcp_graph *graph = &writing->graph;
	const struct mcp_node *node;
	size_t pass;
	size_t i;
	int rc = 0;

	for (pass = 0; pass < 2; pass++) {
		for (i = 0; rc >= 0 && i < graph->n; i++) {
			node = &graph->nodes[i];
			if (!span_begins(mcp_graph_entity(graph, node),
					 begins[pass]))
				continue;
			rc = pass ? write_relation(writing, node, err) :
				write_entity(writing, node, err);
		}
	}
	return rc;
}

int export_mcp_memory(struct session *session, struct view *view)
{
	struct writing writing = {
		.view = view, .graph = MCP_GRAPH_INIT,
		.line = BUF_INIT(BUF_NO_LIMIT),
		.value = BUF_INIT(BUF_NO_LIMIT),
	};
	struct mcp_graph *graph = &writing.graph;
	struct err *err = &session->err;
	int rc;

	rc = mcp_graph_read(graph, view, err);
	if (rc >= 0 && !graph->n)
		rc = err_set(err, ERR_NOT_FOUND, "'%s' came from no knowledge "
			     "graph", view_title(view));
	if (rc >= 0)
		rc = write_graph(&writing, err);
	if (rc >= 0 && graph->foreign)
		out_note("memories of other kinds are not in the graph: %llu",
			 (unsigned long long)graph->foreign);
	mcp_graph_release(graph);
	buf_release(&writing.line);
	buf_release(&writing.value);
	return rc;
}
