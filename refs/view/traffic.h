/*
 * What versions bring that one side of an exchange did not have: how many
 * there are, who has signed them, and how many records they add.
 */
#ifndef VV_REFS_VIEW_TRAFFIC_H
#define VV_REFS_VIEW_TRAFFIC_H

#include "refs/vault/vault.h"

#define TRAFFIC_KINDS 24

/* So many segments are opened at one time to tell what is in them: some tens
 * of milliseconds. */
#define TRAFFIC_BUDGET 256

struct traffic_signer {
	unsigned char public[DID_KEY_BYTES];
	uint64_t versions;
	uint64_t records;	/* as their notes count */
	bool has_records;
};

struct traffic {
	char construct[CONSTRUCT_NAME_MAX];	/* own name, "" if unreadable */
	uint64_t versions;
	bool has_records;
	uint64_t records;
	bool has_kinds;
	uint64_t made[TRAFFIC_KINDS];	/* created, as in kind_table */
	uint64_t changes;		/* of what was there; and the rest */
	struct {
		struct traffic_signer *at;
		size_t n;
		size_t cap;
	} signers;
};

#define TRAFFIC_INIT { .versions = 0 }
void traffic_release(struct traffic *traffic);

/* Versions of one construct: what a side had and what it has now. */
struct traffic_ends {
	const git_oid *had;
	size_t had_n;
	const git_oid *now;
	size_t now_n;
};

/*
 * Count. By the versions' notes, and by the segments that the trees differ
 * in, of which no more than *budget are opened in all; where those are more,
 * has_kinds is false. Nothing is folded. out must be empty.
 */
MUST_USE int traffic_count(struct vault *vault, const char *ref_name,
			   const struct traffic_ends *ends, uint64_t *budget,
			   struct traffic *out, struct err *err);

#endif
