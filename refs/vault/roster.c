#include "refs/vault/roster.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"

void roster_init(struct roster *roster)
{
	const struct table by_public = TABLE_INIT(DID_KEY_BYTES,
						  TABLE_NO_LIMIT);
	const struct table by_key = TABLE_INIT(KEY_ID_BYTES, TABLE_NO_LIMIT);
	const struct table records = TABLE_INIT(RECORD_ID_BYTES,
						TABLE_NO_LIMIT);

	memset(roster, 0, sizeof(*roster));
	roster->by_public = by_public;
	roster->by_key = by_key;
	roster->records = records;
}

void roster_release(struct roster *roster)
{
	size_t i;

	for (i = 0; i < roster->members_n; i++) {
		free(roster->members[i].admissions.at);
		free(roster->members[i].roles.at);
		free(roster->members[i].removals.at);
		free(roster->members[i].names.at);
		free(roster->members[i].limits);
	}
	for (i = 0; i < roster->keys_n; i++)
		free(roster->keys[i].grants.at);
	free(roster->members);
	free(roster->keys);
	index_set_release(&roster->covers);
	table_release(&roster->by_public);
	table_release(&roster->by_key);
	table_release(&roster->records);
	roster_init(roster);
}

struct roster_member *roster_member(const struct roster *roster,
				    const unsigned char public[DID_KEY_BYTES])
{
	uint64_t at;

	return table_get(&roster->by_public, public, &at) ?
		       &roster->members[at] : NULL;
}

struct roster_key *roster_key(const struct roster *roster,
			      const unsigned char id[KEY_ID_BYTES])
{
	uint64_t at;

	return table_get(&roster->by_key, id, &at) ? &roster->keys[at] : NULL;
}

static int says_add(struct roster_says *says, struct roster_say say,
		    struct err *err)
{
	int rc = array_room(says, err);

	if (rc < 0)
		return rc;
	says->at[says->n++] = say;
	return 0;
}

/* Does version a come before b, so that b's writer had seen it? */
static bool is_before(const struct roster *roster, uint32_t a, uint32_t b)
{
	return a != b && index_set_has(&roster->versions[b]->ancestors, a);
}

/*
 * Add a word on a role unless one that had seen it stands; drop those that it
 * had seen. Sets only grow, so what was dropped never comes back.
 */
static int says_supersede(const struct roster *roster,
			  struct roster_says *says, struct roster_say say,
			  struct err *err)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < says->n; i++)
		if (is_before(roster, say.by, says->at[i].by))
			return 0;
	for (i = 0; i < says->n; i++)
		if (!is_before(roster, says->at[i].by, say.by))
			says->at[kept++] = says->at[i];
	says->n = kept;
	return says_add(says, say, err);
}

/*
 * The order that decides who came first: depth follows ancestry, the digest
 * breaks ties. So whoever admits stands at a lesser depth than the admission,
 * and the tree has no cycle.
 */
int roster_compare(const struct roster *roster, uint32_t a, uint32_t b)
{
	const struct authority_version *x = roster->versions[a];
	const struct authority_version *y = roster->versions[b];

	if (x->depth != y->depth)
		return x->depth < y->depth ? -1 : 1;
	return memcmp(x->digest, y->digest, SHA256_BYTES);
}

static int say_name(const struct roster *roster, struct roster_member *member,
		    struct roster_say say, struct err *err)
{
	return say.statement->name.len
		       ? says_supersede(roster, &member->names, say, err) : 0;
}

static int say_admit(struct roster *roster, struct roster_say say,
		     struct err *err)
{
	struct roster_member *member;
	struct roster_say *first;
	int rc;

