#include "refs/verify/verify_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "objects/record/seal.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/verify/bounds.h"

/* Numbers of the versions of `vault` with these digests; false: one is not
 * known. */
static bool find_heads(const struct verifier *verifier,
		       const struct version *version, uint32_t *out)
{
	size_t i;

	for (i = 0; i < version->members_n; i++)
		if (!authority_find(verifier->authority, version->members[i],
				    &out[i]) ||
		    !index_set_has(&verifier->nameable, out[i]))
			return false;
	return true;
}

/* What of the state matters to every version. */
static int add_standing(struct verifier *verifier, struct members *made,
			   struct err *err)
{
	const struct roster *roster;
	const unsigned char *key;
	int rc = authority_roster(verifier->authority, &made->effective,
				  &roster, err);

	if (rc < 0)
		return rc;
	key = roster_sealing_key(roster);
	made->has_sealing_key = key != NULL;
	if (key)
		memcpy(made->sealing_key, key, KEY_ID_BYTES);
	made->has_renewal = roster->has_renewal;
	made->renewal = roster->renewal;
	return 0;
}

static int add_members(struct verifier *verifier, const uint32_t *heads,
		       size_t heads_n, struct err *err)
{
	struct members *made;
	int rc = array_room_in(verifier->members, verifier->members_n,
			       verifier->members_cap, err);

	if (rc < 0)
		return rc;
	made = &verifier->members[verifier->members_n];
	memset(made, 0, sizeof(*made));
	rc = authority_closure(verifier->authority, heads, heads_n,
			       &made->closure, err);
	if (rc == 0)
		rc = authority_effective(verifier->authority, heads, heads_n,
					 &made->effective, err);
	if (rc == 0)
		rc = add_standing(verifier, made, err);
	if (rc < 0) {
		index_set_release(&made->closure);
		index_set_release(&made->effective);
		return rc;
	}
	verifier->members_n++;
	return 0;
}

/*
 * The entry for what a version names, shared by all that name the same.
 * ERR_NOT_FOUND when a head is not known.
 */
int members_find(struct verifier *verifier, const struct version *version,
		 uint32_t *out, struct err *err)
{
	unsigned char key[SHA256_BYTES];
	uint32_t heads[VERSION_HEADS_MAX];
	uint64_t at;
	int rc;

	sha256_of(version->members, version->members_n * SHA256_BYTES, key);
	if (table_get(&verifier->members_by_hash, key, &at)) {
		*out = (uint32_t)at;
		return 0;
	}
	if (version->members_n > VERSION_HEADS_MAX ||
	    !find_heads(verifier, version, heads))
		return err_set(err, ERR_NOT_FOUND,
			       "it names a version of 'vault' that is not "
			       "here");
	rc = add_members(verifier, heads, version->members_n, err);
	if (rc < 0)
		return rc;
	*out = (uint32_t)verifier->members_n - 1;
	return table_put(&verifier->members_by_hash, key, *out, err);
}

/* Who looks at a version: a number of members, or MEMBERS_NONE. */
struct eyes {
	struct verifier *verifier;
	uint32_t members;
};

static int look(void *arg, const struct version *version,
		struct bound_look *out, struct err *err)
{
	const struct eyes *eyes = arg;
	struct verifier *verifier = eyes->verifier;
	const struct roster_member *member;
	const struct roster *roster;
	uint32_t number;
	int rc = members_find(verifier, version, &number, err);

	if (rc < 0)
		return rc;
	rc = authority_roster(verifier->authority,
			      eyes->members == MEMBERS_NONE
				      ? &verifier->accepted
				      : &verifier->members[eyes->members]
						 .effective,
			      &roster, err);
	if (rc < 0)
		return rc;
	member = roster_member(roster, version->device);
	out->is_stranger = !member;
	if (!member || !member->limits_n)
		return 0;
	out->limits = member->limits;
	out->limits_n = member->limits_n;
	return index_set_add_all(&out->known,
				 &verifier->members[number].closure, err);
}

int members_allow(struct verifier *verifier, uint32_t members,
		  const git_oid *id, bool *out_counts, struct err *err)
{
	struct eyes eyes = { verifier, members };
	struct bounds bounds = { verifier->store, look, &eyes };
	struct version version;
	int rc;

	version_init(&version);
	rc = version_read(verifier->store, id, &version, err);
	if (rc == 0)
		rc = bounds_check(&bounds, &version, out_counts, err);
	version_release(&version);
	return rc;
}

