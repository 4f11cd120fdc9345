/*
 * How many sessions a file of an agent holds: a database has them all.
 */
#ifndef VV_CMD_CAPTURE_CHATS_H
#define VV_CMD_CAPTURE_CHATS_H

#include <stdint.h>

#include "cmd/capture/agent.h"

/* By one query that reads an index, or the rows of its list of sessions; 1
 * where it is no database of that agent's, or cannot be asked. */
uint64_t chats_in(const struct agent *agent, const char *path);

#endif
