/*
 * What still counts of those whose rights were taken, in every construct but
 * `vault`: the limits of refs/vault/limits.h, applied to versions.
 */
#ifndef VV_REFS_VERIFY_BOUNDS_H
#define VV_REFS_VERIFY_BOUNDS_H

#include "refs/vault/limits.h"
#include "refs/vault/vault.h"

/* What is known of the signer of a version. */
struct bound_look {
	bool is_stranger;	/* no member: only versions that were cut off in
				   `vault` made it one */
	const struct member_limit *limits;	/* borrowed */
	size_t limits_n;
	struct index_set known;	/* where there are limits: what its
				   Vvault-Members stand for */
};

/* Whoever knows that. look is given one that is all zero. */
struct bounds {
	struct store *store;
	int (*look)(void *arg, const struct version *version,
		    struct bound_look *out, struct err *err);
	void *arg;
};

/*
 * Does a valid version count by itself, as a head or a parent? Mostly that
 * costs nothing. Of a signer that lost the right to forget and not that to
 * write, the versions of its own that it stands on are read as far as they
 * had not seen that: none of them may forget beyond the cut.
 */
MUST_USE int bounds_check(const struct bounds *bounds,
			  const struct version *version, bool *out_counts,
			  struct err *err);

/*
 * Put in the place of each head of a construct that does not count, by what
 * the vault knows now, those of its ancestors that do: *ids is replaced, in no
 * order, and holds ancestors of one another. Nothing to do, and no cost,
 * while nobody is limited.
 */
MUST_USE int bounds_settle(struct vault *vault, git_oid **ids, size_t *n,
			   struct err *err);

/* May a head of this device (z6Mk...) not count? False while nobody is limited. */
bool bounds_may_bind(const struct vault *vault, const char *device);

#endif
