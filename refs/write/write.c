#include "refs/write/write_internal.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "lib/base/array.h"
#include "lib/id/cid.h"
#include "lib/os/path.h"
#include "objects/blob/blob.h"
#include "refs/history/history.h"
#include "refs/view/names.h"
#include "refs/view/view.h"
#include "refs/write/publish.h"

static int writer_begin(struct writer *writer, unsigned flags, struct err *err)
{
	struct head_list heads = HEAD_LIST_INIT;
	struct vault *vault = writer->vault;
	git_oid *ids = NULL;
	size_t n = 0;
	int rc = view_heads(vault, writer->ref_name, &heads, &ids, &n, err);

	if (rc < 0)
		goto out;
	if (!heads.n && !(flags & WRITER_MAY_CREATE)) {
		rc = names_refuse(vault, writer->construct, err);
		goto out;
	}
	writer->base_has_records = n > 0;
	rc = history_union(vault->store, ids, n, &writer->base, err);
	if (rc == 0)
		rc = writer_look_for_forgotten(writer, err);
	if (rc == 0)
		rc = buf_reserve(&writer->lines, WRITER_BATCH_BYTES - 1, err);
out:
	head_list_release(&heads);
	free(ids);
	return rc;
}

int writer_new(struct vault *vault, const char *construct, unsigned flags,
	       struct writer **out, struct err *err)
{
	struct writer *writer;
	int rc = construct_name_check(span_str(construct), err);

	if (rc == 0)
		rc = writer_role_check(vault, construct, err);
	if (rc < 0)
		return rc;
	writer = calloc(1, sizeof(*writer));
	if (!writer)
		return err_set(err, ERR_NOMEM, "out of memory");
	writer->vault = vault;
	memcpy(writer->construct, construct, strlen(construct) + 1);
	writer->lines.max = WRITER_BATCH_BYTES;
	writer->homes = (struct table)TABLE_INIT(PLACE_HASH_BYTES,
						 TABLE_NO_LIMIT);
	writer->loaded = (struct table)TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT);
	writer->known = (struct table)TABLE_INIT(WRITER_ID_BYTES,
						 TABLE_NO_LIMIT);
	writer->queued = (struct table)TABLE_INIT(WRITER_ID_BYTES,
						  TABLE_NO_LIMIT);
	writer->spoken_of = (struct table)TABLE_INIT(WRITER_ENTITY_BYTES,
						     TABLE_NO_LIMIT);
	writer->reverted = (struct table)TABLE_INIT(WRITER_ENTITY_BYTES,
						    TABLE_NO_LIMIT);
	writer->forgotten_blobs = (struct table)TABLE_INIT(SHA256_BYTES,
							   TABLE_NO_LIMIT);
	writer->kept_blobs = (struct table)TABLE_INIT(SHA256_BYTES,
						      TABLE_NO_LIMIT);
	taken_back_init(&writer->taken_back);
	writer->last = (struct table)TABLE_INIT(WRITER_ENTITY_BYTES,
						TABLE_NO_LIMIT);
	disputes_init(&writer->disputes);
	writer->is_dry_run = flags & WRITER_DRY_RUN;
	vault->writers++;
	rc = vault_ref_name(vault, construct, writer->ref_name, err);
	if (rc < 0)
		goto fail;
	rc = vault_codec(vault, writer->ref_name, &writer->codec, err);
	if (rc < 0)
		goto fail;
	rc = writer_begin(writer, flags, err);
	if (rc < 0)
		goto fail;
	*out = writer;
	return 0;
fail:
	writer_free(writer);
	return rc;
}

/* Only what was used: wiping all of the reserve would take longer than a
 * small write does, and make the memory real. */
static void wipe_lines(struct writer *writer)
{
	if (writer->lines.len)
		sodium_memzero(writer->lines.data, writer->lines.len);
	buf_reset(&writer->lines);
}

void writer_free(struct writer *writer)
{
	if (!writer)
		return;
	wipe_lines(writer);
	arrange_runs_free(writer->runs);
	if (!--writer->vault->writers) {
		store_discard(writer->vault->store);
		spill_free(writer->vault->spill);
		writer->vault->spill = NULL;
	}
	codec_free(writer->codec);
	view_free(writer->view);
	table_release(&writer->spoken_of);
	table_release(&writer->reverted);
	taken_back_release(&writer->taken_back);
	table_release(&writer->last);
	free(writer->said);
	table_release(&writer->homes);
	table_release(&writer->loaded);
	table_release(&writer->known);
	table_release(&writer->queued);
	table_release(&writer->forgotten_blobs);
	table_release(&writer->kept_blobs);
	disputes_release(&writer->disputes);
	buf_release(&writer->lines);
	free(writer->records);
	tree_segments_release(&writer->segments);
	free(writer);
}

