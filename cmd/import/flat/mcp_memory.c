/*
 * The knowledge graph of the MCP server "memory": memory.jsonl, in the forms
 * that it has in the wild, or one document with entities and relations.
 *
 * An entity is memory:mcp:entity/<name>; its data lists the last parts of
 * its observations in their order: memory:mcp:observation/<name>/<part>, each
 * with a link to it. A relation is memory:mcp:relation/<hash of from, type
 * and to>, with links to both ends, which need not exist. So whatever is
 * added to a graph changes no other record than the entity that it is about.
 */
#include "cmd/import/flat/flat.h"
#include "cmd/import/flat/formats.h"
#include "cmd/import/records/rest.h"
#include "lib/id/encode.h"
#include "lib/time/timestamp.h"

#define DIGEST_DIGITS 32	/* hex digits of a hash in a key */

/* The entity at hand. */
struct entity {
	struct table texts;	/* of its observations: how often */
	struct buf part;	/* the last part of an observation's entity */
	struct buf list;	/* of these parts; empty: there is no list */
};

static const struct flat_row entity_rows[] = {
	{ FLAT_NAME, "name", FLAT_TAKEN },
	{ FLAT_KIND, "entityType", FLAT_TAKEN },
	{ FLAT_CREATED, "createdAt", FLAT_STAYS },
	{ FLAT_CREATED, "created_at", FLAT_STAYS },
	{ FLAT_UPDATED, "updatedAt", FLAT_STAYS },
	{ FLAT_UPDATED, "updated_at", FLAT_STAYS },
	{ FLAT_LEFT_OUT, "_savedAt", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_row relation_rows[] = {
	{ FLAT_FROM, "from", FLAT_TAKEN },
	{ FLAT_KIND, "relationType", FLAT_TAKEN },
	{ FLAT_TO, "to", FLAT_TAKEN },
	{ FLAT_CREATED, "createdAt", FLAT_STAYS },
	{ FLAT_CREATED, "created_at", FLAT_STAYS },
	{ FLAT_UPDATED, "updatedAt", FLAT_STAYS },
	{ FLAT_UPDATED, "updated_at", FLAT_STAYS },
	{ FLAT_LEFT_OUT, "_savedAt", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_row observation_rows[] = {
	{ FLAT_SAID, "text", FLAT_TAKEN },
	{ FLAT_CREATED, "timestamp", FLAT_STAYS },
	{ FLAT_CREATED, "createdAt", FLAT_STAYS },
	FLAT_ROWS_END
};

/*
 * Some servers count seconds, others milliseconds; no number is a time of
 * this century as both.
 */
static struct chat_time time_of(const struct jval *value)
{
	struct chat_time time = chat_time_of(value);

	if (jval_is(value, JVAL_NUMBER) &&
	    time.micros == CHAT_TIME_UNKNOWN)
		time = chat_time_of_ms(value);
	return time;
}

/* A member that only says what the object is. */
static void take_kind(struct flat_item *item, const char *kind)
{
	static const char *const names[] = { "type", "_type", NULL };
	const char *const *name;

	for (name = names; *name; name++) {
		if (jval_is_text(take_see(&item->take, *name), kind))
			take_done(&item->take, take_see(&item->take, *name));
	}
}

/* The part of an observation: of its text, and how often the entity has said
 * that before. */
static int make_part(struct entity *entity, struct span text, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	uint64_t before = 0;
	int rc;

	sha256_of(text.at, text.len, digest);
	(void)table_get(&entity->texts, digest, &before);
	buf_reset(&entity->part);
	rc = hex_add(&entity->part, digest, DIGEST_DIGITS / 2, err);
	if (rc >= 0 && before)
		rc = buf_printf(&entity->part, err, "-%llu",
				(unsigned long long)before + 1);
	buf_put_char(&entity->list, entity->list.len > 1 ? ',' : '[');
	buf_putf(&entity->list, "\"%s\"", buf_text(&entity->part));
	return rc < 0 ? rc : table_put(&entity->texts, digest, before + 1,
				       err);
}

/* What is no text stands for one: canonical, appended to flat->text. */
static int make_whole(struct flat *flat, const struct jval *observation,
		      struct span *out, struct err *err)
{
	int rc;

	buf_reset(&flat->text);
	rc = jdoc_to_data(observation, &flat->text, err);
	*out = buf_span(&flat->text);
	return rc;
}

static int put_observation(struct flat *flat, struct span name,
			   const struct jval *observation, struct err *err)
{
	struct entity *entity = flat->own;
	struct flat_item item;
	struct span whole = { NULL, 0 };
	struct span text;
	int rc;

	if (jval_is(observation, JVAL_NULL))
		return flat_leave_out(flat, "an observation that is null",
				      err);
	rc = flat_item(flat, observation_rows, observation, &item, err);
	text = jval_text(item.said ? item.said : observation);
	take_done(&item.take, item.said);
	if (rc >= 0 && !text.at)
		rc = make_whole(flat, observation, &whole, err);
	if (rc >= 0)
		rc = make_part(entity, text.at ? text : whole, err);
	flat_memory_begin(flat, MCP_OBSERVATION, name);
	buf_putf(&flat->memory.entity, "/%s", buf_text(&entity->part));
	flat_memory_says(flat, "factual", text);
	flat_memory_link(flat, "observation_of", MCP_ENTITY, name);
	if (!text.at) {
		fields_raw(&flat->native, MCP_WHOLE, whole);
		item.take.object = NULL;
	}
	return rc < 0 ? rc : flat_remember(flat, &item, err);
}

/* Its observations, and the list of them. */
static int put_observations(struct flat *flat, struct flat_item *item,
			    struct err *err)
{
	const struct jval *list = take_see(&item->take, "observations");
	const struct jval *observation = jval_first(list);
	struct entity *entity = flat->own;
	int rc = 0;

	table_reset(&entity->texts);
	buf_reset(&entity->list);
	take_done(&item->take, list);
	if (!jval_is(list, JVAL_ARRAY))
		return !list || jval_is(list, JVAL_NULL) ? 0 :
			flat_leave_out(flat, "observations that are no list",
				       err);
	for (; rc >= 0 && observation; observation = observation->next)
		rc = put_observation(flat, item->text[FLAT_NAME], observation,
				     err);
	buf_put_str(&entity->list, entity->list.len ? "]" : "[]");
	return rc < 0 ? rc : buf_end(&entity->list, err);
}

static int put_entity(struct flat *flat, struct flat_item *item,
		      struct err *err)
{
	const struct entity *entity = flat->own;
	struct span name = item->text[FLAT_NAME];
	int rc;

	take_kind(item, "entity");
	rc = put_observations(flat, item, err);
	flat_memory_begin(flat, MCP_ENTITY, name);
	flat_memory_says(flat, "semantic", name);
	fields_said(&flat->memory.fields, "entity_type",
		    item->text[FLAT_KIND]);
	if (entity->list.len)
		fields_raw(&flat->memory.fields, "observations",
			   buf_span(&entity->list));
	return rc < 0 ? rc : flat_remember(flat, item, err);
}

static int read_entity(struct flat *flat, const struct jval *value,
		       struct err *err)
{
	struct flat_item item;
	bool is_new;
	int rc = flat_item(flat, entity_rows, value, &item, err);

	if (rc < 0)
		return rc;
	if (!item.text[FLAT_NAME].at)
		return flat_malformed(flat, "an entity without a name", value,
				      err);
	if (!flat_is_wanted(flat, &item))
		return flat_leave_out(flat, FLAT_OLD, err);
	flat_memory_begin(flat, MCP_ENTITY, item.text[FLAT_NAME]);
	rc = flat_is_new(flat, &is_new, err);
	if (rc == 0 && !is_new)
		return flat_leave_out(flat, "an entity whose name stands "
				      "before: the first one counts", err);
	return rc < 0 ? rc : put_entity(flat, &item, err);
}

static int read_relation(struct flat *flat, const struct jval *value,
			 struct err *err)
{
	struct flat_item item;
	int rc = flat_item(flat, relation_rows, value, &item, err);

	take_kind(&item, "relation");
	return rc < 0 ? rc : flat_relation(flat, &item, MCP_RELATION,
					   DIGEST_DIGITS, MCP_ENTITY, err);
}

static int read_value(struct flat *flat, const struct jval *value,
		      struct err *err)
{
	const struct jval *type = jval_get(value, "type");

	if (!type)
		type = jval_get(value, "_type");
	if (jval_is_text(type, "entity"))
		return read_entity(flat, value, err);
	if (jval_is_text(type, "relation") || jval_get(value, "relationType"))
		return read_relation(flat, value, err);
	if (jval_get(value, "entityType") || jval_get(value, "observations"))
		return read_entity(flat, value, err);
	return jval_get(value, "from") && jval_get(value, "to") ?
		read_relation(flat, value, err) :
		flat_leave_out(flat, "something that is neither entity nor "
			       "relation", err);
}

/* A line, or the document with the lists of all. */
static int read_graph(struct flat *flat, struct err *err)
{
	static const char *const lists[] = { "entities", "relations" };
	const struct jval *graph = flat->given->value;
	const struct jval *member = jval_first(graph);
	const struct jval *value;
	size_t i;
	int rc = 0;

	if (!jval_get(graph, lists[0]))
		return read_value(flat, graph, err);
	for (i = 0; i < 2; i++) {
		value = jval_first(jval_get(graph, lists[i]));
		for (; rc >= 0 && value; value = value->next)
			rc = read_value(flat, value, err);
	}
	for (; rc >= 0 && member; member = member->next) {
		if (!jval_is(member, JVAL_ARRAY) ||
		    (member != jval_get(graph, lists[0]) &&
		     member != jval_get(graph, lists[1])))
			rc = flat_leave_out(flat, "an unknown member of the "
					    "graph", err);
	}
	return rc;
}

static const struct flat_format mcp_format = {
	.provider = "mcp",
	.document = "entities",
	.value = read_graph,
	.time = time_of,
	/* All lines have the same one, another with every save. */
	.left_out = "the time when the graph was saved",
};

static int mcp_read(struct import_job *job, struct import_source *source,
		    struct err *err)
{
	struct entity entity = {
		.texts = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.part = BUF_INIT(BUF_NO_LIMIT),
		.list = BUF_INIT(BUF_NO_LIMIT),
	};
	int rc = flat_read_own(job, source, &entity, err);

	table_release(&entity.texts);
	buf_release(&entity.part);
	buf_release(&entity.list);
	return rc;
}

const struct importer mcp_memory_importer = {
	.name = "mcp-memory",
	.one = "knowledge graph",
	.many = "knowledge graphs",
	.construct = "mcp-memory",
	.signs = (const char *const[]){
		"entities relations|*entityType|*relationType",
		"!entities !@relationType @entityType @name|@observations",
		"!entities @relationType @from @to", NULL
	},
	.read = mcp_read,
	.flat = &mcp_format,
};
