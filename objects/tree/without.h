/*
 * A tree without some of its records, for what an owner has forgotten.
 */
#ifndef VV_OBJECTS_TREE_WITHOUT_H
#define VV_OBJECTS_TREE_WITHOUT_H

#include "lib/base/table.h"
#include "objects/tree/arrange.h"
#include "objects/tree/tree.h"

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

/*
 * The trees of a history written anew in another store, without what somebody
 * takes out. Each distinct tree is read once, however many versions have it.
 */

/* Who says what becomes of a segment or piece, and sees to it that its blob
 * is in the other store. */
struct tree_rewriter {
	/* *segment may get another name and blob; it stays where it lies. */
	int (*segment)(void *arg, struct tree_segment *segment,
		       bool *out_is_gone, struct err *err);
	void *arg;
};

struct tree_rewrite {
	struct store *from;
	struct store *to;
	const struct tree_rewriter *by;
	struct table known;		/* tree: its number in made */
	git_oid *made;			/* zero: nothing is left of it */
	size_t made_n;
	size_t made_cap;
};

#define TREE_REWRITE_INIT(from, to, by) { (from), (to), (by),		\
		TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT), NULL, 0, 0 }

/* The tree of a construct, stored (store_add()) with all trees below it. The
 * empty tree where nothing is left. */
MUST_USE int tree_rewrite(struct tree_rewrite *rewrite, const git_oid *tree,
			  git_oid *out, struct err *err);
void tree_rewrite_release(struct tree_rewrite *rewrite);

#endif
