/*
 * A session that goes on: what is known while it is written, and under which
 * name it is, so that what comes back is known again.
 */
#ifndef VV_CMD_ACTION_RESUME_AGAIN_H
#define VV_CMD_ACTION_RESUME_AGAIN_H

#include "cmd/action/read/ref.h"
#include "cmd/action/resume/read_back.h"
#include "cmd/resume/placing.h"

struct resuming {
	struct action_call *call;
	struct ref ref;
	struct transcript transcript;
	struct made made;
	struct going_on on;
	struct resume_out out;
	struct read_back back;
	struct buf messages;	/* of the copy: copies.h */
	bool is_native;		/* it goes back to its own agent */
	bool is_open;
	const char *state;	/* how it ended: "written", "here" (the agent
				   has all of it), "grown" (it has gone on with
				   it since), "would write" */
};

#define RESUMING_INIT(action_call) { \
	.call = (action_call), .ref = REF_INIT, \
	.transcript = TRANSCRIPT_INIT, .made = MADE_INIT, \
	.on = GOING_ON_INIT, .out = RESUME_OUT_INIT, \
	.back = READ_BACK_INIT, .messages = BUF_INIT(BUF_NO_LIMIT) }

/* P of session:P:C. */
struct span again_provider(const struct resuming *resuming);
bool again_is_native(const struct resuming *resuming);

/*
 * Set the session's own id, where it goes back to its own agent and can have
 * it: *out_is_usable. *out_is_here: its home has a file of that name. Where that
 * says all there is to say, nothing is to be written: the state is "here".
 */
MUST_USE int again_own_id(struct resuming *resuming, bool *out_is_usable,
			  bool *out_is_here, struct err *err);

/* Has the agent all of it in a copy that was made before, in this folder? Then
 * the state is "here". */
MUST_USE int again_find_copy(struct resuming *resuming, struct err *err);

/* An id that follows from the session, the agent, the folder and all that is
 * said. */
void again_made_id(struct resuming *resuming);

/* A message of the copy repeats one of the session. */
MUST_USE int again_note(struct resuming *resuming, struct span copy,
			struct span original, struct err *err);
/* Remember the copy for imports to come. */
MUST_USE int again_remember(struct resuming *resuming, struct err *err);

#endif
