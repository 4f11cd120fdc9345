#include "cmd/action/key/ask.h"

#include <sodium.h>

#include "cmd/action/key/copy.h"

/* In memory that is not swapped out, between pages that are not there. */
static int open_sealed(struct action_call *call,
		       const struct sealed_key *sealed, struct err *err)
{
	struct buf passphrase = BUF_INIT(KEY_COPY_PASSPHRASE_MAX);
	struct device_key *key = sodium_malloc(sizeof(*key));
	int rc = key ? key_copy_ask(call, false, &passphrase, err) :
		       err_set(err, ERR_NOMEM, "out of memory");

	if (rc == 0)
		rc = sealed_key_open(sealed, buf_span(&passphrase), key, err);
	if (rc == 0)
		call->device = key;
	else
		key_forget(key);
	buf_wipe(&passphrase);
	return rc;
}

static int tell_sealed(struct err *err)
{
	return err_set(err, ERR_SEALED, "the key of this device is sealed by a "
		       "passphrase: 'vvault key unlock' opens it for a while");
}

int key_ask(struct action_call *call, struct err *err)
{
	struct device_look look;
	struct err why = ERR_INIT;
	int rc;

	if (!host_can_ask(call->host))
		return tell_sealed(err);
	rc = device_key_look(call->keys_folder, &look, &why);
	if (rc == 0)
		rc = open_sealed(call, &look.sealed, &why);
	err_clear(err);
	return err_copy(err, rc, &why);
}

int key_at_hand(struct action_call *call, struct err *err)
{
	struct device_key key = { .did = "" };
	struct err why = ERR_INIT;
	int rc = call->device ? 0 : device_key_load(call->keys_folder, &key,
						    &why);

	device_key_wipe(&key);
	if (rc == ERR_SEALED)
		return key_ask(call, err);
	return rc == ERR_NOT_FOUND ? 0 : err_copy(err, rc, &why);
}

int key_unseal(void *arg, const struct sealed_key *sealed,
	       struct device_key *out, struct err *err)
{
	const struct action_call *call = arg;
	struct buf passphrase = BUF_INIT(KEY_COPY_PASSPHRASE_MAX);
	int rc;

	if (!host_can_ask(call->host))
		return tell_sealed(err);
	host_note(call->host, "this vault goes by a key that this device had "
		  "before, which is sealed as well");
	rc = key_copy_ask(call, false, &passphrase, err);
	if (rc == 0)
		rc = sealed_key_open(sealed, buf_span(&passphrase), out, err);
	buf_wipe(&passphrase);
	return rc;
}

int key_take(struct action_call *call, struct device_key *out,
	     struct err *err)
{
	int rc = key_at_hand(call, err);

	if (rc == 0 && call->device)
		*out = *call->device;
	else if (rc == 0)
		rc = device_key_load(call->keys_folder, out, err);
	return rc;
}

void key_forget(struct device_key *key)
{
	sodium_free(key);
}
