#include "refs/renew/renew_internal.h"

#include <stdlib.h>
#include <string.h>

#include "objects/blob/blob.h"
#include "objects/record/segment.h"
#include "objects/tree/segment_verify.h"
#include "refs/view/forgotten.h"
#include "refs/write/write.h"

#define SUBJECT "carried over: what the vault that was made anew did not have"

/* Records on their way from the old lineage into the new. */
struct carrying {
	struct stage *stage;
	struct view *from;		/* the heads that the new one lacks */
	struct view *made;
	struct writer *writer;
	struct buf blob;
	struct buf ref;
	struct table others;		/* records that others' versions brought */
	struct table there;		/* reader: those of the new one */
	uint64_t missing;		/* and how many it has not */
};

/* The records of one segment. */
static int note_segment(struct carrying *carrying,
			const struct tree_segment *segment, struct err *err)
{
	struct buf text = BUF_INIT(SEAL_PLAIN_MAX + 1);
	unsigned char id[RECORD_ID_BYTES];
	struct span line;
	size_t pos = 0;
	int rc = segment_plain(carrying->stage->vault->store,
			       carrying->from->codec, segment, &text, err);

	while (rc == 0 && segment_next(buf_span(&text), &pos, &line)) {
		record_id(line, id);
		rc = table_include(&carrying->others, id, NULL, err);
	}
	buf_wipe(&text);
	return rc;
}

/* What a version brought, if it is another device's. */
static int note_version(struct carrying *carrying, const git_oid *id,
			struct err *err)
{
	struct store *store = carrying->stage->vault->store;
	struct tree_segments fresh = TREE_SEGMENTS_INIT;
	char blob_dir[PLACE_NAME_LEN + 1];
	struct version version;
	git_oid base;
	size_t i;
	int rc;

	version_init(&version);
	codec_dir_name(carrying->from->codec, BLOB_DIR, blob_dir);
	rc = version_read(store, id, &version, err);
	if (rc == 0 &&
	    !memcmp(version_writer(&version),
		    carrying->stage->vault->device.public, DID_KEY_BYTES))
		goto out;
	if (rc == 0)
		rc = version.parents_n ?
			     history_union(store, version.parents,
					   version.parents_n, &base, err) :
			     tree_empty(store, &base, err);
	if (rc == 0)
		rc = tree_diff(store, &base, &version.tree, NULL, &fresh, err);
	for (i = 0; rc == 0 && i < fresh.n; i++)
		if (strcmp(fresh.at[i].place.dir, blob_dir))
			rc = note_segment(carrying, &fresh.at[i], err);
out:
	tree_segments_release(&fresh);
	version_release(&version);
	return rc;
}

static int note_others(struct carrying *carrying, const struct table *lacking,
		       struct err *err)
{
	git_oid id;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < lacking->count; i++) {
		memcpy(id.id, table_key_at(lacking, i), GIT_OID_RAWSZ);
		rc = note_version(carrying, &id, err);
	}
	return rc;
}

static int carry_blobs(struct carrying *carrying, struct span line,
		       struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	bool is_there;
	uint64_t size;
	size_t pos = 0;
	int rc = 0;

	while (rc == 0 && blob_ref_next(line, &pos, digest, &size)) {
		buf_reset(&carrying->blob);
		buf_reset(&carrying->ref);
		rc = view_blob(carrying->from, digest, &carrying->blob,
			       &is_there, err);
		if (rc == 0 && !is_there)
			rc = err_set(err, ERR_CORRUPT, "a blob of what is to "
				     "be carried over cannot be read");
		if (rc == 0)
			rc = writer_add_blob(carrying->writer,
					     buf_span(&carrying->blob),
					     "application/octet-stream",
					     &carrying->ref, err);
	}
	return rc;
}

/* What it had forgotten is forgotten there: check_forgettings(). */
static bool is_left(const struct carrying *carrying,
		    const struct fold_record *record)
{
	return forgotten_has(carrying->made, record->id) ||
	       !strcmp(record->record.kind->name, "forget");
}

static int carry_record(void *arg, const struct fold_record *record,
			struct err *err)
{
	struct carrying *carrying = arg;
	struct renew_report *report = &carrying->stage->report;
	bool is_new = false;
	int rc;