	member = roster_member(roster, say.statement->public);
	if (!member) {
		rc = array_room_in(roster->members, roster->members_n,
				   roster->members_cap, err);
		if (rc < 0)
			return rc;
		rc = table_put(&roster->by_public, say.statement->public,
			       roster->members_n, err);
		if (rc < 0)
			return rc;
		member = &roster->members[roster->members_n++];
		memset(member, 0, sizeof(*member));
		memcpy(member->public, say.statement->public, DID_KEY_BYTES);
		member->admission = say;
	}
	first = &member->admission;
	if (roster_compare(roster, say.by, first->by) < 0)
		*first = say;
	rc = says_add(&member->admissions, say, err);
	if (rc == 0)
		rc = say_name(roster, member, say, err);
	return rc < 0 ? rc : says_supersede(roster, &member->roles, say, err);
}

static int say_key(struct roster *roster, struct roster_say say,
		   struct err *err)
{
	struct roster_key *key = roster_key(roster, say.statement->key);
	int rc;

	if (key) {
		if (roster_compare(roster, say.by, key->creation.by) < 0)
			key->creation = say;
		return 0;
	}
	rc = array_room_in(roster->keys, roster->keys_n, roster->keys_cap, err);
	if (rc < 0)
		return rc;
	rc = table_put(&roster->by_key, say.statement->key, roster->keys_n,
		       err);
	if (rc < 0)
		return rc;
	key = &roster->keys[roster->keys_n++];
	memset(key, 0, sizeof(*key));
	key->creation = say;
	return 0;
}

/* A word on a role, or a removal; what takes a right is kept for good. */
static int say_right(struct roster *roster, struct roster_say word,
		     struct err *err)
{
	const struct statement *said = word.statement;
	struct roster_member *member = roster_member(roster, said->public);
	struct member_limit *limit;
	int rc;

	if (!member)
		return 0;
	rc = say_name(roster, member, word, err);
	if (rc == 0 && said->kind == STATEMENT_REMOVE)
		rc = says_add(&member->removals, word, err);
	else if (rc == 0 && said->has_role)
		rc = says_supersede(roster, &member->roles, word, err);
	if (rc < 0 || !said->is_lowering || said->is_merged)
		return rc;
	rc = array_room_in(member->limits, member->limits_n, member->limits_cap,
			   err);
	if (rc < 0)
		return rc;
	limit = &member->limits[member->limits_n++];
	limit->by = word.by;
	limit->role = said->kind == STATEMENT_REMOVE ? ROLE_NONE : said->role;
	limit->is_own = !memcmp(roster->versions[word.by]->signer,
				member->public, DID_KEY_BYTES);
	limit->cuts = said->cuts;
	limit->cuts_n = said->cuts_n;
	return 0;
}

/* Of several renewals that had not seen each other one counts, and the same
 * for all. */
static void say_renewed(struct roster *roster, uint32_t by)
{
	if (roster->has_renewal &&
	    roster_compare(roster, by, roster->renewal) <= 0)
		return;
	roster->has_renewal = true;
	roster->renewal = by;
}

static int say(struct roster *roster, struct roster_say word, struct err *err)
{
	struct roster_key *key;

	switch (word.statement->kind) {
	case STATEMENT_CREATE:
		roster->create = word.statement;
		return 0;
	case STATEMENT_ADMIT:
		return say_admit(roster, word, err);
	case STATEMENT_KEY:
		return say_key(roster, word, err);
	case STATEMENT_GRANT:
		key = roster_key(roster, word.statement->key);
		return key ? says_add(&key->grants, word, err) : 0;
	case STATEMENT_ROLE:
	case STATEMENT_REMOVE:
		return say_right(roster, word, err);
	case STATEMENT_RENEW:
		say_renewed(roster, word.by);
		return 0;
	}
	return 0;
}

/* The order of the first owners, once they are members. */
static void number_owners(struct roster *roster)
{
	size_t i;

	for (i = 0; roster->create && i < roster->create->owners_n; i++) {
		struct roster_member *owner =
			roster_member(roster, roster->create->owners[i]);

		if (owner)
			owner->owner_order = i + 1;
	}
}

static int grow_by_one(struct roster *roster, uint32_t number, struct err *err)
{
	const struct authority_version *version = roster->versions[number];
	size_t i;
	int rc;

	for (i = 0; i < version->statements_n; i++) {
		struct roster_say word = { number, &version->statements[i] };

		rc = say(roster, word, err);
		if (rc == 0)
			rc = table_include(&roster->records,
					   word.statement->record, NULL, err);
		if (rc < 0)
			return rc;
	}
	if (!version->parents_n)
		number_owners(roster);
	return 0;
}