/* What does not fit in memory waits in one file for all writers. */
static int open_runs(struct writer *writer, struct err *err)
{
	struct vault *vault = writer->vault;
	struct buf folder = PATH_BUF_INIT;
	int rc = 0;

	if (!vault->spill) {
		rc = vault_local_path(vault, "tmp", &folder, err);
		if (rc == 0)
			rc = spill_new(buf_text(&folder), &vault->spill, err);
	}
	if (rc == 0 && !writer->runs)
		rc = arrange_runs_new(vault->spill, ARRANGE_LOAD_BYTES,
				      &writer->runs, err);
	buf_release(&folder);
	return rc;
}

static void batch_forget(struct writer *writer)
{
	writer->records_n = 0;
	wipe_lines(writer);
}

/* Put the queued lines aside; their memory is free for the next ones. Where
 * they lie for good is clear only once all are there. */
static int batch_put_aside(struct writer *writer, struct err *err)
{
	int rc = 0;

	if (!writer->records_n)
		return 0;
	if (!writer->is_dry_run) {
		rc = open_runs(writer, err);
		if (rc == 0)
			rc = arrange_runs_add(writer->runs, writer->records,
					      writer->records_n, err);
	}
	if (rc == 0)
		batch_forget(writer);
	return rc;
}

/* Cut, seal and store all that was queued. */
static int batches_store(struct writer *writer, struct err *err)
{
	struct store *store = writer->vault->store;
	int rc;

	if (!writer->runs) {
		rc = arrange(store, writer->codec, writer->records,
			     writer->records_n, &writer->segments, err);
		batch_forget(writer);
		return rc;
	}
	rc = batch_put_aside(writer, err);
	if (rc == 0)
		rc = arrange_runs_write(writer->runs, store, writer->codec,
					&writer->segments, err);
	arrange_runs_free(writer->runs);
	writer->runs = NULL;
	return rc;
}

static int batch_room(struct writer *writer, size_t len, struct err *err)
{
	int rc;

	if (len > writer->lines.max - writer->lines.len) {
		rc = batch_put_aside(writer, err);
		if (rc < 0)
			return rc;
	}
	rc = array_room_in(writer->records, writer->records_n,
			   writer->records_cap, err);
	return rc;
}

static int base_holds(struct writer *writer,
		      const struct arrange_record *place, bool *out,
		      struct err *err)
{
	int rc = 0;

	*out = false;
	if (!writer->base_has_records)
		return 0;
	rc = writer_load_known(writer, place, err);
	if (rc == 0)
		*out = table_get(&writer->known, place->line.id, NULL);
	return rc;
}

int writer_base_holds(struct writer *writer, const struct record *record,
		      const unsigned char id[RECORD_ID_BYTES], bool *out,
		      struct err *err)
{
	struct arrange_record place;
	int rc = arrange_record_init(writer->codec, record, id, &place, err);

	return rc < 0 ? rc : base_holds(writer, &place, out, err);
}

/* Members and keys in `vault` and nothing else; what removes, nowhere. */
static bool belongs_in(const struct writer *writer, const struct kind *kind)
{
	if (!strcmp(writer->construct, VAULT_CONSTRUCT))
		return kind->is_vault_only;
	return !kind->is_reserved;
}

/* Copy the record into the batch. */
static int queue(struct writer *writer, const struct record *given,
		 struct arrange_record place, struct err *err)
{
	const size_t len = given->line.len;
	struct record record;
	int rc = batch_room(writer, len, err);

	if (rc == 0)
		rc = writer_keep_blobs(writer, given, err);
	if (rc == 0)
		rc = buf_add_span(&writer->lines, given->line, err);
	if (rc < 0)
		return rc;
	record = record_moved(given, writer->lines.data + writer->lines.len -
			      len);
	place.line.line = record.line;
	place.line.at = record.at;
	writer->records[writer->records_n++] = place;
	writer->records_new++;
	return 0;
}

int writer_queue(struct writer *writer, const struct record *record,
		 struct err *err)
{
	unsigned char id[RECORD_ID_BYTES];
	struct arrange_record place;
	int rc;

