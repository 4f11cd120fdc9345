#include "refs/verify/verify_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "objects/blob/blob.h"

int blob_uses_note(struct blob_uses *uses, const struct record *record,
		   const unsigned char id[RECORD_ID_BYTES], struct err *err)
{
	struct blob_use use;
	size_t pos = 0;
	int rc = 0;

	while (rc == 0 &&
	       blob_ref_next(record->data, &pos, use.digest, &use.size)) {
		memcpy(use.record, id, RECORD_ID_BYTES);
		rc = array_room(uses, err);
		if (rc == 0)
			uses->at[uses->n++] = use;
	}
	return rc;
}

static int compare(const void *a, const void *b)
{
	const struct blob_use *one = a, *two = b;
	int order = memcmp(one->digest, two->digest, SHA256_BYTES);

	return order ? order : (one->size > two->size) -
			       (one->size < two->size);
}

/* Pieces are named by what they hold, so the same ones are right again. */
static void blobs_make_key(const struct blob_use *use,
			   const struct tree_segments *pieces,
			   unsigned char out[JOB_KEY_BYTES])
{
	unsigned char digest[SHA256_BYTES];
	struct sha256 hash;
	size_t i;

	sha256_init(&hash);
	sha256_add(&hash, use->digest, SHA256_BYTES);
	sha256_add(&hash, &use->size, sizeof(use->size));
	for (i = 0; i < pieces->n; i++)
		sha256_add(&hash, pieces->at[i].digest, SHA256_BYTES);
	sha256_finish(&hash, digest);
	memcpy(out, digest, JOB_KEY_BYTES);
}

static int blobs_check(struct worker *worker, struct codec *codec,
		       const git_oid *tree, const struct blob_use *use,
		       struct err *err)
{
	struct tree_segments pieces = TREE_SEGMENTS_INIT;
	unsigned char key[JOB_KEY_BYTES];
	int rc = blob_pieces(worker->store, codec, tree, use->digest, &pieces,
			     err);

	if (rc < 0)
		goto out;
	blobs_make_key(use, &pieces, key);
	if (table_get(&worker->blobs, key, NULL))
		goto out;
	rc = blob_check(worker->store, codec, &pieces, use->size, err);
	if (rc == 0)
		rc = table_include(&worker->blobs, key, NULL, err);
out:
	tree_segments_release(&pieces);
	return rc;
}

int blob_uses_check(struct worker *worker, struct codec *codec,
		    const git_oid *tree, struct blob_uses *uses,
		    const struct blob_use **out_bad, struct err *err)
{
	size_t i;
	int rc = 0;

	if (uses->n > 1)
		qsort(uses->at, uses->n, sizeof(*uses->at), compare);
	for (i = 0; rc == 0 && i < uses->n; i++) {
		if (i && !compare(&uses->at[i - 1], &uses->at[i]))
			continue;
		*out_bad = &uses->at[i];
		rc = blobs_check(worker, codec, tree, &uses->at[i], err);
	}
	return rc;
}
