/*
 * One version as `log` prints it.
 */
#ifndef VV_CMD_CLI_LOG_PRINT_H
#define VV_CMD_CLI_LOG_PRINT_H

#include "cmd/cli/cmd.h"
#include "refs/vault/vault.h"

/* The construct's ref name stands where its own name cannot be read. */
MUST_USE int log_print_version(struct session *session, struct vault *vault,
			       const struct version *version);

#endif
