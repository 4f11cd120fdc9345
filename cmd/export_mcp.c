#include "cmd/export.h"

#include <stdlib.h>

#include "cmd/export_plain.h"
#include "cmd/import/mcp_memory.h"
#include "cmd/out.h"
#include "cmd/result.h"
#include "lib/array.h"
#include "lib/jcs_scan.h"

#define MCP "memory:mcp:"

/* A memory: where entity and state lie in graph.text. */
struct node {
	size_t entity;
	size_t entity_len;
	size_t state;
	size_t state_len;
};

/* All that can be in a graph, and a line of it on its way. */
struct graph {
	struct view *view;
	struct buf text;
	struct node *nodes;		/* of a graph, sorted by entity */
	size_t n;
	size_t cap;
	struct node *added;		/* observations that were made here */
	size_t added_n;
	size_t added_cap;
	uint64_t foreign;
	struct buf line;
	struct buf value;
};

static struct span entity_of(const struct graph *graph,
			     const struct node *node)
{
	return span_of(graph->text.data + node->entity, node->entity_len);
}

static struct span state_of(const struct graph *graph,
			    const struct node *node)
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
		    span_begins(entity, MCP MCP_ENTITY))
			return entity;
	}
	return span_of(NULL, 0);
}

static int keep(struct graph *graph, const struct view_entity *entity,
		struct node *out, struct err *err)
{
	int rc;

	out->entity = graph->text.len;
	out->entity_len = entity->entity.len;
	rc = buf_add_span(&graph->text, entity->entity, err);
	out->state = graph->text.len;
	out->state_len = entity->state.len;
	return rc < 0 ? rc : buf_add_span(&graph->text, entity->state, err);
}

static int take_memory(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct graph *graph = arg;
	bool is_ours = span_begins(entity->entity, MCP);
	void *list;
	int rc;

	if (!entity->state.at)
		return 0;
	if (!is_ours && !observed_by(entity->state).at) {
		graph->foreign++;
		return 0;
	}
	list = is_ours ? graph->nodes : graph->added;
	rc = is_ours ?
		array_grow(&list, &graph->cap, graph->n,
			   sizeof(*graph->nodes), err) :
		array_grow(&list, &graph->added_cap, graph->added_n,
			   sizeof(*graph->nodes), err);
	if (is_ours)
		graph->nodes = list;
	else
		graph->added = list;
	if (rc < 0)
		return rc;
	return keep(graph, entity, is_ours ? &graph->nodes[graph->n++] :
		    &graph->added[graph->added_n++], err);
}

/* The node of an entity; NULL: it was deleted. */
static const struct node *find(const struct graph *graph, struct span entity)
{
	size_t low = 0;
	size_t high = graph->n;
	size_t middle;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		order = span_compare(entity_of(graph, &graph->nodes[middle]),
				     entity);
		if (!order)
			return &graph->nodes[middle];
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
	struct node node;
};

static int compare_sorted(const void *a, const void *b)
{
	const struct sorted *left = a;
	const struct sorted *right = b;

	return span_compare(left->entity, right->entity);
}

static int sort(struct graph *graph, struct node *nodes, size_t n,
		struct err *err)
{
	struct sorted *list;
	size_t i;

	if (!n)
		return 0;
	list = malloc(n * sizeof(*list));
	if (!list)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < n; i++) {
		list[i].entity = entity_of(graph, &nodes[i]);
		list[i].node = nodes[i];
	}
	qsort(list, n, sizeof(*list), compare_sorted);
	for (i = 0; i < n; i++)
		nodes[i] = list[i].node;
	free(list);
	return 0;
}

/* Append a field of the state as a member of the line. */
static int add_member(struct graph *graph, const char *name,
		      struct span state, const char *field, struct err *err)
{
	struct span value;
	int rc;

	if (!jcs_find(state, field, &value))
		return 0;
	rc = export_plain(graph->view, value, &graph->value, err);
	if (rc >= 0)
		rc = buf_printf(&graph->line, err, "%s\"%s\":",
				graph->line.data[graph->line.len - 1] == '{' ?
				"" : ",", name);
	return rc < 0 ? rc : buf_add_span(&graph->line,
					  buf_span(&graph->value), err);
}

/* The members of the source that have no field, and the line's end. */
static int close_object(struct graph *graph, struct span state,
		      struct err *err)
{
	struct span native;
	struct span plain;
	int rc;

	if (!jcs_find(state, "native", &native))
		return buf_add_char(&graph->line, '}', err);
	rc = export_plain(graph->view, native, &graph->value, err);
	plain = buf_span(&graph->value);
	if (rc < 0)
		return rc;
	if (plain.len <= 2)
		return buf_add_char(&graph->line, '}', err);
	rc = buf_add_char(&graph->line, ',', err);
	return rc < 0 ? rc : buf_add_span(&graph->line,
		span_of(plain.at + 1, plain.len - 1), err);
}

static int add_observation(struct graph *graph, struct span state,
			   struct err *err)
{
	struct span native;
	struct span value;
	int rc;

	if (graph->line.data[graph->line.len - 1] != '[') {
		rc = buf_add_char(&graph->line, ',', err);
		if (rc < 0)
			return rc;
	}
	if (jcs_find(state, "native", &native)) {
		rc = buf_add_char(&graph->line, '{', err);
		if (rc >= 0)
			rc = add_member(graph, "text", state, "content", err);
		return rc < 0 ? rc : close_object(graph, state, err);
	}
	if (!jcs_find(state, "content", &value))
		value = span_str("\"\"");
	rc = export_plain(graph->view, value, &graph->value, err);
	return rc < 0 ? rc : buf_add_span(&graph->line,
					  buf_span(&graph->value), err);
}

