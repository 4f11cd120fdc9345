#include "cmd/import/letta/agent.h"

#include "cmd/import/records/persona.h"
#include "cmd/import/records/rest.h"

/* What an agent is; the rest says how it runs. */
static const char *const persona_members[] = {
	"name", "system", "description", "agent_type", "tags", "tool_rules",
	"identity_ids", "timezone", NULL
};
/* What becomes records of its own, is empty by now, or counts for one file. */
static const char *const agent_taken[] = {
	"name", "system", "description", "agent_type", "tags", "tool_rules",
	"identity_ids", "timezone", "messages", "in_context_message_ids",
	"in_context_message_indices", "core_memory", "memory_blocks",
	"secrets", "tool_exec_environment_variables", NULL
};
static const char *const file_taken[] = { "agents", "blocks", NULL };

/* Where the file lies, and which of it this agent is. */
static int add_file(const struct letta_agent *agent, struct span blocks,
		    struct jcs_fields *fields, struct err *err)
{
	struct jcs_fields inner = JCS_FIELDS_INIT;
	struct chat chat = CHAT_INIT;	/* for the blob alone */
	struct buf ref = BUF_INIT(4096);
	int rc;

	chat.construct = agent->construct;
	rc = chat_begin(&chat, agent->job, agent->source, LETTA_PROVIDER,
			agent->key, err);
	if (rc >= 0)
		rc = chat_add_blob(&chat, agent->bytes, "application/json",
				   &ref, err);
	if (rc >= 0)
		rc = jcs_fields_raw(&inner, "source", buf_span(&ref), err);
	if (rc >= 0)
		rc = rest_add_text(&inner, "agent", agent->key, err);
	if (rc >= 0 && blocks.len > 2)
		rc = jcs_fields_raw(&inner, "blocks", blocks, err);
	if (rc >= 0)
		rc = rest_add_fields(fields, "af", &inner, err);
	chat_release(&chat);
	jcs_fields_release(&inner);
	buf_release(&ref);
	return rc;
}

/* Tools among it, as inert text. */
static int add_native(const struct letta_agent *agent,
		      struct jcs_fields *fields, struct err *err)
{
	struct jcs_fields native = JCS_FIELDS_INIT;
	int rc;

	rc = rest_add_under(&native, "agent", agent->value, agent_taken, err);
	if (rc >= 0 && !agent->letta->is_bare)
		rc = rest_add(&native, agent->letta->root, file_taken, err);
	if (rc >= 0)
		rc = rest_add_fields(fields, "native", &native, err);
	jcs_fields_release(&native);
	return rc;
}

static int put_persona(const struct letta_agent *agent, struct span blocks,
		       struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_fields persona = JCS_FIELDS_INIT;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && persona_members[i]; i++)
		rc = rest_add_value(&persona, persona_members[i],
				    jval_get(agent->value,
					     persona_members[i]), err);
	if (rc >= 0)
		rc = rest_add_fields(&fields, "persona", &persona, err);
	if (rc >= 0)
		rc = add_file(agent, blocks, &fields, err);
	if (rc >= 0)
		rc = add_native(agent, &fields, err);
	if (rc >= 0)
		rc = persona_put(agent->job, agent->source, agent->construct,
				 agent->at, &fields, err);
	jcs_fields_release(&fields);
	jcs_fields_release(&persona);
	return rc;
}

int letta_agent_key(struct table *names, const struct jval *agent,
		    struct buf *out, struct err *err)
{
	struct span name = jval_get_text(agent, "name");
	unsigned char digest[SHA256_BYTES];
	uint64_t nth = 0;
	int rc;

	sha256_of(name.at, name.len, digest);
	(void)table_get(names, digest, &nth);
	rc = table_put(names, digest, nth + 1, err);
	buf_reset(out);
	if (rc >= 0)
		rc = buf_add_span(out, name.len ? name : span_str("agent"),
				  err);
	if (rc >= 0 && nth)
		rc = buf_printf(out, err, " %llu",
				(unsigned long long)nth + 1);
	return rc;
}

int letta_put_agent(struct letta_agent *agent, struct err *err)
{
	struct buf blocks = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = persona_put_name(agent->job, agent->source, agent->construct,
			      jval_get_text(agent->value, "name"), err);
	if (rc >= 0)
		rc = letta_put_blocks(agent, &blocks, err);
	if (rc >= 0)
		rc = put_persona(agent, buf_span(&blocks), err);
	if (rc >= 0)
		rc = letta_put_talk(agent, err);
	buf_release(&blocks);
	return rc;
}