	record_id(record->line, id);
	rc = arrange_record_init(writer->codec, record, id, &place, err);
	return rc < 0 ? rc : queue(writer, record, place, err);
}

static struct blob_sink blobs_of(struct writer *writer)
{
	struct blob_sink sink = {
		writer->is_dry_run ? NULL : writer->vault->store,
		writer->codec, &writer->segments
	};

	return sink;
}

/* Others would refuse the version whose record lacks its blob. */
static int check_blobs(struct writer *writer, const struct record *record,
		       struct err *err)
{
	const git_oid *tree = writer->base_has_records ? &writer->base : NULL;
	struct blob_sink sink = blobs_of(writer);
	unsigned char digest[SHA256_BYTES];
	char name[CID_TEXT_MAX];
	bool is_there = true;
	uint64_t size;
	size_t pos = 0;
	int rc = 0;

	while (rc == 0 && is_there && !writer->is_dry_run &&
	       blob_ref_next(record->data, &pos, digest, &size))
		rc = blob_is_begun(&sink, tree, digest, &is_there, err);
	if (rc < 0 || is_there)
		return rc;
	cid_text(CID_RAW, digest, name);
	return err_set(err, ERR_INVALID, "a record refers to blob '%s', which "
		       "is not there", name);
}

int writer_add_standing(struct writer *writer, const struct record *record,
			unsigned char *out_id, bool *out_is_new,
			struct err *err)
{
	unsigned char id[RECORD_ID_BYTES];
	struct arrange_record place;
	bool is_known;
	bool is_new;
	int rc;

	if (!belongs_in(writer, record->kind))
		return err_set(err, ERR_DENIED,
			       "a record of kind '%s' cannot stand in '%s'",
			       record->kind->name, writer->construct);
	record_id(record->line, id);
	rc = arrange_record_init(writer->codec, record, id, &place, err);
	if (rc == 0)
		rc = table_include(&writer->queued, id, &is_new, err);
	if (rc == 0)
		rc = check_blobs(writer, record, err);
	if (rc < 0)
		return rc;
	is_known = !is_new;
	if (!is_known)
		rc = base_holds(writer, &place, &is_known, err);
	if (rc == 0 && is_known)
		writer->records_known++;
	else if (rc == 0 && writer_is_disputed(writer, record))
		rc = writer_dispute(writer, record, err);
	else if (rc == 0)
		rc = queue(writer, record, place, err);
	if (rc < 0)
		return rc;
	if (out_id)
		memcpy(out_id, id, sizeof(id));
	if (out_is_new)
		*out_is_new = !is_known;
	return 0;
}

int writer_add_record(struct writer *writer, const struct record *record,
		      unsigned char *out_id, bool *out_is_new,
		      struct err *err)
{
	bool is_forgotten = false;
	int rc = writer_is_forgotten(writer, record, &is_forgotten, err);

	if (rc < 0 || !is_forgotten)
		return rc < 0 ? rc : writer_add_standing(writer, record, out_id,
							 out_is_new, err);
	if (out_id)
		record_id(record->line, out_id);
	if (out_is_new)
		*out_is_new = false;
	return 0;
}

int writer_add(struct writer *writer, struct span line, unsigned char *out_id,
	       bool *out_is_new, struct err *err)
{
	struct record record;
	bool is_revived = false;
	int rc = record_parse(line, &record, err);

	if (rc == 0 && writer->base_has_records)
		rc = writer_revive(writer, &record, out_id, &is_revived, err);
	if (rc == 0 && is_revived && out_is_new)
		*out_is_new = true;
	return rc < 0 || is_revived ? rc :
	       writer_add_record(writer, &record, out_id, out_is_new, err);
}

int writer_outline(struct writer *writer, struct span data, struct buf *out,
		   struct err *err)
{
	struct blob_sink sink = blobs_of(writer);

	return blob_outline(&sink, data, RECORD_MAX_BYTES / 2, out, err);
}

