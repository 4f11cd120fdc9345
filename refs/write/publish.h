/*
 * New segments signed and published as versions: the end of every write.
 */
#ifndef VV_REFS_WRITE_PUBLISH_H
#define VV_REFS_WRITE_PUBLISH_H

#include "objects/record/codec.h"
#include "objects/tree/tree.h"
#include "refs/history/version.h"
#include "refs/vault/vault.h"

/* May this device write here, as far as the vault's state says? ERR_NO_KEY,
 * ERR_DENIED. */
MUST_USE int writer_role_check(const struct vault *vault,
			       const char *construct, struct err *err);

/* New segments of a construct on their way to a version. All borrowed. */
struct publication {
	struct vault *vault;
	const char *construct;		/* own name, for the sealed note */
	const char *ref_name;
	struct codec *codec;
	const struct tree_segments *segments;
	const char *subject;
	uint64_t records;		/* new ones, for the note */
	git_oid base;			/* the union that these were new to */
	/* Where another union stands by now: how many are new to that? NULL:
	 * as many. Where none is, no version is made. */
	int (*recount)(void *arg, const git_oid *tree, uint64_t *records,
		       struct err *err);
	void *arg;
};

/*
 * Sign and publish those of n constructs of one vault: see writers_commit().
 * Reports the versions that bring the segments (all zero: none was needed); a
 * compaction may stand on top of each. Counts their records anew.
 */
MUST_USE int publish(struct publication *at, size_t n,
		     git_oid *out_versions, struct err *err);

/* A tree that is to stand in the place of the union of a construct's heads. */
struct replacement {
	enum version_change change;	/* compact or forget */
	/* Make it of this union, under the construct's lock; the same where
	 * nothing is to do. New segments are kept, new trees staged. */
	int (*make)(void *arg, const git_oid *tree, git_oid *out,
		    struct err *err);
	void *arg;
};

/*
 * Publish it as publish() does, as a version of that change. Of the
 * publication only vault, names, codec, subject and records count.
 * out_version is set where *out_has_version. The tree of the union may only be
 * staged: discard that (store_discard()) after use.
 */
MUST_USE int publish_in_place(struct publication *publication,
			      const struct replacement *replacement,
			      bool *out_has_version, git_oid *out_version,
			      struct err *err);

#endif
