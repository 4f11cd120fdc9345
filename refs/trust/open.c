#include "refs/trust/open.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "lib/os/path.h"
#include "refs/key/retired.h"
#include "refs/history/history.h"
#include "refs/trust/scope.h"
#include "refs/trust/settle.h"
#include "refs/trust/verified.h"
#include "refs/vault/local.h"
#include "refs/vault/state_cache.h"

#define STATE_FILE "cache/state"

/* What reading `vault` gives; taken over whole or not at all. */
struct reading {
	struct vault_state state;
	git_oid *heads;
	size_t heads_n;
	bool has_keys;
	struct content_key *keys;
	size_t keys_n;
	unsigned char name_key[NAME_KEY_BYTES];
};

static void keys_free(struct content_key *keys, size_t n)
{
	/* Overwritten, too. */
	if (keys)
		(void)sodium_munlock(keys, n * sizeof(*keys));
	free(keys);
}

static void reading_release(struct reading *reading)
{
	vault_state_release(&reading->state);
	free(reading->heads);
	keys_free(reading->keys, reading->keys_n);
	sodium_memzero(reading, sizeof(*reading));
}

static int heads_read(struct vault *vault, struct reading *out,
		      struct err *err)
{
	struct head_list list = HEAD_LIST_INIT;
	size_t i;
	int rc = heads_settled(vault, VAULT_CONSTRUCT, &list, NULL, err);

	if (rc < 0 || !list.n)
		goto out;
	out->heads = calloc(list.n, sizeof(*out->heads));
	if (!out->heads) {
		rc = err_set(err, ERR_NOMEM, "out of memory");
		goto out;
	}
	for (i = 0; i < list.n; i++)
		out->heads[i] = list.at[i].id;
	out->heads_n = list.n;
	rc = history_maximal(vault->store, out->heads, &out->heads_n, err);
out:
	head_list_release(&list);
	return rc;
}

static int keys_read(const struct vault *vault, struct reading *out,
		     struct err *err)
{
	struct vault_keyring ring = { .keys_n = 0 };
	int rc = 0;

	if (!out->state.is_encrypted) {
		out->has_keys = true;
		return 0;
	}
	if (vault->has_device)
		rc = vault_state_open_keys(&out->state, &vault->device, &ring,
					   err);
	out->keys = ring.keys;
	out->keys_n = ring.keys_n;
	if (ring.keys)
		(void)sodium_mlock(ring.keys, ring.keys_n *
				   sizeof(*ring.keys));
	memcpy(out->name_key, ring.name_key, NAME_KEY_BYTES);
	out->has_keys = rc == 0 && ring.keys_n && ring.has_name_key;
	sodium_memzero(&ring, sizeof(ring));
	return rc;
}

/* The pin is what a clone was told, so the refs must agree with it. */
static int pin_check(const struct vault *vault, const struct reading *reading,
		     struct err *err)
{
	struct err reason = ERR_INIT;
	char pinned[CID_TEXT_MAX];
	int rc = vault_pinned_id(vault->path, pinned, &reason);

	if (rc == ERR_NOT_FOUND)
		return 0;
	if (rc < 0)
		return err_copy(err, rc, &reason);
	if (!reading->heads_n)
		return err_set(err, ERR_CORRUPT, "the vault '%s' has lost its "
			       "refs: no head of '%s' is there", vault->path,
			       VAULT_CONSTRUCT);
	if (strcmp(pinned, reading->state.vault_id))
		return err_set(err, ERR_UNTRUSTED, "the vault '%s' is pinned "
			       "as %s, but its refs are of %s", vault->path,
			       pinned, reading->state.vault_id);
	return 0;
}

/* Kept from the last time, or computed; failing to keep it is nothing. */
static int state_read(const struct vault *vault, struct reading *out,
		      struct err *err)
{
	struct local_seal seal = { { 0 } };
	struct buf path = PATH_BUF_INIT;
	struct err quiet = ERR_INIT;
	int rc;

