/*
 * What a handoff says of a session as a whole, and the refs of its turns.
 */
#ifndef VV_CMD_ACTION_CONTEXT_HANDOFF_H
#define VV_CMD_ACTION_CONTEXT_HANDOFF_H

#include "cmd/action/read/transcript.h"
#include "cmd/context/brief.h"
#include "cmd/resume/passage.h"

/* The section of the state: title, project, agent, times, size, how it ends,
 * and what of the session is not told. */
MUST_USE int handoff_state(const struct transcript *transcript,
			   const struct passage *passage, struct brief *brief,
			   struct err *err);

/*
 * Append the list of things to do that was kept beside the session: with it
 * (OpenCode), or in files of the agent that are memories here (Claude Code's
 * todos and tasks). A canonical list; nothing where there is none.
 */
MUST_USE int handoff_todos(const struct transcript *transcript,
			   struct buf *out, struct err *err);

/* The refs of the passage's turns, in their order; the caller frees out. */
MUST_USE int handoff_refs(const struct transcript *transcript,
			  const struct passage *passage,
			  char (**out)[BRIEF_REF + 1], struct err *err);

#endif
