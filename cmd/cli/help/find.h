/*
 * What of the commands, their options and the pages speaks of a word.
 */
#ifndef VV_CMD_CLI_HELP_FIND_H
#define VV_CMD_CLI_HELP_FIND_H

#include <stdbool.h>
#include <stddef.h>

struct find {
	const char *words[2];	/* all that are not NULL must be spoken of */
	bool is_whole;		/* a part of a word is none */
	size_t found;
};

/* Count what does; with is_told, print a line for each. */
void find_all(struct find *find, bool is_told);

/* Print a line for each of what a word of another program means; or nothing,
 * for NULL. */
struct meant;
void find_tell_meant(const struct meant *meant);

#endif