	if (!vault->has_device)
		return vault_state_compute(vault->store, out->heads,
					   out->heads_n, &out->state, err);
	rc = vault_local_path(vault, STATE_FILE, &path, err);
	if (rc < 0)
		goto out;
	device_key_local_seal(&vault->device, STATE_CACHE_LABEL, "", &seal);
	if (state_cache_read(&seal, path.data, out->heads, out->heads_n,
			     &out->state, &quiet) == 0)
		goto out;
	rc = vault_state_compute(vault->store, out->heads, out->heads_n,
				 &out->state, err);
	if (rc == 0 && state_cache_write(&seal, path.data, out->heads,
					 out->heads_n, &out->state, &quiet) < 0)
		err_clear(&quiet);
out:
	local_seal_wipe(&seal);
	buf_release(&path);
	return rc;
}

int vault_reload(struct vault *vault, struct err *err)
{
	struct reading next;
	int rc;

	memset(&next, 0, sizeof(next));
	rc = heads_read(vault, &next, err);
	if (rc == 0 && next.heads_n)
		rc = state_read(vault, &next, err);
	if (rc == 0)
		rc = pin_check(vault, &next, err);
	if (rc == 0 && next.heads_n)
		rc = keys_read(vault, &next, err);
	if (rc < 0) {
		reading_release(&next);
		return rc;
	}
	vault_state_release(&vault->state);
	free(vault->vault_heads);
	keys_free(vault->keys, vault->keys_n);
	vault->state = next.state;
	vault->vault_heads = next.heads;
	vault->vault_heads_n = next.heads_n;
	vault->has_keys = next.has_keys;
	vault->keys = next.keys;
	vault->keys_n = next.keys_n;
	memcpy(vault->name_key, next.name_key, NAME_KEY_BYTES);
	/* Times seen since then may be later than those set aside. */
	vault->clock_left = 0;
	sodium_memzero(&next, sizeof(next));
	return 0;
}

int vault_refresh(struct vault *vault, struct err *err)
{
	struct reading now;
	bool is_same;
	int rc;

	memset(&now, 0, sizeof(now));
	rc = heads_read(vault, &now, err);
	is_same = rc == 0 && now.heads_n == vault->vault_heads_n &&
		  (!now.heads_n ||
		   !memcmp(now.heads, vault->vault_heads,
			   now.heads_n * sizeof(*now.heads)));
	reading_release(&now);
	return rc < 0 || is_same ? rc : vault_reload(vault, err);
}

/* Entries of the store's caches go by hashes: true in any vault. */
static void device_trust(struct vault *vault)
{
	struct local_seal seal = { { 0 } };

	/* Where there is a limit to that, it may be swapped out. */
	(void)sodium_mlock(&vault->device, sizeof(vault->device));
	device_key_local_seal(&vault->device, "store cache 1", "", &seal);
	store_trust_caches(vault->store, seal.key);
	local_seal_wipe(&seal);
}

static int device_load(struct vault *vault, const char *keys_folder,
		       struct err *err)
{
	struct err reason = ERR_INIT;
	int rc = 0;

	if (vault->calls.device)
		vault->device = *vault->calls.device;
	else if (!keys_folder)
		return 0;
	else
		rc = device_key_load(keys_folder, &vault->device, &reason);
	vault->calls.device = NULL;
	vault->has_device = rc == 0;
	if (rc < 0 && rc != ERR_NOT_FOUND)
		return err_copy(err, rc, &reason);
	if (vault->has_device)
		device_trust(vault);
	return 0;
}

static bool is_standing(const void *arg, const unsigned char *public)
{
	const struct vault *vault = arg;

	return vault_state_role(&vault->state, public) != ROLE_NONE;
}

/* One that is sealed is asked for, where there is somebody to ask. */
static int load_retired(struct vault *vault, const char *folder,
			struct device_key *out, struct err *err)
{
	struct err why = ERR_INIT;
	struct device_look look;
	int rc = device_key_load(folder, out, &why);

	if (rc == ERR_SEALED && vault->calls.unseal &&
	    device_key_look(folder, &look, NULL) == 0)
		return vault->calls.unseal(vault->calls.arg, &look.sealed, out,
					   err);
	return err_copy(err, rc, &why);
}

/*
 * A device that took a new key in another vault is known here by one that it
 * had before.
 */
static int device_retired(struct vault *vault, const char *keys_folder,
			  struct err *err)
{
	struct buf folder = PATH_BUF_INIT;
	struct device_key before = { .did = "" };
	int rc = 0;

