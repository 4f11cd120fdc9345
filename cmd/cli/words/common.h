/*
 * The options that every command knows, before its name and behind it.
 */
#ifndef VV_CMD_CLI_WORDS_COMMON_H
#define VV_CMD_CLI_WORDS_COMMON_H

#include "cmd/cli/cmd.h"

/* For help and completion; as an action's are. */
extern const struct action_param common_params[];

/*
 * Obey the option at[0] of left words. Returns how many words it took, 0 if it
 * is none of these, or CMD_USAGE with session->err set.
 */
MUST_USE int common_take(struct session *session, int left,
			 const char *const *at);

/* How many words it takes, if it is one of these; else 1. */
int common_length(int left, const char *const *at);

/* Refuse an option that neither the action (or NULL) nor every command knows;
 * say which may be meant. Returns CMD_USAGE. */
MUST_USE int common_refuse(struct session *session,
			   const struct action *action, const char *word);

#endif
