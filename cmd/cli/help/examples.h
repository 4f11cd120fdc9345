/*
 * Examples of the commands, as help shows them. Each stands in the command's
 * page too, whose examples are run by a test.
 */
#ifndef VV_CMD_CLI_HELP_EXAMPLES_H
#define VV_CMD_CLI_HELP_EXAMPLES_H

struct example {
	const char *action;	/* "log", "remote add" */
	const char *line;	/* as it is typed, without "vvault" */
};

/* Ended by a row without an action; one or two of each action. */
extern const struct example example_table[];

#endif
