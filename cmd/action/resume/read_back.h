/*
 * What a writer made, read by the importer of its agent as a capture would:
 * in a folder of its own, without a vault.
 */
#ifndef VV_CMD_ACTION_RESUME_READ_BACK_H
#define VV_CMD_ACTION_RESUME_READ_BACK_H

#include "cmd/action/resume/make.h"
#include "cmd/action/resume/target.h"

struct read_back {
	struct transcript transcript;	/* of the copy's session */
	struct made made;
	int64_t end;			/* index behind its last message */
	size_t file;			/* of the writer's: that it stands in */
};

#define READ_BACK_INIT { .transcript = TRANSCRIPT_INIT, .made = MADE_INIT }
void read_back_release(struct read_back *back);

/* ERR_CORRUPT: it is not read as one session of that agent. */
MUST_USE int read_back(const struct action_call *call,
		       const struct resume_out *files,
		       const struct going_on *on, struct read_back *out,
		       struct err *err);

/* The same of a file that is there. */
MUST_USE int read_there(const struct action_call *call, const char *path,
			const struct going_on *on, struct read_back *out,
			struct err *err);

#endif
