/*
 * What follows a command's name, from the tables of its actions.
 */
#ifndef VV_CMD_CLI_HELP_USAGE_H
#define VV_CMD_CLI_HELP_USAGE_H

#include "cmd/cli/cmd.h"
#include "lib/base/buf.h"

/* "[-n <count>] [<version>]", "list | show <version>"; wants_all: with what
 * is too particular for a usage line. */
void usage_put(const struct cmd *cmd, bool wants_all, struct buf *out);

/* "--since <date>", "-n <count>", "<construct>..." */
void usage_put_words(const struct action_param *param, struct buf *out);

/* The same of one of its actions, without the particular ones. */
void usage_put_action(const struct cmd *cmd, const struct action *action,
		      struct buf *out);

#endif
