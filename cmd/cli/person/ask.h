/*
 * Questions to the person at the terminal.
 */
#ifndef VV_CMD_CLI_PERSON_ASK_H
#define VV_CMD_CLI_PERSON_ASK_H

#include "cmd/cli/cmd.h"
#include "lib/base/span.h"

/* Is there somebody who reads what is asked and can answer? */
bool ask_is_possible(const struct session *session);

/* A host's confirm(): anything but yes is no. */
bool ask(void *arg, struct span question);

/* A host's choose(): anything but a number of those is none. */
size_t ask_which(void *arg, struct span question, size_t n);

#endif
