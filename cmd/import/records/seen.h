/*
 * Keys for conversations whose source gives none, or the same to two.
 */
#ifndef VV_CMD_IMPORT_RECORDS_SEEN_H
#define VV_CMD_IMPORT_RECORDS_SEEN_H

#include "lib/base/buf.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"
#include "lib/json/jdoc.h"

struct seen {
	struct table keys;	/* SHA-256 of a key -> what it stands for */
	struct buf canonical;	/* scratch */
};

#define SEEN_INIT { TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT), \
		    BUF_INIT(BUF_NO_LIMIT) }

void seen_release(struct seen *seen);

/*
 * Replace out with the key of a conversation: its id; where that is absent
 * the hash of what it holds, whatever its spacing and order of members; with
 * that behind it where the id stands for something else already. Returns 1,
 * or 0 when the same was seen before.
 */
MUST_USE int seen_key(struct seen *seen, const struct jval *value,
		      struct span id, struct buf *out, struct err *err);

#endif
