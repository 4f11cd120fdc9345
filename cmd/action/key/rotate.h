/*
 * A new key for this device, in the place of the one that it has.
 */
#ifndef VV_CMD_ACTION_KEY_ROTATE_H
#define VV_CMD_ACTION_KEY_ROTATE_H

#include "cmd/action/action.h"

/* With call->vault open. */
MUST_USE int key_rotate_device(struct action_call *call, struct err *err);

#endif
