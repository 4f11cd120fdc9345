/*
 * A new key for this device, in the place of the one that it has.
 */
#ifndef VV_CMD_ACTION_KEY_ROTATE_H
#define VV_CMD_ACTION_KEY_ROTATE_H

#include "cmd/action/action.h"

/* What does it for a device that is no owner. */
#define KEY_OTHER "set VVAULT_KEYS to a new folder there, for good; 'vvault " \
	"clone <url>' then makes a key, and tells what an owner types to let " \
	"it in; the key of before is removed by one, too ('vvault help member')"

/* With call->vault open. */
MUST_USE int key_rotate_device(struct action_call *call, struct err *err);

#endif
