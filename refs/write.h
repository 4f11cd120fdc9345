/*
 * The one write path: records to a new version of a construct. Everything
 * that changes a vault on this device goes through here.
 */
#ifndef VV_REFS_WRITE_H
#define VV_REFS_WRITE_H

#include <stdbool.h>

#include "lib/err.h"
#include "lib/span.h"
#include "objects/record.h"
#include "refs/vault.h"

#define WRITE_LOCK_MS 60000	/* how long to wait for another writer */

struct writer;

enum writer_flags {
	WRITER_MAY_CREATE = 1	/* the construct need not exist */
};

/*
 * Begin writing to a construct (its own name). ERR_NOT_FOUND without
 * WRITER_MAY_CREATE, ERR_DENIED when this device is no writer (for `vault`:
 * no owner), ERR_NO_KEY.
 */
MUST_USE int writer_new(struct vault *vault, const char *construct,
			unsigned flags, struct writer **out, struct err *err);
void writer_free(struct writer *writer);

/*
 * Queue one canonical record (checked here; copied). *out_is_new is false
 * when the construct holds it, or it was queued before. A full batch is
 * sealed and stored on the way, so memory stays bounded; nothing is visible
 * until writer_commit(). out_id and out_is_new may be NULL.
 */
MUST_USE int writer_add(struct writer *writer, struct span line,
			unsigned char *out_id, bool *out_is_new,
			struct err *err);

/*
 * Build a record from its parts and queue it; values that are too large for
 * a record become blobs. data: canonical object of any size.
 */
MUST_USE int writer_add_parts(struct writer *writer,
			      const struct record_parts *parts,
			      unsigned char *out_id, bool *out_is_new,
			      struct err *err);

/*
 * Store bytes as a blob of this construct; appends the reference to ref.
 */
MUST_USE int writer_add_blob(struct writer *writer, struct span bytes,
			     const char *media, struct buf *ref,
			     struct err *err);

struct write_result {
	bool has_version;	/* false: nothing was new */
	git_oid version;
	uint64_t records_new;
	uint64_t records_known;
};

/*
 * Sign and publish: under the construct's lock, all heads become parents, the
 * tree is their union plus the new segments, objects are on disk before the
 * ref moves by compare-and-swap. Compacts (a version of its own) when a
 * folder has gathered too many segments. Two processes that commit at once
 * both succeed. subject: one line.
 */
MUST_USE int writer_commit(struct writer *writer, const char *subject,
			   struct write_result *out, struct err *err);

#endif
