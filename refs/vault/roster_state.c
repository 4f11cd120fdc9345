#include "refs/vault/roster.h"

#include <stdlib.h>
#include <string.h>

/* A copy that the state owns. */
static int copy_limits(const struct roster_member *from, struct member *to,
		       struct err *err)
{
	size_t i;

	if (!from->limits_n)
		return 0;
	to->limits = calloc(from->limits_n, sizeof(*to->limits));
	if (!to->limits)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < from->limits_n; i++) {
		struct member_limit *limit = &to->limits[to->limits_n++];
		size_t n = from->limits[i].cuts_n;

		*limit = from->limits[i];
		limit->cuts = calloc(n + 1, sizeof(*limit->cuts));
		if (!limit->cuts)
			return err_set(err, ERR_NOMEM, "out of memory");
		if (n)
			memcpy(limit->cuts, from->limits[i].cuts,
			       n * sizeof(*limit->cuts));
	}
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

/* The first of those that say it. */
static const struct roster_say *first_of(const struct roster *roster,
					 const struct roster_says *says)
{
	const struct roster_say *first = NULL;
	size_t i;

	for (i = 0; i < says->n; i++)
		if (!first ||
		    roster_compare(roster, says->at[i].by, first->by) < 0)
			first = &says->at[i];
	return first;
}

static void fill_word(const struct roster *roster,
		      const struct roster_say *say, struct member_word *out)
{
	const struct authority_version *version = roster->versions[say->by];

	out->version = version->id;
	memcpy(out->by, version->signer, DID_KEY_BYTES);
	out->time = version->time;
}

static int fill_member(const struct roster *roster,
		       const struct roster_member *from, struct member *to,
		       struct err *err)
{
	const struct statement *said = from->admission.statement;
	/* The last name; of several that had not seen each other the first. */
	const struct roster_say *named = first_of(roster, &from->names);
	int rc = 0;

	memcpy(to->public, from->public, DID_KEY_BYTES);
	memcpy(to->box, said->box, DID_KEY_BYTES);
	to->has_replaced = said->has_replaced;
	memcpy(to->replaced, said->replaced, DID_KEY_BYTES);
	to->role = roster_role(roster, from->public);
	fill_word(roster, &from->admission, &to->admitted);
	to->is_removed = from->removals.n > 0;
	if (to->is_removed)
		fill_word(roster, first_of(roster, &from->removals),
			  &to->removed);
	to->name.max = BUF_NO_LIMIT;
	if (named)
		rc = buf_add(&to->name, named->statement->name.data,
			     named->statement->name.len, err);
	return rc < 0 ? rc : copy_limits(from, to, err);
}

static int fill_members(const struct roster *roster,
			const struct ranked *order, struct vault_state *out,
			struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < roster->members_n; i++) {
		out->members_n = i + 1;
		rc = fill_member(roster, &roster->members[order[i].at],
				 &out->members[i], err);
	}
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

/* Was it granted to somebody who is removed? */
static bool is_key_known(const struct roster *roster,
			 const struct roster_key *key)
{
	size_t i;

	for (i = 0; i < key->grants.n; i++) {
		const struct roster_member *member = roster_member(
			roster, key->grants.at[i].statement->public);

		if (member && member->removals.n)
			return true;
	}
	return false;
}

static const unsigned char *newest_key(const struct roster *roster,
				       bool may_be_known)
{
	struct ranked newest = { .roster = NULL };
	size_t i;

	for (i = 0; i < roster->keys_n; i++) {
		const struct roster_say *made = &roster->keys[i].creation;
		struct ranked key = { roster, made->statement->key, made->by,
				      0, i };

		if (!made->statement->is_name_key &&
		    (!newest.roster || compare_ranked(&key, &newest) > 0) &&
		    (may_be_known || !is_key_known(roster, &roster->keys[i])))
			newest = key;
	}
	return newest.public;
}

const unsigned char *roster_sealing_key(const struct roster *roster)
{
	const unsigned char *key = newest_key(roster, false);

	return key ? key : newest_key(roster, true);
}

static void take_sealing_key(const struct roster *roster,
			     struct vault_state *out)
{
	const unsigned char *key = roster_sealing_key(roster);

	out->has_sealing_key = out->is_encrypted && key;
	if (!out->has_sealing_key)
		return;
	memcpy(out->sealing_key, key, KEY_ID_BYTES);
	out->is_sealing_known = is_key_known(roster, roster_key(roster, key));
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
	take_sealing_key(roster, &made);
	rc = fill_members(roster, members, &made, err);
	for (i = 0; rc == 0 && i < roster->keys_n; i++) {
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
	return rc;
}
