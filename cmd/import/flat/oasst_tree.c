#include "cmd/import/flat/oasst_tree.h"

#include <stdlib.h>

#include "lib/base/array.h"

void oasst_tree_release(struct oasst_tree *tree)
{
	buf_release(&tree->key);
	buf_release(&tree->ids);
	free(tree->nodes.at);
	table_release(&tree->places);
}

int oasst_tree_begin(struct oasst_tree *tree, struct span key,
		     struct err *err)
{
	buf_reset(&tree->key);
	buf_reset(&tree->ids);
	tree->nodes.n = 0;
	table_reset(&tree->places);
	tree->has_choice = false;
	return buf_add_span(&tree->key, key, err);
}

static size_t oasst_tree_find(const struct oasst_tree *tree, struct span id)
{
	unsigned char digest[SHA256_BYTES];
	uint64_t place;

	if (!id.at)
		return OASST_NOBODY;
	sha256_of(id.at, id.len, digest);
	return table_get(&tree->places, digest, &place) ? (size_t)place :
		OASST_NOBODY;
}

bool oasst_tree_has(const struct oasst_tree *tree, struct span id)
{
	return oasst_tree_find(tree, id) != OASST_NOBODY;
}

/* The new node answers this one. */
static void answer(struct oasst_tree *tree, size_t parent, size_t node)
{
	struct oasst_node *to = &tree->nodes.at[parent];

	tree->nodes.at[node].depth = to->depth + 1;
	tree->has_choice |= to->best != OASST_NOBODY;
	if (to->best == OASST_NOBODY ||
	    tree->nodes.at[node].rank < tree->nodes.at[to->best].rank)
		to->best = node;
}

int oasst_tree_add(struct oasst_tree *tree, struct span id,
		   struct span parent, int64_t rank, int64_t *out_depth,
		   struct err *err)
{
	struct oasst_node node = { 0 };
	unsigned char digest[SHA256_BYTES];
	size_t before = oasst_tree_find(tree, parent);
	bool is_new = false;
	int rc;

	sha256_of(id.at, id.len, digest);
	rc = array_room(&tree->nodes, err);
	if (rc == 0)
		rc = table_add(&tree->places, digest, tree->nodes.n, &is_new,
			       err);
	*out_depth = OASST_KNOWN;
	if (!is_new)
		return rc;
	node.id = tree->ids.len;
	node.id_len = id.len;
	node.best = OASST_NOBODY;
	node.rank = rank;
	rc = buf_add_span(&tree->ids, id, err);
	if (rc < 0)
		return rc;
	tree->nodes.at[tree->nodes.n] = node;
	if (before != OASST_NOBODY)
		answer(tree, before, tree->nodes.n);
	*out_depth = tree->nodes.at[tree->nodes.n++].depth;
	return 0;
}

/* A node is always behind the one that it answers: this ends. */
struct span oasst_tree_leaf(const struct oasst_tree *tree)
{
	size_t at = 0;

	if (!tree->nodes.n)
		return span_of(NULL, 0);
	while (tree->nodes.at[at].best != OASST_NOBODY)
		at = tree->nodes.at[at].best;
	return span_of(tree->ids.data + tree->nodes.at[at].id,
		       tree->nodes.at[at].id_len);
}
