/*
 * A tree of messages while it is read: who answers whom, and which answers
 * are the best.
 */
#ifndef VV_CMD_IMPORT_FLAT_OASST_TREE_H
#define VV_CMD_IMPORT_FLAT_OASST_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"

#define OASST_NOBODY ((size_t)-1)
#define OASST_KNOWN (-1)

struct oasst_node {
	size_t id;		/* where its id lies in the tree's ids */
	size_t id_len;
	size_t best;		/* the best answer; OASST_NOBODY */
	int64_t depth;
	int64_t rank;
};

struct oasst_tree {
	struct buf key;			/* of the tree; empty: none */
	struct buf ids;
	struct {
		struct oasst_node *at;
		size_t n;
		size_t cap;
	} nodes;
	struct table places;		/* SHA-256 of an id -> its node */
	bool has_choice;		/* somebody has two answers */
};

#define OASST_TREE_INIT { BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT), \
			  { NULL, 0, 0 }, \
			  TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT), false }

void oasst_tree_release(struct oasst_tree *tree);
MUST_USE int oasst_tree_begin(struct oasst_tree *tree, struct span key,
			      struct err *err);

/*
 * Add a message behind its parent (absent: behind nobody). rank: the lowest
 * is the best, the first of equals counts. Its depth is 0 when the parent is
 * not there, OASST_KNOWN when the id stands before and nothing was added.
 */
MUST_USE int oasst_tree_add(struct oasst_tree *tree, struct span id,
			    struct span parent, int64_t rank,
			    int64_t *out_depth, struct err *err);

bool oasst_tree_has(const struct oasst_tree *tree, struct span id);

/* The leaf at the end of the best answers; absent without messages. */
struct span oasst_tree_leaf(const struct oasst_tree *tree);

#endif
