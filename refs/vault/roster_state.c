#include "refs/vault/roster.h"

#include <stdlib.h>
#include <string.h>

/*
 * A member's own removal counts only while nobody else removed it: whoever
 * stole its key must not widen what an owner has cut.
 */
static bool removal_counts(const struct roster *roster,
			   const struct roster_member *member,
			   const struct roster_say *removal)
{
	size_t i;

	if (memcmp(roster->versions[removal->by]->signer, member->public,
		   DID_KEY_BYTES))
		return true;
	for (i = 0; i < member->removals.n; i++) {
		uint32_t by = member->removals.at[i].by;

		if (memcmp(roster->versions[by]->signer, member->public,
			   DID_KEY_BYTES))
			return false;
	}
	return true;
}

static const struct member_cut *find_cut(const struct statement *removal,
					 const char *construct)
{
	const struct member_cut *found = NULL;
	size_t i;

	for (i = 0; i < removal->cuts_n; i++)
		if (!strcmp(removal->cuts[i].construct, construct) &&
		    (!found || removal->cuts[i].seq < found->seq))
			found = &removal->cuts[i];
	return found;
}

/* The strictest cut of all removals that count; NULL: nothing is accepted. */
static const struct member_cut *strictest(const struct roster *roster,
					  const struct roster_member *member,
					  const char *construct)
{
	const struct member_cut *least = NULL;
	size_t i;

	for (i = 0; i < member->removals.n; i++) {
		const struct roster_say *removal = &member->removals.at[i];
		const struct member_cut *cut;

		if (!removal_counts(roster, member, removal))
			continue;
		cut = find_cut(removal->statement, construct);
		if (!cut)
			return NULL;
		if (!least || cut->seq < least->seq ||
		    (cut->seq == least->seq &&
		     memcmp(cut->digest, least->digest, SHA256_BYTES) < 0))
			least = cut;
	}
	return least;
}

bool roster_accepts(const struct roster *roster, const char *construct,
		    const unsigned char public[DID_KEY_BYTES], uint64_t seq,
		    const unsigned char digest[SHA256_BYTES])
{
	const struct roster_member *member = roster_member(roster, public);
	const struct member_cut *cut;

	if (!member || !member->removals.n)
		return true;
	cut = strictest(roster, member, construct);
	if (!cut || seq > cut->seq)
		return false;
	return seq < cut->seq || !memcmp(digest, cut->digest, SHA256_BYTES);
}

static bool has_cut(const struct member_cut *cuts, size_t n,
		    const char *construct)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(cuts[i].construct, construct))
			return true;
	return false;
}

static int compare_cuts(const void *a, const void *b)
{
	const struct member_cut *x = a;
	const struct member_cut *y = b;

	return strcmp(x->construct, y->construct);
}

int roster_cuts(const struct roster *roster,
		const struct roster_member *member, struct member_cut **out,
		size_t *out_n, struct err *err)
{
	struct member_cut *cuts;
	size_t room = 1;
	size_t n = 0;
	size_t i;
	size_t j;

	for (i = 0; i < member->removals.n; i++)
		room += member->removals.at[i].statement->cuts_n;
	cuts = calloc(room, sizeof(*cuts));
	if (!cuts)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < member->removals.n; i++) {
		const struct statement *said =
			member->removals.at[i].statement;

		for (j = 0; j < said->cuts_n; j++) {
			const char *construct = said->cuts[j].construct;
			const struct member_cut *cut;

			cut = strictest(roster, member, construct);
			if (cut && !has_cut(cuts, n, construct))
				cuts[n++] = *cut;
		}
	}
	qsort(cuts, n, sizeof(*cuts), compare_cuts);
	*out = cuts;
	*out_n = n;
	return 0;
}

/* What sorting needs beside the member or key. */
struct ranked {
	const struct roster *roster;
	const unsigned char *public;	/* or the key's id */
	uint32_t by;
	size_t owner_order;
	size_t at;
};

static int compare_ranked(const void *a, const void *b)
{
	const struct ranked *x = a;
	const struct ranked *y = b;
	const struct authority_version *v = x->roster->versions[x->by];
	const struct authority_version *w = y->roster->versions[y->by];
	int order;

	if (x->owner_order != y->owner_order) {
		if (!x->owner_order || !y->owner_order)
			return x->owner_order ? -1 : 1;
		return x->owner_order < y->owner_order ? -1 : 1;
	}
	if (v->depth != w->depth)
		return v->depth < w->depth ? -1 : 1;
	order = memcmp(v->digest, w->digest, SHA256_BYTES);
	return order ? order : memcmp(x->public, y->public, DID_KEY_BYTES);
}

