/*
 * The compaction of a whole tree, as gc does it, to its canonical cut: the one
 * way in which a set of records lies in a tree, whoever wrote them, in whatever
 * order and portions.
 *
 * The records of a folder (a kind's) lie together at the shallowest place
 * where they make at most ARRANGE_SPREAD segments, each cut as a new one is:
 * from the top, what makes more goes one digit down, and below the third digit
 * into the folders of the homes that fill a segment alone. So a set that was
 * written at once, by arrange(), lies in it already. Equal sets give equal
 * texts at equal places; sealed, equal names with the same keys and zstd.
 */
#ifndef VV_OBJECTS_TREE_RECUT_H
#define VV_OBJECTS_TREE_RECUT_H

#include <stdbool.h>

#include "objects/tree/arrange.h"

struct recut_options {
	/* A tree that was cut by this and of which no record has gone since:
	 * folders that are as they were in it are not read. Or NULL. */
	const git_oid *settled;
	/* Records that are left out: an owner has them forgotten. Or NULL. */
	bool (*is_forgotten)(void *arg,
			     const unsigned char id[RECORD_ID_BYTES]);
	/* Asked before each folder; once it says so, folders are left as they
	 * are. Or NULL. */
	bool (*is_time_up)(void *arg);
	void *arg;
};

struct recut_result {
	git_oid tree;
	bool is_whole;		/* false: time was up, not all of it is cut */
};

/*
 * The tree that holds the records of `tree` in their canonical cut: `tree`
 * itself when it is that. A segment whose text stands where it belongs
 * stays, whichever key sealed it and whoever compressed it, so that two
 * devices do not write each other's anew (of several with one text the lowest
 * name stays). Doubles go; pieces of blobs are left alone. New segments are
 * kept, new trees staged. Memory goes with the largest home.
 *
 * Every segment is verified as it is read: ERR_CORRUPT, ERR_UNTRUSTED;
 * ERR_NO_KEY from a blind codec.
 */
MUST_USE int recut(struct store *store, struct codec *codec,
		   const git_oid *tree, const struct recut_options *options,
		   struct recut_result *out, struct err *err);

#endif
