/*
 * Titles that stand in another file than their session.
 */
#ifndef VV_CMD_IMPORT_RECORDS_SESSION_TITLE_H
#define VV_CMD_IMPORT_RECORDS_SESSION_TITLE_H

#include "cmd/import/records/chat.h"

struct session_title {
	const char *provider;
	struct span session;	/* its key at the provider */
	struct span title;
	struct chat_time time;	/* when it was given: of an unknown time it
				   yields to what the session's own file says */
};

/* Say of a session what its title is, and no more. */
MUST_USE int session_title_put(struct import_job *job,
			       struct import_source *source,
			       const struct session_title *title,
			       struct err *err);

#endif
