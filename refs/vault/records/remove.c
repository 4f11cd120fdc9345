#include "refs/vault/records/records.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "refs/vault/records/draft.h"

static bool is_same(const unsigned char *key, const unsigned char *other)
{
	return other && !memcmp(key, other, DID_KEY_BYTES);
}

static int grant_to(const struct drafting *drafting,
		    const struct content_key *key,
		    const unsigned char created[RECORD_ID_BYTES],
		    const unsigned char *public, struct vault_rekeyed *result,
		    struct err *err)
{
	result->grants++;
	return draft_grant(drafting, key,
			   (const unsigned char (*)[RECORD_ID_BYTES])created,
			   public, err);
}

int vault_records_rekey(const struct vault_rekeying *what, struct buf *out,
			struct vault_rekeyed *result, struct err *err)
{
	const struct vault_state *state = what->state;
	struct drafting drafting = {
		.vault_id = state->vault_id, .at = what->at, .out = out
	};
	struct vault_rekeyed made = { .grants = 0 };
	unsigned char created[RECORD_ID_BYTES];
	struct content_key key;
	size_t start = out->len;
	size_t i;
	int rc;

	draft_make_key(&key);
	memcpy(made.key, key.id, KEY_ID_BYTES);
	rc = draft_key(&drafting, &key, "content", created, err);
	for (i = 0; rc == 0 && i < state->members_n; i++)
		if (!state->members[i].is_removed &&
		    !is_same(state->members[i].public, what->removed))
			rc = grant_to(&drafting, &key, created,
				      state->members[i].public, &made, err);
	if (rc == 0 && what->admitted)
		rc = grant_to(&drafting, &key, created, what->admitted, &made,
			      err);
	sodium_memzero(&key, sizeof(key));
	if (rc < 0)
		buf_cut(out, start);
	else
		*result = made;
	return rc;
}

int vault_records_remove(const struct vault_removal *what, struct buf *out,
			 struct vault_rekeyed *result, struct err *err)
{
	struct drafting drafting = {
		.vault_id = what->state->vault_id, .at = what->at, .out = out
	};
	struct draft_right right = {
		false, what->public, ROLE_NONE, NULL, what->cuts, what->cuts_n
	};
	struct vault_rekeying rekeying = {
		what->state, what->at, what->public, what->admitted
	};
	size_t start = out->len;
	int rc = draft_right(&drafting, &right, err);

	memset(result, 0, sizeof(*result));
	if (rc == 0 && what->state->is_encrypted)
		rc = vault_records_rekey(&rekeying, out, result, err);
	if (rc < 0)
		buf_cut(out, start);
	return rc;
}
