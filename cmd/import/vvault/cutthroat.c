#include "cmd/import/vvault/cutthroat.h"

#include "cmd/import/input/values.h"
#include "cmd/import/records/memory.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/sniff.h"
#include "cmd/import/vvault/cutthroat_chain.h"
#include "lib/base/xxh.h"

#define DEPTH_MAX 100

/* What was seen of each hash, by enum chain_check. */
struct counts {
	uint64_t texts[CHAIN_LEAF + 1];
	uint64_t leaves[CHAIN_LEAF + 1];
	uint64_t links[CHAIN_LEAF + 1];
};

struct reading {
	struct memory memory;
	struct chain chain;
	struct counts counts;
	struct table ids;		/* SHA-256 of id -> of its text */
	struct buf key;
};

/* Only the hashes, without what they are of. */
static bool is_chain(struct span head)
{
	return sniff_has(head, "chain") && sniff_has(head, "last_updated");
}

static bool sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	if (input->bundle || input->is_folder)
		return false;
	if (is_chain(head))
		return true;
	return sniff_has(head, "memory_id") &&
	       (sniff_has(head, "raw") || sniff_has(head, "raw_sha256") ||
		sniff_has(head, "embed_model"));
}

static int identify(struct import_job *job, struct import_source *source,
		    struct err *err)
{
	if (is_chain(buf_span(&source->input.head)))
		return import_refuse(source, "this is a chain of hashes "
				     "without the memories that they are of: "
				     "there is nothing to import", NULL, err);
	return import_name(job, source, span_str(source->format->name), err);
}

/* The place of a hash that is wrong is its memory's id. */
static int tell_wrong(struct reading *reading, enum chain_check check,
		      const char *reason, struct span id, struct err *err)
{
	struct buf at = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (check != CHAIN_WRONG)
		return 0;
	rc = buf_add_span(&at, id, err);
	if (rc >= 0)
		rc = import_skip(reading->memory.source, reason,
				 buf_text(&at), err);
	buf_release(&at);
	return rc;
}

static int check_hashes(struct reading *reading, const struct jval *record,
			struct span id, struct err *err)
{
	struct chain_checks checks;
	int rc;

	rc = chain_check(&reading->chain, record, &checks, err);
	if (rc < 0)
		return rc;
	reading->counts.texts[checks.text]++;
	reading->counts.leaves[checks.leaf]++;
	reading->counts.links[checks.link]++;
	rc = tell_wrong(reading, checks.text, "a raw_sha256 that is not that "
			"of the text", id, err);
	if (rc >= 0)
		rc = tell_wrong(reading, checks.leaf, "a leaf_sha256 that is "
				"not that of the record", id, err);
	if (rc >= 0)
		rc = tell_wrong(reading, checks.link, "a chain_sha256 that "
				"does not follow from the one before", id,
				err);
	return rc < 0 || !checks.is_gap ? rc :
		tell_wrong(reading, CHAIN_WRONG, "a link that stands on "
			   "another one than that before it", id, err);
}

static int put_memory(struct reading *reading, const struct jval *record,
		      struct span id, const struct chat_time *created,
		      struct err *err)
{
	static const struct chat_time none = CHAT_TIME_NONE;
	struct memory *memory = &reading->memory;
	struct take take = take_begin(record);

	memory_begin(memory, "", id);
	(void)take_text(&take, "memory_id");
	memory_says(memory, NULL, take_text(&take, "raw"));
	memory_times(memory, created, &none);
	if (created->micros != CHAT_TIME_UNKNOWN)
		(void)take_any(&take, "created_ts");
	memory_tags(memory, &take, take_see(&take, "tags"));
	fields_value(&memory->fields, "consent", take_any(&take, "consent"));
	take_rest(&take, &memory->native);
	return memory_put(memory, err);
}

/*
 * Ids of the original come from a hash that changes with each run of its
 * program, so that one id may stand for two texts: the second gets its hash.
 */
static int find_key(struct reading *reading, const struct jval *record,
		    struct span *out, struct err *err)
{
	struct span id = jval_get_text(record, "memory_id");
	struct span raw = jval_get_text(record, "raw");
	const struct span texts[2] = { id, raw };
	unsigned char digest[SHA256_BYTES];
	int rc;

