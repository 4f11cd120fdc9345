/*
 * What other programs call what there is here: the words of whoever knows git,
 * restic or gh, and what is meant by them.
 */
#ifndef VV_CMD_CLI_WORDS_MEANT_H
#define VV_CMD_CLI_WORDS_MEANT_H

#include "cmd/action/action.h"
#include "lib/base/err.h"

#define MEANT_MAX 3

/* A word that is no command, and the actions that do what it means. */
struct meant {
	const char *word;
	const char *actions[MEANT_MAX + 1];	/* the best first; then NULL */
	const char *note;	/* what else is to be known, or NULL */
};

/* Ended by a row whose word is NULL. */
extern const struct meant meant_table[];

/* What the word means, or NULL. */
const struct meant *meant_find(const char *word);

/* The action of that name, the terminal's own ones too; or NULL. */
const struct action *meant_action(const char *name);

/* Say that the word is no command, and which ones do what it means. Returns
 * ERR_INVALID. */
MUST_USE int meant_refuse(const struct meant *meant, struct err *err);

/* The verb that families have for a word of other programs, or NULL. */
const char *meant_verb(const char *word);

/* The name of the parameter that an action (or every command) has for an
 * option of another program, or NULL. */
const char *meant_option(const struct action *action, const char *word);

#endif
