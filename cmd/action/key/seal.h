/*
 * What is said of a key that lies under a passphrase, or no more.
 */
#ifndef VV_CMD_ACTION_KEY_SEAL_H
#define VV_CMD_ACTION_KEY_SEAL_H

#include "cmd/action/actions.h"

/* until: when it is locked again, in microseconds; 0: nothing is unlocked. */
MUST_USE int key_seal_emit(const struct action_call *call, const char *did,
			   bool is_sealed, int64_t until, struct err *err);

#endif
