/*
 * The shapes of settings that our hook can stand in.
 */
#ifndef VV_CMD_CAPTURE_HOOK_INTERNAL_H
#define VV_CMD_CAPTURE_HOOK_INTERNAL_H

#include "cmd/capture/hook.h"

/* Is this command ours, whichever the program? That is one word, and all that
 * stands behind it is ours. */
bool hook_is_ours(const struct hook_call *call, struct span command);

MUST_USE int hook_json_add(const struct hook_call *call, struct span text,
			   struct buf *out, struct err *err);
MUST_USE int hook_json_remove(const struct hook_call *call, struct span text,
			      struct buf *out, struct err *err);
MUST_USE int hook_toml_add(const struct hook_call *call, struct span text,
			   struct buf *out, struct err *err);
MUST_USE int hook_toml_remove(const struct hook_call *call, struct span text,
			      struct buf *out, struct err *err);

#endif