static int fill_member(const struct roster *roster,
		       const struct roster_member *from, struct member *to,
		       struct err *err)
{
	const struct statement *said = from->admission.statement;
	int rc;

	memcpy(to->public, from->public, DID_KEY_BYTES);
	memcpy(to->box, said->box, DID_KEY_BYTES);
	to->role = roster_role(roster, from->public);
	to->is_removed = from->removals.n > 0;
	to->name.max = BUF_NO_LIMIT;
	rc = buf_add(&to->name, said->name.data, said->name.len, err);
	if (rc < 0 || !to->is_removed)
		return rc;
	return roster_cuts(roster, from, &to->cuts, &to->cuts_n, err);
}

static int fill_members(const struct roster *roster,
			const struct ranked *order, struct vault_state *out,
			struct err *err)
{
	size_t *places = calloc(roster->members_n + 1, sizeof(*places));
	size_t i;
	int rc = places ? 0 : err_set(err, ERR_NOMEM, "out of memory");

	for (i = 0; rc >= 0 && i < roster->members_n; i++) {
		places[order[i].at] = i;
		out->members_n = i + 1;
		rc = fill_member(roster, &roster->members[order[i].at],
				 &out->members[i], err);
	}
	for (i = 0; rc >= 0 && i < roster->members_n; i++) {
		const struct roster_member *from =
			&roster->members[order[i].at];
		const struct roster_member *above = roster_member(
			roster,
			roster->versions[from->admission.by]->signer);

		out->members[i].admitted_by = i;
		if (!from->owner_order && above)
			out->members[i].admitted_by =
				places[above - roster->members];
	}
	free(places);
	return rc;
}

static int compare_grants(const void *a, const void *b)
{
	const struct key_grant *x = a;
	const struct key_grant *y = b;
	int order = memcmp(x->public, y->public, DID_KEY_BYTES);

	return order ? order : span_compare(buf_span(&x->sealed),
					    buf_span(&y->sealed));
}

static int fill_key(const struct roster_key *from, struct vault_key *to,
		    struct err *err)
{
	size_t i;
	int rc;

	memcpy(to->id, from->creation.statement->key, KEY_ID_BYTES);
	to->is_name_key = from->creation.statement->is_name_key;
	to->grants = calloc(from->grants.n + 1, sizeof(*to->grants));
	if (!to->grants)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < from->grants.n; i++) {
		const struct statement *said = from->grants.at[i].statement;
		struct key_grant *grant = &to->grants[to->grants_n++];

		memcpy(grant->public, said->public, DID_KEY_BYTES);
		grant->sealed.max = BUF_NO_LIMIT;
		rc = buf_add(&grant->sealed, said->sealed.data,
			     said->sealed.len, err);
		if (rc < 0)
			return rc;
	}
	qsort(to->grants, to->grants_n, sizeof(*to->grants), compare_grants);
	return 0;
}

static void rank_all(const struct roster *roster, struct ranked *members,
		     struct ranked *keys)
{
	size_t i;

	for (i = 0; i < roster->members_n; i++) {
		const struct roster_member *member = &roster->members[i];

		members[i] = (struct ranked){ roster, member->public,
					      member->admission.by,
					      member->owner_order, i };
	}
	qsort(members, roster->members_n, sizeof(*members), compare_ranked);
	for (i = 0; i < roster->keys_n; i++) {
		const struct roster_say *made = &roster->keys[i].creation;

		keys[i] = (struct ranked){ roster, made->statement->key,
					   made->by, 0, i };
	}
	qsort(keys, roster->keys_n, sizeof(*keys), compare_ranked);
}

int roster_state(const struct roster *roster, struct vault_state *out,
		 struct err *err)
{
	struct vault_state made;
	struct ranked *members = calloc(roster->members_n + 1,
					sizeof(*members));
	struct ranked *keys = calloc(roster->keys_n + 1, sizeof(*keys));
	size_t i;
	int rc;

	memset(&made, 0, sizeof(made));
	made.members = calloc(roster->members_n + 1, sizeof(*made.members));
	made.keys = calloc(roster->keys_n + 1, sizeof(*made.keys));
	if (!members || !keys || !made.members || !made.keys) {
		rc = err_set(err, ERR_NOMEM, "out of memory");
		goto out;
	}
	rank_all(roster, members, keys);
	made.is_encrypted = roster->create && roster->create->is_encrypted;
	rc = fill_members(roster, members, &made, err);
	for (i = 0; rc >= 0 && i < roster->keys_n; i++) {
		made.keys_n = i + 1;
		rc = fill_key(&roster->keys[keys[i].at], &made.keys[i], err);
	}
out:
	free(members);
	free(keys);
	if (rc < 0)
		vault_state_release(&made);
	else
		*out = made;
	return rc < 0 ? rc : 0;
}
