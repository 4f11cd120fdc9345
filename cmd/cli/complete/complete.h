/*
 * Completion: what the last of some words may become. The scripts of the
 * shells ask for it with "vvault __complete <word>...", and get a line for
 * each candidate: the word, and behind a tab what it is. A line ":files" says
 * that files fit as well. Nothing else is ever said, and nobody is asked.
 */
#ifndef VV_CMD_CLI_COMPLETE_COMPLETE_H
#define VV_CMD_CLI_COMPLETE_COMPLETE_H

#include "cmd/cli/cmd.h"

#define COMPLETE_COMMAND "__complete"

/* argv holds the words behind the program's name, the last one maybe empty. */
void complete_words(struct session *session, int argc, char **argv);

#endif
