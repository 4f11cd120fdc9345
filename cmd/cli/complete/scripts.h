/*
 * What the shells read: functions that ask the program.
 */
#ifndef VV_CMD_CLI_COMPLETE_SCRIPTS_H
#define VV_CMD_CLI_COMPLETE_SCRIPTS_H

/* The script of "bash", "zsh" or "fish", or NULL. */
const char *script_of(const char *shell);
extern const char *const script_shells[];

#endif
