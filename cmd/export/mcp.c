#include "cmd/action/result.h"
#include "cmd/export/export.h"
#include "cmd/export/mcp_graph.h"
#include "cmd/export/plain.h"
#include "lib/json/jcs_scan.h"

/* A graph on its way out, line by line. */
struct writing {
	const struct export *export;
	struct mcp_graph graph;
	size_t added;			/* of them, those before are done */
	struct buf line;
	struct buf value;
	struct err *err;		/* of what is read while a line is built */
};

static char last_char(const struct writing *writing)
{
	return writing->line.len ? writing->line.data[writing->line.len - 1] :
	       '\0';
}

/* A value as plain JSON, good until the next one; what fails stays in the
 * line. */
static struct span plain_of(struct writing *writing, struct span value)
{
	buf_fail(&writing->line, export_plain(writing->export->view, value,
					      &writing->value, writing->err));
	return buf_span(&writing->value);
}

/* Append a field of the state as a member of the line. */
static void add_member(struct writing *writing, const char *name,
		       struct span state, const char *field)
{
	struct span value;

	if (!jcs_find(state, field, &value))
		return;
	buf_putf(&writing->line, "%s\"%s\":",
		 last_char(writing) == '{' ? "" : ",", name);
	buf_put_span(&writing->line, plain_of(writing, value));
}

/* The members of the source that have no field, and the line's end. */
static void close_object(struct writing *writing, struct span state)
{
	struct span plain = { "{}", 2 };
	struct span native;

	if (jcs_find(state, "native", &native))
		plain = plain_of(writing, native);
	if (plain.len > 2)
		buf_put_char(&writing->line, ',');
	if (plain.len)
		buf_put(&writing->line, plain.at + 1, plain.len - 1);
}

static void add_observation(struct writing *writing, struct span state)
{
	bool has_native;
	bool has_text;
	struct span native;
	struct span value;

	has_native = jcs_find(state, "native", &native);
	has_text = jcs_find(state, "content", &value);
	/* Emptied here. */
	if (!has_text && (!has_native || !jcs_find(native, MCP_WHOLE, &value)))
		return;
	if (last_char(writing) != '[')
		buf_put_char(&writing->line, ',');
	if (has_text && has_native) {
		buf_put_char(&writing->line, '{');
		add_member(writing, "text", state, "content");
		close_object(writing, state);
	} else {
		buf_put_span(&writing->line, plain_of(writing, value));
	}
}

/* Those that the source lists, in its order, as far as they still stand. */
static void add_listed(struct writing *writing, struct span entity,
		       struct span list)
{
	const struct mcp_graph *graph = &writing->graph;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_iter iter = jcs_iter_array(list);
	size_t skip = sizeof(MCP_MEMORY MCP_ENTITY) - 1;
	const struct mcp_node *node;
	struct span part;
	size_t folder;

	buf_putf(&path, MCP_MEMORY MCP_OBSERVATION "%.*s/",
		 (int)(entity.len - skip), entity.at + skip);
	folder = path.len;
	while (jcs_next(&iter, NULL, &part)) {
		buf_cut(&path, folder);
		buf_put_span(&path, jcs_string_inner(part));
		node = mcp_graph_find(graph, buf_span(&path));
		if (node)
			add_observation(writing, mcp_graph_state(graph, node));
	}
	buf_fail(&writing->line, path.failed);
	buf_release(&path);
}

/* Those that were made here: sorted as the entities are that they are of. */
static void add_added(struct writing *writing, struct span entity)
{
	const struct mcp_graph *graph = &writing->graph;
	const struct mcp_node *node;
	int order;

	for (; writing->added < graph->added.n; writing->added++) {
		node = &graph->added.at[writing->added];
		order = span_compare(mcp_graph_entity(graph, node), entity);
		if (order > 0)
			break;
		if (!order)
			add_observation(writing, mcp_graph_state(graph, node));
	}
}

static void write_entity(struct writing *writing, struct span entity,
			 struct span state)
{
	struct span list;

	buf_put_str(&writing->line, "{\"type\":\"entity\"");
	add_member(writing, "name", state, "content");
	add_member(writing, "entityType", state, "entity_type");
	buf_put_str(&writing->line, ",\"observations\":[");
	if (jcs_find(state, "observations", &list))
		add_listed(writing, entity, list);
	add_added(writing, entity);
	buf_put_char(&writing->line, ']');
}

static void write_relation(struct writing *writing, struct span state)
{
	buf_put_str(&writing->line, "{\"type\":\"relation\"");
	add_member(writing, "from", state, "from");
	add_member(writing, "to", state, "to");
	add_member(writing, "relationType", state, "relation_type");
}

/* The entities, or the relations. */
static int write_all(struct writing *writing, bool is_entity)
{
	const char *begin = is_entity ? MCP_MEMORY MCP_ENTITY :
			    MCP_MEMORY MCP_RELATION;
	const struct mcp_graph *graph = &writing->graph;
	struct span entity;
	struct span state;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < graph->own.n; i++) {
		entity = mcp_graph_entity(graph, &graph->own.at[i]);
		state = mcp_graph_state(graph, &graph->own.at[i]);
		if (!span_begins(entity, begin))
			continue;
		if (is_entity)
			write_entity(writing, entity, state);
		else
			write_relation(writing, state);
		close_object(writing, state);
		buf_put_char(&writing->line, '\n');
		rc = export_bytes(writing->export, &writing->line,
				  writing->err);
	}
	return rc;
}

int export_mcp_memory(const struct export *export, struct err *err)
{
	struct writing writing = {
		.export = export, .graph = MCP_GRAPH_INIT,
		.line = BUF_INIT(BUF_NO_LIMIT),
		.value = BUF_INIT(BUF_NO_LIMIT), .err = err,
	};
	struct mcp_graph *graph = &writing.graph;
	int rc;

	rc = mcp_graph_read(graph, export->view, err);
	if (rc == 0 && !graph->own.n)
		rc = err_set(err, ERR_NOT_FOUND, "'%s' came from no knowledge "
			     "graph", view_title(export->view));
	/* Entities before relations, as the server writes them. */
	if (rc == 0)
		rc = write_all(&writing, true);
	if (rc == 0)
		rc = write_all(&writing, false);
	if (rc == 0 && graph->foreign)
		host_note(export->host, "memories of other kinds are not in "
			  "the graph: %llu", (unsigned long long)graph->foreign);
	mcp_graph_release(graph);
	buf_release(&writing.line);
	buf_release(&writing.value);
	return rc;
}
