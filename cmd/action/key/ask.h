/*
 * This device's key where it lies sealed and is not unlocked: whoever sits at
 * the terminal is asked for its passphrase.
 */
#ifndef VV_CMD_ACTION_KEY_ASK_H
#define VV_CMD_ACTION_KEY_ASK_H

#include "cmd/action/action.h"
#include "refs/key/sealed.h"

/*
 * Ask, and keep the key in call->device until the action has ended. err may
 * say already (ERR_SEALED) that it is sealed, and then does no more; where
 * there is nobody to ask, or they do not know, it says so.
 */
MUST_USE int key_ask(struct action_call *call, struct err *err);

/* The same if the key is sealed and not unlocked; no key at all is fine. */
MUST_USE int key_at_hand(struct action_call *call, struct err *err);

/* For vault_calls.unseal, arg being the call: the same of a key that the device
 * had before, by which a vault still knows it. */
MUST_USE int key_unseal(void *arg, const struct sealed_key *sealed,
			struct device_key *out, struct err *err);

/* The key itself, which the caller wipes. ERR_NOT_FOUND: there is none. */
MUST_USE int key_take(struct action_call *call, struct device_key *out,
		      struct err *err);

/* Overwrite and free what was asked for. */
void key_forget(struct device_key *key);

#endif