	if (!vault->has_device || !keys_folder || !vault->state.members_n ||
	    vault_state_member(&vault->state, vault->device.public))
		return 0;
	rc = retired_key_find(keys_folder, is_standing, vault, &folder, err);
	if (rc < 0 || !folder.len)
		goto out;
	rc = load_retired(vault, buf_text(&folder), &before, err);
	if (rc < 0)
		goto out;
	vault->device = before;
	device_trust(vault);
	verified_free(vault->verified);
	vault->verified = NULL;
	rc = verified_load(vault, &vault->verified, err);
	if (rc == 0)
		rc = vault_reload(vault, err);
out:
	device_key_wipe(&before);
	buf_release(&folder);
	return rc;
}

/* Whatever hinders reading its state goes to why, if there is one. */
static int open_as(const char *path, const char *keys_folder,
		   const struct vault_calls *calls, struct vault **out,
		   struct err *why, struct err *err)
{
	static const struct hlc unknown = HLC_INIT;
	struct vault *vault = NULL;
	int rc = vault_check_format(path, err);

	if (rc < 0)
		return rc;
	vault = calloc(1, sizeof(*vault));
	if (!vault)
		return err_set(err, ERR_NOMEM, "out of memory");
	vault->clock = unknown;
	vault->calls = *calls;
	vault->lacking = (struct table)TABLE_INIT(SHA256_BYTES,
						  TABLE_NO_LIMIT);
	vault->path = strdup(path);
	if (!vault->path)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0)
		rc = vault_mend_open(vault, err);
	if (rc == 0)
		rc = device_load(vault, keys_folder, err);
	if (rc == 0)
		rc = verified_load(vault, &vault->verified, err);
	if (rc == 0) {
		rc = vault_reload(vault, why ? why : err);
		if (rc == 0)
			rc = device_retired(vault, keys_folder,
					    why ? why : err);
		if (rc < 0 && why && why->code)
			rc = 0;
	}
	if (rc < 0)
		vault_close(vault);
	else
		*out = vault;
	return rc;
}

static const struct vault_calls no_calls = { .tell = NULL };

int vault_open(const char *path, const char *keys_folder, struct vault **out,
	       struct err *err)
{
	return open_as(path, keys_folder, &no_calls, out, NULL, err);
}

int vault_open_told(const char *path, const char *keys_folder,
		    const struct vault_calls *calls, struct vault **out,
		    struct err *err)
{
	return open_as(path, keys_folder, calls, out, NULL, err);
}

int vault_open_broken(const char *path, const char *keys_folder,
		      const struct device_key *device, struct vault **out,
		      struct err *why, struct err *err)
{
	const struct vault_calls calls = { .device = device };

	return open_as(path, keys_folder, &calls, out, why, err);
}

int vault_create(const char *path, const struct vault_options *options,
		 struct vault **out, struct err *err)
{
	const struct vault_calls calls = { .device = options->device };
	int rc = vault_make(path, options, err);

	return rc < 0 ? rc : vault_open_told(path, options->keys_folder,
					     &calls, out, err);
}

int vault_sign_as(struct vault *vault, const char *keys_folder,
		  struct err *err)
{
	struct device_key *signer = calloc(1, sizeof(*signer));
	int rc;

	if (!signer)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = device_key_load(keys_folder, signer, err);
	if (rc < 0)
		free(signer);
	else
		vault->signer = signer;
	return rc;
}

void vault_close(struct vault *vault)
{
	if (!vault)
		return;
	verified_save(vault->verified, vault, true);
	verified_free(vault->verified);
	vault_state_release(&vault->state);
	free(vault->vault_heads);
	if (vault->names_free)
		vault->names_free(vault->names);
	if (vault->forgets_free)
		vault->forgets_free(vault->forgets);
	keys_free(vault->keys, vault->keys_n);
	spill_free(vault->spill);
	table_release(&vault->lacking);
	store_free(vault->store);
	free(vault->path);
	(void)sodium_munlock(&vault->device, sizeof(vault->device));
	if (vault->scope)
		scope_release(vault->scope);
	free(vault->scope);
	if (vault->signer)
		device_key_wipe(vault->signer);
	free(vault->signer);
	sodium_memzero(vault, sizeof(*vault));
	free(vault);
}
