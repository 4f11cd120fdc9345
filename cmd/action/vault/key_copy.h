/*
 * A copy of the device key that only a passphrase opens, made and noted.
 */
#ifndef VV_CMD_ACTION_VAULT_KEY_COPY_H
#define VV_CMD_ACTION_VAULT_KEY_COPY_H

#include "cmd/action/actions.h"
#include "refs/key/key.h"

#define KEY_COPY_PASSPHRASE_MAX 1024
#define KEY_COPY_MAX ((size_t)16384)

/* Append the first line of the file that the call names, or of what the host
 * asks for (is_new: a passphrase that is chosen). ERR_INVALID for none. */
MUST_USE int key_copy_passphrase(const struct action_call *call, bool is_new,
				 struct buf *out, struct err *err);

/* Ask for a passphrase and write a copy: to a new file at path, else (NULL)
 * where results go. */
MUST_USE int key_copy_write(const struct action_call *call,
			    const struct device_key *key, const char *path,
			    struct err *err);

/* Remember that there is a copy, for whoever asks later; where that cannot be
 * noted, they are asked to make one once more. */
void key_copy_note(const struct action_call *call,
		   const struct device_key *key);

#endif
