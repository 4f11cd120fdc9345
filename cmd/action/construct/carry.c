#include "cmd/action/construct/carry.h"

#include "objects/blob/blob.h"

void carry_release(struct carry *carry)
{
	table_release(&carry->blobs);
}

static int carry_blob(struct carry *carry,
		      const unsigned char digest[SHA256_BYTES],
		      struct err *err)
{
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct buf ref = BUF_INIT(4096);
	bool is_there = false;
	bool is_new = false;
	int rc = table_include(&carry->blobs, digest, &is_new, err);

	if (rc == 0 && is_new)
		rc = view_blob(carry->from, digest, &bytes, &is_there, err);
	/* The record says of which media it is; that stays as it says it. */
	if (rc == 0 && is_there)
		rc = writer_add_blob(carry->into, buf_span(&bytes),
				     "application/octet-stream", &ref, err);
	buf_release(&bytes);
	buf_release(&ref);
	return rc;
}

int carry_blobs(struct carry *carry, struct span text, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	uint64_t size;
	size_t at = 0;
	int rc = 0;

	while (rc == 0 && blob_ref_next(text, &at, digest, &size))
		rc = carry_blob(carry, digest, err);
	return rc;
}

int carry_record(struct carry *carry, const struct record *record,
		 struct err *err)
{
	bool is_new = false;
	int rc;

	carry->seen++;
	if (record->kind->is_reserved)
		return 0;
	rc = carry_blobs(carry, record->data, err);
	if (rc == 0)
		rc = writer_add(carry->into, record->line, NULL, &is_new, err);
	carry->new += is_new;
	return rc;
}
