/*
 * When hooks run: commands decide, hooks/ runs them.
 */
#ifndef VV_CMD_ACTION_HOOK_H
#define VV_CMD_ACTION_HOOK_H

#include "cmd/cli/cmd.h"
#include "lib/json/jcs_write.h"
#include "refs/write/write.h"

/*
 * Run the vault's hook of that name with fields as one JSON line on its
 * standard input. No hook is a success. ERR_CANCELED when it fails: the
 * caller decides whether that matters.
 */
MUST_USE int hook_call(struct session *session, const struct vault *vault,
		       const char *name, struct jcs_fields *fields);

/*
 * post-import and post-commit: tells what was written. Its failure is noted
 * on stderr and nothing more, for the version stands already.
 */
MUST_USE int hook_after_write(struct session *session,
			      const struct vault *vault, const char *name,
			      const char *construct,
			      const struct write_result *result);

#endif
