/*
 * Completion behind a command's name.
 */
#ifndef VV_CMD_CLI_COMPLETE_BEHIND_H
#define VV_CMD_CLI_COMPLETE_BEHIND_H

#include "cmd/cli/complete/candidates.h"

/* What the word to come may be, behind those of argv, of which the first one
 * names the command. */
void complete_behind(struct candidates *to, int argc, char **argv);

#endif
