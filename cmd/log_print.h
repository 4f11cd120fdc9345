/*
 * One version as `log` prints it.
 */
#ifndef VV_CMD_LOG_PRINT_H
#define VV_CMD_LOG_PRINT_H

#include "cmd/cmd.h"

/* ref_name stands for the construct where its own name cannot be read. */
MUST_USE int log_print_version(struct session *session, struct vault *vault,
			       const char *ref_name, const git_oid *id);

#endif
