/*
 * Programs that the user names in a variable, with words of their own.
 */
#ifndef VV_CMD_CLI_PROGRAM_H
#define VV_CMD_CLI_PROGRAM_H

#include <stddef.h>

#define PROGRAM_WORDS 16

/* The words of a command between blanks, with room for one behind them; no
 * shell sees them. They are cut out of text. words ends with NULL. */
size_t program_split(char *text, const char *words[PROGRAM_WORDS]);

#endif