int roster_grow(struct roster *roster,
		const struct authority_version *const *versions,
		const struct index_set *set, struct err *err)
{
	uint64_t pos = 0;
	uint32_t number;
	int rc;

	roster->versions = versions;
	while (index_set_next(set, &pos, &number)) {
		if (index_set_has(&roster->covers, number))
			continue;
		rc = grow_by_one(roster, number, err);
		if (rc < 0)
			return rc;
	}
	return index_set_add_all(&roster->covers, set, err);
}

enum role roster_role(const struct roster *roster,
		      const unsigned char public[DID_KEY_BYTES])
{
	const struct roster_member *member = roster_member(roster, public);
	enum role given = ROLE_NONE;
	enum role left = ROLE_OWNER;
	bool is_lowered = false;
	size_t i;

	if (!member || member->removals.n)
		return ROLE_NONE;
	/* Where writers disagreed without having seen each other, a right that
	 * one took is gone. But only who stands above takes one: so a word that
	 * gives, which any owner may say, never lowers what another gives. */
	for (i = 0; i < member->roles.n; i++) {
		const struct statement *said = member->roles.at[i].statement;

		if (said->is_lowering && said->role < left)
			left = said->role;
		else if (said->role > given)
			given = said->role;
		is_lowered = is_lowered || said->is_lowering;
	}
	return is_lowered ? left : given;
}

/* Take a member that was not met yet onto the list. */
static void meet(struct roster_member *member, struct roster_member **todo)
{
	if (member->is_seen)
		return;
	member->is_seen = true;
	member->next = *todo;
	*todo = member;
}

/*
 * Where a member stands: where the first stood whose place it took. Whom a
 * version admits was no member in the state of its parents, and whom it
 * replaces was one; so each step leads to an earlier admission.
 */
static struct roster_member *standing_of(const struct roster *roster,
				      struct roster_member *member)
{
	while (member && member->admission.statement->has_replaced)
		member = roster_member(roster,
				       member->admission.statement->replaced);
	return member;
}

/* Has the one, perhaps through others, taken the place of the other? */
static bool has_replaced(const struct roster *roster,
			 const struct roster_member *later,
			 const struct roster_member *earlier)
{
	while (later && later != earlier &&
	       later->admission.statement->has_replaced)
		later = roster_member(roster,
				      later->admission.statement->replaced);
	return later == earlier;
}

/* Go on to those who admitted the member, but not past `upper`. */
static void climb(const struct roster *roster,
		  const struct roster_member *member,
		  const struct roster_member *upper,
		  struct roster_member **todo)
{
	size_t i;

	for (i = 0; i < member->admissions.n; i++) {
		uint32_t by = member->admissions.at[i].by;
		struct roster_member *next = standing_of(
			roster, roster_member(roster,
					      roster->versions[by]->signer));

		if (next && next != upper)
			meet(next, todo);
	}
}

bool roster_is_above(const struct roster *roster,
		     const unsigned char above[DID_KEY_BYTES],
		     const unsigned char below[DID_KEY_BYTES])
{
	struct roster_member *upper = roster_member(roster, above);
	struct roster_member *at = roster_member(roster, below);
	struct roster_member *todo = NULL;
	size_t i;

	if (!upper || !at || upper == at)
		return false;
	if (standing_of(roster, upper) == standing_of(roster, at))
		return has_replaced(roster, upper, at);
	upper = standing_of(roster, upper);
	at = standing_of(roster, at);
	for (i = 0; i < roster->members_n; i++)
		roster->members[i].is_seen = false;
	meet(at, &todo);
	while (todo) {
		at = todo;
		todo = at->next;
		if (!at->owner_order)
			climb(roster, at, upper, &todo);
		else if (!upper->owner_order ||
			 upper->owner_order >= at->owner_order)
			return false;
	}
	return true;
}
