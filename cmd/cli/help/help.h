/*
 * What `help` and --help do otherwise than the table of its words says.
 */
#ifndef VV_CMD_CLI_HELP_HELP_H
#define VV_CMD_CLI_HELP_HELP_H

/* It was --help: no page of the manual is opened. */
void help_is_brief(void);

#endif
