/*
 * The editor that git would start: $GIT_EDITOR, $VISUAL (not on a terminal
 * that is dumb), $EDITOR, or vi, which needs a terminal.
 */
#ifndef VV_CMD_CLI_PERSON_EDITOR_H
#define VV_CMD_CLI_PERSON_EDITOR_H

#include "lib/base/buf.h"
#include "lib/base/err.h"

/*
 * A host's edit(). The words of the variable are a command, as git has it: one
 * with blanks, quotes or the like is the shell's, which gets the file's name
 * behind it and never within it. Where this process is told to end meanwhile,
 * the editor is, too, and the file goes before it does.
 */
MUST_USE int editor_edit(void *arg, const char *name, const char *instead,
			 struct buf *text, struct err *err);

#endif
