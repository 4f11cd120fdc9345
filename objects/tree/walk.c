#include "objects/tree/tree.h"

#include "objects/tree/tree_internal.h"

static int visit(const struct tree_visitor *visitor,
		 const struct tree_entry *entry, const struct place *place,
		 struct err *err)
{
	struct tree_segment segment;

	tree_entry_segment(entry, place, &segment);
	return visitor->segment(visitor->arg, &segment, err);
}

static int each_below(struct store *store, const git_oid *tree,
		      const struct place *place,
		      const struct tree_visitor *visitor, struct err *err)
{
	struct tree_node node = TREE_NODE_INIT;
	size_t i;
	int rc = tree_node_read(store, tree, place, &node, err);

	for (i = 0; rc == 0 && i < node.n; i++) {
		struct place child;

		if (!node.at[i].is_tree) {
			rc = visit(visitor, &node.at[i], place, err);
			continue;
		}
		place_enter(place, node.at[i].name, &child);
		rc = each_below(store, &node.at[i].id, &child, visitor, err);
	}
	tree_node_release(&node);
	return rc;
}

int tree_each(struct store *store, const git_oid *tree,
	      const struct tree_visitor *visitor, struct err *err)
{
	return each_below(store, tree, NULL, visitor, err);
}

int tree_each_in(struct store *store, const git_oid *tree, const char *dir,
		 const struct tree_visitor *visitor, struct err *err)
{
	struct tree_node node = TREE_NODE_INIT;
	struct place place;
	size_t i;
	int rc = tree_node_read(store, tree, NULL, &node, err);

	place_child(NULL, dir, &place);
	for (i = 0; rc == 0 && i < node.n; i++)
		if (!tree_name_compare(node.at[i].name, true, span_str(dir),
				       true))
			rc = each_below(store, &node.at[i].id, &place, visitor,
					err);
	tree_node_release(&node);
	return rc;
}

/* Children first, so that a pack that fills up on the way holds no tree
 * without what is below it. */
static int keep_below(struct store *store, const git_oid *tree,
		      const struct place *place, struct err *err)
{
	struct tree_node node = TREE_NODE_INIT;
	size_t i;
	int rc;

	if (!store_is_staged(store, tree))
		return 0;
	rc = tree_node_read(store, tree, place, &node, err);
	for (i = 0; rc == 0 && i < node.n; i++) {
		struct place child;

		if (!node.at[i].is_tree)
			continue;
		place_enter(place, node.at[i].name, &child);
		rc = keep_below(store, &node.at[i].id, &child, err);
	}
	if (rc == 0)
		rc = store_keep(store, tree, err);
	tree_node_release(&node);
	return rc;
}

int tree_keep(struct store *store, const git_oid *tree, struct err *err)
{
	return keep_below(store, tree, NULL, err);
}

struct diff {
	struct store *store;
	struct tree_segments *only_from;
	struct tree_segments *only_to;
};

static int add_to(void *arg, const struct tree_segment *segment,
		  struct err *err)
{
	return tree_segments_add(arg, segment, err);
}

/* An entry that one side alone has: all that is there or below. */
static int diff_one(struct diff *diff, const struct tree_entry *entry,
		    const struct place *place, struct tree_segments *list,
		    struct err *err)
{
	const struct tree_visitor visitor = { add_to, list };
	struct place child;

	if (!list)
		return 0;
	if (!entry->is_tree)
		return visit(&visitor, entry, place, err);
	place_enter(place, entry->name, &child);
	return each_below(diff->store, &entry->id, &child, &visitor, err);
}

static int diff_below(struct diff *diff, const git_oid *from,
		      const git_oid *to, const struct place *place,
		      struct err *err);

static int diff_both(struct diff *diff, const struct tree_entry *from,
		     const struct tree_entry *to, const struct place *place,
		     struct err *err)
{
	struct place child;
	int rc;

	if (git_oid_equal(&from->id, &to->id))
		return 0;
	if (from->is_tree) {
		place_enter(place, from->name, &child);
		return diff_below(diff, &from->id, &to->id, &child, err);
	}
	rc = diff_one(diff, from, place, diff->only_from, err);
	return rc < 0 ? rc : diff_one(diff, to, place, diff->only_to, err);
}

static int diff_nodes(struct diff *diff, const struct tree_node *from,
		      const struct tree_node *to, const struct place *place,
		      struct err *err)
{
	size_t i = 0, j = 0;
	int rc = 0;

	while (rc == 0 && (i < from->n || j < to->n)) {
		int order = i == from->n ? 1 : j == to->n ? -1 :
			tree_name_compare(from->at[i].name, from->at[i].is_tree,
					  to->at[j].name, to->at[j].is_tree);

		if (order < 0)
			rc = diff_one(diff, &from->at[i++], place,
				      diff->only_from, err);
		else if (order > 0)
			rc = diff_one(diff, &to->at[j++], place,
				      diff->only_to, err);
		else
			rc = diff_both(diff, &from->at[i++], &to->at[j++],
				       place, err);
	}
	return rc;
}

static int diff_below(struct diff *diff, const git_oid *from,
		      const git_oid *to, const struct place *place,
		      struct err *err)
{
	struct tree_node from_node = TREE_NODE_INIT;
	struct tree_node to_node = TREE_NODE_INIT;
	int rc = tree_node_read(diff->store, from, place, &from_node, err);

	if (rc == 0)
		rc = tree_node_read(diff->store, to, place, &to_node, err);
	if (rc == 0)
		rc = diff_nodes(diff, &from_node, &to_node, place, err);
	tree_node_release(&from_node);
	tree_node_release(&to_node);
	return rc;
}

int tree_diff(struct store *store, const git_oid *from, const git_oid *to,
	      struct tree_segments *only_from, struct tree_segments *only_to,
	      struct err *err)
{
	struct diff diff = { store, only_from, only_to };

	if (git_oid_equal(from, to))
		return 0;
	return diff_below(&diff, from, to, NULL, err);
}
