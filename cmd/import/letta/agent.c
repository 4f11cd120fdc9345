#include "cmd/import/letta/agent.h"

#include "cmd/import/identity/namesake.h"
#include "cmd/import/identity/persona.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"
#include "lib/json/jcs_scan.h"

/* What an agent is; the rest says how it runs. */
static const char *const persona_members[] = {
	"name", "system", "description", "agent_type", "tags", "tool_rules",
	"identity_ids", "timezone", NULL
};

/* When it was begun, as its first message says: no other one of its name has
 * that. */
static struct span begin_of(const struct jval *agent)
{
	const struct jval *first = jval_first(jval_get(agent, "messages"));

	return jval_get_text(first, "created_at");
}

/* Of the record that an agent once became. */
static bool read_agent_record(struct span data, struct namesake *out)
{
	struct span persona;
	struct span af;

	if (!jcs_find(data, "af", &af) ||
	    !jcs_find(data, "persona", &persona))
		return false;
	namesake_set_from(out, NAMESAKE_NAME, persona, "name");
	namesake_set_from(out, NAMESAKE_MAKER, af, "begun");
	namesake_set_from(out, NAMESAKE_BEGIN, persona, "system");
	return true;
}

const struct namesakes letta_agents = {
	.what = "agent", .noun = "agent file", .read = read_agent_record,
};

int letta_agent_home(struct import_job *job, struct import_source *source,
		     const struct jval *agent, char home[CONSTRUCT_NAME_MAX],
		     struct err *err)
{
	struct namesake_named named = {
		.kind = &letta_agents, .name = jval_get_text(agent, "name"),
		.base = home,
	};

	namesake_set(&named.who, NAMESAKE_NAME, named.name);
	namesake_set(&named.who, NAMESAKE_MAKER, begin_of(agent));
	namesake_set(&named.who, NAMESAKE_BEGIN,
		     jval_get_text(agent, "system"));
	return namesake_home(job, source, &named, home, err);
}

/* Where the file lies, and which of it this agent is. */
static void add_file(const struct letta_agent *agent, struct span blocks,
		     struct jcs_fields *fields)
{
	struct jcs_fields inner = JCS_FIELDS_INIT;
	struct buf ref = BUF_INIT(4096);
	struct err why = ERR_INIT;

	fields_fail(&inner, import_blob(agent->job, agent->construct,
					agent->bytes, "application/json",
					&ref, &why), &why);
	fields_raw(&inner, "source", buf_span(&ref));
	fields_said(&inner, "agent", agent->key);
	fields_said(&inner, "begun", begin_of(agent->value));
	if (blocks.len > 2)
		fields_raw(&inner, "blocks", blocks);
	fields_inner(fields, "af", &inner);
	jcs_fields_release(&inner);
	buf_release(&ref);
}

/* Once {"memory":{"human":{...},...}}, then [...]: each is a block. */
static void take_core(struct take *take, struct jcs_fields *native)
{
	const struct jval *core = take_see(take, "core_memory");
	struct take inner = take_begin(core);

	if (take_value(&inner, "memory", JVAL_OBJECT))
		take_rest_under(&inner, "core_memory", native);
	if (inner.object || jval_is(core, JVAL_ARRAY))
		take_done(take, core);
}

/* What became no record of its own, tools among it, as inert text. */
static void add_native(const struct letta_agent *agent, struct take *take,
		       struct jcs_fields *fields)
{
	struct jcs_fields native = JCS_FIELDS_INIT;
	struct take root = take_begin(agent->letta->root);

	(void)take_value(take, "messages", JVAL_ARRAY);
	(void)take_value(take, "in_context_message_ids", JVAL_ARRAY);
	(void)take_value(take, "in_context_message_indices", JVAL_ARRAY);
	(void)take_value(take, "memory_blocks", JVAL_ARRAY);
	take_core(take, &native);
	/* They are empty by now. */
	(void)take_any(take, "secrets");
	(void)take_any(take, "tool_exec_environment_variables");
	take_rest_under(take, "agent", &native);
	(void)take_value(&root, "agents", JVAL_ARRAY);
	(void)take_value(&root, "blocks", JVAL_ARRAY);
	if (!agent->letta->is_bare)
		take_rest(&root, &native);
	fields_inner(fields, "native", &native);
	jcs_fields_release(&native);
}

static int put_persona(const struct letta_agent *agent, struct span blocks,
		       struct err *err)
{
	struct take take = take_begin(agent->value);
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_fields persona = JCS_FIELDS_INIT;
	const char *const *name = persona_members;
	int rc;

	for (; *name; name++)
		fields_value(&persona, *name, take_any(&take, *name));
	fields_inner(&fields, "persona", &persona);
	add_file(agent, blocks, &fields);
	add_native(agent, &take, &fields);
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
	uint64_t nth;
	int rc;

	sha256_of(name.at, name.len, digest);
	rc = table_count(names, digest, &nth, err);
	buf_reset(out);
	buf_put_span(out, name.len ? name : span_str("agent"));
	if (nth)
		buf_putf(out, " %llu", (unsigned long long)nth + 1);
	return rc < 0 ? rc : buf_end(out, err);
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
