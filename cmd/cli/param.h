/*
 * How the parameters of actions stand on a command line.
 */
#ifndef VV_CMD_CLI_PARAM_H
#define VV_CMD_CLI_PARAM_H

#include "cmd/action/action.h"
#include "lib/base/buf.h"

/* "--since", "-n". */
void param_word(const struct action_param *param, struct buf *out);

/* Is the word that option? "-n5" and "--name=value" have their value in it;
 * else *value is NULL. */
bool param_is_option(const struct action_param *param, const char *word,
		     const char **value);

#endif
