/*
 * A command that is a family of actions: which one of them is meant. A family
 * alone, and its name in the plural, lists.
 */
#ifndef VV_CMD_CLI_WORDS_FAMILY_H
#define VV_CMD_CLI_WORDS_FAMILY_H

#include "cmd/cli/cmd.h"

/* The family of that plural ("remotes"), or NULL. */
const struct cmd *family_of_plural(const char *name);

/* The action of a family that a second word names, or NULL. */
const struct action *family_verb(const struct cmd *cmd, const char *verb);

/*
 * The action that the words mean, and whether one of its operands, the first,
 * is its name. CMD_USAGE, with session->err set.
 */
MUST_USE int family_choose(struct session *session, const struct cmd *cmd,
			   int argc, char **argv, const struct action **out,
			   bool *is_named);

#endif
