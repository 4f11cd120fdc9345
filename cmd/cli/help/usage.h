/*
 * What follows a command's name, from the tables of its actions.
 */
#ifndef VV_CMD_CLI_HELP_USAGE_H
#define VV_CMD_CLI_HELP_USAGE_H

#include "cmd/cli/cmd.h"
#include "lib/base/buf.h"

/* "--since <date>", "-n <count>", "<construct>..." */
void usage_put_words(const struct action_param *param, struct buf *out);

/* "usage: vvault log [-n <count>] ...", of one of its actions or (NULL) of all,
 * in lines as wide as the terminal, without the particular ones. */
void usage_put_lines(const struct cmd *cmd, const struct action *only,
		     struct buf *out);

/* A text, wrapped to lines of so many columns (0: as it is), whose first one
 * begins at a column and whose others are indented. What stands in brackets
 * stays together. */
void usage_wrap(struct span text, size_t column, size_t indent,
		unsigned width, struct buf *out);

/* "  --since <date>              only what was said then or later" */
void usage_print_row(const char *name, const char *summary);

#endif
