#include "refs/verify/verify_internal.h"

#include <string.h>

/*
 * Lineages. An owner who makes a vault anew signs every version once more,
 * without what was forgotten, and says vault:renew in `vault`, which names the
 * heads of what was made. The newest renewal that a version's Vvault-Members
 * hold is the lineage that it stands in; what was made anew stands in that of
 * the renewal which names it, or a version on top of it.
 */

/* An owner's word names this version, and the same owner signed it? */
static bool is_named(const struct verifier *verifier, bool has_renewal,
		     uint32_t renewal, const struct lineage_look *version)
{
	const struct authority_version *word;

	if (!has_renewal)
		return false;
	word = authority_version(verifier->authority, renewal);
	return !memcmp(word->signer, version->device, DID_KEY_BYTES) &&
	       authority_renews(verifier->authority, renewal,
				version->construct, version->digest);
}

static bool is_same(const struct members *members, bool has_renewal,
		    uint32_t renewal)
{
	return members->has_renewal == has_renewal &&
	       (!has_renewal || members->renewal == renewal);
}

const char *lineage_of_parent(struct verifier *verifier,
			      const struct facts *own,
			      const struct facts *parent,
			      const char **out_message)
{
	const struct members *members = &verifier->members[own->members];
	const struct members *theirs = &verifier->members[parent->members];
	const struct lineage_look look = {
		.construct = parent->construct, .digest = parent->digest,
		.device = parent->device,
	};
	bool is_one_hand = !memcmp(own->device, parent->device, DID_KEY_BYTES);

	if (own->is_renewed) {
		*out_message = "it says that it was made anew, and a parent "
			       "was not, or by somebody else";
		return parent->is_renewed && is_one_hand ? NULL :
							   "not-renewed";
	}
	if (parent->is_renewed) {
		*out_message = "a parent says that it was made anew, and the "
			       "'vault' that it names does not say so";
		return is_named(verifier, members->has_renewal,
				members->renewal, &look) ? NULL :
							   "not-renewed";
	}
	*out_message = "a parent is of another history of this vault, before "
		       "or beside the one that an owner made anew";
	return is_same(theirs, members->has_renewal, members->renewal) ?
		       NULL : "old-history";
}

int lineage_of_head(struct verifier *verifier,
		    const struct lineage_look *head, const char **out_code,
		    const char **out_message, struct err *err)
{
	const struct members *members = &verifier->members[head->members];
	const struct roster *roster;
	bool is_good;
	int rc = authority_roster(verifier->authority, &verifier->accepted,
				  &roster, err);

	if (rc < 0)
		return rc;
	if (head->is_renewed) {
		is_good = is_named(verifier, roster->has_renewal,
				   roster->renewal, head);
		*out_message = "it says that it was made anew, and no owner's "
			       "word in 'vault' says so";
		*out_code = is_good ? NULL : "not-renewed";
		return 0;
	}
	is_good = is_same(members, roster->has_renewal, roster->renewal);
	*out_message = "it is of the history that this vault had before an "
		       "owner made it anew without what was forgotten";
	*out_code = is_good ? NULL : "old-history";
	return 0;
}

bool renewal_is_new(const struct verifier *verifier, uint32_t number)
{
	const struct authority *authority = verifier->authority;
	const struct index_set *ancestors =
		&authority_version(authority, number)->ancestors;
	uint64_t pos = 0;
	uint32_t at;
	size_t i;

	while (index_set_next(ancestors, &pos, &at)) {
		const struct authority_version *version =
			authority_version(authority, at);

		if (index_set_has(&verifier->here, at))
			continue;
		for (i = 0; i < version->statements_n; i++)
			if (version->statements[i].kind == STATEMENT_RENEW)
				return true;
	}
	return false;
}