/* Those that the source lists, in its order, as far as they still stand. */
static int add_listed(struct graph *graph, struct span entity,
		      struct span list, struct err *err)
{
	struct buf path = BUF_INIT(ENTITY_MAX_BYTES);
	struct jcs_iter iter = jcs_iter_array(list);
	size_t skip = sizeof(MCP MCP_ENTITY) - 1;
	const struct node *node;
	struct span part;
	size_t folder;
	int rc;

	rc = buf_add_str(&path, MCP MCP_OBSERVATION, err);
	if (rc >= 0)
		rc = buf_add(&path, entity.at + skip, entity.len - skip, err);
	if (rc >= 0)
		rc = buf_add_char(&path, '/', err);
	folder = path.len;
	while (rc >= 0 && jcs_next(&iter, NULL, &part)) {
		buf_cut(&path, folder);
		rc = buf_add_span(&path, jcs_string_inner(part), err);
		node = rc < 0 ? NULL : find(graph, buf_span(&path));
		if (node)
			rc = add_observation(graph, state_of(graph, node),
					     err);
	}
	buf_release(&path);
	return rc;
}

static int add_observations(struct graph *graph, struct span entity,
			    struct span state, struct err *err)
{
	struct span list;
	size_t i;
	int rc;

	rc = buf_add_str(&graph->line, ",\"observations\":[", err);
	if (rc >= 0 && jcs_find(state, "observations", &list))
		rc = add_listed(graph, entity, list, err);
	for (i = 0; rc >= 0 && i < graph->added_n; i++) {
		state = state_of(graph, &graph->added[i]);
		if (span_equals(observed_by(state), entity))
			rc = add_observation(graph, state, err);
	}
	return rc < 0 ? rc : buf_add_char(&graph->line, ']', err);
}

static int end_line(struct graph *graph, struct span state, struct err *err)
{
	int rc;

	rc = close_object(graph, state, err);
	if (rc >= 0)
		rc = buf_add_char(&graph->line, '\n', err);
	if (rc >= 0)
		export_bytes(buf_span(&graph->line));
	buf_reset(&graph->line);
	return rc;
}

static int write_entity(struct graph *graph, const struct node *node,
			struct err *err)
{
	struct span state = state_of(graph, node);
	int rc;

	rc = buf_add_str(&graph->line, "{\"type\":\"entity\"", err);
	if (rc >= 0)
		rc = add_member(graph, "name", state, "content", err);
	if (rc >= 0)
		rc = add_member(graph, "entityType", state, "entity_type",
				err);
	if (rc >= 0)
		rc = add_observations(graph, entity_of(graph, node), state,
				      err);
	return rc < 0 ? rc : end_line(graph, state, err);
}

static int write_relation(struct graph *graph, const struct node *node,
			  struct err *err)
{
	struct span state = state_of(graph, node);
	int rc;

	rc = buf_add_str(&graph->line, "{\"type\":\"relation\"", err);
	if (rc >= 0)
		rc = add_member(graph, "from", state, "from", err);
	if (rc >= 0)
		rc = add_member(graph, "to", state, "to", err);
	if (rc >= 0)
		rc = add_member(graph, "relationType", state,
				"relation_type", err);
	return rc < 0 ? rc : end_line(graph, state, err);
}

/* Entities before relations, as the server writes them. */
static int write_graph(struct graph *graph, struct err *err)
{
	const char *const begins[] = { MCP MCP_ENTITY, MCP MCP_RELATION };
	size_t pass;
	size_t i;
	int rc = 0;

	for (pass = 0; pass < 2; pass++) {
		for (i = 0; rc >= 0 && i < graph->n; i++) {
			if (!span_begins(entity_of(graph, &graph->nodes[i]),
					 begins[pass]))
				continue;
			rc = pass ? write_relation(graph, &graph->nodes[i],
						   err) :
				write_entity(graph, &graph->nodes[i], err);
		}
	}
	return rc;
}

int export_mcp_memory(struct session *session, struct view *view)
{
	struct graph graph = {
		.view = view, .text = BUF_INIT(BUF_NO_LIMIT),
		.line = BUF_INIT(BUF_NO_LIMIT),
		.value = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct view_visitor visitor = { take_memory, &graph };
	struct err *err = &session->err;
	int rc;

	rc = view_each(view, kind_find(span_str("memory")), false, &visitor,
		       err);
	if (rc >= 0)
		rc = sort(&graph, graph.nodes, graph.n, err);
	if (rc >= 0)
		rc = sort(&graph, graph.added, graph.added_n, err);
	if (rc >= 0 && !graph.n)
		rc = err_set(err, ERR_NOT_FOUND, "'%s' came from no knowledge "
			     "graph", view_title(view));
	if (rc >= 0)
		rc = write_graph(&graph, err);
	if (rc >= 0 && graph.foreign)
		out_note("%llu memor%s of other kinds %s not in the graph",
			 (unsigned long long)graph.foreign,
			 graph.foreign == 1 ? "y" : "ies",
			 graph.foreign == 1 ? "is" : "are");
	free(graph.nodes);
	free(graph.added);
	buf_release(&graph.text);
	buf_release(&graph.line);
	buf_release(&graph.value);
	return rc;
}
