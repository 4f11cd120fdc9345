#include "refs/vault/records/records.h"

#include <string.h>

#include <sodium.h>

#include "refs/vault/records/draft.h"
#include "refs/vault/vault.h"

static bool was_granted(const struct vault_state *state,
			const unsigned char id[KEY_ID_BYTES],
			const unsigned char public[DID_KEY_BYTES])
{
	size_t i;
	size_t j;

	for (i = 0; i < state->keys_n; i++) {
		const struct vault_key *key = &state->keys[i];

		for (j = 0; !memcmp(key->id, id, KEY_ID_BYTES) &&
			    j < key->grants_n; j++)
			if (!memcmp(key->grants[j].public, public,
				    DID_KEY_BYTES))
				return true;
	}
	return false;
}

static int grant(const struct drafting *drafting,
		 const struct vault_admission *what,
		 const struct content_key *key, size_t *granted,
		 struct err *err)
{
	if (was_granted(what->state, key->id, what->public))
		return 0;
	++*granted;
	return draft_grant(drafting, key, NULL, what->public, err);
}

static int grant_all(const struct drafting *drafting,
		     const struct vault_admission *what, size_t *granted,
		     struct err *err)
{
	struct content_key name;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < drafting->keys_n; i++)
		rc = grant(drafting, what, &drafting->keys[i], granted, err);
	if (rc < 0 || !drafting->name_key)
		return rc;
	memcpy(name.key, drafting->name_key, NAME_KEY_BYTES);
	content_key_id(name.key, name.id);
	rc = grant(drafting, what, &name, granted, err);
	sodium_memzero(&name, sizeof(name));
	return rc;
}

/* Is it called that already? A name that cannot be read is another one. */
static bool has_name(const struct vault_admission *what,
		     const struct member *member, const char *name)
{
	struct buf now = BUF_INIT(SEAL_PLAIN_MAX);
	bool is_same = member_name(what->state, member, what->keys,
				   what->keys_n, &now, NULL) == 0 &&
		       span_equals(buf_span(&now), span_str(name));

	buf_release(&now);
	return is_same;
}

/* Change what is named of a member that stands. */
static int change_member(const struct drafting *drafting,
			 const struct vault_admission *admission,
			 const struct member *member,
			 struct vault_admitted *result, struct err *err)
{
	struct vault_admission what = *admission;

	result->before = member->role;
	result->after = member->role;
	if (what.role == member->role)
		what.role = ROLE_NONE;
	if (what.name && has_name(admission, member, what.name))
		what.name = NULL;
	result->is_renamed = what.name != NULL;
	if (what.role != ROLE_NONE)
		result->after = what.role;
	if (result->after >= result->before)
		what.cuts_n = 0;
	if (what.role == ROLE_NONE && !what.name)
		return 0;
	return draft_right(drafting, &(struct draft_right){
		true, what.public, what.role, what.name, what.cuts,
		what.cuts_n
	}, err);
}

int vault_records_admit(const struct vault_admission *admission,
			struct buf *out, struct vault_admitted *result,
			struct err *err)
{
	struct drafting drafting = {
		admission->state->vault_id, admission->at, admission->keys,
		admission->keys_n, admission->name_key, out,
		admission->replaces
	};
	const struct member *member =
		vault_state_member(admission->state, admission->public);
	char name[DID_SHORT_MAX];
	size_t start = out->len;
	int rc;

	memset(result, 0, sizeof(*result));
	if (member && member->is_removed) {
		did_short(admission->public, name);
		return err_set(err, ERR_DENIED,
			       "a removed member never returns: '%s'", name);
	}
	if (member) {
		rc = change_member(&drafting, admission, member, result, err);
	} else {
		result->is_new = true;
		result->after = admission->role == ROLE_NONE
					? ROLE_WRITER : admission->role;
		rc = draft_admission(&drafting, admission->public,
				     result->after, admission->name, err);
	}
	if (rc == 0)
		rc = grant_all(&drafting, admission, &result->grants, err);
	if (rc < 0)
		buf_cut(out, start);
	return rc;
}
