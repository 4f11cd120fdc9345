#include "refs/vault/state.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "refs/vault/authority.h"
#include "refs/vault/grant.h"

static const char *const role_words[] = { "none", "reader", "writer",
					  "owner" };

const char *role_word(enum role role)
{
	return role_words[role];
}

int role_parse(const char *word, enum role *out, struct err *err)
{
	enum role role;

	for (role = ROLE_READER; role <= ROLE_OWNER; role++) {
		if (!strcmp(word, role_words[role])) {
			*out = role;
			return 0;
		}
	}
	return err_set(err, ERR_INVALID,
		       "not a role (owner, writer, reader): '%s'", word);
}

static void member_release(struct member *member)
{
	size_t i;

	buf_release(&member->name);
	buf_release(&member->shown);
	for (i = 0; i < member->limits_n; i++)
		free(member->limits[i].cuts);
	free(member->limits);
}

static void key_release(struct vault_key *key)
{
	size_t i;

	for (i = 0; i < key->grants_n; i++)
		buf_release(&key->grants[i].sealed);
	free(key->grants);
}

void vault_state_release(struct vault_state *state)
{
	size_t i;

	for (i = 0; i < state->members_n; i++)
		member_release(&state->members[i]);
	for (i = 0; i < state->keys_n; i++)
		key_release(&state->keys[i]);
	for (i = 0; i < state->past_n; i++)
		index_set_release(&state->past[i].ancestors);
	free(state->members);
	free(state->keys);
	free(state->heads);
	free(state->past);
	memset(state, 0, sizeof(*state));
}

const struct member *vault_state_member(const struct vault_state *state,
					const unsigned char public[DID_KEY_BYTES])
{
	size_t i;

	for (i = 0; i < state->members_n; i++)
		if (!memcmp(state->members[i].public, public, DID_KEY_BYTES))
			return &state->members[i];
	return NULL;
}

enum role vault_state_role(const struct vault_state *state,
			   const unsigned char public[DID_KEY_BYTES])
{
	const struct member *member = vault_state_member(state, public);

	return member ? member->role : ROLE_NONE;
}

/* Whose place it was first; *met: is the other one on the way to it? */
static const struct member *first_place(const struct vault_state *state,
					const struct member *member,
					const struct member *other, bool *met)
{
	while (member && member->has_replaced) {
		*met = *met || member == other;
		member = vault_state_member(state, member->replaced);
	}
	*met = *met || member == other;
	return member;
}

const struct member *vault_state_twin(const struct vault_state *state,
				      const struct member *member,
				      const struct member *after)
{
	size_t i = after ? (size_t)(after - state->members) + 1 : 0;
	bool met;

	if (member->is_removed || !member->has_replaced)
		return NULL;
	for (; i < state->members_n; i++) {
		const struct member *at = &state->members[i];

		met = at->is_removed || !at->has_replaced;
		if (!met && first_place(state, member, at, &met) ==
			    first_place(state, at, member, &met) && !met)
			return at;
	}
	return NULL;
}

static int compare_digest(const void *digest, const void *past)
{
	return memcmp(digest, ((const struct vault_past *)past)->digest,
		      SHA256_BYTES);
}

int vault_state_known(const struct vault_state *state,
		      const unsigned char (*members)[SHA256_BYTES],
		      size_t members_n, struct index_set *out,
		      struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && state->past_n && i < members_n; i++) {
		const struct vault_past *past =
			bsearch(members[i], state->past, state->past_n,
				sizeof(*state->past), compare_digest);

		if (past)
			rc = index_set_add_all(out, &past->ancestors, err);
	}
	return rc;
}

/* What is not there, or is something else, was there once: it is damage. */
static int blame(int rc, struct err *err)
{
	if (rc == ERR_NOT_FOUND || rc == ERR_LIMIT || rc == ERR_INVALID) {
		rc = ERR_CORRUPT;
		if (err)
			err->code = rc;
	}
	err_prefix(err, "the construct '%s'", VAULT_CONSTRUCT);
	return rc;
}

static int compare_ids(const void *a, const void *b)
{
	return git_oid_cmp(a, b);
}

static int take_heads(const struct authority *authority,
		      const struct number_list *heads, struct vault_state *out,
		      struct err *err)
{
	size_t i;

	out->heads = calloc(heads->n + 1, sizeof(*out->heads));
	if (!out->heads) {
		vault_state_release(out);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	for (i = 0; i < heads->n; i++)
		out->heads[i] = authority_version(authority,
						  heads->at[i])->id;
	out->heads_n = heads->n;
	qsort(out->heads, heads->n, sizeof(*out->heads), compare_ids);
	return 0;
}

static int compute(struct authority *authority, struct store *store,
		   const git_oid *versions, size_t n, struct vault_state *out,
		   struct err *err)
{
	uint32_t *heads = calloc(n + 1, sizeof(*heads));
	struct index_set set = INDEX_SET_INIT;
	struct number_list standing = { NULL, 0 };
	size_t i;
	int rc;

