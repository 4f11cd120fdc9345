#include "refs/vault/authority.h"

#include <stdlib.h>
#include <string.h>

#include "refs/vault/limits.h"

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

static bool has_limits(const struct roster *roster)
{
	size_t i;

	for (i = 0; i < roster->members_n; i++)
		if (roster->members[i].limits_n)
			return true;
	return false;
}

/* A version of a set that is being settled. */
struct trial {
	const struct standing *standing;
	const struct index_set *set;
	uint32_t number;
};

/*
 * A cut that names what is not in the set keeps nothing. A device may take its
 * own rights twice, on lines that know nothing of each other, as it does when
 * two that hold one key both take a new one in its place. Nobody can tell which
 * of them came first; so such a word keeps itself and what it stands on, and
 * both count, whoever wrote on, until an owner above says otherwise.
 */
static bool keeps(const void *arg, const struct member_limit *limit)
{
	const struct trial *trial = arg;
	const struct standing *standing = trial->standing;
	const struct member_cut *cuts;
	uint32_t named;
	size_t n;
	size_t i;

	if (limit->is_own &&
	    index_set_has(ancestors(standing, limit->by), trial->number))
		return true;
	cuts = limit_cuts(limit, VAULT_CONSTRUCT, &n);
	for (i = 0; i < n; i++)
		if (authority_find(standing->authority, cuts[i].digest,
				   &named) &&
		    index_set_has(trial->set, named) &&
		    index_set_has(ancestors(standing, named), trial->number))
			return true;
	return false;
}

static enum limit_verdict judge(const struct trial *trial,
				const struct roster_member *member)
{
	const struct limit_case at = {
		.known = ancestors(trial->standing, trial->number),
		.construct = VAULT_CONSTRUCT, .needed = ROLE_OWNER,
		.keeps = keeps, .arg = trial,
	};

	return limits_judge(member->limits, member->limits_n, &at);
}

/* Is this version beyond a cut that its writer had not seen? */
static bool is_cut(const struct standing *standing,
		   const struct roster *roster, const struct index_set *set,
		   uint32_t number)
{
	const struct trial trial = { standing, set, number };
	const struct roster_member *member = roster_member(
		roster,
		authority_version(standing->authority, number)->signer);

	return member && judge(&trial, member) == LIMIT_CUT;
}

/* The versions of a set that lie beyond a cut. */
static int find_cut(const struct standing *standing,
		    const struct roster *roster, const struct index_set *set,
		    struct index_set *out, struct err *err)
{
	uint64_t pos = 0;
	uint32_t number;
	int rc = 0;

	while (rc == 0 && index_set_next(set, &pos, &number))
		if (is_cut(standing, roster, set, number))
			rc = index_set_add(out, number, err);
	return rc;
}

/* Is one of its ancestors, which are others' and so stand, beyond a cut? */
static bool is_tainted(const struct standing *standing,
		       const struct index_set *cut, uint32_t number)
{
	uint64_t pos = 0;
	uint32_t at;

	while (index_set_next(cut, &pos, &at))
		if (index_set_has(ancestors(standing, number), at))
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
		     const struct roster *roster, const struct index_set *cut,
		     bool *is_marked)
{
	uint64_t highest = UINT64_MAX;
	size_t i;

	for (i = 0; i < standing->n; i++) {
		is_marked[i] = index_set_has(cut, standing->at[i]);
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

/* An owner in the eyes of those who saw nothing that was cut? Who signed
 * before its rights were taken, and was not cut, was one. */
static bool is_known_owner(const struct standing *standing,
			   const struct roster *roster,
			   const struct index_set *base, uint32_t head)
{
	const struct trial trial = { standing, base, head };
	const unsigned char *signer =
		authority_version(standing->authority, head)->signer;
	const struct roster_member *member = roster_member(roster, signer);

	return member && (judge(&trial, member) != LIMIT_FREE ||
			  roster_role(roster, signer) == ROLE_OWNER);
}

/*
 * Mark heads with a cut ancestor whose signers are owners by that ancestor
 * only: else whoever holds a removed key could admit a helper in its past.
 */
static int mark_helpers(const struct standing *standing,
			const struct index_set *cut, bool *is_marked,
			bool *out_any, struct err *err)
{
	struct index_set base = INDEX_SET_INIT;
	const struct roster *rest;
	bool any = false;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < standing->n; i++) {
		is_marked[i] = is_tainted(standing, cut, standing->at[i]);
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
	for (i = 0; rc == 0 && i < standing->n; i++) {
		is_marked[i] = is_marked[i] &&
			       !is_known_owner(standing, rest, &base,
					       standing->at[i]);
		*out_any = *out_any || is_marked[i];
	}
out:
	index_set_release(&base);
	return rc;
}

/* Mark what has to go in this round, if anything. */
static int mark(const struct standing *standing, const struct index_set *set,
		bool *is_marked, bool *out_any, struct err *err)
{
	struct index_set cut = INDEX_SET_INIT;
	const struct roster *roster;
	int rc = authority_roster(standing->authority, set, &roster, err);

	*out_any = false;
	if (rc < 0 || !has_limits(roster))
		return rc;
	rc = find_cut(standing, roster, set, &cut, err);
	if (rc == 0)
		*out_any = mark_cut(standing, roster, &cut, is_marked);
	if (rc == 0 && !*out_any && cut.n)
		rc = mark_helpers(standing, &cut, is_marked, out_any, err);
	index_set_release(&cut);
	return rc;
}

/* One round: *out_done when nothing had to be dropped. */
static int settle(struct standing *standing, struct index_set *set,
		  bool *out_done, struct err *err)
{
	bool *is_marked = calloc(standing->n + 1, sizeof(*is_marked));
	bool any = false;
	int rc;

	if (!is_marked)
		return err_set(err, ERR_NOMEM, "out of memory");
	index_set_release(set);
	rc = authority_closure(standing->authority, standing->at, standing->n,
			       set, err);
	/* What one version stands on was judged when that was added. */
	if (rc == 0 && standing->n > 1)
		rc = mark(standing, set, is_marked, &any, err);
	if (rc == 0 && any)
		rc = drop(standing, is_marked, err);
	*out_done = !any;
	free(is_marked);
	return rc;
}

int authority_standing(struct authority *authority, const uint32_t *heads,
		       size_t heads_n, struct index_set *out,
		       struct number_list *out_heads, struct err *err)
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
	while (rc == 0 && !is_done)
		rc = settle(&standing, &set, &is_done, err);
	if (rc < 0) {
		free(standing.at);
		index_set_release(&set);
		return rc;
	}
	index_set_release(out);
	*out = set;
	out_heads->at = standing.at;
	out_heads->n = standing.n;
	return 0;
}

int authority_effective(struct authority *authority, const uint32_t *heads,
			size_t heads_n, struct index_set *out, struct err *err)
{
	struct number_list standing = { NULL, 0 };
	int rc = authority_standing(authority, heads, heads_n, out, &standing,
				    err);

	free(standing.at);
	return rc;
}
