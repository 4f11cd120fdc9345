/*
 * Where a session goes on: the agent, its folder, the folder that is worked in.
 */
#ifndef VV_CMD_ACTION_RESUME_TARGET_H
#define VV_CMD_ACTION_RESUME_TARGET_H

#include "cmd/action/action.h"
#include "cmd/capture/agent.h"
#include "cmd/resume/writer.h"
#include "lib/os/path.h"

#define PATH_MAP_KEY "vvault.pathmap"

struct going_on {
	const struct resume_writer *writer;
	const struct agent *agent;	/* NULL: it keeps its sessions where
					   it works */
	const char *place;	/* of its sessions, below a person's home */
	struct buf home;
	struct buf user_home;
	struct buf cwd;
	bool is_mapped;		/* the folder is another than the session's */
	struct resume_target target;	/* its id is for the caller */
};

#define GOING_ON_INIT { .home = PATH_BUF_INIT, .user_home = PATH_BUF_INIT, \
			.cwd = PATH_BUF_INIT }
void going_on_release(struct going_on *on);

/* NULL: no agent of that name goes on with sessions. */
const struct resume_writer *resume_writer_find(const char *name);

/* The writer of that name, or (NULL) of the agent that a session is of.
 * ERR_INVALID, ERR_NOT_FOUND: there is none, which there are. */
MUST_USE int going_on_as(const char *name, struct span provider,
			 struct going_on *out, struct err *err);

/*
 * Find the agent's folder by its variables, and where it works: in `in`, else
 * where the setting has the session's folder, else there. ERR_NOT_FOUND: that
 * is no folder of this machine, --in names one.
 */
MUST_USE int going_on_where(const struct action_call *call, const char *in,
			    struct span session_cwd, struct going_on *out,
			    struct err *err);

#endif
