#include "cmd/import/memory_stores/mcp_memory.h"

#include "cmd/import/parse/value_lines.h"
#include "cmd/import/records/memory.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/sniff.h"
#include "cmd/import/input/whole.h"
#include "lib/id/encode.h"
#include "lib/time/timestamp.h"

#define DIGEST_TEXT ((size_t)32)	/* hex digits of a hash in a key */

/* A graph on its way. */
struct graph {
	struct memory memory;
	struct table names;		/* SHA-256 of each entity's name */
	struct table relations;		/* of the keys of relations */
	struct table texts;		/* of one entity: how often */
	struct buf key;
	struct buf list;
};

/* Where something stands in the source. */
struct place {
	uint64_t offset;
	struct span text;
};

enum what { AN_ENTITY, A_RELATION, SOMETHING };

static enum what what_is(const struct jval *value)
{
	const struct jval *type = jval_get(value, "type");

	if (!type)
		type = jval_get(value, "_type");
	if (jval_is_text(type, "entity"))
		return AN_ENTITY;
	if (jval_is_text(type, "relation"))
		return A_RELATION;
	if (jval_get(value, "relationType"))
		return A_RELATION;
	if (jval_get(value, "entityType") || jval_get(value, "observations"))
		return AN_ENTITY;
	return jval_get(value, "from") && jval_get(value, "to") ?
		A_RELATION : SOMETHING;
}

static bool sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	if (input->bundle || input->is_folder)
		return false;
	if (sniff_has(head, "entities"))
		return sniff_has(head, "relations") ||
		       sniff_mentions(head, "\"entityType\"") ||
		       sniff_mentions(head, "\"relationType\"");
	if (!sniff_lines_have(head, "relationType"))
		return sniff_lines_have(head, "entityType") &&
		       (sniff_lines_have(head, "name") ||
			sniff_lines_have(head, "observations"));
	return sniff_lines_have(head, "from") && sniff_lines_have(head, "to");
}

/*
 * Some servers count seconds, others milliseconds; no number is a time of
 * this century as both.
 */
static struct chat_time time_of(const struct jval *value)
{
	struct chat_time time = chat_time_of(value);

	if (jval_is(value, JVAL_NUMBER) &&
	    (time.micros == CHAT_TIME_UNKNOWN ||
	     time.flags & TIMESTAMP_UNUSUAL))
		time = chat_time_of_ms(value);
	return time;
}

static struct chat_time time_at_one(const struct jval *object,
				    const char *name, const char *other)
{
	const struct jval *value = jval_get(object, name);

	return time_of(value ? value : jval_get(object, other));
}

/* Members that mean something else here than they should. */
static int keep_odd(struct graph *graph, const struct jval *object,
		    const char *kind, const char *about, struct err *err)
{
	struct jcs_fields *native = &graph->memory.native;
	const struct jval *value;
	int rc = 0;

	value = jval_get(object, about);
	if (value && !jval_is(value, JVAL_STRING))
		rc = rest_add_value(native, about, value, err);
	value = jval_get(object, "type");
	if (rc >= 0 && value && !jval_is_text(value, kind))
		rc = rest_add_value(native, "type", value, err);
	return rc;
}

/* The memory's times; what the source calls them is in native. */
static int add_times(struct graph *graph, const struct jval *object,
		     struct err *err)
{
	struct chat_time created;
	struct chat_time updated;

	created = time_at_one(object, "createdAt", "created_at");
	updated = time_at_one(object, "updatedAt", "updated_at");
	return memory_times(&graph->memory, &created, &updated, err);
}

static bool is_wanted(const struct graph *graph, const struct jval *object)
{
	struct chat_time created;
	struct chat_time updated;

	created = time_at_one(object, "createdAt", "created_at");
	updated = time_at_one(object, "updatedAt", "updated_at");
	return import_is_wanted(graph->memory.job, updated.micros >
				created.micros ? updated.micros :
				created.micros);
}

/* Add a text to a set; 0 when it was there. */
static int is_new(struct table *table, struct span text, struct err *err)
{
	unsigned char digest[SHA256_BYTES];

	sha256_of(text.at, text.len, digest);
	return table_add(table, digest, 1, err);
}

static struct span observed_text(const struct jval *observation)
{
	return jval_is(observation, JVAL_OBJECT) ?
		jval_get_text(observation, "text") : jval_text(observation);
}

/* The last part of an observation's entity, in graph->key: of its text, and
 * how often the entity has said that before. */
static int make_part(struct graph *graph, struct span text, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	uint64_t before = 0;
	int rc;

	sha256_of(text.at, text.len, digest);
	(void)table_get(&graph->texts, digest, &before);
	buf_reset(&graph->key);
	rc = hex_add(&graph->key, digest, DIGEST_TEXT / 2, err);
	if (rc >= 0 && before)
		rc = buf_printf(&graph->key, err, "-%llu",
				(unsigned long long)before + 1);
	return rc < 0 ? rc : table_put(&graph->texts, digest, before + 1,
				       err);
}

