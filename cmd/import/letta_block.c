#include "cmd/import/letta_agent.h"

#include "cmd/import/rest.h"

/* Blocks of an agent on their way. */
struct walk {
	const struct letta_agent *agent;
	struct table seen;		/* labels, how often */
	struct buf entity;
	struct buf data;
	struct jcs_fields fields;
	struct buf *list;
};

/* "memory:letta:<agent>/<label>", the second of a label "<label>.1" */
static int make_entity(struct walk *walk, struct span label, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	struct buf *out = &walk->entity;
	uint64_t nth = 0;
	int rc;

	sha256_of(label.at, label.len, digest);
	(void)table_get(&walk->seen, digest, &nth);
	rc = table_put(&walk->seen, digest, nth + 1, err);
	buf_reset(out);
	if (rc >= 0)
		rc = buf_add_str(out, "memory:" LETTA_PROVIDER ":", err);
	if (rc >= 0)
		rc = chat_add_key(out, walk->agent->key, err);
	if (rc >= 0)
		rc = buf_add_char(out, '/', err);
	if (rc >= 0)
		rc = chat_add_key(out, label, err);
	if (rc >= 0 && nth)
		rc = buf_printf(out, err, ".%llu", (unsigned long long)nth);
	return rc;
}

static int make_data(struct walk *walk, const struct jval *block,
		     struct span label, struct err *err)
{
	/* The id counts for this file alone. */
	static const char *const taken[] = {
		"value", "label", "limit", "description", "read_only", "id",
		NULL
	};
	struct jcs_fields *fields = &walk->fields;
	struct buf rest = BUF_INIT(BUF_NO_LIMIT);
	struct span value = jval_get_text(block, "value");
	size_t i;
	int rc;

	jcs_fields_reset(fields);
	buf_reset(&walk->data);
	rc = rest_add_text(fields, "content", value.at ? value : span_str(""),
			   err);
	if (rc >= 0)
		rc = jcs_fields_text(fields, "source", span_str("af"), err);
	if (rc >= 0)
		rc = jcs_fields_text(fields, "type", span_str(
			span_equals(label, span_str("persona")) ?
			"identity" : "semantic"), err);
	if (rc >= 0)
		rc = rest_add_text(fields, "label", label, err);
	for (i = 2; rc >= 0 && i < 5; i++)
		rc = rest_add_value(fields, taken[i],
				    jval_get(block, taken[i]), err);
	if (rc >= 0)
		rc = chat_add_rest(&rest, block, taken, err);
	if (rc >= 0 && rest.len)
		rc = jcs_fields_raw(fields, "native", buf_span(&rest), err);
	if (rc >= 0)
		rc = jcs_fields_write(fields, &walk->data, err);
	buf_release(&rest);
	return rc;
}

static int put_block(struct walk *walk, const struct jval *block,
		     struct err *err)
{
	struct record_parts parts = {
		.type = "memory:create", .at = walk->agent->at,
	};
	struct span label = jval_get_text(block, "label");
	int rc;

	if (!jval_is(block, JVAL_OBJECT))
		return import_leave_out(walk->agent->source, "a block that is "
					"no object", NULL, err);
	/* Older ones stand under their label. */
	if (!label.len)
		label = block->key;
	rc = make_entity(walk, label, err);
	if (rc >= 0)
		rc = make_data(walk, block, label, err);
	if (rc < 0)
		return rc;
	parts.entity = buf_span(&walk->entity);
	parts.data = buf_span(&walk->data);
	rc = import_put(walk->agent->job, walk->agent->source,
			walk->agent->construct, &parts, err);
	if (rc >= 0 && walk->list->len > 1)
		rc = buf_add_char(walk->list, ',', err);
	return rc < 0 ? rc : jcs_add_string(walk->list, parts.entity, err);
}

static int put_list(struct walk *walk, const struct jval *list,
		    struct err *err)
{
	const struct jval *block = jval_first(list);
	int rc = 0;

	for (; rc >= 0 && block; block = block->next)
		rc = put_block(walk, block, err);
	return rc;
}

/* Those of the file's blocks that the agent names, in its order. */
static int put_named(struct walk *walk, struct err *err)
{
	const struct letta_agent *agent = walk->agent;
	const struct jval *id = jval_first(jval_get(agent->value,
						    "block_ids"));
	const struct jval *block = jval_first(jval_get(agent->letta->root,
						       "blocks"));
	struct table places = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT);
	unsigned char digest[SHA256_BYTES];
	uint64_t place;
	int rc = 0;

	for (; rc >= 0 && block; block = block->next) {
		struct span name = jval_get_text(block, "id");

		sha256_of(name.at, name.len, digest);
		rc = table_add(&places, digest, (uint64_t)(uintptr_t)block,
			       err);
	}
	for (; rc >= 0 && id; id = id->next) {
		sha256_of(jval_text(id).at, jval_text(id).len, digest);
		if (table_get(&places, digest, &place))
			rc = put_block(walk, (const struct jval *)(uintptr_t)
				       place, err);
		else
			rc = import_leave_out(agent->source, "a block that "
					      "the file does not hold", NULL,
					      err);
	}
	table_release(&places);
	return rc;
}

int letta_put_blocks(const struct letta_agent *agent, struct buf *list,
		     struct err *err)
{
	struct walk walk = {
		.agent = agent, .list = list,
		.seen = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.entity = BUF_INIT(BUF_NO_LIMIT),
		.data = BUF_INIT(BUF_NO_LIMIT),
		.fields = JCS_FIELDS_INIT,
	};
	const struct jval *core = jval_get(agent->value, "core_memory");
	int rc;

	/* Once {"memory":{"human":{...},...}}, then [...]. */
	if (jval_is(core, JVAL_OBJECT) &&
	    jval_is(jval_get(core, "memory"), JVAL_OBJECT))
		core = jval_get(core, "memory");
	rc = buf_add_char(list, '[', err);
	if (rc >= 0)
		rc = put_named(&walk, err);
	if (rc >= 0)
		rc = put_list(&walk, jval_get(agent->value, "memory_blocks"),
			      err);
	if (rc >= 0)
		rc = put_list(&walk, core, err);
	if (rc >= 0)
		rc = buf_add_char(list, ']', err);
	table_release(&walk.seen);
	buf_release(&walk.entity);
	buf_release(&walk.data);
	jcs_fields_release(&walk.fields);
	return rc;
}
