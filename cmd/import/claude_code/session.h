/*
 * What a session of Claude Code becomes: records of its messages, and one of
 * itself.
 */
#ifndef VV_CMD_IMPORT_CLAUDE_CODE_SESSION_H
#define VV_CMD_IMPORT_CLAUDE_CODE_SESSION_H

#include "cmd/import/claude_code/claude_code.h"

/* What lines say about the session of their file. */
struct cc_about {
	struct buf custom;	/* titles: the user's, ... */
	struct buf made;	/* the program's, ... */
	struct buf summary;	/* and of a leaf that is in the file */
	struct buf agent;	/* its name */
	struct buf summaries;	/* canonical items; most are of leaves of
				   other sessions */
	struct buf links;	/* pull requests, likewise */
	struct buf others;	/* what titles say else */
};

#define CC_ABOUT_INIT { BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT), \
			BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT), \
			BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT), \
			BUF_INIT(BUF_NO_LIMIT) }

void cc_about_add(struct cc_about *about, const struct cc_skeleton *skeleton,
		  const struct jval *value);
void cc_about_release(struct cc_about *about);

/* The draft's message; the chat has begun with its session. */
MUST_USE int cc_put_message(struct chat *chat,
			    const struct cc_skeleton *skeleton,
			    const struct lineage *lineage,
			    struct cc_draft *draft, struct err *err);

/* about: NULL when the file is another session's. */
MUST_USE int cc_put_session(struct chat *chat,
			    const struct cc_skeleton *skeleton,
			    const struct lineage *lineage, uint32_t session,
			    const struct cc_about *about, struct err *err);

/* The id in a message's key: the key. */
struct span cc_id_of(struct span key);

#endif
