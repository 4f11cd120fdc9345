/*
 * Blobs in JSON lines: {"$blob":cid,"bytes":base64,"media":...,"offset":n,
 * "size":n}, the pieces of one blob in a row, before the records that refer
 * to it.
 */
#ifndef VV_CMD_IMPORT_JSONL_BLOB_H
#define VV_CMD_IMPORT_JSONL_BLOB_H

#include <stdbool.h>

#include "cmd/import/import.h"
#include "cmd/import/jsonl/redact.h"

/* The blob at hand, and those that are complete. */
struct jsonl_blobs {
	struct buf bytes;
	struct buf media;
	unsigned char digest[SHA256_BYTES];
	uint64_t size;
	bool is_open;
	struct table stored;
	struct view *view;	/* of what the construct holds; opened late */
	bool has_looked;
	struct jsonl_redact redact;
};

#define JSONL_BLOBS_INIT { BUF_INIT(BUF_NO_LIMIT), BUF_INIT(256), { 0 }, 0, \
			   false, TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT), \
			   NULL, false, JSONL_REDACT_INIT }
void jsonl_blobs_release(struct jsonl_blobs *blobs);

/*
 * Take one line; the last piece of a blob hands it to the writer. ERR_INVALID
 * for a piece that does not fit, or bytes that are not those of the name.
 */
MUST_USE int jsonl_blob_line(struct jsonl_blobs *blobs,
			     struct import_job *job, struct span line,
			     struct err *err);

/* No blob may be open here: a record comes, or the end. */
MUST_USE int jsonl_blobs_closed(const struct jsonl_blobs *blobs,
				struct err *err);

/*
 * A record comes: jsonl_redact_record(), and then: are the blobs that it
 * refers to there, in what was read or in the construct? Quick where the
 * record has none. ERR_INVALID names the missing.
 */
MUST_USE int jsonl_blobs_check(struct jsonl_blobs *blobs,
			       struct import_job *job, const char *construct,
			       struct span *line, struct err *err);

#endif
