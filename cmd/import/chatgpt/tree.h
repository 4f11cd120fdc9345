/*
 * The tree that a ChatGPT conversation is: the nodes of its `mapping`, by
 * their links alone. The order of the keys means nothing; the order of
 * `children` is that of creation.
 */
#ifndef VV_CMD_IMPORT_CHATGPT_TREE_H
#define VV_CMD_IMPORT_CHATGPT_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/json/jdoc.h"

#define CHATGPT_NO_NODE SIZE_MAX

struct chatgpt_node {
	struct span key;
	const struct jval *value;	/* the node: an object */
	size_t parent;		/* CHATGPT_NO_NODE: a root */
	size_t depth;		/* 0: a root; stays as the tree grows */
	size_t nth;		/* among the children of its parent, from 0;
				   0 for every root */
	size_t listed;		/* its place in the parent's `children` */
	int64_t created;	/* microseconds; CHAT_TIME_UNKNOWN */
	size_t mark;		/* scratch of the making */
};

struct chatgpt_tree {
	struct chatgpt_node *at;	/* sorted by key */
	size_t n;
	size_t others;		/* members of the mapping that are no nodes */
	size_t mended;		/* nodes whose place is a guess: links.h */
	/* Children of node i: family[first[i]] to family[first[i + 1] - 1];
	 * the roots stand behind them all, as children of node n. */
	size_t *first;
	size_t *family;
};

#define CHATGPT_TREE_INIT { NULL, 0, 0, 0, NULL, NULL }

/*
 * Read a mapping (anything else is an empty tree). A node whose parent is not
 * there is the child of the one that lists it; else it stands behind the one
 * that came before it by (time, key), as do further roots, and a circle is
 * opened above the first one. Nodes that no `children` names follow those that are named, by
 * (time, key). ERR_NOMEM.
 */
MUST_USE int chatgpt_tree_read(struct chatgpt_tree *tree,
			       const struct jval *mapping, struct err *err);
void chatgpt_tree_release(struct chatgpt_tree *tree);

/* The node of this key, or CHATGPT_NO_NODE. */
size_t chatgpt_tree_find(const struct chatgpt_tree *tree, struct span key);

/* From the last root down, always the last child; CHATGPT_NO_NODE when the
 * tree is empty. */
size_t chatgpt_tree_last_leaf(const struct chatgpt_tree *tree);

/* Has the node `children`, and are these not what the links say? */
bool chatgpt_tree_is_odd(const struct chatgpt_tree *tree, size_t node);

#endif
