/*
 * What binds a member whose rights were taken.
 *
 * A removal, or a role that was lowered, binds every version of the member
 * whose signer had not seen it (a signer that had seen it is judged by what
 * its own Vvault-Members say). Such a version counts only if the cuts of the
 * word name it or a descendant of it: never because its seq is a low one.
 * Without a cut for a construct nothing of the member counts there by itself;
 * what others' versions stand on stays.
 *
 * Of several words of others that bind a version the strictest counts: one
 * without a cut for the construct, else the one whose highest seq is lowest,
 * then by digest. The member's own words bind only where nobody else's do, so
 * that whoever stole its key neither widens nor narrows what an owner has cut;
 * and of those whichever keeps a version counts, so that nobody with a copy of
 * the key takes back by a word of its own what another such word lets stand.
 */
#ifndef VV_REFS_VAULT_LIMITS_H
#define VV_REFS_VAULT_LIMITS_H

#include "refs/vault/index_set.h"
#include "refs/vault/state.h"

/* How a version stands with the words that took its signer's rights. */
enum limit_verdict {
	LIMIT_FREE,		/* none binds it */
	LIMIT_KEPT,		/* it counts by what the cuts name */
	LIMIT_CUT
};

/* What is judged, of an act that needs a role. */
struct limit_case {
	const struct index_set *known;	/* the versions of `vault` that its
					   signer had seen */
	const char *construct;
	enum role needed;
	/* Do the cuts of this word, or the word itself, keep it? */
	bool (*keeps)(const void *arg, const struct member_limit *limit);
	const void *arg;
};

enum limit_verdict limits_judge(const struct member_limit *limits, size_t n,
				const struct limit_case *at);

/* The cuts of a limit for this construct: adjacent; NULL for none. */
const struct member_cut *limit_cuts(const struct member_limit *limit,
				    const char *construct, size_t *out_n);

/* Is this version itself named? */
bool limit_names(const struct member_limit *limit, const char *construct,
		 const unsigned char digest[SHA256_BYTES]);

/* By construct; the highest seq first, for it decides how strict a limit is. */
int cuts_compare(const void *a, const void *b);
/* Put cuts in the order that the functions above want; doubles go. */
void cuts_sort(struct member_cut *cuts, size_t *n);

#endif
