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

/* The list of things to do that the session itself has, as its source kept it
 * beside what was said: canonical, absent where there is none. */
struct span handoff_todos(const struct transcript *transcript);

/* The refs of the passage's turns, in their order; the caller frees out. */
MUST_USE int handoff_refs(const struct transcript *transcript,
			  const struct passage *passage,
			  char (**out)[BRIEF_REF + 1], struct err *err);

#endif
