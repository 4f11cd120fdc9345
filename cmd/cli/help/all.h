/*
 * All commands, a line each, under headings.
 */
#ifndef VV_CMD_CLI_HELP_ALL_H
#define VV_CMD_CLI_HELP_ALL_H

/* Print them, and what all of them take. */
void help_all(void);

#endif
