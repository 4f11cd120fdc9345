/*
 * Memory records of VVAULT's gate ("cutthroat"): one, a list, or lines of
 * them, each with hashes that are checked and reported. Whatever they say,
 * the memory is imported: memory:cutthroat:<memory_id>.
 */
#include "cmd/import/flat/cutthroat_chain.h"
#include "cmd/import/flat/flat.h"
#include "cmd/import/flat/formats.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/sniff.h"
#include "lib/base/xxh.h"

/* Only the hashes, without what they are of. */
#define CHAIN_SIGNS "chain last_updated"

/* The chain, and what was seen of each hash, by enum chain_check. */
struct checks {
	struct chain chain;
	uint64_t texts[CHAIN_LEAF + 1];
	uint64_t leaves[CHAIN_LEAF + 1];
	uint64_t links[CHAIN_LEAF + 1];
};

static const struct flat_row memory_rows[] = {
	{ FLAT_KEY, "memory_id", FLAT_TAKEN },
	{ FLAT_SAID, "raw", FLAT_TAKEN },
	{ FLAT_CREATED, "created_ts", FLAT_TAKEN },
	{ FLAT_TAGS, "tags", FLAT_TAKEN },
	FLAT_ROWS_END
};

static int cutthroat_identify(struct import_job *job,
			      struct import_source *source, struct err *err)
{
	if (sniff_signs(buf_span(&source->input.head), CHAIN_SIGNS))
		return import_refuse(source, "this is a chain of hashes "
				     "without the memories that they are of: "
				     "there is nothing to import", NULL, err);
	return import_name(job, source, span_str(source->format->name), err);
}

/* The place of a hash that is wrong is its memory's id. */
static int tell_wrong(struct flat *flat, bool is_wrong, const char *reason,
		      struct err *err)
{
	return is_wrong ? import_skip(flat->source, reason,
				      buf_text(&flat->key), err) : 0;
}

static int check_hashes(struct flat *flat, const struct jval *record,
			struct err *err)
{
	struct checks *checks = flat->own;
	struct chain_checks found;
	int rc = chain_check(&checks->chain, record, &found, err);

	if (rc < 0)
		return rc;
	checks->texts[found.text]++;
	checks->leaves[found.leaf]++;
	checks->links[found.link]++;
	rc = tell_wrong(flat, found.text == CHAIN_WRONG, "a raw_sha256 that "
			"is not that of the text", err);
	if (rc >= 0)
		rc = tell_wrong(flat, found.leaf == CHAIN_WRONG, "a "
				"leaf_sha256 that is not that of the record",
				err);
	if (rc >= 0)
		rc = tell_wrong(flat, found.link == CHAIN_WRONG, "a "
				"chain_sha256 that does not follow from the "
				"one before", err);
	return rc < 0 ? rc : tell_wrong(flat, found.is_gap, "a link that "
		"stands on another one than that before it", err);
}

/*
 * The key, in flat->key. Ids of the original come from a hash that changes
 * with each run of its program, so that one id may stand for two texts: the
 * second gets its hash.
 */
static int cutthroat_key(struct flat *flat, struct span id, struct span raw,
			 bool *out_is_new, struct err *err)
{
	const struct span texts[2] = { id, raw };
	uint64_t hash = xxh64_of(raw.at, raw.len);
	enum flat_known known;
	int rc = flat_claim(flat, &flat->key, hash, &known, err);

	if (rc >= 0 && known == FLAT_ANOTHER) {
		buf_put_char(&flat->key, '~');
		flat_hash(texts, 2, &flat->key);
		rc = flat_claim(flat, &flat->key, hash, &known, err);
	}
	*out_is_new = rc >= 0 && known == FLAT_NEW;
	return rc;
}

static int read_record(struct flat *flat, struct err *err)
{
	struct flat_item item;
	struct span raw;
	bool is_new;
	int rc;

	rc = flat_item(flat, memory_rows, flat->given->value, &item, err);
	if (rc < 0)
		return rc;
	raw = jval_text(item.said);
	if (!item.text[FLAT_KEY].len || !raw.at)
		return flat_malformed(flat, "a memory without id or text",
				      item.value, err);
	if (!flat_is_wanted(flat, &item))
		return flat_leave_out(flat, FLAT_OLD, err);
	buf_reset(&flat->key);
	buf_put_span(&flat->key, item.text[FLAT_KEY]);
	rc = check_hashes(flat, item.value, err);
	if (rc >= 0)
		rc = cutthroat_key(flat, item.text[FLAT_KEY], raw, &is_new,
				   err);
	if (rc < 0)
		return rc;
	if (!is_new)
		return flat_leave_out(flat, "a memory that stands before",
				      err);
	flat_memory_begin(flat, "", buf_span(&flat->key));
	take_done(&item.take, item.said);
	flat_memory_says(flat, NULL, raw);
	fields_value(&flat->memory.fields, "consent",
		     take_any(&item.take, "consent"));
	return flat_remember(flat, &item, err);
}

static void add_counts(struct jcs_fields *extra, const char *name,
		       const uint64_t *counts)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	fields_integer(&fields, "right", (int64_t)(counts[CHAIN_RIGHT] +
		       counts[CHAIN_ZEROS] + counts[CHAIN_LEAF]));
	fields_integer(&fields, "wrong", (int64_t)counts[CHAIN_WRONG]);
	fields_integer(&fields, "absent", (int64_t)counts[CHAIN_ABSENT]);
	fields_object(extra, name, &fields);
	jcs_fields_release(&fields);
}

/* Also which of the two rules for a first link its hash follows. */
static int cutthroat_tell(struct flat *flat, struct err *err)
{
	struct jcs_fields *extra = &flat->source->extra;
	const struct checks *checks = flat->own;
	bool is_zeros = checks->links[CHAIN_ZEROS] > 0;
	bool is_leaf = checks->links[CHAIN_LEAF] > 0;
	int rc;

	add_counts(extra, "texts", checks->texts);
	add_counts(extra, "leaves", checks->leaves);
	add_counts(extra, "links", checks->links);
	if (is_zeros || is_leaf)
		fields_str(extra, "genesis", is_zeros && is_leaf ? "both" :
			   is_zeros ? "zeros" : "leaf");
	rc = fields_end(extra, err);
	return rc < 0 || !is_leaf ? rc :
		import_note(flat->source, err, "the first link of the chain "
			    "is its leaf: VVAULT's own check refuses that");
}

static const struct flat_format cutthroat_format = {
	.provider = "cutthroat",
	.value = read_record,
	.end = cutthroat_tell,
};

static int read_records(struct import_job *job, struct import_source *source,
			struct err *err)
{
	struct checks checks = { .texts = { 0 } };

	return flat_read_own(job, source, &checks, err);
}

const struct importer cutthroat_importer = {
	.name = "cutthroat",
	.one = "file of memory records",
	.many = "files of memory records",
	.signs = (const char *const[]){
		CHAIN_SIGNS, "memory_id raw|raw_sha256|embed_model", NULL
	},
	.identify = cutthroat_identify,
	.read = read_records,
	.flat = &cutthroat_format,
};
