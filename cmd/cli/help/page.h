/*
 * The manual, through man(1).
 */
#ifndef VV_CMD_CLI_HELP_PAGE_H
#define VV_CMD_CLI_HELP_PAGE_H

#include <stdbool.h>

/* Show the page of a command to whoever sits at the terminal. False: nobody
 * does, or man(1) or the page is not there; nothing was shown. */
bool page_show(const char *command);

#endif
