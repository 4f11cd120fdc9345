/*
 * Titles that stand in another file than their session: in the list of all
 * of them that a program keeps.
 */
#ifndef VV_CMD_IMPORT_RECORDS_SESSION_TITLE_H
#define VV_CMD_IMPORT_RECORDS_SESSION_TITLE_H

#include "cmd/import/records/chat.h"
#include "cmd/import/records/take.h"

struct session_title {
	const char *provider;
	struct span session;	/* its key at the provider */
	struct span title;
	struct chat_time time;	/* when it was given: of an unknown time it
				   yields to what the session's own file says */
	const struct chat_time *created;	/* or NULL */
	struct span cwd;	/* absent: it is not said */
	const struct take *rest;	/* what else the list says of it, kept
					   as `listed`; or NULL */
};

/* Say of a session what a list says of it, and no more. */
MUST_USE int session_title_put(struct import_job *job,
			       struct import_source *source,
			       const struct session_title *title,
			       struct err *err);

#endif
