#include "refs/renew/renew_internal.h"

#include <stdlib.h>
#include <string.h>

#include "objects/blob/blob.h"
#include "refs/view/forgotten.h"
#include "refs/write/write.h"

#define SUBJECT "carried over: what the vault that was made anew did not have"

/* Records on their way from the old lineage into the new. */
struct carrying {
	struct stage *stage;
	struct view *from;		/* the heads that the new one lacks */
	const struct view *made;
	struct writer *writer;
	struct buf blob;
	struct buf ref;
};

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

static int carry_record(void *arg, const struct fold_record *record,
			struct err *err)
{
	struct carrying *carrying = arg;
	bool is_new = false;
	int rc;

	/* What it had forgotten is forgotten there: check_forgettings(). */
	if (forgotten_has(carrying->made, record->id) ||
	    !strcmp(record->record.kind->name, "forget"))
		return 0;
	rc = carry_blobs(carrying, record->record.line, err);
	if (rc == 0)
		rc = writer_add(carrying->writer, record->record.line, NULL,
				&is_new, err);
	carrying->stage->report.carried += is_new;
	return rc;
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

int carry_over(struct stage *stage, const struct view *old,
	       const struct view *made, const struct table *lacking,
	       struct err *err)
{
	struct carrying carrying = {
		.stage = stage, .made = made, .blob = BUF_INIT(BLOB_MAX_BYTES),
		.ref = BUF_INIT(4096),
	};
	const struct view_record_visitor visitor = { carry_record, &carrying };
	struct write_result result = { .has_version = false };
	int rc = open_lacking(stage, old, lacking, &carrying.from, err);

	if (rc == 0)
		rc = forgotten_read(carrying.from, err);
	if (rc == 0)
		rc = check_forgettings(carrying.from, made, err);
	if (rc == 0)
		rc = writer_new(stage->made, old->construct,
				WRITER_MAY_CREATE, &carrying.writer, err);
	if (rc == 0)
		rc = view_records(carrying.from, &visitor, err);
	if (rc == 0)
		rc = writer_commit(carrying.writer, SUBJECT, &result, err);
	writer_free(carrying.writer);
	view_free(carrying.from);
	buf_wipe(&carrying.blob);
	buf_wipe(&carrying.ref);
	return rc;
}
