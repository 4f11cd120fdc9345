/*
 * An agent takes what its hook prints, and how it ends, for something said to
 * it: so there nothing is said, whatever happens.
 */
#ifndef VV_CMD_CLI_SILENCE_H
#define VV_CMD_CLI_SILENCE_H

#include "cmd/cli/cmd.h"

/* Do these words say that a hook calls? Then all that is printed from here on
 * goes nowhere, and the program is to end with 0. */
bool silence(struct session *session, int argc, char **argv);

#endif