static int put_observation(struct graph *graph, struct span name,
			   const struct jval *observation, struct err *err)
{
	static const char *const taken[] = { "text", NULL };
	struct chat_time none = CHAT_TIME_NONE;
	struct memory *memory = &graph->memory;
	struct chat_time time;
	int rc;

	time = time_at_one(observation, "timestamp", "createdAt");
	rc = memory_begin(memory, MCP_OBSERVATION, name, err);
	if (rc >= 0)
		rc = buf_printf(&memory->entity, err, "/%s",
				buf_text(&graph->key));
	if (rc >= 0)
		rc = memory_says(memory, "factual",
				 observed_text(observation), err);
	if (rc >= 0)
		rc = memory_times(memory, &time, &none, err);
	if (rc >= 0)
		rc = rest_add(&memory->native, observation, taken, err);
	if (rc >= 0)
		rc = memory_link(memory, "observation_of", MCP_ENTITY, name,
				 err);
	return rc < 0 ? rc : memory_put(memory, err);
}

/* Its observations, and the list of them in graph->list. */
static int put_observations(struct graph *graph, const struct jval *entity,
			    struct err *err)
{
	const struct jval *list = jval_get(entity, "observations");
	const struct jval *observation = jval_first(list);
	int rc = 0;

	table_reset(&graph->texts);
	buf_reset(&graph->list);
	if (list && !jval_is(list, JVAL_ARRAY) && !jval_is(list, JVAL_NULL))
		rc = import_leave_out(graph->memory.source, "observations "
				      "that are no list", NULL, err);
	if (!jval_is(list, JVAL_ARRAY))
		return rc;
	rc = buf_add_char(&graph->list, '[', err);
	for (; rc >= 0 && observation; observation = observation->next) {
		if (!observed_text(observation).at) {
			rc = import_leave_out(graph->memory.source, "an "
					      "observation without text",
					      NULL, err);
			continue;
		}
		rc = make_part(graph, observed_text(observation), err);
		if (rc >= 0)
			rc = buf_printf(&graph->list, err, "%s\"%s\"",
					graph->list.len > 1 ? "," : "",
					buf_text(&graph->key));
		if (rc >= 0)
			rc = put_observation(graph, jval_get_text(entity,
					     "name"), observation, err);
	}
	return rc < 0 ? rc : buf_add_char(&graph->list, ']', err);
}

static int put_entity(struct graph *graph, const struct jval *entity,
		      struct err *err)
{
	static const char *const taken[] = {
		"type", "_type", "_savedAt", "name", "entityType",
		"observations", NULL
	};
	struct span type = jval_get_text(entity, "entityType");
	struct span name = jval_get_text(entity, "name");
	struct memory *memory = &graph->memory;
	int rc;

	rc = put_observations(graph, entity, err);
	if (rc >= 0)
		rc = memory_begin(memory, MCP_ENTITY, name, err);
	if (rc >= 0)
		rc = memory_says(memory, "semantic", name, err);
	if (rc >= 0)
		rc = rest_add_text(&memory->fields, "entity_type", type, err);
	if (rc >= 0 && graph->list.len)
		rc = jcs_fields_raw(&memory->fields, "observations",
				    buf_span(&graph->list), err);
	if (rc >= 0)
		rc = add_times(graph, entity, err);
	if (rc >= 0)
		rc = rest_add(&memory->native, entity, taken, err);
	if (rc >= 0)
		rc = keep_odd(graph, entity, "entity", "entityType", err);
	return rc < 0 ? rc : memory_put(memory, err);
}

static int put_relation(struct graph *graph, const struct jval *relation,
			struct span key, struct err *err)
{
	static const char *const taken[] = {
		"type", "_type", "_savedAt", "from", "to", "relationType",
		NULL
	};
	const struct span parts[3] = {
		jval_get_text(relation, "from"),
		jval_get_text(relation, "relationType"),
		jval_get_text(relation, "to"),
	};
	struct memory *memory = &graph->memory;
	int rc;

	rc = memory_begin(memory, MCP_RELATION, key, err);
	if (rc >= 0)
		rc = memory_relates(memory, parts, err);
	if (rc >= 0)
		rc = memory_link(memory, "from", MCP_ENTITY, parts[0],
				 err);
	if (rc >= 0)
		rc = memory_link(memory, "to", MCP_ENTITY, parts[2], err);
	if (rc >= 0)
		rc = add_times(graph, relation, err);
	if (rc >= 0)
		rc = rest_add(&memory->native, relation, taken, err);
	if (rc >= 0)
		rc = keep_odd(graph, relation, "relation", "relationType",
			      err);
	return rc < 0 ? rc : memory_put(memory, err);
}

static int take_entity(struct graph *graph, const struct jval *entity,
		       struct place place, struct err *err)
{
	struct import_source *source = graph->memory.source;
	struct span name = jval_get_text(entity, "name");
	int rc;

