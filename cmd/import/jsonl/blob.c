#include "cmd/import/jsonl/blob.h"

#include "lib/id/cid.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_scan.h"
#include "objects/blob/blob.h"
#include "refs/view/view.h"

#define REFERENCE "$blob\":\""	/* quotes in a text would be escaped */
#define PIECE_MEMBERS 5

void jsonl_blobs_release(struct jsonl_blobs *blobs)
{
	buf_release(&blobs->bytes);
	buf_release(&blobs->media);
	table_release(&blobs->stored);
	jsonl_redact_release(&blobs->redact);
	view_free(blobs->view);
	blobs->view = NULL;
}

/* One line, taken apart. */
struct piece {
	unsigned char digest[SHA256_BYTES];
	struct span bytes;	/* base64 */
	struct span media;
	int64_t offset;
	int64_t size;
};

static int parse_piece(struct span line, struct piece *out, struct err *err)
{
	struct jcs_member members[PIECE_MEMBERS];
	struct span name;
	struct span value;
	size_t count;
	int rc;

	rc = jcs_object_scan(line, members, PIECE_MEMBERS, &count, err);
	if (rc < 0)
		return rc;
	if (!jcs_find_string(line, "$blob", &name) ||
	    !cid_parse_raw(name, out->digest) ||
	    !jcs_find_string(line, "bytes", &out->bytes) ||
	    !jcs_find(line, "media", &value) || !jcs_string_is_plain(value) ||
	    count != PIECE_MEMBERS)
		return err_set(err, ERR_INVALID, "not a piece of a blob");
	out->media = jcs_string_inner(value);
	jcs_find(line, "offset", &value);
	if (!jcs_integer(value, &out->offset) || out->offset < 0)
		return err_set(err, ERR_INVALID, "the piece of a blob has no "
			       "offset");
	jcs_find(line, "size", &value);
	if (!jcs_integer(value, &out->size) || out->size < 0 ||
	    (uint64_t)out->size > BLOB_MAX_BYTES)
		return err_set(err, ERR_INVALID, "the piece of a blob has no "
			       "size");
	return 0;
}

static int begin(struct jsonl_blobs *blobs, const struct piece *piece,
		 struct err *err)
{
	buf_reset(&blobs->bytes);
	buf_reset(&blobs->media);
	memcpy(blobs->digest, piece->digest, SHA256_BYTES);
	blobs->size = (uint64_t)piece->size;
	blobs->is_open = true;
	return buf_add_span(&blobs->media, piece->media, err);
}

static int finish(struct jsonl_blobs *blobs, struct import_job *job,
		  struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	struct buf ref = BUF_INIT(4096);
	struct jsonl_held whole;
	bool is_held;
	int rc;

	blobs->is_open = false;
	sha256_of(blobs->bytes.data, blobs->bytes.len, digest);
	if (memcmp(digest, blobs->digest, SHA256_BYTES))
		return err_set(err, ERR_INVALID, "the bytes of a blob are not "
			       "those of its name");
	memcpy(whole.digest, digest, SHA256_BYTES);
	whole.bytes = blobs->bytes;
	whole.media = blobs->media;
	jsonl_redact_hold(&blobs->redact, job, &whole, &is_held);
	if (is_held) {
		blobs->bytes = (struct buf)BUF_INIT(BUF_NO_LIMIT);
		blobs->media = (struct buf)BUF_INIT(256);
		return 0;
	}
	rc = writer_add_blob(job->writer, buf_span(&blobs->bytes),
			     buf_text(&blobs->media), &ref, err);
	if (rc == 0)
		rc = table_put(&blobs->stored, digest, 0, err);
	buf_release(&ref);
	/* A large one should not be held while the records stream by. */
	buf_release(&blobs->bytes);
	return rc;
}

int jsonl_blob_line(struct jsonl_blobs *blobs, struct import_job *job,
		    struct span line, struct err *err)
{
	struct piece piece;
	int rc;

	rc = parse_piece(line, &piece, err);
	if (rc < 0)
		return rc;
	if (!piece.offset) {
		rc = jsonl_blobs_closed(blobs, err);
		if (rc == 0)
			rc = begin(blobs, &piece, err);
		if (rc < 0)
			return rc;
	}
	if (!blobs->is_open || (uint64_t)piece.offset != blobs->bytes.len ||
	    (uint64_t)piece.size != blobs->size ||
	    memcmp(piece.digest, blobs->digest, SHA256_BYTES) ||
	    !span_equals(piece.media, buf_span(&blobs->media)))
		return err_set(err, ERR_INVALID, "the piece of a blob does "
			       "not follow the one before");
	rc = base64_decode(piece.bytes, &blobs->bytes, err);
	if (rc < 0)
		return rc;
	if (blobs->bytes.len > blobs->size)
		return err_set(err, ERR_INVALID, "a blob is longer than it "
			       "says");
	if (blobs->bytes.len == blobs->size)
		return finish(blobs, job, err);
	return piece.bytes.len ? 0 :
	       err_set(err, ERR_INVALID, "the piece of a blob is empty");
}

int jsonl_blobs_closed(const struct jsonl_blobs *blobs, struct err *err)
{
	if (blobs->is_open)
		return err_set(err, ERR_INVALID,
			       "the blob before this line is not complete");
	return 0;
}

/* Does the construct, as it was before this import, hold the blob? */
static bool is_in_vault(struct jsonl_blobs *blobs, struct import_job *job,
			const char *construct, const unsigned char *digest)
{
	struct buf bytes = BUF_INIT(BLOB_MAX_BYTES);
	char ref_name[CONSTRUCT_NAME_MAX];
	bool is_there = false;

	if (!blobs->has_looked &&
	    (vault_ref_name(job->vault, construct, ref_name, NULL) < 0 ||
	     view_open_ref(job->vault, ref_name, &blobs->view, NULL) < 0))
		blobs->view = NULL;
	blobs->has_looked = true;
	if (blobs->view)
		is_there = blob_read(job->vault->store, blobs->view->codec,
				     &blobs->view->tree, digest, &bytes,
				     NULL) == 0;
	buf_release(&bytes);
	return is_there;
}

static int check_refs(struct jsonl_blobs *blobs, struct import_job *job,
		      const char *construct, struct span line,
		      struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	struct span name;
	size_t at = 0;
	int rc = 0;

	while (rc == 0 &&
	       (at = span_find(line, REFERENCE, at)) != SPAN_NOWHERE) {
		at += strlen(REFERENCE);
		name = span_of(line.at + at, CID_RAW_TEXT);
		if (line.len - at < CID_RAW_TEXT)
			break;
		if (!cid_parse_raw(name, digest) ||
		    table_get(&blobs->stored, digest, NULL))
			continue;
		if (!is_in_vault(blobs, job, construct, digest))
			return err_set(err, ERR_INVALID, "the record refers "
				       "to the blob '%.*s', which neither the "
				       "lines before it nor the vault hold",
				       (int)name.len, name.at);
		rc = table_put(&blobs->stored, digest, 0, err);
	}
	return rc;
}

int jsonl_blobs_check(struct jsonl_blobs *blobs, struct import_job *job,
		      const char *construct, struct span *line,
		      struct err *err)
{
	int rc;

	rc = jsonl_redact_record(&blobs->redact, job, &blobs->stored, line,
				 err);
	return rc < 0 ? rc : check_refs(blobs, job, construct, *line, err);
}
