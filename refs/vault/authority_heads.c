#include "refs/vault/authority.h"

#include <stdlib.h>
#include <string.h>

/* Heads while some of them are being dropped. */
struct standing {
	struct authority *authority;
	uint32_t *at;
	size_t n;
};

static const struct index_set *ancestors(const struct standing *standing,
					 uint32_t number)
{
	return &authority_version(standing->authority, number)->ancestors;
}

static bool has_removals(const struct roster *roster)
{
	size_t i;

	for (i = 0; i < roster->members_n; i++)
		if (roster->members[i].removals.n)
			return true;
	return false;
}

/* Is this version beyond a cut that its writer had not seen? One that holds
 * the removal is its author's own leave. */
static bool is_cut(const struct roster *roster,
		   const struct authority_version *version)
{
	const struct roster_member *member;
	size_t i;

	member = roster_member(roster, version->signer);
	if (!member)
		return false;
	for (i = 0; i < member->removals.n; i++)
		if (index_set_has(&version->ancestors,
				  member->removals.at[i].by))
			return false;
	return !roster_accepts(roster, VAULT_CONSTRUCT, version->signer,
			       version->seq, version->digest);
}

/* Is one of its ancestors, which are others' and so stand, beyond a cut? */
static bool is_tainted(const struct standing *standing,
		       const struct roster *roster, uint32_t number)
{
	uint64_t pos = 0;
	uint32_t at;

	while (index_set_next(ancestors(standing, number), &pos, &at))
		if (is_cut(roster,
			   authority_version(standing->authority, at)))
			return true;
	return false;
}

/* Take out what is doubled or an ancestor of another. */
static void keep_maximal(struct standing *standing)
{
	uint32_t *at = standing->at;
	size_t kept = 0;
	size_t i;
	size_t j;

	for (i = 0; i < standing->n; i++) {
		for (j = 0; j < standing->n; j++) {
			if (j == i || (j > i && at[j] == at[i]))
				continue;
			if (index_set_has(ancestors(standing, at[j]), at[i]))
				break;
		}
		if (j == standing->n)
			at[kept++] = at[i];
	}
	standing->n = kept;
}

/* Put the parents of marked heads in their place. */
static int drop(struct standing *standing, const bool *is_marked,
		struct err *err)
{
	size_t room = standing->n + 1;
	uint32_t *next;
	size_t n = 0;
	size_t i;
	size_t j;

	for (i = 0; i < standing->n; i++)
		room += authority_version(standing->authority,
					  standing->at[i])->parents_n;
	next = calloc(room, sizeof(*next));
	if (!next)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < standing->n; i++) {
		const struct authority_version *head = authority_version(
			standing->authority, standing->at[i]);

		if (!is_marked[i])
			next[n++] = standing->at[i];
		for (j = 0; is_marked[i] && j < head->parents_n; j++)
			next[n++] = head->parents[j];
	}
	free(standing->at);
	standing->at = next;
	standing->n = n;
	keep_maximal(standing);
	return 0;
}

/* How far below the first owners a member was admitted. */
static uint64_t rank(const struct standing *standing,
		     const struct roster *roster, uint32_t head)
{
	const struct authority_version *version =
		authority_version(standing->authority, head);
	const struct roster_member *member =
		roster_member(roster, version->signer);

	if (member->owner_order)
		return member->owner_order;
	version = authority_version(standing->authority, member->admission.by);
	return (uint64_t)OWNERS_MAX + 1 + version->depth;
}

/*
 * Mark the heads that are cut off; of several those whose members stand
 * highest, since dropping them may take back the removal of the others.
 */
static bool mark_cut(const struct standing *standing,
		     const struct roster *roster, bool *is_marked)
{
	uint64_t highest = UINT64_MAX;
	size_t i;

	for (i = 0; i < standing->n; i++) {
		is_marked[i] = is_cut(roster,
				      authority_version(standing->authority,
							standing->at[i]));
		if (is_marked[i] &&
		    rank(standing, roster, standing->at[i]) < highest)
			highest = rank(standing, roster, standing->at[i]);
	}
	for (i = 0; i < standing->n; i++)
		if (is_marked[i] &&
		    rank(standing, roster, standing->at[i]) > highest)
			is_marked[i] = false;
	return highest != UINT64_MAX;
}

/* An owner in the eyes of those who saw nothing that was cut? */
static bool is_known_owner(const struct roster *roster,
			   const struct authority_version *head)
{
	const struct roster_member *member =
		roster_member(roster, head->signer);

	if (!member)
		return false;
	if (member->removals.n)
		return roster_accepts(roster, VAULT_CONSTRUCT, head->signer,
				      head->seq, head->digest);
	return roster_role(roster, head->signer) == ROLE_OWNER;
}

/*
 * Mark heads with a cut ancestor whose signers are owners by that ancestor
 * only: else whoever holds a removed key could admit a helper in its past.
 */
static int mark_helpers(const struct standing *standing,
			const struct roster *roster, bool *is_marked,
			bool *out_any, struct err *err)
{
	struct index_set base = INDEX_SET_INIT;
	const struct roster *rest;
	bool any = false;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < standing->n; i++) {
		is_marked[i] = is_tainted(standing, roster, standing->at[i]);
		any = any || is_marked[i];
		if (!is_marked[i])
			rc = index_set_add_all(
				&base, ancestors(standing, standing->at[i]),
				err);
	}
	*out_any = false;
	if (rc < 0 || !any || !base.n)
		goto out;
	rc = authority_roster(standing->authority, &base, &rest, err);
	for (i = 0; rc >= 0 && i < standing->n; i++) {
		is_marked[i] = is_marked[i] &&
			       !is_known_owner(rest, authority_version(
						       standing->authority,
						       standing->at[i]));
		*out_any = *out_any || is_marked[i];
	}
out:
	index_set_release(&base);
	return rc;
}

/* One round: *out_done when nothing had to be dropped. */
static int settle(struct standing *standing, struct index_set *set,
		  bool *out_done, struct err *err)
{
	bool *is_marked = calloc(standing->n + 1, sizeof(*is_marked));
	const struct roster *roster;
	bool any = false;
	int rc;

	if (!is_marked)
		return err_set(err, ERR_NOMEM, "out of memory");
	index_set_release(set);
	rc = authority_closure(standing->authority, standing->at, standing->n,
			       set, err);
	if (rc >= 0)
		rc = authority_roster(standing->authority, set, &roster, err);
	if (rc < 0)
		goto out;
	if (has_removals(roster)) {
		any = mark_cut(standing, roster, is_marked);
		if (!any)
			rc = mark_helpers(standing, roster, is_marked, &any,
					  err);
	}
	if (rc >= 0 && any)
		rc = drop(standing, is_marked, err);
	*out_done = !any;
out:
	free(is_marked);
	return rc;
}

int authority_effective(struct authority *authority, const uint32_t *heads,
			size_t heads_n, struct index_set *out, struct err *err)
{
	struct standing standing = { authority, NULL, heads_n };
	struct index_set set = INDEX_SET_INIT;
	bool is_done = false;
	int rc = 0;

	standing.at = calloc(heads_n + 1, sizeof(*standing.at));
	if (!standing.at)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (heads_n)
		memcpy(standing.at, heads, heads_n * sizeof(*heads));
	keep_maximal(&standing);
	while (rc >= 0 && !is_done)
		rc = settle(&standing, &set, &is_done, err);
	free(standing.at);
	if (rc < 0) {
		index_set_release(&set);
		return rc;
	}
	index_set_release(out);
	*out = set;
	return 0;
}
