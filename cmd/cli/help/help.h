/*
 * What `help` and --help do otherwise than the table of its words says.
 */
#ifndef VV_CMD_CLI_HELP_HELP_H
#define VV_CMD_CLI_HELP_HELP_H

#include "cmd/cli/cmd.h"

/*
 * Where -h or --help stands among the words, "vvault session list -n 3 --help"
 * becomes "vvault help session list", which then opens no page of the manual.
 * Returns how many words there are.
 */
int help_turn(const struct cmd *cmd, int argc, char **argv);

#endif
