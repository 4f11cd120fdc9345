/*
 * Capsules in JSON lines on their way into a plain vault: what they say of a
 * machine is emptied here too, so that an export of an encrypted vault makes
 * the same records there as the capsules themselves would.
 */
#ifndef VV_CMD_IMPORT_JSONL_REDACT_H
#define VV_CMD_IMPORT_JSONL_REDACT_H

#include "cmd/import/import.h"
#include "lib/base/table.h"

/* A blob that may have to be emptied; the next record tells. */
struct jsonl_held {
	unsigned char digest[SHA256_BYTES];
	struct buf bytes;
	struct buf media;
};

#define JSONL_HELD_MAX 8

struct jsonl_redact {
	struct jsonl_held held[JSONL_HELD_MAX];
	size_t held_n;
	struct table emptied;	/* exact digest: where in refs */
	struct buf refs;	/* references, each ended by NUL */
	struct buf line;	/* a record that was changed */
	uint64_t count;		/* of such records */
};

#define JSONL_REDACT_INIT { .held_n = 0, \
	.emptied = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT), \
	.refs = BUF_INIT(BUF_NO_LIMIT), .line = BUF_INIT(BUF_NO_LIMIT) }
void jsonl_redact_release(struct jsonl_redact *redact);

/*
 * Take a complete blob, with what it owns, if it tells of a machine and the
 * job empties that; else *out_is_held is false. At most JSONL_HELD_MAX.
 */
void jsonl_redact_hold(struct jsonl_redact *redact,
		       const struct import_job *job,
		       const struct jsonl_held *blob, bool *out_is_held);

/*
 * A record comes. If it is a capsule, the blobs held that are its source are
 * stored emptied, and *line becomes the record that says so (good until the
 * next call). All others are stored as they are. stored: gets the digests.
 */
MUST_USE int jsonl_redact_record(struct jsonl_redact *redact,
				 struct import_job *job, struct table *stored,
				 struct span *line, struct err *err);

#endif
