/*
 * What collecting asks of the write path.
 */
#ifndef VV_REFS_WRITE_GC_INTERNAL_H
#define VV_REFS_WRITE_GC_INTERNAL_H

#include "objects/tree/recut.h"
#include "refs/write/write_internal.h"

/* What became of a construct's tree. */
struct cut_result {
	struct recut_result cut;
	bool has_version;	/* false: nothing had to change */
	git_oid version;
};

/*
 * Bring the union of a construct's heads to its canonical cut and publish it
 * as publish() does, under the construct's lock. Of the publication only
 * vault, names and codec count. Where no version had to be written the tree of
 * the union may only be staged: discard that (store_discard()) after use.
 */
MUST_USE int publish_cut(const struct publication *publication,
			 const struct recut_options *options,
			 struct cut_result *out, struct err *err);

#endif
