/*
 * Files of memories, rules and tasks that agents keep for a person beside
 * their sessions.
 */
#ifndef VV_CMD_CAPTURE_NOTES_H
#define VV_CMD_CAPTURE_NOTES_H

#include "cmd/capture/find.h"

/*
 * Add those that this agent has here, each once, behind what finds_look()
 * found of it: in its own folder, and in the projects of agents' lists, but
 * for projects that are called alike. Nothing is that lies behind a symbolic
 * link.
 */
MUST_USE int finds_look_notes(struct finds *finds, const struct agent *agent,
			      const struct agent_home *home, struct err *err);

#endif
