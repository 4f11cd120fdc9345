/*
 * Where a remote was seen last: refs/remotes/<remote>/ in the vault.
 */
#ifndef VV_REFS_REMOTE_SIDE_TRACKING_H
#define VV_REFS_REMOTE_SIDE_TRACKING_H

#include <stdint.h>

#include "refs/vault/remotes.h"

/* refs/remotes/<remote>/<construct>/<device> in the vault, all at once. */
MUST_USE int tracking_set(struct vault *vault, const char *remote,
			  const struct head_list *heads, struct err *err);

/* A construct that stands otherwise on both sides: so many versions are here
 * and not there (ahead), and there and not here (behind). */
struct remote_gap {
	const char *construct;		/* ref name, borrowed from ours, or
					   from theirs */
	uint64_t ahead, behind;
};

struct remote_gaps {
	/* How many versions a construct has here, where that is known without
	 * looking; else 0. Set by who asks; may be NULL */
	uint64_t (*known)(void *arg, const char *construct);
	void *arg;
	struct remote_gap *at;		/* sorted by construct */
	size_t n;
	size_t cap;
	uint64_t ahead, behind;		/* in all */
	bool is_seen;			/* something was fetched or pushed */
	struct head_list theirs;
};

#define REMOTE_GAPS_INIT \
	{ NULL, NULL, NULL, 0, 0, 0, 0, false, HEAD_LIST_INIT }
void remote_gaps_release(struct remote_gaps *gaps);

/*
 * How far a remote is apart, by what was last seen of it. No network. ours:
 * the vault's heads, sorted; constructs that stand alike on both sides cost
 * next to nothing.
 */
MUST_USE int remote_distance(struct vault *vault, const char *name,
			     const struct head_list *ours,
			     struct remote_gaps *out, struct err *err);

#endif
