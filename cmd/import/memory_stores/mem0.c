#include "cmd/import/memory_stores/mem0.h"

#include "cmd/import/input/whole.h"
#include "cmd/import/records/memory.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/sniff.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "refs/vault/vault.h"

#define MEM0 "mem0"

/* An answer of mem0 on its way. */
struct mem0 {
	struct memory memory;
	const struct jdoc *doc;
	struct table ids;		/* SHA-256 of each memory's entity */
	char construct[CONSTRUCT_NAME_MAX];
	uint64_t checked;		/* hashes that were compared */
	uint64_t wrong;
};

static bool is_memory(struct span head)
{
	return sniff_has(head, "memory") && sniff_has(head, "id") &&
	       (sniff_has(head, "hash") || sniff_has(head, "user_id") ||
		sniff_has(head, "agent_id") || sniff_has(head, "created_at"));
}

/* Names in a list that a member holds are only mentioned in the head. */
static bool sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	if (input->bundle || input->is_folder)
		return false;
	if (is_memory(head))
		return true;
	return sniff_has(head, "results") &&
	       sniff_mentions(head, "\"memory\"") &&
	       (sniff_mentions(head, "\"hash\"") ||
		sniff_mentions(head, "\"user_id\"") ||
		sniff_mentions(head, "\"agent_id\""));
}

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

/* Where one goes, in mem0->construct; the source's own when its agent has no
 * name that would fit. */
static void choose_construct(struct mem0 *mem0, const struct jval *memory)
{
	struct span agent = agent_of(memory);
	bool is_free = !mem0->memory.job->construct;

	mem0->memory.construct = NULL;
	if (!is_free)
		return;
	if (construct_name_fold(agent.len ? agent : span_str(MEM0),
				mem0->construct, NULL) >= 0)
		mem0->memory.construct = mem0->construct;
}

/* The first agent that is named stands for the source. */
static int identify(struct import_job *job, struct import_source *source,
		    struct err *err)
{
	char name[CONSTRUCT_NAME_MAX];
	const struct jval *memory;
	struct jdoc *doc = NULL;
	struct span agent = { NULL, 0 };
	int rc;

	rc = whole_read(source, &doc, err);
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
	rc = import_name(job, source, agent.len ? agent : span_str(MEM0),
			 err);
	jdoc_free(doc);
	return rc;
}

/* Is the hash that of the text? */
static int check_hash(struct mem0 *mem0, const struct jval *memory,
		      struct span id, struct err *err)
{
	struct span hash = jval_get_text(memory, "hash");
	struct span text = jval_get_text(memory, "memory");
	unsigned char digest[MD5_BYTES];
	char hex[HEX_TEXT(MD5_BYTES) + 1];
	struct buf at = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!hash.at)
		return 0;
	mem0->checked++;
	md5_of(text.at, text.len, digest);
	hex_text(digest, sizeof(digest), hex);
	if (span_equals(hash, span_str(hex)))
		return 0;
	mem0->wrong++;
	rc = buf_add_span(&at, id, err);
	if (rc >= 0)
		rc = import_skip(mem0->memory.source, "a hash that is not "
				 "that of its memory's text", buf_text(&at),
				 err);
	buf_release(&at);
	return rc;
}

static int add_fields(struct mem0 *mem0, const struct jval *value,
		      struct err *err)
{
	static const char *const taken[] = {
		"id", "memory", "created_at", "updated_at", "categories",
		"score", NULL
	};
	struct memory *memory = &mem0->memory;
	struct chat_time created = chat_time_of(jval_get(value, "created_at"));
	struct chat_time updated = chat_time_of(jval_get(value, "updated_at"));
	const struct jval *score = jval_get(value, "score");
	const struct jval *id = jval_get(value, "id");
	int rc;

	rc = memory_says(memory, NULL, jval_get_text(value, "memory"), err);
	if (rc >= 0)
		rc = memory_times(memory, &created, &updated, err);
	if (rc >= 0)
		rc = memory_tags(memory, "categories",
				 jval_get(value, "categories"), err);
	if (rc >= 0)
		rc = rest_add(&memory->native, value, taken, err);
	if (rc >= 0 && id && !jval_is(id, JVAL_STRING))
		rc = rest_add_value(&memory->native, "id", id, err);
	if (rc >= 0 && score && !jval_is(score, JVAL_NULL))
		rc = import_skip(memory->source, "a score, which belongs to "
				 "a search", NULL, err);
	return rc;
}

/* 1 the first time. */
static int is_new(struct mem0 *mem0, struct err *err)
{
	unsigned char digest[SHA256_BYTES];

	sha256_of(mem0->memory.entity.data, mem0->memory.entity.len, digest);
	return table_add(&mem0->ids, digest, 1, err);
}

static int put_memory(struct mem0 *mem0, const struct jval *value,
		      struct span id, struct err *err)
{
	struct memory *memory = &mem0->memory;
	int rc;

	choose_construct(mem0, value);
	rc = memory_begin(memory, "", id, err);
	if (rc >= 0)
		rc = is_new(mem0, err);
	if (rc == 0)
		return import_leave_out(memory->source, "a memory whose id "
					"stands before: the first one counts",
					NULL, err);
	if (rc >= 0)
		rc = add_fields(mem0, value, err);
	if (rc >= 0)
		rc = memory_put(memory, err);
	return rc < 0 ? rc : check_hash(mem0, value, id, err);
}

