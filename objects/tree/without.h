/*
 * A tree without some of its records, for what an owner has forgotten.
 */
#ifndef VV_OBJECTS_TREE_WITHOUT_H
#define VV_OBJECTS_TREE_WITHOUT_H

#include "objects/tree/arrange.h"

/* Records that go: where each is at home, and its id; they are sorted by this,
 * and their lines are not looked at. */
struct without {
	struct arrange_record *going;
	size_t n;
	/* Told of each as it stands: twice of one that stands in two segments.
	 * The record is borrowed for the call. */
	int (*record)(void *arg, const struct record *record,
		      const unsigned char id[RECORD_ID_BYTES],
		      struct err *err);
	void *arg;
};

/*
 * The tree in which segments that hold one of these records are replaced, each
 * at its place, by what is left of it. One that the tree does not hold is
 * passed over. New segments are kept, new trees staged; *out is `tree` where
 * nothing went. Cost goes with the paths of the records' homes and with the
 * segments that hold them; one of these is in memory at a time.
 *
 * ERR_CORRUPT, ERR_UNTRUSTED: a segment is not as it should be. ERR_NO_KEY.
 */
MUST_USE int tree_without(struct store *store, struct codec *codec,
			  const git_oid *tree, const struct without *without,
			  git_oid *out, struct err *err);

#endif
