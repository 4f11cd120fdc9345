/*
 * Who is a member with which role, in a set of versions of `vault`: grown
 * version by version, and the same whatever the order in which they come.
 */
#ifndef VV_REFS_VAULT_ROSTER_H
#define VV_REFS_VAULT_ROSTER_H

#include "lib/base/table.h"
#include "refs/history/construct_name.h"
#include "refs/vault/index_set.h"
#include "refs/vault/statement.h"

/* A version of `vault` and what it says. Owned by an authority. */
struct authority_version {
	git_oid id;
	unsigned char digest[SHA256_BYTES];
	unsigned char signer[DID_KEY_BYTES];
	uint64_t seq;
	int64_t time;			/* seconds, as its signer says */
	uint32_t depth;			/* the longest way to the first */
	struct index_set ancestors;	/* itself among them */
	uint32_t *parents;
	size_t parents_n;
	struct statement *statements;	/* those that count */
	size_t statements_n;
};

/* Said by version number `by`. */
struct roster_say {
	uint32_t by;
	const struct statement *statement;
};

struct roster_says {
	struct roster_say *at;
	size_t n;
	size_t cap;
};

struct roster_member {
	unsigned char public[DID_KEY_BYTES];
	struct roster_say admission;	/* lowest (depth, digest) */
	struct roster_says admissions;	/* all, by whoever did not know it */
	struct roster_says roles;	/* none an ancestor of another */
	struct roster_says removals;
	struct roster_says names;	/* as roles */
	struct member_limit *limits;	/* their cuts are the statements' */
	size_t limits_n;
	size_t limits_cap;
	size_t owner_order;		/* first owners: 1, 2 ...; else 0 */
	struct roster_member *next;	/* of a search that is under way */
	bool is_seen;
};

struct roster_key {
	struct roster_say creation;	/* lowest (depth, digest) */
	struct roster_says grants;
};

struct roster {
	const struct authority_version *const *versions;	/* by number */
	struct index_set covers;
	const struct statement *create;
	struct roster_member *members;
	size_t members_n;
	size_t members_cap;
	struct table by_public;
	struct roster_key *keys;
	size_t keys_n;
	size_t keys_cap;
	struct table by_key;
	struct table records;		/* ids of statements, counted once */
	bool has_renewal;		/* a version says vault:renew: the one */
	uint32_t renewal;		/* with the greatest (depth, digest) */
};

void roster_init(struct roster *roster);
void roster_release(struct roster *roster);

/*
 * Grow to every version in `set` (closed: with all ancestors). versions: the
 * authority's array, as it stands now.
 */
MUST_USE int roster_grow(struct roster *roster,
			 const struct authority_version *const *versions,
			 const struct index_set *set, struct err *err);

struct roster_member *roster_member(const struct roster *roster,
				    const unsigned char public[DID_KEY_BYTES]);
struct roster_key *roster_key(const struct roster *roster,
			      const unsigned char id[KEY_ID_BYTES]);

/* Which of two versions came first: by depth, then digest. */
int roster_compare(const struct roster *roster, uint32_t a, uint32_t b);

/* ROLE_NONE for a stranger and once removed. */
enum role roster_role(const struct roster *roster,
		      const unsigned char public[DID_KEY_BYTES]);

/*
 * Does `above` stand above `below`: is it on every way from `below` up to the
 * first owners, by whoever admitted whom? So nobody comes to stand above a
 * member by admitting it again on top of an older version. A first owner
 * stands above those behind it and all that they admitted. Who replaced another
 * stands where that one stood, and above it.
 */
bool roster_is_above(const struct roster *roster,
		     const unsigned char above[DID_KEY_BYTES],
		     const unsigned char below[DID_KEY_BYTES]);

/*
 * The content key that must have sealed what is new in the eyes of who knows
 * this: of those that nobody was granted who is removed, the newest, that is
 * the one whose version (of those that create it the first) has the greatest
 * depth, then the greatest digest, then the greatest id. Where owners removed
 * several members at once, each may have been granted the key that was made
 * for the removal of the other: then the newest of all. NULL: none, in a plain
 * vault.
 */
const unsigned char *roster_sealing_key(const struct roster *roster);

/* The whole as others see it, but for the vault id, the heads and the past. */
MUST_USE int roster_state(const struct roster *roster,
			  struct vault_state *out, struct err *err);

#endif