	if (!heads)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = authority_load(authority, store, versions, n, err);
	if (rc < 0)
		rc = blame(rc, err);
	for (i = 0; rc == 0 && i < n; i++)
		if (!authority_find_id(authority, &versions[i], &heads[i]))
			rc = err_set(err, ERR_CORRUPT,
				     "a version of 'vault' is missing");
	if (rc == 0)
		rc = authority_standing(authority, heads, n, &set, &standing,
					err);
	if (rc == 0)
		rc = authority_state(authority, &set, out, err);
	if (rc == 0)
		rc = take_heads(authority, &standing, out, err);
	index_set_release(&set);
	free(standing.at);
	free(heads);
	return rc;
}

int vault_state_compute(struct store *store, const git_oid *versions,
			size_t versions_n, struct vault_state *out,
			struct err *err)
{
	struct authority *authority;
	int rc = authority_new(&authority, err);

	if (rc < 0)
		return rc;
	rc = compute(authority, store, versions, versions_n, out, err);
	authority_free(authority);
	return rc;
}

/* The state's own heads, loaded: what they say together. */
static int load_roster(struct authority *authority, struct store *store,
		       const struct vault_state *state,
		       const struct roster **out, struct err *err)
{
	uint32_t *heads = calloc(state->heads_n + 1, sizeof(*heads));
	struct index_set set = INDEX_SET_INIT;
	size_t i;
	int rc;

	if (!heads)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = authority_load(authority, store, state->heads, state->heads_n,
			    err);
	for (i = 0; rc == 0 && i < state->heads_n; i++)
		if (!authority_find_id(authority, &state->heads[i],
				       &heads[i]))
			rc = err_set(err, ERR_CORRUPT,
				     "a version of 'vault' is missing");
	if (rc == 0)
		rc = authority_closure(authority, heads, state->heads_n, &set,
				       err);
	if (rc == 0)
		rc = authority_roster(authority, &set, out, err);
	index_set_release(&set);
	free(heads);
	return rc;
}

int vault_state_above(struct store *store, const struct vault_state *state,
		      const unsigned char below[DID_KEY_BYTES], bool *out,
		      struct err *err)
{
	struct authority *authority;
	const struct roster *roster;
	size_t i;
	int rc = authority_new(&authority, err);

	if (rc < 0)
		return rc;
	rc = load_roster(authority, store, state, &roster, err);
	for (i = 0; rc == 0 && i < state->members_n; i++)
		out[i] = roster_is_above(roster, state->members[i].public,
					 below);
	authority_free(authority);
	return rc;
}

int vault_state_check(struct store *store, const git_oid *version,
		      struct err *err)
{
	struct err reason = ERR_INIT;
	struct vault_state state;
	int rc;

	memset(&state, 0, sizeof(state));
	rc = vault_state_compute(store, version, 1, &state, &reason);
	vault_state_release(&state);
	if (rc == ERR_UNTRUSTED)
		return err_set(err, ERR_DENIED, "'vault' would not hold: %s",
			       reason.text);
	return err_copy(err, rc, &reason);
}

/*
 * The first grant to this device that opens: one bad grant beside a good one
 * locks nobody out. *out_found is false where there is none at all.
 */
static int open_key(const struct vault_state *state,
		    const struct vault_key *key,
		    const struct device_key *device, struct content_key *out,
		    bool *out_found, struct err *err)
{
	struct err first = ERR_INIT;
	int rc = 0;
	size_t i;

	*out_found = false;
	for (i = 0; i < key->grants_n; i++) {
		const struct key_grant *grant = &key->grants[i];

		if (memcmp(grant->public, device->public, DID_KEY_BYTES))
			continue;
		rc = grant_open(state->vault_id, key->id, device,
				buf_span(&grant->sealed), out, &first);
		if (rc == 0) {
			*out_found = true;
			return 0;
		}
	}
	return err_copy(err, rc, &first);
}

void vault_keyring_release(struct vault_keyring *ring)
{
	if (ring->keys)
		sodium_memzero(ring->keys,
			       ring->keys_n * sizeof(*ring->keys));
	free(ring->keys);
	sodium_memzero(ring, sizeof(*ring));
}

int vault_state_open_keys(const struct vault_state *state,
			  const struct device_key *device,
			  struct vault_keyring *out, struct err *err)
{
	struct vault_keyring ring = { .keys_n = 0 };
	struct content_key key;
	bool is_found = false;
	size_t i;
	int rc = 0;

	ring.keys = calloc(state->keys_n + 1, sizeof(*ring.keys));
	if (!ring.keys)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < state->keys_n; i++) {
		rc = open_key(state, &state->keys[i], device, &key, &is_found,
			      err);
		if (rc < 0 || !is_found)
			continue;
		if (!state->keys[i].is_name_key) {
			ring.keys[ring.keys_n++] = key;
		} else if (!ring.has_name_key) {
			/* It never rotates: the oldest is the one. */
			memcpy(ring.name_key, key.key, NAME_KEY_BYTES);
			ring.has_name_key = true;
		}
	}
	sodium_memzero(&key, sizeof(key));
	if (rc == 0)
		*out = ring;
	else
		vault_keyring_release(&ring);
	return rc;
}