	if (!name.at)
		return import_malformed(graph->memory.job, source,
					"an entity without a name",
					place.offset, place.text, err);
	if (!is_wanted(graph, entity))
		return import_leave_out(source, "older than --since", NULL,
					err);
	rc = is_new(&graph->names, name, err);
	if (rc == 0)
		return import_leave_out(source, "an entity whose name stands "
					"before: the first one counts", NULL,
					err);
	return rc < 0 ? rc : put_entity(graph, entity, err);
}

static int take_relation(struct graph *graph, const struct jval *relation,
			 struct place place, struct err *err)
{
	struct import_source *source = graph->memory.source;
	const struct span ends[3] = {
		jval_get_text(relation, "from"),
		jval_get_text(relation, "relationType"),
		jval_get_text(relation, "to"),
	};
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!ends[0].at || !ends[2].at)
		return import_malformed(graph->memory.job, source,
					"a relation without its two ends",
					place.offset, place.text, err);
	if (!is_wanted(graph, relation))
		return import_leave_out(source, "older than --since", NULL,
					err);
	rc = memory_hash_key(ends, 3, &key, err);
	if (rc >= 0)
		rc = is_new(&graph->relations, buf_span(&key), err);
	if (rc == 0)
		rc = import_leave_out(source, "a relation that stands "
				      "before", NULL, err);
	else if (rc > 0)
		rc = put_relation(graph, relation,
				  span_of(key.data, DIGEST_TEXT), err);
	buf_release(&key);
	return rc;
}

static int take_value(struct graph *graph, const struct jval *value,
		      struct place place, struct err *err)
{
	struct import_source *source = graph->memory.source;
	int rc = 0;

	/* All lines have the same one, another with every save. */
	if (jval_get(value, "_savedAt"))
		rc = import_skip(source, "the time when the graph was saved",
				 NULL, err);
	if (rc < 0)
		return rc;
	switch (what_is(value)) {
	case AN_ENTITY:
		return take_entity(graph, value, place, err);
	case A_RELATION:
		return take_relation(graph, value, place, err);
	default:
		return import_leave_out(source, "something that is neither "
					"entity nor relation", NULL, err);
	}
}

static int read_lines(struct graph *graph, struct err *err)
{
	struct import_source *source = graph->memory.source;
	struct value_lines *lines = NULL;
	struct value_line line;
	struct place place;
	int rc;

	rc = value_lines_new(input_feed(&source->input), &lines, err);
	while (rc >= 0 && (rc = value_lines_next(lines, &line, err)) > 0) {
		place.offset = line.offset;
		place.text = line.text;
		if (rc == 2)
			rc = import_malformed(graph->memory.job, source,
					      line.why.text, line.offset,
					      line.text, err);
		else
			rc = take_value(graph, line.value, place, err);
		if (rc >= 0 && line.duplicates)
			rc = import_skip(source, "a member that stands twice "
					 "in an object: the last one counts",
					 NULL, err);
	}
	value_lines_free(lines);
	return rc;
}

static int read_list(struct graph *graph, const struct jdoc *doc,
		     const char *name, struct err *err)
{
	const struct jval *value = jval_first(jval_get(jdoc_root(doc), name));
	struct place place;
	int rc = 0;

	for (; rc >= 0 && value; value = value->next) {
		place.offset = jdoc_offset(doc, value);
		place.text = value->raw;
		rc = take_value(graph, value, place, err);
	}
	return rc;
}

static int read_document(struct graph *graph, struct err *err)
{
	const struct jval *member;
	struct jdoc *doc = NULL;
	int rc;

	rc = whole_read(graph->memory.source, &doc, err);
	if (rc)
		return rc;
	rc = read_list(graph, doc, "entities", err);
	if (rc >= 0)
		rc = read_list(graph, doc, "relations", err);
	for (member = jval_first(jdoc_root(doc)); rc >= 0 && member;
	     member = member->next) {
		if (!span_equals(member->key, span_str("entities")) &&
		    !span_equals(member->key, span_str("relations")))
			rc = import_leave_out(graph->memory.source, "an "
					      "unknown member of the graph",
					      NULL, err);
	}
	jdoc_free(doc);
	return rc;
}

static int read_graph(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	struct graph graph = {
		.memory = MEMORY_INIT(job, source, "mcp"),
		.names = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.relations = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.texts = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.key = BUF_INIT(BUF_NO_LIMIT),
		.list = BUF_INIT(BUF_NO_LIMIT),
	};
	int rc;

	rc = sniff_has(buf_span(&source->input.head), "entities") ?
		read_document(&graph, err) : read_lines(&graph, err);
	if (rc == 0 && !source->imported && source->malformed_n)
		rc = import_refuse(source, "nothing of it can be read", NULL,
				   err);
	memory_release(&graph.memory);
	table_release(&graph.names);
	table_release(&graph.relations);
	table_release(&graph.texts);
	buf_release(&graph.key);
	buf_release(&graph.list);
	return rc;
}

const struct importer mcp_memory_importer = {
	.name = "mcp-memory",
	.one = "knowledge graph",
	.many = "knowledge graphs",
	.construct = "mcp-memory",
	.sniff = sniff,
	.read = read_graph,
};
