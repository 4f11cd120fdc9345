/*
 * What mem0 gives out: {"results":[..],"relations":[..]}, or a bare list.
 *
 * A memory is memory:mem0:<id>; where the id stands for another one already,
 * there is a hash behind it. Each goes to the construct that its agent_id
 * names, without one to "mem0". A relation of the graph is
 * memory:mem0:relation/<hash of its ends and its kind>.
 */
#include "cmd/import/flat/flat.h"
#include "cmd/import/flat/formats.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/identity/namesake.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_scan.h"
#include "refs/vault/vault.h"

#define HASH_DIGITS HEX_TEXT(SHA256_BYTES)

/* An answer of mem0 on its way. */
struct answer {
	char construct[CONSTRUCT_NAME_MAX];	/* of the memory at hand */
	uint64_t checked;			/* hashes that were compared */
	uint64_t wrong;
};

static const struct flat_row memory_rows[] = {
	{ FLAT_KEY, "id", FLAT_TAKEN },
	{ FLAT_SAID, "memory", FLAT_TAKEN },
	{ FLAT_CREATED, "created_at", FLAT_TAKEN },
	{ FLAT_UPDATED, "updated_at", FLAT_TAKEN },
	{ FLAT_TAGS, "categories", FLAT_TAKEN },
	{ FLAT_NAME, "agent_id", FLAT_STAYS },
	{ FLAT_NAME, "metadata.agent_id", FLAT_STAYS },
	{ FLAT_LEFT_OUT, "score", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_row relation_rows[] = {
	{ FLAT_FROM, "source", FLAT_TAKEN },
	{ FLAT_KIND, "relationship", FLAT_TAKEN },
	{ FLAT_TO, "target", FLAT_TAKEN },
	{ FLAT_TO, "destination", FLAT_TAKEN },
	FLAT_ROWS_END
};

/* The list of memories, wherever it is. */
static const struct jval *first_memory(const struct jval *root)
{
	const struct jval *results = jval_get(root, "results");

	if (jval_get(root, "memory"))
		return root;
	return jval_first(results ? results : root);
}

static struct span agent_of(const struct jval *memory)
{
	struct span agent = jval_get_text(memory, "agent_id");

	return agent.len ? agent : jval_get_text(
		jval_get(memory, "metadata"), "agent_id");
}

/* Which agent a memory of the vault is of. */
static bool read_agent(struct span state, struct namesake *out)
{
	struct span native;
	struct span about;

	if (!jcs_find(state, "native", &native))
		return false;
	namesake_set_from(out, NAMESAKE_MAKER, native, "agent_id");
	if (!out->traits[NAMESAKE_MAKER].len &&
	    jcs_find(native, "metadata", &about))
		namesake_set_from(out, NAMESAKE_MAKER, about, "agent_id");
	return out->traits[NAMESAKE_MAKER].len != 0;
}

static const struct namesakes agents = {
	.what = "agent", .is_certain = true, .by = "spelt", .kind = "memory",
	.read = read_agent,
};

/* home: the name that the agent's becomes, then that of its construct. */
static int find_home(struct import_job *job, struct import_source *source,
		     struct span agent, char home[CONSTRUCT_NAME_MAX],
		     struct err *err)
{
	struct namesake_named named = {
		.kind = &agents, .name = agent, .base = home,
	};

	namesake_set(&named.who, NAMESAKE_MAKER, agent);
	return namesake_home(job, source, &named, home, err);
}

/* The first agent that is named stands for the source. */
static int mem0_identify(struct import_job *job, struct import_source *source,
			 struct err *err)
{
	char name[CONSTRUCT_NAME_MAX];
	const struct jval *memory;
	struct jdoc *doc = NULL;
	struct span agent = { NULL, 0 };
	int rc;

	rc = whole_read_begun(NULL, source, 0, &doc, err);
	if (rc)
		return rc;
	memory = first_memory(jdoc_root(doc));
	for (; memory && !agent.len; memory = memory->next) {
		agent = agent_of(memory);
		if (construct_name_fold(agent, name, NULL) < 0)
			agent = span_of(NULL, 0);
		if (memory == jdoc_root(doc))
			break;
	}
	rc = import_name(job, source, agent.len ? agent : span_str("mem0"),
			 err);
	if (!rc && agent.len)
		rc = find_home(job, source, agent, source->construct, err);
	jdoc_free(doc);
	return rc;
}

/* The source's own construct when its agent has no name that would fit. */
static int choose_construct(struct flat *flat, struct span agent,
			    struct err *err)
{
	struct answer *answer = flat->own;

	flat->memory.construct = NULL;
	if (flat->job->options.construct ||
	    construct_name_fold(agent.len ? agent : span_str("mem0"),
				answer->construct, NULL) < 0)
		return 0;
	flat->memory.construct = answer->construct;
	return agent.len ? find_home(flat->job, flat->source, agent,
				     answer->construct, err) : 0;
}

/* Is the hash that of the text? */
static int check_hash(struct flat *flat, const struct jval *memory,
		      struct err *err)
{
	struct span hash = jval_get_text(memory, "hash");
	struct span text = jval_get_text(memory, "memory");
	struct answer *answer = flat->own;
	unsigned char digest[MD5_BYTES];
	char hex[HEX_TEXT(MD5_BYTES) + 1];

	if (!hash.at)
		return 0;
	answer->checked++;
	md5_of(text.at, text.len, digest);
	hex_text(digest, sizeof(digest), hex);
	if (span_equals(hash, span_str(hex)))
		return 0;
	answer->wrong++;
	return import_skip(flat->source, "a hash that is not that of its "
			   "memory's text", buf_text(&flat->key), err);
}

/* Its key is in flat->key. */
static int put_memory(struct flat *flat, struct flat_item *item,
		      struct err *err)
{
	bool is_new = false;
	int rc;

	rc = choose_construct(flat, item->text[FLAT_NAME], err);
	if (rc == 0)
		rc = flat_make_key_without(flat, item->value,
					   jval_get(item->value, "score"),
					   buf_span(&flat->key), &is_new,
					   err);
	if (rc == 0 && !is_new)
		return flat_leave_out(flat, "a memory that stands before",
				      err);
	flat_memory_begin(flat, "", buf_span(&flat->next_key));
	take_done(&item->take, item->said);
	flat_memory_says(flat, NULL, jval_text(item->said));
	if (rc >= 0)
		rc = flat_remember(flat, item, err);
	return rc < 0 ? rc : check_hash(flat, item->value, err);
}

static int read_memory(struct flat *flat, const struct jval *value,
		       struct err *err)
{
	struct flat_item item;
	struct span own[3];
	int rc;

	rc = flat_item(flat, memory_rows, value, &item, err);
	if (rc < 0)
		return rc;
	if (!item.take.object)
		return flat_malformed(flat, "a memory that is no object",
				      value, err);
	if (!jval_is(item.said, JVAL_STRING))
		return flat_malformed(flat, "a memory without text", value,
				      err);
	if (!flat_is_wanted(flat, &item))
		return flat_leave_out(flat, FLAT_OLD, err);
	own[0] = item.text[FLAT_NAME];
	own[1] = jval_get_text(value, "user_id");
	own[2] = jval_text(item.said);
	buf_reset(&flat->key);
	buf_put_span(&flat->key, item.text[FLAT_KEY]);
	if (!item.text[FLAT_KEY].len)
		flat_hash(own, 3, &flat->key);
	rc = buf_end(&flat->key, err);
	return rc < 0 ? rc : put_memory(flat, &item, err);
}

static int read_relation(struct flat *flat, const struct jval *value,
			 struct err *err)
{
	struct flat_item item;
	int rc = flat_item(flat, relation_rows, value, &item, err);

	flat->memory.construct = NULL;
	return rc < 0 ? rc : flat_relation(flat, &item, "relation/",
					   HASH_DIGITS, NULL, err);
}

static int read_answer(struct flat *flat, struct err *err)
{
	const struct jval *root = flat->given->value;
	const struct jval *relations = jval_get(root, "relations");
	const struct jval *value = first_memory(root);
	int rc = 0;

	if (value == root)
		return read_memory(flat, root, err);
	for (; rc >= 0 && value; value = value->next)
		rc = read_memory(flat, value, err);
	for (value = jval_first(relations); rc >= 0 && value;
	     value = value->next)
		rc = read_relation(flat, value, err);
	value = jval_is(root, JVAL_OBJECT) ? jval_first(root) : NULL;
	for (; rc >= 0 && value; value = value->next) {
		if (!jval_is(value, JVAL_ARRAY) ||
		    (value != jval_get(root, "results") &&
		     value != relations))
			rc = flat_leave_out(flat, "an unknown member beside "
					    "the memories", err);
	}
	return rc;
}

static int mem0_tell(struct flat *flat, struct err *err)
{
	struct jcs_fields *extra = &flat->source->extra;
	const struct answer *answer = flat->own;

	fields_integer(extra, "hashes_checked", (int64_t)answer->checked);
	fields_integer(extra, "hashes_wrong", (int64_t)answer->wrong);
	return fields_end(extra, err);
}

static const struct flat_format mem0_format = {
	.provider = "mem0",
	.document = "",
	.value = read_answer,
	.end = mem0_tell,
	.left_out = "a score, which belongs to a search",
};

static int mem0_read(struct import_job *job, struct import_source *source,
		     struct err *err)
{
	struct answer answer = { .checked = 0 };

	return flat_read_own(job, source, &answer, err);
}

const struct importer mem0_importer = {
	.name = "mem0",
	.one = "answer of mem0",
	.many = "answers of mem0",
	.construct = "mem0",
	.signs = (const char *const[]){
		"memory id hash|user_id|agent_id|created_at",
		"results *memory *hash|*user_id|*agent_id", NULL
	},
	.identify = mem0_identify,
	.read = mem0_read,
	.flat = &mem0_format,
};