	if (is_left(carrying, record))
		return 0;
	rc = carry_blobs(carrying, record->record.line, err);
	if (rc == 0)
		rc = writer_add(carrying->writer, record->record.line, NULL,
				&is_new, err);
	report->carried += is_new;
	report->carried_others += is_new && table_get(&carrying->others,
						      record->id, NULL);
	return rc;
}

static int note_there(void *arg, const struct fold_record *record,
		      struct err *err)
{
	struct carrying *carrying = arg;

	return table_include(&carrying->there, record->id, NULL, err);
}

static int miss_record(void *arg, const struct fold_record *record,
		       struct err *err)
{
	struct carrying *carrying = arg;

	(void)err;
	carrying->missing += !is_left(carrying, record) &&
			     !table_get(&carrying->there, record->id, NULL);
	return 0;
}

/* A reader writes nothing: what is here and not there others must have brought
 * there before. */
static int check_carried(struct carrying *carrying, struct err *err)
{
	const struct view_record_visitor note = { note_there, carrying };
	const struct view_record_visitor miss = { miss_record, carrying };
	int rc = view_records(carrying->made, &note, err);

	if (rc == 0)
		rc = view_records(carrying->from, &miss, err);
	if (rc < 0 || !carrying->missing)
		return rc;
	return err_set(err, ERR_DENIED, "an owner has made this vault anew, "
		       "without %llu records that are here, and a reader "
		       "cannot carry them over: it is not followed, and "
		       "nothing was changed, until a writer who has them has "
		       "pulled and pushed",
		       (unsigned long long)carrying->missing);
}

static int write_over(struct carrying *carrying, const struct view *old,
		      struct err *err)
{
	const struct view_record_visitor visitor = { carry_record, carrying };
	struct write_result result = { .has_version = false };
	int rc = writer_new(carrying->stage->made, old->construct,
			    WRITER_MAY_CREATE, &carrying->writer, err);

	if (rc == 0)
		rc = view_records(carrying->from, &visitor, err);
	return rc < 0 ? rc : writer_commit(carrying->writer, SUBJECT, &result,
					   err);
}

/* An owner's own forgetting that nobody saw: only the owner says it again. */
static int check_forgettings(const struct view *from, const struct view *made,
			     struct err *err)
{
	if (!forgotten_more(from, made))
		return 0;
	return err_set(err, ERR_DENIED, "this device has forgotten something "
		       "that the vault which was made anew does not know of: "
		       "it is not followed, and nothing was changed; an owner "
		       "who knows both makes it anew once more");
}

/* Heads that the new lineage lacks, with what stands on them. */
static int open_lacking(struct stage *stage, const struct view *old,
			const struct table *lacking, struct view **out,
			struct err *err)
{
	git_oid *heads = calloc(old->heads_n + 1, sizeof(*heads));
	size_t n = 0;
	size_t i;
	int rc;

	if (!heads)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < old->heads_n; i++)
		if (table_get(lacking, old->heads[i].id, NULL))
			heads[n++] = old->heads[i];
	rc = view_open_versions(stage->vault, old->ref_name, heads, n, out,
				err);
	free(heads);
	return rc;
}

int carry_over(struct stage *stage, const struct view *old, struct view *made,
	       const struct table *lacking, struct err *err)
{
	struct carrying carrying = {
		.stage = stage, .made = made, .blob = BUF_INIT(BLOB_MAX_BYTES),
		.ref = BUF_INIT(4096),
		.others = TABLE_INIT(RECORD_ID_BYTES, TABLE_NO_LIMIT),
		.there = TABLE_INIT(RECORD_ID_BYTES, TABLE_NO_LIMIT),
	};
	int rc = open_lacking(stage, old, lacking, &carrying.from, err);

	if (rc == 0)
		rc = forgotten_read(carrying.from, err);
	if (rc == 0)
		rc = check_forgettings(carrying.from, made, err);
	if (rc == 0)
		rc = note_others(&carrying, lacking, err);
	if (rc == 0)
		rc = vault_state_role(&stage->made->state,
				      stage->made->device.public) < ROLE_WRITER ?
			     check_carried(&carrying, err) :
			     write_over(&carrying, old, err);
	writer_free(carrying.writer);
	view_free(carrying.from);
	table_release(&carrying.others);
	table_release(&carrying.there);
	buf_wipe(&carrying.blob);
	buf_wipe(&carrying.ref);
	return rc;
}
