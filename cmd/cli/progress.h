/*
 * Progress of long work, on stderr: one line that is drawn over, at most ten
 * times a second.
 */
#ifndef VV_CMD_CLI_PROGRESS_H
#define VV_CMD_CLI_PROGRESS_H

#include <stdbool.h>

#include "cmd/action/host.h"

/* It was asked for: it is drawn at once, and not only when work takes long.
 * Returns true. */
bool progress_want(void);

/* Draw it, if the last time is long enough ago. */
void progress_draw(const struct host_progress *progress);

/* Wipe the line, if one was drawn. */
void progress_wipe(void);

/* Words of remotes and hooks, on stderr, safe for a terminal; lines stay
 * lines, also those that ssh ends as a terminal in raw mode wants it. */
void progress_heard(struct span bytes);

#endif