static int malformed(struct mem0 *mem0, const struct jval *value,
		     const char *reason, struct err *err)
{
	return import_malformed(mem0->memory.job, mem0->memory.source, reason,
				jdoc_offset(mem0->doc, value), value->raw,
				err);
}

static int take_memory(struct mem0 *mem0, const struct jval *value,
		       struct err *err)
{
	struct chat_time created = chat_time_of(jval_get(value, "created_at"));
	struct chat_time updated = chat_time_of(jval_get(value, "updated_at"));
	struct span id = jval_get_text(value, "id");
	struct buf made = BUF_INIT(BUF_NO_LIMIT);
	struct span own[3];
	int rc = 0;

	own[0] = agent_of(value);
	own[1] = jval_get_text(value, "user_id");
	own[2] = jval_get_text(value, "memory");
	if (!jval_is(value, JVAL_OBJECT))
		return malformed(mem0, value, "a memory that is no object",
				 err);
	if (!own[2].at)
		return malformed(mem0, value, "a memory without text", err);
	if (!import_is_wanted(mem0->memory.job, updated.micros >
			      created.micros ? updated.micros :
			      created.micros))
		return import_leave_out(mem0->memory.source, "older than "
					"--since", NULL, err);
	if (!id.len) {
		rc = memory_hash_key(own, 3, &made, err);
		id = buf_span(&made);
	}
	if (rc >= 0)
		rc = put_memory(mem0, value, id, err);
	buf_release(&made);
	return rc;
}

static int put_relation(struct mem0 *mem0, const struct jval *value,
			const struct span parts[3], struct err *err)
{
	static const char *const taken[] = {
		"source", "relationship", "target", "destination", NULL
	};
	struct memory *memory = &mem0->memory;
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = memory_hash_key(parts, 3, &key, err);
	if (rc >= 0)
		rc = memory_begin(memory, "relation/", buf_span(&key), err);
	buf_release(&key);
	if (rc >= 0)
		rc = is_new(mem0, err);
	if (rc == 0)
		return import_leave_out(memory->source, "a relation that "
					"stands before", NULL, err);
	if (rc >= 0)
		rc = memory_relates(memory, parts, err);
	if (rc >= 0)
		rc = rest_add(&memory->native, value, taken, err);
	return rc < 0 ? rc : memory_put(memory, err);
}

static int take_relation(struct mem0 *mem0, const struct jval *value,
			 struct err *err)
{
	struct span parts[3];

	parts[0] = jval_get_text(value, "source");
	parts[1] = jval_get_text(value, "relationship");
	parts[2] = jval_get_text(value, "target");
	if (!parts[2].at)
		parts[2] = jval_get_text(value, "destination");
	if (!parts[0].at || !parts[2].at)
		return malformed(mem0, value, "a relation without its two "
				 "ends", err);
	mem0->memory.construct = NULL;
	return put_relation(mem0, value, parts, err);
}

static int read_doc(struct mem0 *mem0, struct err *err)
{
	const struct jval *root = jdoc_root(mem0->doc);
	const struct jval *value = first_memory(root);
	const struct jval *member;
	int rc = 0;

	if (value == root)
		return take_memory(mem0, root, err);
	for (; rc >= 0 && value; value = value->next)
		rc = take_memory(mem0, value, err);
	value = jval_first(jval_get(root, "relations"));
	for (; rc >= 0 && value; value = value->next)
		rc = take_relation(mem0, value, err);
	member = jval_is(root, JVAL_OBJECT) ? jval_first(root) : NULL;
	for (; rc >= 0 && member; member = member->next) {
		if (!span_equals(member->key, span_str("results")) &&
		    !span_equals(member->key, span_str("relations")))
			rc = import_leave_out(mem0->memory.source, "an "
					      "unknown member beside the "
					      "memories", NULL, err);
	}
	return rc;
}

/* How many hashes were right. */
static int tell(struct mem0 *mem0, struct err *err)
{
	struct import_source *source = mem0->memory.source;
	int rc;

	rc = jcs_fields_integer(&source->extra, "hashes_checked",
				(int64_t)mem0->checked, err);
	return rc < 0 ? rc : jcs_fields_integer(&source->extra,
		"hashes_wrong", (int64_t)mem0->wrong, err);
}

static int read_answer(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	struct mem0 mem0 = {
		.memory = MEMORY_INIT(job, source, MEM0),
		.ids = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
	};
	struct jdoc *doc = NULL;
	int rc;

	rc = whole_read(source, &doc, err);
	if (rc)
		return rc;
	mem0.doc = doc;
	rc = read_doc(&mem0, err);
	if (rc >= 0)
		rc = tell(&mem0, err);
	memory_release(&mem0.memory);
	table_release(&mem0.ids);
	jdoc_free(doc);
	return rc;
}

const struct importer mem0_importer = {
	.name = MEM0,
	.one = "answer of mem0",
	.many = "answers of mem0",
	.sniff = sniff,
	.identify = identify,
	.read = read_answer,
};