	*out = id;
	sha256_of(id.at, id.len, digest);
	rc = table_add(&reading->ids, digest, xxh64_of(raw.at, raw.len),
		       err);
	if (rc)
		return rc;
	buf_reset(&reading->key);
	rc = buf_add_span(&reading->key, id, err);
	if (rc >= 0)
		rc = buf_add_char(&reading->key, '~', err);
	memory_hash_key(texts, 2, &reading->key);
	*out = buf_span(&reading->key);
	if (rc >= 0)
		rc = buf_end(&reading->key, err);
	if (rc < 0)
		return rc;
	sha256_of(out->at, out->len, digest);
	return table_add(&reading->ids, digest, 0, err);
}

/* Does the same id stand before with the same text? */
static bool is_repeated(const struct reading *reading,
			const struct jval *record)
{
	struct span id = jval_get_text(record, "memory_id");
	struct span raw = jval_get_text(record, "raw");
	unsigned char digest[SHA256_BYTES];
	uint64_t text;

	sha256_of(id.at, id.len, digest);
	return table_get(&reading->ids, digest, &text) &&
	       text == xxh64_of(raw.at, raw.len);
}

static int take_record(void *arg, const struct source_value *value,
		       struct err *err)
{
	struct reading *reading = arg;
	struct import_source *source = reading->memory.source;
	const struct jval *record = value->value;
	struct chat_time created = chat_time_of(jval_get(record,
							 "created_ts"));
	struct span id = jval_get_text(record, "memory_id");
	int rc;

	if (!id.len || !jval_get_text(record, "raw").at)
		return import_malformed(reading->memory.job, source,
					"a memory without id or text",
					value->offset, value->text, err);
	if (!import_is_wanted(reading->memory.job, created.micros))
		return import_leave_out(source, "older than --since", NULL,
					err);
	rc = check_hashes(reading, record, id, err);
	if (rc >= 0 && is_repeated(reading, record))
		return import_leave_out(source, "a memory that stands before",
					NULL, err);
	if (rc >= 0)
		rc = find_key(reading, record, &id, err);
	if (rc == 0)
		return import_leave_out(source, "a memory that stands before",
					NULL, err);
	return rc < 0 ? rc : put_memory(reading, record, id, &created, err);
}

static int add_counts(struct import_source *source, const char *name,
		      const uint64_t *counts, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = jcs_fields_integer(&fields, "right", (int64_t)
				(counts[CHAIN_RIGHT] + counts[CHAIN_ZEROS] +
				 counts[CHAIN_LEAF]), err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "wrong",
					(int64_t)counts[CHAIN_WRONG], err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "absent",
					(int64_t)counts[CHAIN_ABSENT], err);
	if (rc >= 0)
		rc = jcs_fields_write(&fields, &text, err);
	if (rc >= 0)
		rc = jcs_fields_raw(&source->extra, name, buf_span(&text),
				    err);
	jcs_fields_release(&fields);
	buf_release(&text);
	return rc;
}

/* Which of the two rules for a first link its hash follows. */
static int tell_genesis(struct import_source *source,
			const struct counts *counts, struct err *err)
{
	bool is_zeros = counts->links[CHAIN_ZEROS] > 0;
	bool is_leaf = counts->links[CHAIN_LEAF] > 0;
	int rc;

	if (!is_zeros && !is_leaf)
		return 0;
	rc = jcs_fields_text(&source->extra, "genesis", span_str(
			     is_zeros && is_leaf ? "both" :
			     is_zeros ? "zeros" : "leaf"), err);
	if (rc >= 0 && is_leaf)
		rc = import_note(source, err, "the first link of the chain is "
				 "its leaf: VVAULT's own check refuses that");
	return rc;
}

static int tell(const struct reading *reading, struct err *err)
{
	struct import_source *source = reading->memory.source;
	const struct counts *counts = &reading->counts;
	int rc;

	rc = add_counts(source, "texts", counts->texts, err);
	if (rc >= 0)
		rc = add_counts(source, "leaves", counts->leaves, err);
	if (rc >= 0)
		rc = add_counts(source, "links", counts->links, err);
	return rc < 0 ? rc : tell_genesis(source, counts, err);
}

static int read_records(struct import_job *job, struct import_source *source,
			struct err *err)
{
	struct reading reading = {
		.memory = MEMORY_INIT(job, source, "cutthroat"),
		.ids = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.key = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct values_visitor visitor = { take_record, &reading };
	int rc;

	rc = values_each(job, source, NULL, DEPTH_MAX, &visitor, err);
	if (rc == 0)
		rc = tell(&reading, err);
	memory_release(&reading.memory);
	table_release(&reading.ids);
	buf_release(&reading.key);
	return rc;
}

const struct importer cutthroat_importer = {
	.name = "cutthroat",
	.one = "file of memory records",
	.many = "files of memory records",
	.sniff = sniff,
	.identify = identify,
	.read = read_records,
};