int writer_add_parts(struct writer *writer, const struct record_parts *parts,
		     unsigned char *out_id, bool *out_is_new, struct err *err)
{
	struct buf line = BUF_INIT(RECORD_MAX_BYTES);
	struct buf outlined = BUF_INIT(RECORD_MAX_BYTES);
	unsigned char (*gathered)[RECORD_ID_BYTES] = NULL;
	struct record_parts fit = *parts;
	struct record record;
	int rc = 0;

	if (parts->data.len > VALUE_INLINE_MAX) {
		rc = writer_outline(writer, parts->data, &outlined, err);
		if (rc < 0)
			goto out;
		fit.data = buf_span(&outlined);
	}
	rc = writer_gather(writer, &fit, &gathered, err);
	if (rc == 0)
		rc = record_build_parsed(&fit, &line, &record, err);
	if (rc < 0)
		goto out;
	rc = writer_add_record(writer, &record, out_id, out_is_new, err);
out:
	free(gathered);
	buf_release(&line);
	buf_release(&outlined);
	return rc;
}

int writer_add_blob(struct writer *writer, struct span bytes,
		    const char *media, struct buf *ref, struct err *err)
{
	struct blob_sink sink = blobs_of(writer);

	return blob_write(&sink, bytes, media, ref, err);
}

void writer_claim(struct writer *writer, const struct writer_claim *claim,
		  const struct writer_others *others)
{
	writer->claim = claim;
	writer->others = others;
}

int writer_view(struct writer *writer, struct view **out, struct err *err)
{
	int rc = 0;

	if (!writer->view)
		rc = view_open_ref(writer->vault, writer->ref_name,
				   &writer->view, err);
	*out = writer->view;
	return rc;
}

uint64_t writer_forgotten(const struct writer *writer)
{
	return writer->records_forgotten;
}

size_t writer_waiting(const struct writer *writer)
{
	return writer->lines.len + writer->disputes.lines.len;
}

int writer_settle(struct writer *writer, struct err *err)
{
	int rc = writer_judge(writer, err);

	return rc < 0 ? rc : batch_put_aside(writer, err);
}

static int recount(void *arg, const git_oid *tree, uint64_t *records,
		   struct err *err)
{
	struct writer *writer = arg;
	int rc = writer_recount(writer, tree, err);

	*records = writer->records_new;
	return rc;
}

static struct publication publication_of(const struct commit *commit)
{
	struct writer *writer = commit->writer;
	const struct publication publication = {
		.vault = writer->vault, .construct = writer->construct,
		.ref_name = writer->ref_name, .codec = writer->codec,
		.segments = &writer->segments, .subject = commit->subject,
		.records = writer->records_new, .base = writer->base,
		.recount = recount, .arg = writer,
	};

	return publication;
}

static void put_counts(const struct writer *writer,
		       struct write_result *result)
{
	result->records_new = writer->records_new;
	result->records_known = writer->records_known;
	result->records_beside = writer->records_beside;
	result->records_forgotten = writer->records_forgotten;
}

/* Those that have something new. */
static int publish_new(struct commit *commits, size_t n, struct err *err)
{
	struct publication *at = calloc(n, sizeof(*at));
	git_oid *versions = calloc(n, sizeof(*versions));
	size_t count = 0;
	size_t i;
	int rc = 0;

	if (!at || !versions) {
		rc = err_set(err, ERR_NOMEM, "out of memory");
		goto out;
	}
	for (i = 0; i < n; i++) {
		if (commits[i].result.has_version)
			at[count++] = publication_of(&commits[i]);
	}
	if (count)
		rc = publish(at, count, versions, err);
	count = 0;
	for (i = 0; rc == 0 && i < n; i++) {
		struct write_result *result = &commits[i].result;

		if (!result->has_version)
			continue;
		result->version = versions[count++];
		put_counts(commits[i].writer, result);
		result->has_version = result->records_new > 0;
	}
out:
	free(at);
	free(versions);
	return rc;
}

int writers_commit(struct commit *commits, size_t n, struct err *err)
{
	struct write_result *result;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++) {
		struct writer *writer = commits[i].writer;

		result = &commits[i].result;
		memset(result, 0, sizeof(*result));
		rc = writer_judge(writer, err);
		put_counts(writer, result);
		result->has_version = writer->records_new &&
				      !writer->is_dry_run;
		if (rc == 0)
			rc = writer_drop_blobs(writer, err);
		if (rc == 0 && result->has_version)
			rc = batches_store(writer, err);
	}
	return rc < 0 || !n ? rc : publish_new(commits, n, err);
}

int writer_commit(struct writer *writer, const char *subject,
		  struct write_result *out, struct err *err)
{
	struct commit commit = { .writer = writer, .subject = subject };
	int rc = writers_commit(&commit, 1, err);

	*out = commit.result;
	if (rc < 0)
		out->has_version = false;
	return rc;
}
