#include "cmd/import/letta/letta.h"

#include "cmd/import/input/items.h"
#include "cmd/import/letta/agent.h"
#include "lib/time/timestamp.h"

static bool af_sniff(const struct import_input *input)
{
	return !input->bundle && !input->is_folder &&
	       letta_sniff(buf_span(&input->head));
}

static int load(struct import_source *source, struct letta *letta,
		struct err *err)
{
	struct err why = ERR_INIT;
	int rc;

	rc = input_load(&source->input, LETTA_MAX_BYTES, &why);
	if (rc >= 0)
		rc = letta_parse(buf_span(&source->input.head), letta, &why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc == ERR_INVALID || rc == ERR_LIMIT)
		err_prefix(&why, "this agent file cannot be read");
	return rc < 0 ? import_refuse_err(source, &why, err) : 0;
}

static int letta_identify(struct import_job *job, struct import_source *source,
			  struct err *err)
{
	struct letta letta = LETTA_INIT;
	int rc;

	rc = load(source, &letta, err);
	if (!rc && !letta_first_agent(&letta))
		rc = import_refuse(source, "this file holds no agent", NULL,
				   err);
	/* The first one names what goes nowhere else. */
	if (!rc)
		rc = import_name(job, source, jval_get_text(
			letta_first_agent(&letta), "name"), err);
	if (!rc)
		rc = letta_agent_home(job, source, letta_first_agent(&letta),
				      source->construct, err);
	letta_release(&letta);
	return rc;
}

/* The file's agents, one after the other. */
struct agent_walk {
	struct letta_agent agent;
	struct table names;		/* how often, by hash */
	struct table blocks;		/* hashes of ids that agents name */
	char construct[CONSTRUCT_NAME_MAX];
	struct buf key;
};

/* One construct for each, unless --construct takes them all. */
static int choose_construct(struct agent_walk *walk, struct span name,
			    struct err *err)
{
	struct letta_agent *agent = &walk->agent;

	agent->construct = agent->source->construct;
	if (agent->job->options.construct || !name.len ||
	    construct_name_fold(name, walk->construct, NULL) < 0)
		return 0;
	agent->construct = walk->construct;
	return letta_agent_home(agent->job, agent->source, agent->value,
				walk->construct, err);
}

static int note_blocks(struct agent_walk *walk, const struct jval *agent,
		       struct err *err)
{
	const struct jval *id = jval_first(jval_get(agent, "block_ids"));
	unsigned char digest[SHA256_BYTES];
	int rc = 0;

	for (; rc >= 0 && id; id = id->next) {
		sha256_of(jval_text(id).at, jval_text(id).len, digest);
		rc = table_put(&walk->blocks, digest, 0, err);
	}
	return rc;
}

static int put_agent(struct agent_walk *walk, const struct jval *value,
		     struct err *err)
{
	struct letta_agent *agent = &walk->agent;
	struct span name = jval_get_text(value, "name");
	int rc;

	if (!jval_is(value, JVAL_OBJECT))
		return import_leave_out(agent->source, "an agent that is no "
					"object", NULL, err);
	agent->value = value;
	rc = choose_construct(walk, name, err);
	if (rc >= 0)
		rc = letta_agent_key(&walk->names, value, &walk->key, err);
	agent->key = buf_span(&walk->key);
	if (rc >= 0)
		rc = note_blocks(walk, value, err);
	return rc < 0 ? rc : letta_put_agent(agent, err);
}

/* Blocks of groups, or of nobody. */
static int leave_blocks(struct agent_walk *walk, struct err *err)
{
	const struct letta_agent *agent = &walk->agent;
	const struct jval *block = jval_first(jval_get(agent->letta->root,
						       "blocks"));
	unsigned char digest[SHA256_BYTES];
	struct span id;
	int rc = 0;

	for (; rc >= 0 && block && !agent->letta->is_bare;
	     block = block->next) {
		id = jval_get_text(block, "id");
		sha256_of(id.at, id.len, digest);
		if (!table_get(&walk->blocks, digest, NULL))
			rc = import_leave_out(agent->source, "a block that no "
					      "agent holds", NULL, err);
	}
	return rc;
}

static int put_agents(struct agent_walk *walk, struct err *err)
{
	struct letta_agent *agent = &walk->agent;
	const struct jval *value = letta_first_agent(agent->letta);
	int rc = 0;

	chat_time_at(&agent->saved, agent->at);
	for (; rc >= 0 && value; value = value->next)
		rc = put_agent(walk, value, err);
	return rc < 0 ? rc : leave_blocks(walk, err);
}

/* What the report says of it, and which bytes may be kept. */
static int describe(struct letta *letta, struct import_source *source,
		    struct err *err)
{
	int rc = items_tell_doubles(source, letta->doubles, err);

	source->redactions += letta->redactions;
	if (letta->has_kept) {
		buf_put_span(&source->kept, buf_span(&letta->kept));
		source->has_kept = true;
	}
	if (rc == 0)
		rc = buf_end(&source->kept, err);
	if (rc == 0 && letta->redactions)
		rc = import_note(source, err, "the values of %llu secret%s "
				 "were emptied before storing",
				 (unsigned long long)letta->redactions,
				 letta->redactions == 1 ? "" : "s");
	return rc;
}

static int read_agents(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	struct letta letta = LETTA_INIT;
	struct agent_walk walk = {
		.agent = {
			.job = job, .source = source, .letta = &letta,
			.saved = CHAT_TIME_NONE,
		},
		.names = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.blocks = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.key = BUF_INIT(BUF_NO_LIMIT),
	};
	int rc;

	rc = load(source, &letta, err);
	if (rc)
		goto out;
	rc = describe(&letta, source, err);
	if (rc < 0)
		goto out;
	walk.agent.saved = chat_time_of(jval_get(letta.root, "created_at"));
	walk.agent.bytes = letta.has_kept ? buf_span(&letta.kept) :
		buf_span(&source->input.head);
	if (import_is_wanted(job, walk.agent.saved.micros))
		rc = put_agents(&walk, err);
	else
		rc = import_leave_out(source, "older than --since", NULL,
				      err);
out:
	letta_release(&letta);
	table_release(&walk.names);
	table_release(&walk.blocks);
	buf_release(&walk.key);
	return rc;
}

static const char *const marks[] = { "af", NULL };

const struct importer letta_importer = {
	.name = "af",
	.one = "agent file",
	.many = "agent files",
	.sniff = af_sniff,
	.identify = letta_identify,
	.namesakes = &letta_agents,
	.read = read_agents,
	.keeps_source = true,
	.marks = marks,
};
