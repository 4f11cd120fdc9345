/*
 * Settings that the terminal obeys, of this person and of the vault at hand,
 * and the commands that the person made: a vault brings none.
 */
#ifndef VV_CMD_CLI_PERSON_PREFERENCES_H
#define VV_CMD_CLI_PERSON_PREFERENCES_H

#include <stdbool.h>

/* Read them, once; vault is as -C names it, or NULL. What cannot be read is
 * told, and is as if nothing were set. */
void preferences_load(const char *vault);
void preferences_release(void);

/* The value of "vvault.pager", "alias.code" ..., or NULL. Borrowed. */
const char *preference(const char *key);

/* Is it "false"? */
bool preference_is_off(const char *key);

/* The aliases that there are, by their names: those behind the NULLth one, in
 * the order of the files. NULL: no more. */
const char *preference_alias(const char *after);

#endif
