/*
 * -v: what is done, and how long it takes, on stderr.
 */
#ifndef VV_CMD_CLI_VERBOSE_H
#define VV_CMD_CLI_VERBOSE_H

#include "cmd/action/action.h"

/* From now on it is said: first, of which vault and with which keys. */
void verbose_begin(const struct action_call *call);

/* Work of that name has come so far: once it is another's turn, or with
 * verbose_end(), it is told how much there was and how long it took. */
void verbose_progress(const struct host_progress *progress);

/* A result is about to be shown: tell what it took to the first. */
void verbose_result(void);

/* Tell the time of all, and what was read and written. */
void verbose_end(const struct action_call *call);

#endif
