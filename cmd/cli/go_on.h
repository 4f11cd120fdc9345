/*
 * A program that takes our place when all is done: the agent that goes on with
 * a session.
 */
#ifndef VV_CMD_CLI_GO_ON_H
#define VV_CMD_CLI_GO_ON_H

#include "cmd/cli/cmd.h"
#include "lib/base/span.h"

/* Keep what the action says of it: {"before","command","in"}, words without a
 * shell, and the folder. */
MUST_USE int go_on_keep(struct session *session, struct span json);

/*
 * Start what was kept; nothing where nothing was. Returns only when it could
 * not be: the session's error says why.
 */
MUST_USE int go_on_start(struct session *session);

#endif
