/*
 * An event of Copilot CLI: each becomes one message, what is not said by
 * anybody with the visibility `meta`. So the chain of events is whole.
 */
#ifndef VV_CMD_IMPORT_COPILOT_COPILOT_CLI_INTERNAL_H
#define VV_CMD_IMPORT_COPILOT_COPILOT_CLI_INTERNAL_H

#include "cmd/import/records/part.h"

#define COPILOT_CLI_PROVIDER "copilot-cli"
#define COPILOT_CLI_KEY_MAX 40

/* The event's id, or the hash of all that it says. */
struct span copilot_cli_key(const struct jval *event,
			    char room[COPILOT_CLI_KEY_MAX]);

/* Put an event; before: the key of the one before it, or absent. */
MUST_USE int copilot_cli_put(struct chat *chat, struct parts *parts,
			     const struct jval *event, struct span before,
			     int64_t index, struct err *err);

#endif
