#include "cmd/import/letta/agent.h"

#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"

/* A walk over the blocks of an agent. */
struct block_walk {
	const struct letta *letta;
	const struct jval *agent;
	struct span key;
	const struct letta_block_visitor *visitor;
	struct table seen;		/* labels, how often */
	struct buf entity;
};

/* "memory:letta:<agent>/<label>", the second of a label "<label>.1" */
static int make_entity(struct block_walk *walk, struct span label,
		       struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	struct buf *out = &walk->entity;
	uint64_t nth;
	int rc;

	sha256_of(label.at, label.len, digest);
	rc = table_count(&walk->seen, digest, &nth, err);
	buf_reset(out);
	buf_put_str(out, "memory:" LETTA_PROVIDER ":");
	chat_put_key(out, walk->key);
	buf_put_char(out, '/');
	chat_put_key(out, label);
	if (nth)
		buf_putf(out, ".%llu", (unsigned long long)nth);
	return rc < 0 ? rc : buf_end(out, err);
}

static int visit_block(struct block_walk *walk, const struct jval *block,
		       struct err *err)
{
	const struct letta_block_visitor *visitor = walk->visitor;
	struct span label = jval_get_text(block, "label");
	int rc;

	if (!jval_is(block, JVAL_OBJECT))
		return visitor->block(visitor->arg, NULL, span_of(NULL, 0),
				      span_of(NULL, 0), err);
	/* Older ones stand under their label. */
	if (!label.len)
		label = block->key;
	rc = make_entity(walk, label, err);
	return rc < 0 ? rc : visitor->block(visitor->arg, block, label,
					    buf_span(&walk->entity), err);
}

static int visit_list(struct block_walk *walk, const struct jval *list,
		    struct err *err)
{
	const struct jval *block = jval_first(list);
	int rc = 0;

	for (; rc >= 0 && block; block = block->next)
		rc = visit_block(walk, block, err);
	return rc;
}

/* Those of the file's blocks that the agent names, in its order. */
static int visit_named(struct block_walk *walk, struct err *err)
{
	const struct jval *id = jval_first(jval_get(walk->agent, "block_ids"));
	const struct jval *block = jval_first(jval_get(walk->letta->root,
						       "blocks"));
	struct table places = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT);
	unsigned char digest[SHA256_BYTES];
	struct span name;
	uint64_t place;
	int rc = 0;

	for (; rc == 0 && block; block = block->next) {
		name = jval_get_text(block, "id");
		sha256_of(name.at, name.len, digest);
		rc = table_add(&places, digest, (uint64_t)(uintptr_t)block,
			       NULL, err);
	}
	for (; rc == 0 && id; id = id->next) {
		sha256_of(jval_text(id).at, jval_text(id).len, digest);
		place = 0;
		(void)table_get(&places, digest, &place);
		rc = visit_block(walk, (const struct jval *)(uintptr_t)place,
				 err);
	}
	table_release(&places);
	return rc;
}

int letta_each_block(const struct letta *letta, const struct jval *agent,
		     struct span key,
		     const struct letta_block_visitor *visitor,
		     struct err *err)
{
	struct block_walk walk = {
		.letta = letta, .agent = agent, .key = key,
		.visitor = visitor,
		.seen = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.entity = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct jval *core = jval_get(agent, "core_memory");
	int rc;

	/* Once {"memory":{"human":{...},...}}, then [...]. */
	if (jval_is(core, JVAL_OBJECT) &&
	    jval_is(jval_get(core, "memory"), JVAL_OBJECT))
		core = jval_get(core, "memory");
	rc = visit_named(&walk, err);
	if (rc >= 0)
		rc = visit_list(&walk, jval_get(agent, "memory_blocks"), err);
	if (rc >= 0)
		rc = visit_list(&walk, core, err);
	table_release(&walk.seen);
	buf_release(&walk.entity);
	return rc;
}

/* Blocks on their way to records. */
struct giving {
	const struct letta_agent *agent;
	struct buf data;
	struct jcs_fields fields;
	struct buf *list;
};

static int make_data(struct giving *giving, const struct jval *block,
		     struct span label, struct err *err)
{
	static const char *const members[] = {
		"limit", "description", "read_only", NULL
	};
	struct take take = take_begin(block);
	struct jcs_fields *fields = &giving->fields;
	struct span value = take_text(&take, "value");
	const char *const *name = members;
	bool is_identity = span_equals(label, span_str("persona"));

	jcs_fields_reset(fields);
	buf_reset(&giving->data);
	fields_said(fields, "content", value.at ? value : span_str(""));
	fields_str(fields, "source", "af");
	fields_str(fields, "type", is_identity ? "identity" : "semantic");
	fields_said(fields, "label", label);
	for (; *name; name++)
		fields_value(fields, *name, take_any(&take, *name));
	(void)take_text(&take, "label");
	/* The id counts for this file alone. */
	(void)take_text(&take, "id");
	take_rest_under(&take, "native", fields);
	return jcs_fields_write(fields, &giving->data, err);
}

static int give_block(void *arg, const struct jval *block, struct span label,
		      struct span entity, struct err *err)
{
	struct giving *giving = arg;
	const struct letta_agent *agent = giving->agent;
	struct record_parts parts = {
		.type = "memory:create", .entity = entity, .at = agent->at,
	};
	int rc;

	if (!block)
		return import_leave_out(agent->source, "a block that is not "
					"in the file", NULL, err);
	rc = make_data(giving, block, label, err);
	parts.data = buf_span(&giving->data);
	if (rc == 0)
		rc = import_put(agent->job, agent->source, agent->construct,
				&parts, err);
	if (giving->list->len > 1)
		buf_put_char(giving->list, ',');
	jcs_put_string(giving->list, entity);
	return rc < 0 ? rc : buf_end(giving->list, err);
}

int letta_put_blocks(const struct letta_agent *agent, struct buf *list,
		     struct err *err)
{
	struct giving giving = {
		.agent = agent, .list = list,
		.data = BUF_INIT(BUF_NO_LIMIT),
		.fields = JCS_FIELDS_INIT,
	};
	const struct letta_block_visitor visitor = { give_block, &giving };
	int rc;

	buf_put_char(list, '[');
	rc = letta_each_block(agent->letta, agent->value, agent->key,
			      &visitor, err);
	buf_put_char(list, ']');
	buf_release(&giving.data);
	jcs_fields_release(&giving.fields);
	return rc < 0 ? rc : buf_end(list, err);
}
