/*
 * When hooks run: actions decide, hooks/ runs them.
 */
#ifndef VV_CMD_ACTION_HOOK_H
#define VV_CMD_ACTION_HOOK_H

#include "cmd/action/action.h"
#include "lib/json/jcs_write.h"
#include "refs/write/write.h"

/*
 * Run the vault's hook of that name with fields as one JSON line on its
 * standard input. No hook is a success. ERR_CANCELED when it fails: the
 * caller decides whether that matters.
 */
MUST_USE int hook_call(struct action_call *call, const struct vault *vault,
		       const char *name, struct jcs_fields *fields,
		       struct err *err);

/*
 * The same for a hook that changes nothing any more: its failure is noted and
 * nothing more.
 */
MUST_USE int hook_tell(struct action_call *call, const struct vault *vault,
		       const char *name, struct jcs_fields *fields,
		       struct err *err);

/* post-import and post-commit: tells what was written. */
MUST_USE int hook_after_write(struct action_call *call, const char *name,
			      const char *construct,
			      const struct write_result *result,
			      struct err *err);

#endif
