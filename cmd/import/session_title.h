/*
 * Titles that stand in another file than their session.
 */
#ifndef VV_CMD_IMPORT_SESSION_TITLE_H
#define VV_CMD_IMPORT_SESSION_TITLE_H

#include "cmd/import/chat.h"

/*
 * Say of a session (by its key at the provider) what its title is, and no
 * more. time: when it was given; of an unknown one it yields to the title that
 * the session's own file gives.
 */
MUST_USE int session_title_put(struct import_job *job,
			       struct import_source *source,
			       const char *provider, struct span session,
			       struct span title,
			       const struct chat_time *time, struct err *err);

#endif
