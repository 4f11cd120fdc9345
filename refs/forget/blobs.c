#include "refs/forget/blobs.h"

#include "lib/json/jcs_scan.h"
#include "objects/blob/blob.h"

#define DEPTH_MAX 64		/* blobs in blobs; none of ours go deeper */

struct blobs_reading {
	struct view *view;
	const struct blobs_visitor *visitor;
	unsigned depth;
};

static int each(struct blobs_reading *reading, struct span text, struct err *err);

/* Into what is JSON; other texts only look as if. */
static int each_in_blob(struct blobs_reading *reading,
			const unsigned char digest[SHA256_BYTES],
			struct err *err)
{
	struct buf bytes = BUF_INIT(BLOB_MAX_BYTES);
	bool is_there = false;
	int rc;

	if (reading->depth == DEPTH_MAX)
		return err_set(err, ERR_LIMIT, "blobs lie in blobs, more than "
			       "%d deep", DEPTH_MAX);
	rc = view_blob(reading->view, digest, &bytes, &is_there, err);
	reading->depth++;
	if (rc == 0 && is_there && span_has(buf_span(&bytes), "\"$blob\":") &&
	    jcs_check(buf_span(&bytes), NULL) == 0)
		rc = each(reading, buf_span(&bytes), err);
	reading->depth--;
	buf_wipe(&bytes);
	buf_release(&bytes);
	return rc;
}

static int each(struct blobs_reading *reading, struct span text, struct err *err)
{
	const struct blobs_visitor *visitor = reading->visitor;
	bool has_json = span_has(text, "\"media\":\"application/json\"");
	unsigned char digest[SHA256_BYTES];
	uint64_t size;
	size_t pos = 0;
	int rc = 0;

	while (rc == 0 && blob_ref_next(text, &pos, digest, &size)) {
		rc = visitor->blob(visitor->arg, digest, err);
		if (rc == 0 && has_json)
			rc = each_in_blob(reading, digest, err);
	}
	return rc;
}

int blobs_each(struct view *view, struct span text,
	       const struct blobs_visitor *visitor, struct err *err)
{
	struct blobs_reading reading = { view, visitor, 0 };

	return each(&reading, text, err);
}
