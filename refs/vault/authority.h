/*
 * The versions of `vault` that are known to be valid, and what follows from
 * any set of them. design.md section 6.
 *
 * A version counts when its signer was an owner in the state of its parents.
 * What it says is judged in that same state, once; the state of a union is
 * the union of what its versions said. So it depends on the set alone:
 *
 *	admission	the first one counts: lowest depth of its version
 *			below the first, then lowest digest
 *	role		a later word replaces those that its writer had seen;
 *			among the rest the least of those that lower it, or
 *			if there is none the greatest
 *	removal		for ever; only by an owner above, or by oneself
 *	raising a role	by any owner; lowering it as removal
 *
 * What a device signs beyond the cut of a removal or lowering that it had not
 * seen (refs/vault/limits.h) is not a head, and no parent of what holds that
 * word. Nor is that of a device that only such versions would make an owner.
 */
#ifndef VV_REFS_VAULT_AUTHORITY_H
#define VV_REFS_VAULT_AUTHORITY_H

#include "objects/store/store.h"
#include "objects/tree/tree.h"
#include "refs/history/construct_name.h"
#include "refs/vault/roster.h"
#include "refs/vault/state.h"

struct authority;
struct version;

/* Numbers of versions. */
struct number_list {
	uint32_t *at;	/* owned */
	size_t n;
};

MUST_USE int authority_new(struct authority **out, struct err *err);
void authority_free(struct authority *authority);

/* "" before the first version. */
const char *authority_vault_id(const struct authority *authority);

/* Those known so far, numbered in the order in which they were added. */
const struct authority_version *
authority_version(const struct authority *authority, uint32_t number);
bool authority_find(const struct authority *authority,
		    const unsigned char digest[SHA256_BYTES],
		    uint32_t *out_number);
bool authority_find_id(const struct authority *authority, const git_oid *id,
		       uint32_t *out_number);

/* A record that a version of `vault` brings, read. */
struct authority_news {
	struct statement *at;	/* owned */
	size_t n;
	size_t cap;
};

void authority_news_release(struct authority_news *news);
MUST_USE int authority_news_add(struct authority_news *news,
				const struct record *record,
				const unsigned char id[RECORD_ID_BYTES],
				struct err *err);

/*
 * Add a version whose parents were added, with the records that it brings
 * (none for a compaction). What news holds is taken. A version that is there
 * already changes nothing. ERR_UNTRUSTED when it breaks a rule, with a stable
 * word for it in *out_code.
 */
MUST_USE int authority_add(struct authority *authority,
			   const struct version *version,
			   struct authority_news *news,
			   const char **out_code, struct err *err);

/*
 * What a set of heads stands for: they and their ancestors, and, but for the
 * closure, without heads that lie beyond a cut (their own accepted ancestors
 * stay). authority_standing() gives the heads of it besides, an array that the
 * caller frees.
 */
MUST_USE int authority_closure(const struct authority *authority,
			       const uint32_t *heads, size_t heads_n,
			       struct index_set *out, struct err *err);
MUST_USE int authority_effective(struct authority *authority,
				 const uint32_t *heads, size_t heads_n,
				 struct index_set *out, struct err *err);
MUST_USE int authority_standing(struct authority *authority,
				const uint32_t *heads, size_t heads_n,
				struct index_set *out,
				struct number_list *out_heads,
				struct err *err);

/*
 * Who is who in a closed set; borrowed until the next call that takes this
 * authority. Asking for a set and then for a larger one is cheap.
 */
MUST_USE int authority_roster(struct authority *authority,
			      const struct index_set *set,
			      const struct roster **out, struct err *err);

/*
 * Does this version, which says vault:renew, name that version of a construct
 * as one that its signer made anew?
 */
bool authority_renews(const struct authority *authority, uint32_t number,
		      const char *construct,
		      const unsigned char digest[SHA256_BYTES]);

/* The state as others see it, but for its heads. */
MUST_USE int authority_state(struct authority *authority,
			     const struct index_set *set,
			     struct vault_state *out, struct err *err);

/*
 * Add heads of `vault` that entered the vault before, with their ancestors,
 * reading them from the store. ERR_CORRUPT names what is missing.
 */
MUST_USE int authority_load(struct authority *authority, struct store *store,
			    const git_oid *heads, size_t heads_n,
			    struct err *err);

/*
 * The segments (and blob pieces) that a version has and none of its parents:
 * by diffs with each. For versions whose parents are all in the store.
 */
MUST_USE int version_new_segments(struct store *store,
				  const struct version *version,
				  struct tree_segments *out, struct err *err);

#endif
