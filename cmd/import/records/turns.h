/*
 * Conversations of datasets and plain exports: turns one after the other,
 * often without ids and times.
 */
#ifndef VV_CMD_IMPORT_RECORDS_TURNS_H
#define VV_CMD_IMPORT_RECORDS_TURNS_H

#include "cmd/import/records/chat.h"
#include "cmd/import/records/part.h"

/*
 * A conversation on its way: turns_begin(); for each turn what it says into
 * `parts` and the rest into `native`, then turns_put(); turns_end().
 */
struct turns {
	struct chat chat;
	struct parts parts;
	struct jcs_fields native;
	struct buf text;		/* native, written */
	struct buf key;
	struct buf last;		/* key of the turn before */
	int64_t index;			/* of the next turn */
};

#define TURNS_INIT { CHAT_INIT, PARTS_INIT, JCS_FIELDS_INIT, \
		     BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT), \
		     BUF_INIT(BUF_NO_LIMIT), 0 }

void turns_release(struct turns *turns);

MUST_USE int turns_begin(struct turns *turns, struct import_job *job,
			 struct import_source *source, const char *provider,
			 struct span key, struct err *err);

/*
 * Put the turn. What the message does not say is filled in: its key is its
 * number, its parent the turn before, its content and parts what `parts`
 * holds, its native what `native` does. Its index is its number.
 */
MUST_USE int turns_put(struct turns *turns, struct chat_message *message,
		       struct err *err);

/* Put the session; its leaf is the last turn, its native what was collected
 * since. */
MUST_USE int turns_end(struct turns *turns, struct chat_session *session,
		       struct err *err);

#endif
