/*
 * Options of a command: a table of rows, parsed in any order with operands.
 */
#ifndef VV_CMD_CLI_OPTIONS_H
#define VV_CMD_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/cli/cmd.h"

enum option_kind {
	OPTION_FLAG,		/* bool *: set to true */
	OPTION_TEXT,		/* const char **: the next word, or behind '=' */
	OPTION_COUNT		/* uint64_t *: a decimal number */
};

struct option_row {
	const char *name;	/* "--since", or "-n" */
	enum option_kind kind;
	void *value;
};

/*
 * Parse argv[1..argc): options are taken out, operands moved to the front of
 * argv[1..], and their count returned. rows end with a NULL name. "--" ends
 * the options; "-" alone is an operand. --json, --progress, --color[=...] and
 * --no-pager are known to every command. Returns CMD_USAGE with
 * session->err set for anything else that begins with '-', a missing value,
 * a bad number, or operands fewer than min or more than max (-1: any).
 */
int options_parse(struct session *session, int argc, char **argv,
		  const struct option_row *rows, int min, int max);

/* A command's verb that is none, or has words too few or too many: returns
 * CMD_USAGE. */
MUST_USE int options_refuse(struct session *session, const char *word);

#endif
