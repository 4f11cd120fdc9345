/*
 * Opening a vault: what its heads of `vault` say, as far as they can be
 * trusted, is its state.
 */
#ifndef VV_REFS_TRUST_OPEN_H
#define VV_REFS_TRUST_OPEN_H

#include "refs/vault/records/create.h"
#include "refs/vault/vault.h"

/* vault_make(), and open it; when that fails the vault is there all the
 * same. */
MUST_USE int vault_create(const char *path, const struct vault_options *options,
			  struct vault **out, struct err *err);

/*
 * Open. No device key is not an error (has_device false): reading a plain
 * vault needs none. ERR_NOT_FOUND: no vault; ERR_UNSUPPORTED: newer format;
 * ERR_DENIED: another user's vault, or a device key that others can read;
 * ERR_SEALED: the device key is sealed, and not unlocked;
 * ERR_UNTRUSTED: its refs are not of the pinned id, or no head of `vault` can
 * be verified. vault_open_told() also says what is found on the way; calls is
 * copied.
 */
MUST_USE int vault_open_told(const char *path, const char *keys_folder,
			     const struct vault_calls *calls,
			     struct vault **out, struct err *err);
MUST_USE int vault_open(const char *path, const char *keys_folder,
			struct vault **out, struct err *err);
void vault_close(struct vault *vault);

/* From now on the key in that folder signs what is written; all else is as
 * before, and what is remembered of the vault stays the device's. */
MUST_USE int vault_sign_as(struct vault *vault, const char *keys_folder,
			   struct err *err);

/*
 * The same for those who look what is wrong with it: where the heads of
 * `vault` cannot be read, why says so, and the vault has no state and no keys.
 * device: the key, if it is at hand, or NULL.
 */
MUST_USE int vault_open_broken(const char *path, const char *keys_folder,
			       const struct device_key *device,
			       struct vault **out, struct err *why,
			       struct err *err);

/* Read state and keys again after `vault` moved (pull, member add). */
MUST_USE int vault_reload(struct vault *vault, struct err *err);
/* The same if it moved, by whatever process. */
MUST_USE int vault_refresh(struct vault *vault, struct err *err);

#endif
