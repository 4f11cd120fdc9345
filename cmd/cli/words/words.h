/*
 * The words of a command line, by the tables of the actions: options in any
 * order with operands.
 */
#ifndef VV_CMD_CLI_WORDS_WORDS_H
#define VV_CMD_CLI_WORDS_WORDS_H

#include "cmd/action/action.h"
#include "cmd/cli/cmd.h"

#define WORDS_REPEATED_MAX 64	/* how often one option may be given */

/* What the words say; borrowed from argv. An action has one option at most
 * that is repeated. */
struct words {
	const struct action *action;
	struct action_value values[ACTION_PARAMS_MAX];
	const char *texts[ACTION_PARAMS_MAX];	/* of options */
	const char *repeated[WORDS_REPEATED_MAX];
	size_t repeated_n;
};

/*
 * Find the action of the command that argv[0] names, and its values. Operands
 * move to the front of argv. "--" ends the options; "-" alone is an operand.
 * The options of common.h are known to every command.
 * Returns CMD_USAGE with session->err set for words that are not in the
 * tables.
 */
MUST_USE int words_parse(struct session *session, const struct cmd *cmd,
			 int argc, char **argv, struct words *out);

/* Is the word that option? "-n5" and "--name=value" have their value in it,
 * which is NULL else. */
bool words_is_option(const struct action_param *param, const char *word,
		     const char **value);
/* Does it begin as one? "-" alone does not. */
bool words_looks_like_option(const char *word);

#endif