int members_need(struct verifier *verifier, const git_oid *id, struct err *err)
{
	const struct index_set *known;
	struct version version;
	uint64_t pos = 0;
	uint32_t number;
	int rc;

	version_init(&version);
	rc = version_read(verifier->store, id, &version, err);
	if (rc == 0)
		rc = members_find(verifier, &version, &number, err);
	version_release(&version);
	if (rc < 0)
		return rc;
	known = &verifier->members[number].closure;
	while (rc == 0 && index_set_next(known, &pos, &number))
		if (!index_set_has(&verifier->here, number))
			rc = index_set_add(&verifier->needed, number, err);
	return rc;
}

bool members_stand(const struct verifier *verifier, const git_oid *id)
{
	const struct authority_version *version;
	uint64_t pos = 0;
	uint32_t number;
	uint32_t at;

	if (!authority_find_id(verifier->authority, id, &number))
		return false;
	if (index_set_has(&verifier->accepted, number))
		return true;
	version = authority_version(verifier->authority, number);
	while (index_set_next(&verifier->needed, &pos, &at))
		if (index_set_has(&version->ancestors, at))
			return true;
	return false;
}

void members_forget(struct verifier *verifier)
{
	size_t i;

	workers_forget_codecs(verifier);
	for (i = 0; i < verifier->codecs_n; i++)
		codec_free(verifier->codecs[i].codec);
	free(verifier->codecs);
	verifier->codecs = NULL;
	verifier->codecs_n = 0;
	verifier->codecs_cap = 0;
	vault_keyring_release(&verifier->ring);
	vault_state_release(&verifier->state);
}

/*
 * Take over what the accepted heads of `vault` say now: the state, and the
 * keys that this device was granted.
 */
int members_learn(struct verifier *verifier, struct err *err)
{
	struct err reason = ERR_INIT;
	int rc;

	members_forget(verifier);
	if (!verifier->accepted.n)
		return 0;
	rc = authority_state(verifier->authority, &verifier->accepted,
			     &verifier->state, err);
	if (rc < 0 || !verifier->options.device ||
	    !verifier->state.is_encrypted)
		return rc;
	rc = vault_state_open_keys(&verifier->state, verifier->options.device,
				   &verifier->ring, &reason);
	if (rc == ERR_UNTRUSTED)
		return problem_list_add(verifier->problems, "bad-grant",
					VAULT_CONSTRUCT, reason.text, err);
	return err_copy(err, rc, &reason);
}

bool verifier_is_blind(const struct verifier *verifier)
{
	return verifier->state.is_encrypted &&
	       !(verifier->ring.keys_n && verifier->ring.has_name_key);
}

static int make_codec(const struct verifier *verifier, const char *construct,
		      struct codec **out, struct err *err)
{
	struct sealer *sealer = NULL;
	int rc;

	if (!verifier->state.is_encrypted ||
	    !strcmp(construct, VAULT_CONSTRUCT))
		return codec_new_plain(out, err);
	if (verifier_is_blind(verifier))
		return codec_new_blind(out, err);
	rc = sealer_new(verifier->state.vault_id, construct, verifier->ring.keys,
			verifier->ring.keys_n, &sealer, err);
	if (rc < 0)
		return rc;
	rc = codec_new_sealed(verifier->ring.name_key, construct, sealer, out, err);
	if (rc < 0)
		sealer_free(sealer);
	return rc;
}

int verifier_codec(struct verifier *verifier, const char *construct,
		   const struct codec **out, struct err *err)
{
	struct named_codec *made;
	size_t n = verifier->codecs_n;
	size_t i;
	int rc;

	for (i = 0; i < n; i++) {
		if (!strcmp(verifier->codecs[i].construct, construct)) {
			*out = verifier->codecs[i].codec;
			return 0;
		}
	}
	rc = array_room_in(verifier->codecs, n, verifier->codecs_cap, err);
	if (rc < 0)
		return rc;
	made = &verifier->codecs[n];
	memset(made, 0, sizeof(*made));
	memcpy(made->construct, construct, strlen(construct) + 1);
	rc = make_codec(verifier, construct, &made->codec, err);
	if (rc < 0)
		return rc;
	verifier->codecs_n++;
	*out = made->codec;
	return 0;
}
