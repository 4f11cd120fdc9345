/*
 * Settings that held nothing before our hook came into them, or were not
 * there: so they are again when it goes, byte for byte. Nothing else of
 * anybody's settings is kept.
 */
#ifndef VV_CMD_ACTION_CAPTURE_FORMER_H
#define VV_CMD_ACTION_CAPTURE_FORMER_H

#include "cmd/capture/hook.h"

/* Keep them in the vault's local folder, where they hold nothing. */
MUST_USE int former_keep(const struct hook_call *call, bool was_there,
			 struct span text, struct err *err);

/* What stays of the settings when our hook goes. left: without it; becomes what
 * stood there before. *out_goes: nothing did. */
MUST_USE int former_settle(const struct hook_call *call, struct buf *left,
			   bool *out_goes, struct err *err);

#endif
