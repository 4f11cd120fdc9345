#include "refs/write/publish.h"

#include <string.h>

static bool holds_sealing_key(const struct vault *vault)
{
	size_t i;

	for (i = 0; i < vault->keys_n; i++)
		if (!memcmp(vault->keys[i].id, vault->state.sealing_key,
			    KEY_ID_BYTES))
			return true;
	return false;
}

/* The first owner who was granted the newest key; NULL: nobody was. */
static const struct member *find_granter(const struct vault_state *state)
{
	size_t i;
	size_t j;

	for (i = 0; i < state->keys_n; i++) {
		const struct vault_key *key = &state->keys[i];

		if (memcmp(key->id, state->sealing_key, KEY_ID_BYTES))
			continue;
		for (j = 0; j < key->grants_n; j++)
			if (vault_state_role(state, key->grants[j].public) ==
			    ROLE_OWNER)
				return vault_state_member(
					state, key->grants[j].public);
	}
	return NULL;
}

/* An older key may be known to who was removed: it seals nothing new. */
static int sealing_key_check(const struct vault *vault, struct err *err)
{
	const struct member *granter;
	char did[DID_TEXT_MAX];

	if (!vault->state.has_sealing_key || !vault->keys_n ||
	    holds_sealing_key(vault))
		return 0;
	granter = find_granter(&vault->state);
	if (!granter)
		return err_set(err, ERR_NO_KEY, "a newer content key was made "
			       "that no owner holds: nothing can be written "
			       "until an owner makes another");
	did_from_public(granter->public, did);
	return err_set(err, ERR_NO_KEY, "a newer content key was made that "
		       "this device was not granted: '%s' can grant it, by "
		       "adding '%s' once more", did,
		       vault_signer(vault)->did);
}

int writer_role_check(const struct vault *vault, const char *construct,
		      struct err *err)
{
	bool is_vault = !strcmp(construct, VAULT_CONSTRUCT);
	enum role need = is_vault ? ROLE_OWNER : ROLE_WRITER;
	const struct device_key *signer = vault_signer(vault);

	if (!vault->has_device)
		return err_set(err, ERR_NO_KEY,
			       "no device key: this device cannot sign");
	if (vault_state_role(&vault->state, signer->public) < need)
		return err_set(err, ERR_DENIED, "this device is no %s of the "
			       "vault: an owner can add '%s'", role_word(need),
			       signer->did);
	return is_vault ? 0 : sealing_key_check(vault, err);
}
